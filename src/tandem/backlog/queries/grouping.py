"""What a list can be grouped by and a calendar can show, and the groups of a page of rows."""

import calendar as calendars
import datetime
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from django.db.models import Q
from django.utils.dates import WEEKDAYS, WEEKDAYS_ABBR
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop as N_

from tandem.accounts.models import Member, Product
from tandem.backlog import custom
from tandem.backlog.filters import ItemFilter
from tandem.backlog.models import CustomField, FieldKind, FieldValue, Item, Kind, Status
from tandem.backlog.queries.lane_kinds import KINDS
from tandem.backlog.queries.lanes import Lanes
from tandem.backlog.queries.rows import Row, rows_of

#: A calendar shows so many of one day; the list shows the rest.
MOST_OF_A_DAY = 200
GROUPS = {
    "status": N_("Status"),
    "kind": N_("Kind"),
    "assignee": N_("Assignee"),
    "parent": N_("Parent"),
}
DATES = {
    "due": (N_("Due"), "due_date"),
    "created": (N_("Created"), "created_at"),
    "finished": (N_("Finished"), "finished_at"),
}


def groupable(product: Product) -> dict[str, str]:
    """Name -> title of everything a list can be grouped by."""
    return groupable_of(custom.fields_of(product))


def groupable_of(fields: Sequence[CustomField]) -> dict[str, str]:
    kinds = (FieldKind.CHOICE, FieldKind.PERSON, FieldKind.CHECK)
    return {
        **{name: _(title) for name, title in GROUPS.items()},
        **{name: _(kind.title) for name, kind in KINDS.items()},
        **{each.slug: each.name for each in fields if each.kind in kinds},
    }


def datable(product: Product) -> dict[str, str]:
    """Name -> title of everything a calendar can show."""
    own = {e.slug: e.name for e in custom.fields_of(product) if e.kind == FieldKind.DATE}
    return {**{name: _(title) for name, (title, column) in DATES.items()}, **own}


def weekdays() -> list[tuple[str, str]]:
    """The days of a week from Monday, each in full and short."""
    return [(str(WEEKDAYS[day]), str(WEEKDAYS_ABBR[day])) for day in range(7)]


@dataclass(frozen=True)
class Group:
    name: str
    rows: list[Row] = field(default_factory=list)


def grouped(rows: Sequence[Row], by: str, product: Product) -> list[Group]:
    """The page's rows in their groups, both in the order of the list; those without come last."""
    ours = by in GROUPS or by in KINDS
    own = None if ours else custom.named(custom.fields_of(product), by)
    held: dict[int, str] = {}
    if own is not None:
        values = custom.values_of([row.id for row in rows], [own])
        people = custom.people_in([own], values)
        held = {pk: custom.shown_of(own, texts[own.pk], people) for pk, texts in values.items()}

    laned: dict[int, str] = {}
    if by == "parent" or by in KINDS:
        places = Lanes(product, by, "", several=KINDS.get(by)).places(rows)
        laned = {pk: place.name for pk, place in places.items()}

    def name_of(row: Row) -> str:
        if by == "parent" or by in KINDS:
            return laned.get(row.id, "")
        if own is not None:
            return held.get(row.id, "")
        if by == "kind":
            return str(Kind(row.kind).label)
        return row.status if by == "status" else row.assignee or ""

    found: dict[str, Group] = {}
    for row in rows:
        name = name_of(row)
        found.setdefault(name, Group(name or _("Nothing")))
        found[name].rows.append(row)
    nothing = found.pop("", None)
    return [*found.values(), *([nothing] if nothing else [])]


@dataclass(frozen=True)
class Day:
    date: datetime.date
    rows: list[Row]
    inside: bool
    today: bool
    more: int = 0


def month_of(text: str, today: datetime.date) -> datetime.date:
    """``2027-03`` as the month's first day; what is none: this month."""
    try:
        return datetime.date.fromisoformat(f"{text}-01")
    except ValueError:
        return today.replace(day=1)


def month(
    wanted: ItemFilter,
    member: Member,
    statuses: Sequence[Status],
    *,
    by: str,
    first: datetime.date,
    today: datetime.date,
) -> list[list[Day]]:
    """The weeks of a month with the items of each day, in two queries and the rows'."""
    weeks = calendars.Calendar().monthdatescalendar(first.year, first.month)
    start, end = weeks[0][0], weeks[-1][-1] + datetime.timedelta(days=1)
    items = wanted.sorted_by("rank").apply(Item.objects.of(wanted.product))
    dates: dict[int, datetime.date] = {}
    if by in DATES:
        column = DATES[by][1]
        low: Any = start
        high: Any = end
        if column != "due_date":
            zone = member.workspace.zone
            low = datetime.datetime.combine(start, datetime.time.min, zone)
            high = datetime.datetime.combine(end, datetime.time.min, zone)
        found = items.filter(**{f"{column}__gte": low, f"{column}__lt": high})
        for pk, value in found.values_list("pk", column)[: MOST_OF_A_DAY * 31]:
            if isinstance(value, datetime.datetime):
                value = value.astimezone(member.workspace.zone).date()
            dates[pk] = value
    else:
        own = custom.named(custom.fields_of(wanted.product), by)
        fits = Q(number__gte=start.toordinal(), number__lt=end.toordinal())
        values = FieldValue.objects.filter(fits, field=own, item__in=items.values("pk"))
        for pk, number in values.values_list("item_id", "number")[: MOST_OF_A_DAY * 31]:
            dates[pk] = datetime.date.fromordinal(int(number or 0))
    by_id = {status.pk: status for status in statuses}
    chosen = Item.objects.filter(pk__in=list(dates)).order_by("rank", "id")
    of_day: dict[datetime.date, list[Row]] = {}
    for row in rows_of(chosen, wanted.product, member, by_id):
        of_day.setdefault(dates[row.id], []).append(row)
    return [
        [
            Day(
                date,
                of_day.get(date, [])[:MOST_OF_A_DAY],
                date.month == first.month,
                date == today,
                max(0, len(of_day.get(date, [])) - MOST_OF_A_DAY),
            )
            for date in week
        ]
        for week in weeks
    ]
