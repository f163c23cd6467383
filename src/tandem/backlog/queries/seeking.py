"""Finding a page of items through the indexes, however many items the product has.

The default list leaves finished items out. Walking the rank index past ninety thousand of them
to find a hundred open ones takes as long as the backlog is old; so each status's first rows are
sought on their own (index product, status, rank) and the best of these are the page.
"""

from collections.abc import Sequence
from typing import Any

from django.db.models import Case, IntegerField, QuerySet, Subquery, Value, When
from django.db.models.expressions import RawSQL
from django.utils.translation import gettext as _

from tandem.backlog.filters import NULLABLE, ItemFilter
from tandem.backlog.models import Item, Status
from tandem.core.errors import Refused
from tandem.core.paging import beyond, decode, encode, ordering

#: Counting stops here; beyond it a list says "1,000+".
COUNT_MOST = 1000


#: Stands in a branch's parameters for the status it is asked for; see ``EACH``.
_PLACE: Any = object()
#: ``rows.filter(status=EACH)`` is a branch for each status: Django writes its SQL once for all.
EACH = RawSQL("%s", [_PLACE])


def any_of(
    branches: Sequence[QuerySet[Any]],
    statuses: Sequence[Status] = (),
    *,
    best: int | None = None,
) -> RawSQL:
    """The ids that any of the branches, each ordered and cut off, gives.

    ``best``: of branches in the order of the backlog that give ranks, too, the first so many of
    all. Else whoever asks reads as many rows as each of them gives, to keep a few.

    A branch with ``EACH`` in it is repeated for each of the ``statuses``. SQLite takes no ORDER BY
    inside a compound, only inside the selects it is made of.
    """
    parts: list[str] = []
    values: list[Any] = []
    for branch in branches:
        sql, params = branch.query.sql_with_params()
        sets: list[Sequence[Any]] = [params]
        if any(value is _PLACE for value in params):
            sets = [[each.pk if v is _PLACE else v for v in params] for each in statuses]
        for given in sets:
            given_back = "id" if best is None else "id, rank"
            parts.append(f"SELECT {given_back} FROM ({sql}) AS branch{len(parts)}")  # noqa: S608
            values += given
    found = " UNION ALL ".join(parts)  # Django's own SQL
    if best is not None:
        found = f"SELECT id FROM ({found}) AS branches ORDER BY rank, id LIMIT {best:d}"  # noqa: S608
    return RawSQL(found, values)  # noqa: S611  (every value is a parameter)


class HowMany(Subquery):
    """How many rows a query gives, as a column of another query."""

    template = "(SELECT COUNT(*) FROM (%(subquery)s) AS counted)"
    output_field = IntegerField()


def _shown(wanted: ItemFilter, statuses: Sequence[Status]) -> list[Status]:
    return [status for status in statuses if wanted.status_fits(status)]


def _narrowed(wanted: ItemFilter, statuses: Sequence[Status]) -> list[QuerySet[Item]]:
    """The filter's items: in rank order a branch for each status, else one for all of them.

    Only the rank index has a twin that starts with the status.
    """
    rows = wanted.apply_but_status(Item.objects.of(wanted.product))
    shown = _shown(wanted, statuses)
    if wanted.any_status or (shown and len(shown) == len(statuses)):
        return [rows]
    if not shown:
        return []
    if wanted.by_rank:
        return [rows.filter(status=EACH)]
    return [rows.filter(status__in=[status.pk for status in shown])]


def _after(wanted: ItemFilter, cursor: str) -> list[Any]:
    values = decode(cursor, len(wanted.order))
    if isinstance(values[-1], bool) or not isinstance(values[-1], int):
        raise Refused(
            _("This page's address is damaged. Start from the first page."), field="after"
        )
    return values


def _branches(
    rows: QuerySet[Item], order: Sequence[str], after: list[Any] | None, limit: int
) -> list[QuerySet[Any]]:
    """The first rows behind ``after``; where the first field may be missing, those without it
    are a branch of their own, so that either is read in its index's order."""
    first = order[0].lstrip("-")
    if first not in NULLABLE:
        if after is not None:
            rows = rows.filter(beyond(order, after))
        return [rows.order_by(*ordering(order)).values("id", *_ranks(order))[:limit]]
    known = rows.exclude(**{first: None})
    unknown = rows.filter(**{first: None})
    found = []
    if after is None or after[0] is not None:
        if after is not None:
            known = known.filter(beyond(order, after))
        found.append(known.order_by(*ordering(order)).values("id")[:limit])
    elif after is not None:
        unknown = unknown.filter(beyond(order[1:], after[1:]))
    found.append(unknown.order_by(*ordering(order[1:])).values("id")[:limit])
    return found


def _ranks(order: Sequence[str]) -> tuple[str, ...]:
    return ("rank",) if tuple(order) == ("rank", "id") else ()


def seek(
    wanted: ItemFilter, statuses: Sequence[Status], *, after: str | None, limit: int
) -> QuerySet[Item]:
    """Up to ``limit`` items behind the cursor, in the filter's order; an exact key goes first.

    One query. ``statuses``: all of the product's.
    """
    order = wanted.order
    cursor = _after(wanted, after) if after else None
    number = wanted.number_meant if wanted.q else None
    branches: list[QuerySet[Any]] = []
    try:
        for rows in _narrowed(wanted, statuses):
            if number is not None:
                if cursor is None:
                    branches.append(rows.filter(number=number).values("id")[:1])
                rows = rows.exclude(number=number)
            branches += _branches(rows, order, cursor, limit)
    except (ValueError, TypeError) as error:
        raise Refused(
            _("This page's address is damaged. Start from the first page."), field="after"
        ) from error
    if not branches:
        return Item.objects.none()
    # An exact key goes first, whatever its rank.
    best = limit if _ranks(order) and number is None else None
    ids = any_of(branches, _shown(wanted, statuses), best=best)
    found = wanted.sortable(Item.objects.filter(pk__in=ids))
    exact = [Case(When(number=number, then=Value(0)), default=Value(1))] if number else []
    return found.order_by(*exact, *wanted.ordering)[:limit]


def cursor_of(wanted: ItemFilter, item: Any) -> str:
    """The cursor of the page behind this row (anything with the order's fields)."""
    return encode([getattr(item, field.lstrip("-")) for field in wanted.order])


def count(wanted: ItemFilter, statuses: Sequence[Status]) -> int:
    """How many items fit, counted up to ``COUNT_MOST`` + 1, in one query."""
    branches = [rows.values("id")[: COUNT_MOST + 1] for rows in _narrowed(wanted, statuses)]
    if not branches:
        return 0
    found = Item.objects.filter(pk__in=any_of(branches, _shown(wanted, statuses)))
    return found.order_by()[: COUNT_MOST + 1].count()
