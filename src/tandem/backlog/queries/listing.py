"""A page of the list."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.db.models import QuerySet

from tandem.accounts.models import Member, Product
from tandem.backlog.columns import Column
from tandem.backlog.filters import ItemFilter
from tandem.backlog.models import Status
from tandem.backlog.queries import seeking
from tandem.backlog.queries.rows import Row, rows_of
from tandem.core.prepared import prepared

PAGE = 100


@dataclass(frozen=True)
class Rows:
    rows: list[Row]
    next_cursor: str | None


def page(
    wanted: ItemFilter,
    member: Member,
    statuses: Sequence[Status],
    *,
    columns: Sequence[Column] = (),
    after: str | None = None,
    limit: int = PAGE,
) -> Rows:
    """One page of rows in the filter's order."""
    items = seeking.seek(wanted, statuses, after=after, limit=limit + 1)
    by_id = {status.pk: status for status in statuses}
    rows = rows_of(items, wanted.product, member, by_id, columns)
    if len(rows) <= limit:
        return Rows(rows, None)
    return Rows(rows[:limit], seeking.cursor_of(wanted, rows[limit - 1]))


@prepared
def _statuses(product_id: int) -> QuerySet[Status]:
    return Status.objects.filter(product_id=product_id)


def statuses_of(product: Product) -> list[Status]:
    return _statuses(product.pk)


def people_of(member: Member) -> list[tuple[int, str]]:
    """The workspace's people by name."""
    people = Member.objects.visible_to(member).active().order_by("user__name", "pk")
    return list(people.values_list("pk", "user__name"))
