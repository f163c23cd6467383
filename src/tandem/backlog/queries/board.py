"""The board: a column for each status with its first cards, all of them in one query."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.db.models import Count, QuerySet

from tandem.accounts.models import Member
from tandem.backlog.columns import Column
from tandem.backlog.filters import ItemFilter
from tandem.backlog.models import Item, Status
from tandem.backlog.queries import seeking
from tandem.backlog.queries.rows import Row, rows_of
from tandem.core.errors import Refused
from tandem.core.paging import beyond, decode, encode, ordering

CARDS = 40
#: A board is always in the order of the backlog, whatever the list is sorted by.
ORDER = ("rank", "id")


@dataclass(frozen=True)
class BoardColumn:
    status: Status
    cards: list[Row]
    next_cursor: str | None
    #: Counted up to ``seeking.COUNT_MOST`` + 1; ``None`` when it was not asked for.
    count: int | None = None


def _fitting(wanted: ItemFilter, status: Status) -> QuerySet[Item]:
    by_rank = wanted.sorted_by("rank")
    return by_rank.apply_but_status(Item.objects.of(wanted.product)).filter(status=status)


def _column(status: Status, rows: list[Row], limit: int, count: int | None = None) -> BoardColumn:
    if len(rows) <= limit:
        return BoardColumn(status, rows, None, count)
    last = rows[limit - 1]
    return BoardColumn(status, rows[:limit], encode([last.rank, last.id]), count)


def columns(
    wanted: ItemFilter,
    member: Member,
    statuses: Sequence[Status],
    *,
    limit: int = CARDS,
    facts: Sequence[Column] = (),
) -> list[BoardColumn]:
    """A column with its first cards for each status that the filter lets through.

    ``facts``: columns whose values the cards show, too.
    """
    shown = [status for status in statuses if wanted.status_fits(status)]
    if not shown:
        return []
    first: list[QuerySet[Any]] = [
        _fitting(wanted, status).order_by(*ordering(ORDER)).values("id")[: limit + 1]
        for status in shown
    ]
    items = Item.objects.filter(pk__in=seeking.any_of(first)).order_by(*ordering(ORDER))
    cards: dict[int, list[Row]] = defaultdict(list)
    by_id = {each.pk: each for each in statuses}
    for row in rows_of(items, wanted.product, member, by_id, facts):
        cards[row.status_id].append(row)
    counts = _counts(wanted, shown)
    return [_column(status, cards[status.pk], limit, counts.get(status.pk, 0)) for status in shown]


def _counts(wanted: ItemFilter, shown: Sequence[Status]) -> dict[int, int]:
    """How many items each column has, counted up to ``seeking.COUNT_MOST`` + 1."""
    capped: list[QuerySet[Any]] = [
        _fitting(wanted, status).values("id")[: seeking.COUNT_MOST + 1] for status in shown
    ]
    rows = Item.objects.filter(pk__in=seeking.any_of(capped)).order_by()
    return dict(rows.values_list("status_id").annotate(Count("pk")))


def column_page(
    wanted: ItemFilter,
    member: Member,
    status: Status,
    *,
    after: str,
    limit: int = CARDS,
    facts: Sequence[Column] = (),
) -> BoardColumn:
    """The next cards of one column."""
    try:
        items = _fitting(wanted, status).filter(beyond(ORDER, decode(after, 2)))
    except (ValueError, TypeError) as error:
        raise Refused(
            "This page's address is damaged. Load the board again.", field="after"
        ) from error
    ordered = items.order_by(*ordering(ORDER))[: limit + 1]
    rows = rows_of(ordered, wanted.product, member, {status.pk: status}, facts)
    return _column(status, rows, limit)
