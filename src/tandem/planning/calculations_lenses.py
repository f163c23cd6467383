"""A plan through each lens: how much of what the role asks for is in it, in a sentence."""

from collections.abc import Collection
from typing import Any

from django.utils.translation import gettext_noop as N_

from tandem.accounts.models import Product
from tandem.backlog.models import Item, Kind
from tandem.planning.sayings import amounted, figured
from tandem.prioritisation.calculations import model_in_force, table_for
from tandem_engine.words import figure, join, said

#: What a plan holds of each lens.
HOLDS = (
    N_("It holds %(have)s of %(total)s value-lens points (%(share)s %%)."),
    N_("It holds %(have)s of %(total)s technical-lens points (%(share)s %%)."),
)


def lens_points(
    product: Product, items: Collection[Item], scoring_model_id: int | None = None
) -> dict[int, tuple[float, float]]:
    """Value-lens and technical-lens points of each item, by row id."""
    table = table_for(product, model_in_force(product, scoring_model_id))
    rows = table.rows_of([item.pk for item in items])
    return {pk: (row.value.likely, row.technical.likely) for pk, row in rows.items()}


def lens_words(
    items: dict[str, Item],
    planned: dict[str, float],
    points: dict[int, tuple[float, float]],
    unit: str,
) -> dict[str, Any]:
    """One sentence for each role. ``planned``: the effort of each planned item by key."""
    none = (0.0, 0.0)
    inside = [points.get(items[key].pk, none) for key in planned]
    everything = [points.get(item.pk, none) for item in items.values()]
    left = [item for key, item in items.items() if key not in planned]
    effort = sum(planned.values())
    debt = sum(taken for key, taken in planned.items() if items[key].kind == Kind.DEBT)
    takes = said(
        "Debt takes %(amount)s, %(share)s %% of the effort.",
        amount=amounted(debt, unit),
        share=figure(100 * debt / effort if effort else 0, ".0f"),
    )
    return {
        "value": _sentence(0, inside, everything, left, points),
        "technical": join(_sentence(1, inside, everything, left, points), " ", takes),
    }


def _sentence(
    side: int,
    inside: list[tuple[float, float]],
    everything: list[tuple[float, float]],
    left: list[Item],
    points: dict[int, tuple[float, float]],
) -> str:
    have = sum(pair[side] for pair in inside)
    total = sum(pair[side] for pair in everything)
    share = 100 * have / total if total > 0 else 0.0
    holds = said(
        HOLDS[side],
        have=figured(have),
        total=figured(total),
        share=figure(share, ".0f"),
    )
    most = max(left, key=lambda item: points.get(item.pk, (0.0, 0.0))[side], default=None)
    if most is None:
        return holds
    top = points.get(most.pk, (0.0, 0.0))[side]
    wanted = said(
        "The most wanted left out is %(key)s “%(title)s” (%(points)s).",
        key=most.key,
        title=most.title,
        points=figured(top),
    )
    return join(holds, " ", wanted)
