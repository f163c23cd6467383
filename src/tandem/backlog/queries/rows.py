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

_FIELDS = (
    "id",
    "number",
    "kind",
    "title",
    "status_id",
    "rank",
    "assignee_id",
    "assignee__user__name",
    "estimate_low",
    "estimate_likely",
    "estimate_high",
    "due_date",
    "created_at",
    "updated_at",
    "version",
)


@dataclass(slots=True)
class Row:
    """One item as a list or a board shows it."""

    id: int
    number: int
    kind: str
    title: str
    status_id: int
    rank: str
    assignee_id: int | None
    assignee: str | None
    estimate_low: float | None
    estimate_likely: float | None
    estimate_high: float | None
    due_date: datetime.date | None
    created_at: datetime.datetime
    updated_at: datetime.datetime
    version: int
    key: str = ""
    status: str = ""
    category: str = ""
    labels: Sequence[str] = ()
    #: What the list is sorted by, where that is one of the product's own fields.
    sort_value: Any = None
    #: What registered columns show, by the column's name.
    more: dict[str, Any] = field(default_factory=dict)


def labels_of(ids: Sequence[int]) -> Mapping[int, list[str]]:
    """The labels' names of many items, by name."""
    found: dict[int, list[str]] = defaultdict(list)
    through = Item.labels.through.objects.filter(item_id__in=ids)
    for item_id, name in through.order_by("label__name").values_list("item_id", "label__name"):
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
    by_own = "sort_value" in items.query.annotations
    if by_own:
        rows = []
        for *values, sort_value in items.values_list(*_FIELDS, "sort_value"):
            rows.append(Row(*values))
            rows[-1].sort_value = sort_value
    else:
        rows = [Row(*values) for values in items.values_list(*_FIELDS)]
    ids = [row.id for row in rows]
    labels = labels_of(ids)
    more = registry.values_of(columns, member, product, ids)
    for row in rows:
        status = statuses[row.status_id]
        row.key = f"{product.key}-{row.number}"
        row.status, row.category = status.name, status.category
        row.labels = labels.get(row.id, ())
        for name, values in more.items():
            row.more[name] = values.get(row.id, "")
    return rows
