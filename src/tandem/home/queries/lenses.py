"""Items under both lenses, from the ranking that Prioritise keeps."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from tandem.accounts.models import Product
from tandem.backlog.models import Item
from tandem.prioritisation.calculations import model_in_force, table_for
from tandem.prioritisation.calculations_values import scores_for
from tandem.prioritisation.score_table import ScoreRow


@dataclass(frozen=True)
class Lenses:
    """An item under both lenses, 0-100 each; ``None``: nobody rated it there."""

    item: Item
    value: float | None
    technical: float | None

    @classmethod
    def of(cls, item: Item, row: ScoreRow | None) -> "Lenses":
        if row is None:
            return cls(item, None, None)
        return cls(
            item,
            row.value.likely if row.value_heard else None,
            row.technical.likely if row.technical_heard else None,
        )


@dataclass(frozen=True)
class Differences:
    rows: list[Lenses]
    #: How many items both lenses have rated.
    compared: int
    #: How many of them one lens sees surely higher.
    value_higher: int
    technical_higher: int


def differences(product: Product, limit: int) -> Differences:
    """Where the lenses differ for sure, the furthest apart first; both directions have a say."""
    table = table_for(product, model_in_force(product))
    told = table.meta["differences"]
    apart = _both_sides([each for each in told["top"] if each["disagreement"] > 0], limit)
    items = {item.key: item for item in with_keys(product, [each["key"] for each in apart])}
    rows = table.rows_of([item.pk for item in items.values()])
    both = table["value_heard"] & table["technical_heard"]
    return Differences(
        rows=[
            Lenses.of(items[each["key"]], rows.get(items[each["key"]].pk))
            for each in apart
            if each["key"] in items
        ],
        compared=told["items"],
        value_higher=int((both & (table["gap_low"] > 0)).sum()),
        technical_higher=int((both & (table["gap_high"] < 0)).sum()),
    )


def lenses_of(product: Product, items: Iterable[Item]) -> list[Lenses]:
    """The given items under both lenses, in the order given."""
    items = list(items)
    rows = scores_for(product, [item.pk for item in items])
    return [Lenses.of(item, rows.get(item.pk)) for item in items]


def with_keys(product: Product, keys: list[str]) -> list[Item]:
    found = list(Item.objects.with_keys(product, keys).select_related("status"))
    for item in found:
        item.product = product
    return found


def _both_sides(apart: list[dict[str, Any]], limit: int) -> list[dict[str, Any]]:
    """Half from each direction while both have some: one lens's long list hides no short one."""
    half = limit // 2
    value = [each for each in apart if each["gap"][0] > 0]
    technical = [each for each in apart if each["gap"][0] <= 0]
    few = min(len(value), len(technical), half)
    longer = value if len(value) > len(technical) else technical
    shorter = technical if longer is value else value
    chosen = shorter[:few] + longer[: limit - few]
    return sorted(chosen, key=lambda each: -each["disagreement"])
