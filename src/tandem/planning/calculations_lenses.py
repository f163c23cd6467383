"""A plan through each lens: how much of what the role asks for is in it, in a sentence."""

from collections.abc import Collection
from typing import Any

from tandem.accounts.models import Product
from tandem.backlog.models import Item, Kind
from tandem.prioritisation.calculations import model_in_force, table_for
from tandem.ui.filters import amount, figure


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
    return {
        "value": _sentence(0, "value", inside, everything, left, points),
        "technical": (
            f"{_sentence(1, 'technical', inside, everything, left, points)} Debt takes "
            f"{amount(debt, unit)}, {100 * debt / effort if effort else 0:.0f} % of the effort."
        ),
    }


def _sentence(
    side: int,
    lens: str,
    inside: list[tuple[float, float]],
    everything: list[tuple[float, float]],
    left: list[Item],
    points: dict[int, tuple[float, float]],
) -> str:
    have = sum(pair[side] for pair in inside)
    total = sum(pair[side] for pair in everything)
    share = 100 * have / total if total > 0 else 0.0
    said = f"It holds {figure(have)} of {figure(total)} {lens}-lens points ({share:.0f} %)."
    most = max(left, key=lambda item: points.get(item.pk, (0.0, 0.0))[side], default=None)
    if most is not None:
        top = points.get(most.pk, (0.0, 0.0))[side]
        said += f" The most wanted left out is {most.key} “{most.title}” ({figure(top)})."
    return said
