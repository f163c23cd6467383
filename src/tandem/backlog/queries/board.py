"""The board: a column for each status with its first cards, all of them in one query."""

from collections import Counter, defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.db.models import Count, OuterRef, QuerySet
from django.utils.translation import gettext as _

from tandem.accounts.models import Member, Product
from tandem.backlog.columns import Column
from tandem.backlog.filters import ItemFilter
from tandem.backlog.models import Item, Status
from tandem.backlog.queries import seeking
from tandem.backlog.queries.lane_kinds import Place
from tandem.backlog.queries.lanes import NOWHERE, Lanes
from tandem.backlog.queries.rows import Card, cards_of
from tandem.core.errors import Refused
from tandem.core.paging import beyond, decode, encode, ordering

CARDS = 40
#: Of each column, where the board has lanes.
LANED = 60
#: A board is always in the order of the backlog, whatever the list is sorted by.
ORDER = ("rank", "id")


@dataclass(frozen=True)
class BoardColumn:
    status: Status
    cards: list[Card]
    next_cursor: str | None
    #: Counted up to ``seeking.COUNT_MOST`` + 1; ``None`` when it was not asked for.
    count: int | None = None


@dataclass(frozen=True)
class Lane:
    """One lane: a cell for each column."""

    place: Place
    cells: list[BoardColumn]

    @property
    def count(self) -> int:
        return sum(cell.count or 0 for cell in self.cells)


@dataclass(frozen=True)
class Held:
    """How many items a limited status holds, whatever the board's filter shows."""

    most: int
    held: int
    refuses: bool = False

    @property
    def over(self) -> bool:
        return self.held > self.most


def limits(product: Product, statuses: Sequence[Status]) -> dict[int, Held]:
    """The limited statuses with what they hold: one query, none where nothing is limited."""
    limited = {each.pk: each for each in statuses if each.limit is not None}
    if not limited:
        return {}
    rows = Item.objects.of(product).filter(status__in=list(limited)).order_by()
    held = dict(rows.values_list("status_id").annotate(Count("pk")))
    return {
        pk: Held(each.limit or 0, held.get(pk, 0), each.limit_refuses)
        for pk, each in limited.items()
    }


def lanes_of(wanted: ItemFilter, columns: Sequence[BoardColumn], by: Lanes) -> list[Lane]:
    """The columns' cards by lane. A lane's further cards come cell by cell."""
    places = by.places([card for column in columns for card in column.cards])
    cards: dict[tuple[str, int], list[Card]] = defaultdict(list)
    known = {place.key: place for place in by.always()}
    for column in columns:
        for card in column.cards:
            place = places.get(card.id, NOWHERE)
            known[place.key] = place
            cards[place.key, column.status.pk].append(card)
    counts = _lane_counts(wanted, columns, by)
    found = []
    for place in sorted(known.values()):
        cells = []
        for column in columns:
            shown = cards[place.key, column.status.pk]
            count = max(counts[column.status.pk, place.key], len(shown))
            more = column.next_cursor if count > len(shown) else None
            cells.append(BoardColumn(column.status, shown, more, count))
        found.append(Lane(place, cells))
    return found


def _lane_counts(
    wanted: ItemFilter, columns: Sequence[BoardColumn], by: Lanes
) -> Counter[tuple[int, str]]:
    """How many items each cell has, of the first ``seeking.COUNT_MOST`` of its column."""
    each = _fitting(wanted, seeking.EACH).order_by(*ordering(ORDER)).values("id")
    ids = seeking.any_of([each[: seeking.COUNT_MOST]], [column.status for column in columns])
    rows = Item.objects.filter(pk__in=ids).order_by()
    return Counter(by.counted(rows))


def _fitting(wanted: ItemFilter, status: Any) -> QuerySet[Item]:
    """The items of a status; of ``EACH`` or of an outer query's, too."""
    by_rank = wanted.sorted_by("rank")
    return by_rank.apply_but_status(Item.objects.of(wanted.product)).filter(status=status)


def _column(status: Status, rows: list[Card], limit: int, count: int | None = None) -> BoardColumn:
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
    first = _fitting(wanted, seeking.EACH).order_by(*ordering(ORDER)).values("id")[: limit + 1]
    items = Item.objects.filter(pk__in=seeking.any_of([first], shown)).order_by(*ordering(ORDER))
    cards: dict[int, list[Card]] = defaultdict(list)
    by_id = {each.pk: each for each in statuses}
    for row in cards_of(items, wanted.product, member, by_id, facts):
        cards[row.status_id].append(row)
    counts = _counts(wanted, shown)
    return [_column(status, cards[status.pk], limit, counts.get(status.pk, 0)) for status in shown]


def _counts(wanted: ItemFilter, shown: Sequence[Status]) -> dict[int, int]:
    """How many items each column has, counted up to ``seeking.COUNT_MOST`` + 1."""
    items = _fitting(wanted, OuterRef("pk")).values("id")[: seeking.COUNT_MOST + 1]
    rows = Status.objects.filter(pk__in=[each.pk for each in shown]).order_by()
    return dict(rows.values_list("pk", seeking.HowMany(items)))


def column_page(
    wanted: ItemFilter,
    member: Member,
    status: Status,
    *,
    after: str,
    limit: int = CARDS,
    facts: Sequence[Column] = (),
    lanes: Lanes | None = None,
    lane: str = "",
) -> BoardColumn:
    """The next cards of one column; with ``lanes`` of one of its cells."""
    rows_in = _fitting(wanted, status)
    if lanes is not None:
        rows_in = lanes.only(rows_in, lane)
    try:
        items = rows_in.filter(beyond(ORDER, decode(after, 2)))
    except (ValueError, TypeError) as error:
        raise Refused(
            _("This page's address is damaged. Load the board again."), field="after"
        ) from error
    ordered = items.order_by(*ordering(ORDER))[: limit + 1]
    rows = cards_of(ordered, wanted.product, member, {status.pk: status}, facts)
    return _column(status, rows, limit)
