"""Rows of the list and cards of the board: plain values, never models, so templates ask nothing."""

import datetime
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.db.models import QuerySet

from tandem.accounts.models import Member, Product
from tandem.backlog import columns as registry
from tandem.backlog.columns import Column
from tandem.backlog.models import Item, Status
from tandem.core.prepared import prepared

_CARD_FIELDS = (
    "id",
    "number",
    "kind",
    "title",
    "status_id",
    "rank",
    "assignee_id",
    "assignee__user__name",
    "estimate_likely",
)
_FIELDS = (
    *_CARD_FIELDS,
    "estimate_low",
    "estimate_high",
    "due_date",
    "created_at",
    "updated_at",
    "version",
)


@dataclass(slots=True)
class Card:
    """One item as a board shows it. Moments are left out: reading six hundred takes a while."""

    id: int
    number: int
    kind: str
    title: str
    status_id: int
    rank: str
    assignee_id: int | None
    assignee: str | None
    estimate_likely: float | None
    key: str = field(init=False, default="")
    status: str = field(init=False, default="")
    category: str = field(init=False, default="")
    labels: tuple[str, ...] = field(init=False, default=())
    #: What registered columns show, by the column's name.
    more: dict[str, Any] = field(init=False, default_factory=dict)


@dataclass(slots=True)
class Row(Card):
    """One item as a list shows it."""

    estimate_low: float | None
    estimate_high: float | None
    due_date: datetime.date | None
    created_at: datetime.datetime
    updated_at: datetime.datetime
    version: int
    #: What the list is sorted by, where that is one of the product's own fields.
    sort_value: Any = None


@prepared
def _labelled(ids: list[int]) -> QuerySet[Any, tuple[int, str]]:
    through = Item.labels.through.objects.filter(item_id__in=ids)
    return through.order_by("label__name").values_list("item_id", "label__name")


def labels_of(ids: Sequence[int]) -> Mapping[int, list[str]]:
    """The labels' names of many items, by name."""
    found: dict[int, list[str]] = defaultdict(list)
    for item_id, name in _labelled(list(ids)) if ids else ():
        found[item_id].append(name)
    return found


def rows_of(
    items: QuerySet[Item],
    product: Product,
    member: Member,
    statuses: Mapping[int, Status],
    columns: Sequence[Column] = (),
) -> list[Row]:
    """The items' rows: one query, one for their labels, one for each registered column."""
    own = ("sort_value",) if "sort_value" in items.query.annotations else ()
    rows = [Row(*values) for values in items.values_list(*_FIELDS, *own)]
    _complete(rows, product, member, statuses, columns)
    return rows


def cards_of(
    items: QuerySet[Item],
    product: Product,
    member: Member,
    statuses: Mapping[int, Status],
    columns: Sequence[Column] = (),
) -> list[Card]:
    """The items' cards, in as many queries as their rows."""
    cards = [Card(*values) for values in items.values_list(*_CARD_FIELDS)]
    _complete(cards, product, member, statuses, columns)
    return cards


def _complete(
    rows: Sequence[Card],
    product: Product,
    member: Member,
    statuses: Mapping[int, Status],
    columns: Sequence[Column],
) -> None:
    ids = [row.id for row in rows]
    labels = labels_of(ids)
    more = registry.values_of(columns, member, product, ids)
    for row in rows:
        status = statuses[row.status_id]
        row.key = f"{product.key}-{row.number}"
        row.status, row.category = status.name, status.category
        row.labels = tuple(labels.get(row.id, ()))
        for name, values in more.items():
            row.more[name] = values.get(row.id, "")
