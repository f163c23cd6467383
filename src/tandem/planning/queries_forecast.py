"""What forecasts read: the record of finished items, a plan's open items, earlier forecasts."""

import datetime
from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from django.db.models import BigIntegerField, F, Min, OuterRef, QuerySet, Subquery
from django.db.models.functions import Coalesce
from django.utils.translation import gettext as _

from tandem.accounts.models import Product
from tandem.backlog.models import Category, Item, Kind
from tandem.delivery.models import SprintItem
from tandem.planning.models import Forecast, ForecastQuestion, Plan, PlanItem, PlanState
from tandem_engine.words import said

#: The engine looks back on 52 complete weeks; one more holds the open week.
RECORD_WEEKS = 53
EARLIER_SHOWN = 20


@dataclass(frozen=True)
class FinishRecord:
    """The days a product's items were finished on, as far back as a forecast looks."""

    days: tuple[datetime.date, ...]
    #: The team that finished each of ``days``, as far as known.
    teams: tuple[int | None, ...]
    #: The first finish of all: idle weeks after it count, those before it do not.
    since: datetime.date | None
    #: Items whose finish lies after today, left out: it cannot have happened.
    ahead: int = 0

    @property
    def by_day(self) -> list[tuple[tuple[datetime.date, int], int]]:
        """How many were finished by whom on each day: short however much was finished."""
        pairs = zip(self.days, self.teams, strict=True)
        return sorted(Counter((day, team or 0) for day, team in pairs).items())

    def of_team(self, team_id: int) -> tuple[datetime.date, ...]:
        pairs = zip(self.days, self.teams, strict=True)
        return tuple(day for day, team in pairs if team == team_id)


def finished_items(product: Product) -> QuerySet[Item]:
    """Done items with a finish moment. Epics are left out: their parts are counted already."""
    return (
        Item.objects.of(product)
        .in_category(Category.DONE)
        .exclude(kind=Kind.EPIC)
        .filter(finished_at__isnull=False)
    )


def finish_record(
    product: Product, today: datetime.date, *, with_teams: bool = True
) -> FinishRecord:
    """The record before and on ``today``, a day in the workspace's zone. Two queries.

    An item belongs to the team of the last sprint it stood in, else to the team it is meant for.
    Without ``with_teams`` nobody asks for that, which spares a search per item.
    """
    zone = product.workspace.zone
    rows = finished_items(product)
    first = rows.aggregate(first=Min("finished_at"))["first"]
    start = datetime.datetime.combine(
        today - datetime.timedelta(weeks=RECORD_WEEKS), datetime.time(), tzinfo=zone
    )
    found = rows.filter(finished_at__gte=start).order_by("finished_at")
    if with_teams:
        last_sprint = SprintItem.objects.filter(item=OuterRef("pk")).order_by("-sprint__start_date")
        values: Iterable[tuple[datetime.datetime | None, int | None]] = found.annotate(
            team=Coalesce(
                Subquery(last_sprint.values("sprint__team")[:1]),
                F("assignment__team_id"),
                output_field=BigIntegerField(),
            )
        ).values_list("finished_at", "team")
    else:
        values = ((moment, None) for moment in found.values_list("finished_at", flat=True))
    pairs: list[tuple[datetime.date, int | None]] = []
    ahead = 0
    for moment, team in values:
        day = _day(moment, zone)
        if day > today:
            ahead += 1
        else:
            pairs.append((day, team))
    since = first.astimezone(zone).date() if first else None
    return FinishRecord(
        days=tuple(day for day, _ in pairs),
        teams=tuple(team for _, team in pairs),
        since=since if since is not None and since <= today else None,
        ahead=ahead,
    )


def _day(moment: datetime.datetime | None, zone: datetime.tzinfo) -> datetime.date:
    """The day of a finish moment; the rows read here all have one."""
    assert moment is not None
    return moment.astimezone(zone).date()


@dataclass(frozen=True)
class PlanWork:
    """What one team has left of a plan."""

    team_id: int | None
    team: str
    items: int


def plan_work(plan: Plan) -> list[PlanWork]:
    """The plan's items still to be finished, by team; dropped and deleted ones do not count."""
    rows = PlanItem.objects.filter(
        plan=plan,
        item__deleted_at=None,
        item__status__category__in=[Category.OPEN, Category.STARTED],
    )
    counts: dict[tuple[int | None, str], int] = defaultdict(int)
    for team_id, name in rows.values_list("team_id", "team__name"):
        counts[team_id, name or _("No team")] += 1
    return [
        PlanWork(team_id, name, count)
        for (team_id, name), count in sorted(counts.items(), key=lambda each: each[0][1])
    ]


def solved_plans(product: Product, limit: int = 20) -> list[Plan]:
    """The product's latest plans that have a solution, newest first."""
    rows = Plan.objects.filter(scenario__product=product, state=PlanState.SOLVED)
    rows = rows.exclude(status="infeasible").select_related("scenario")
    return list(rows.order_by("-asked_at", "-pk")[:limit])


