"""A short list with how many there are in all, counted only as far as anybody would read."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Generic, TypeVar

from django.db.models import Model, QuerySet

Row = TypeVar("Row")
RowModel = TypeVar("RowModel", bound=Model)

#: Beyond this the count reads "200+": a longer list is not worked off from a home page.
COUNTED = 200


@dataclass(frozen=True)
class Listed(Generic[Row]):
    rows: Sequence[Row]
    total: int

    @property
    def more(self) -> int:
        return max(0, self.total - len(self.rows))

    @property
    def count(self) -> str:
        return f"{COUNTED}+" if self.total > COUNTED else str(self.total)


def listed(rows: "QuerySet[RowModel]", limit: int) -> Listed[RowModel]:
    """The first rows and the capped total. Two queries, one when everything fits."""
    found = list(rows[: limit + 1])
    if len(found) <= limit:
        return Listed(found, len(found))
    total = rows.order_by()[: COUNTED + 1].count()
    return Listed(found[:limit], total)


def cut(rows: Sequence[Row], limit: int) -> Listed[Row]:
    """The same for rows that are read already."""
    return Listed(rows[:limit], len(rows))


def mapped(found: Listed[RowModel], make: Callable[[RowModel], Row]) -> Listed[Row]:
    return Listed([make(row) for row in found.rows], found.total)