def series_of(forecast: Forecast) -> tuple[Any, ...]:
    """What makes two forecasts answers to the same question, asked on different days."""
    asked = forecast.asked
    if forecast.question == ForecastQuestion.HOW_MANY:
        return (forecast.question, asked.get("by"))
    if forecast.question == ForecastQuestion.PLAN:
        return (forecast.question, asked.get("scenario"))
    return (forecast.question, "open" if asked.get("everything_open") else asked.get("items"))


@dataclass(frozen=True)
class Outcome:
    """What came of a kept forecast: ``held``, ``missed``, or ``open`` while nobody knows."""

    state: str
    sentence: str


@dataclass(frozen=True)
class Earlier:
    """A kept forecast, what the one before it said, and what came of it."""

    forecast: Forecast
    before: Forecast | None
    outcome: Outcome


def earlier_forecasts(
    product: Product, today: datetime.date, limit: int = EARLIER_SHOWN
) -> list[Earlier]:
    """The latest kept forecasts, newest first, each beside its predecessor. Three queries."""
    rows = Forecast.objects.of(product).select_related("made_by__user", "plan__scenario")
    # Further back than shown, so that the last rows find their predecessors too.
    found = list(rows.defer("details")[: 3 * limit])
    known = outcomes(product, found, today)
    shown = []
    for place, forecast in enumerate(found[:limit]):
        before = predecessor(forecast, found[place + 1 :])
        shown.append(Earlier(forecast, before, known[forecast.pk]))
    return shown


def predecessor(forecast: Forecast, older: Iterable[Forecast]) -> Forecast | None:
    """The latest of ``older`` (newest first) that answers the same question."""
    series = series_of(forecast)
    return next((each for each in older if series_of(each) == series), None)


def outcomes(
    product: Product, forecasts: Sequence[Forecast], today: datetime.date
) -> dict[int, Outcome]:
    """Each forecast against what was finished after the day it was made on."""
    if not forecasts:
        return {}
    zone = product.workspace.zone
    first = min(_asked_day(each, "today") or today for each in forecasts)
    start = datetime.datetime.combine(first, datetime.time(), tzinfo=zone)
    moments = finished_items(product).filter(finished_at__gte=start).order_by("finished_at")
    days = [_day(moment, zone) for moment in moments.values_list("finished_at", flat=True)]
    days = [day for day in days if day <= today]
    plans = _plans_finished({each.plan_id for each in forecasts if each.plan_id}, zone)
    return {each.pk: _outcome(each, days, plans, today) for each in forecasts}


def _outcome(
    forecast: Forecast,
    days: Sequence[datetime.date],
    plans: dict[int, datetime.date | None],
    today: datetime.date,
) -> Outcome:
    asked_on = _asked_day(forecast, "today") or today
    promised = forecast.percentiles.get("85")
    since = [day for day in days if day > asked_on]
    if forecast.question == ForecastQuestion.HOW_MANY:
        by = _asked_day(forecast, "by")
        if by is None or today <= by or promised is None:
            return Outcome("open", said("Not due yet."))
        reached = sum(1 for day in since if day <= by)
        state = "held" if reached >= promised else "missed"
        return Outcome(state, said("%(count)s were finished.", count=reached))
    if forecast.question == ForecastQuestion.PLAN:
        actual = plans.get(forecast.plan_id or 0)
    else:
        items = int(forecast.asked.get("items") or 0)
        actual = since[items - 1] if 0 < items <= len(since) else None
    due = datetime.date.fromisoformat(promised) if promised else None
    if actual is not None and actual > asked_on:
        state = "held" if due is None or actual <= due else "missed"
        return Outcome(state, said("Finished on %(day)s.", day=actual.isoformat()))
    if due is not None and today > due:
        return Outcome("missed", said("Not finished by then."))
    return Outcome("open", said("Not due yet."))


def _asked_day(forecast: Forecast, name: str) -> datetime.date | None:
    text = forecast.asked.get(name)
    return datetime.date.fromisoformat(text) if text else None


def _plans_finished(plan_ids: set[int], zone: datetime.tzinfo) -> dict[int, datetime.date | None]:
    """The day the last item of each plan was finished; ``None`` while any is open."""
    if not plan_ids:
        return {}
    rows = PlanItem.objects.filter(plan_id__in=plan_ids, item__deleted_at=None)
    rows = rows.exclude(item__status__category=Category.DROPPED)
    last: dict[int, datetime.date | None] = {}
    for plan_id, moment in rows.values_list("plan_id", "item__finished_at"):
        day = moment.astimezone(zone).date() if moment else None
        known = last.get(plan_id, datetime.date.min)
        last[plan_id] = None if day is None or known is None else max(known, day)
    return last
