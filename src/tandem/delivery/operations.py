"""Every write of teams and sprints."""

import datetime
import math
from collections.abc import Callable, Iterable
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from tandem.accounts.models import Member, Product
from tandem.accounts.permissions import require
from tandem.backlog.models import Item
from tandem.core import events
from tandem.core.errors import Refused
from tandem.core.models import Event
from tandem.delivery.models import Assignment, Sprint, SprintItem, SprintState, Team
from tandem.ui.filters import spoken
from tandem.ui.numbers import read_number

CAPACITY_MOST = 1_000_000.0


def capacity_checked(value: Any, field: str = "capacity", *, zero: bool = False) -> float:
    """A number above 0 that a plan can be solved with; ``zero``: or 0, for a sprint of holidays."""
    try:
        number = read_number(value)
    except (TypeError, ValueError):
        raise Refused(_("%(value)s is no number.") % {"value": value}, field=field) from None
    least = 0 if zero else math.ulp(0.0)
    if not math.isfinite(number) or not least <= number <= CAPACITY_MOST:
        raise Refused(
            _("Capacity is a number above 0: how much effort fits into one sprint."), field=field
        )
    return number


def _days_checked(value: Any) -> int:
    try:
        days = int(value)
    except (TypeError, ValueError):
        raise Refused(
            _("%(value)s is no number of days.") % {"value": value}, field="sprint_days"
        ) from None
    if not 1 <= days <= 120:
        raise Refused(_("A sprint lasts 1 to 120 days."), field="sprint_days")
    return days


def _name_checked(product: Product, name: str, team: Team | None = None) -> str:
    name = " ".join(name.split())
    if not name or len(name) > 80:
        raise Refused(_("A team needs a name of up to 80 characters."), field="name")
    others = Team.objects.of(product).filter(name__iexact=name)
    if team is not None:
        others = others.exclude(pk=team.pk)
    if others.exists():
        raise Refused(_("There is a team %(name)s already.") % {"name": name}, field="name")
    return name


@transaction.atomic
def team_create(
    *, by: Member, product: Product, name: str, capacity: Any = 20, sprint_days: Any = 14
) -> Team:
    require(by, "team.edit")
    team = Team.objects.create(
        product=product,
        name=_name_checked(product, name),
        capacity=capacity_checked(capacity),
        sprint_days=_days_checked(sprint_days),
    )
    events.record(by=by, verb="team.created", obj=team, changes={"capacity": [None, team.capacity]})
    return team


@transaction.atomic
def team_update(*, by: Member, team: Team, **fields: Any) -> Team:
    """Change ``name``, ``capacity`` or ``sprint_days``."""
    require(by, "team.edit")
    checked: dict[str, Callable[[Any], Any]] = {
        "name": lambda value: _name_checked(team.product, value, team),
        "capacity": capacity_checked,
        "sprint_days": _days_checked,
    }
    changes = {}
    for field, check in checked.items():
        if field in fields:
            value = check(fields[field])
            if value != getattr(team, field):
                changes[field] = [getattr(team, field), value]
                setattr(team, field, value)
    if changes:
        team.save()
        events.record(by=by, verb="team.updated", obj=team, changes=changes)
    return team


@transaction.atomic
def team_assign(*, by: Member, item: Item, team: Team | None) -> None:
    """Mean an item for a team; ``None``: any team may take it."""
    require(by, "item.edit")
    if team is not None and team.product_id != item.product_id:
        raise Refused(_("The team belongs to another product."), field="team")
    before = Assignment.objects.filter(item=item).select_related("team").first()
    if (before.team_id if before else None) == (team.pk if team else None):
        return
    if team is None:
        Assignment.objects.filter(item=item).delete()
    else:
        Assignment.objects.update_or_create(item=item, defaults={"team": team})
    changes = {
        "team": [before and before.team.name, team and team.name],
        "team_id": [before and before.team_id, team and team.pk],
    }
    events.record(by=by, verb="item.updated", obj=item, changes=changes)


@transaction.atomic
def sprint_create(
    *,
    by: Member,
    team: Team,
    start_date: datetime.date,
    end_date: datetime.date | None = None,
    capacity: Any = None,
    goal: str = "",
    away: bool = False,
) -> Sprint:
    """The team's next sprint; refuses one that overlaps another of the same team.

    ``away``: the team may have no capacity at all in it, 0.
    """
    require(by, "sprint.edit")
    Team.objects.select_for_update().get(pk=team.pk)
    end_date = end_date or start_date + datetime.timedelta(days=team.sprint_days)
    _days_free(team, start_date, end_date)
    last = team.sprints.order_by("-number").first()
    sprint = Sprint.objects.create(
        team=team,
        number=last.number + 1 if last else 1,
        goal=goal[:300],
        start_date=start_date,
        end_date=end_date,
        capacity=team.capacity if capacity is None else capacity_checked(capacity, zero=away),
    )
    events.record(by=by, verb="sprint.created", obj=sprint)
    return sprint


def _days_free(
    team: Team, start_date: datetime.date, end_date: datetime.date, sprint: Sprint | None = None
) -> None:
    """Refuse days that are none or that another sprint of the team has."""
    if end_date <= start_date:
        raise Refused(_("A sprint ends after it starts."), field="end_date")
    others = team.sprints.exclude(pk=sprint.pk) if sprint else team.sprints.all()
    clash = others.filter(start_date__lt=end_date, end_date__gt=start_date).first()
    if clash is not None:
        raise Refused(
            _("It overlaps sprint %(number)s (%(start)s to %(end)s).")
            % {"number": clash.number, "start": clash.start_date, "end": clash.end_date},
            field="start_date",
        )


@transaction.atomic
def sprint_update(
    *,
    by: Member,
    sprint: Sprint,
    start_date: datetime.date,
    end_date: datetime.date,
    capacity: Any,
    goal: str,
) -> Sprint:
    """Other days, capacity or goal; what a finished sprint was stays."""
    require(by, "sprint.edit")
    Team.objects.select_for_update().get(pk=sprint.team_id)
    if sprint.state == SprintState.FINISHED:
        raise Refused(
            _("%(sprint)s is finished; it stays as it was.") % {"sprint": spoken(str(sprint))}
        )
    _days_free(sprint.team, start_date, end_date, sprint)
    wanted = {
        "start_date": start_date,
        "end_date": end_date,
        "capacity": capacity_checked(capacity),
        "goal": " ".join(goal.split())[:300],
    }
    changes = {}
    for field, value in wanted.items():
        before = getattr(sprint, field)
        if value != before:
            changes[field] = [_plain(before), _plain(value)]
            setattr(sprint, field, value)
    if changes:
        sprint.save()
        events.record(by=by, verb="sprint.updated", obj=sprint, changes=changes)
    return sprint


def _plain(value: Any) -> Any:
    return value.isoformat() if isinstance(value, datetime.date) else value


@transaction.atomic
def sprint_add(*, by: Member, sprint: Sprint, item: Item) -> None:
    require(by, "sprint.edit")
    if sprint.state == SprintState.FINISHED:
        raise Refused(
            _("%(sprint)s is finished; what was in it stays as it was.")
            % {"sprint": spoken(str(sprint))}
        )
    if item.product_id != sprint.product_id:
        raise Refused(_("The item belongs to another product."), field="item")
    _row, made = SprintItem.objects.get_or_create(
        sprint=sprint, item=item, defaults={"added_at": timezone.now()}
    )
    if made:
        events.record(
            by=by, verb="sprint.item_added", obj=item, changes={"sprint": [None, str(sprint)]}
        )


@transaction.atomic
def sprint_remove(*, by: Member, sprint: Sprint, item: Item) -> None:
    require(by, "sprint.edit")
    if sprint.state == SprintState.FINISHED:
        raise Refused(
            _("%(sprint)s is finished; what was in it stays as it was.")
            % {"sprint": spoken(str(sprint))}
        )
    gone, _each = SprintItem.objects.filter(sprint=sprint, item=item).delete()
    if gone:
        events.record(
            by=by, verb="sprint.item_removed", obj=item, changes={"sprint": [str(sprint), None]}
        )


@transaction.atomic
def sprint_fill(
    *, by: Member, sprint: Sprint, items: Iterable[Item]
) -> tuple[list[Item], list[Item]]:
    """The sprint holds exactly these items; gives what came in and what went out.

    An event for each, as if they had been put in and taken out one by one.
    """
    require(by, "sprint.edit")
    if sprint.state == SprintState.FINISHED:
        raise Refused(
            _("%(sprint)s is finished; what was in it stays as it was.")
            % {"sprint": spoken(str(sprint))}
        )
    wanted = {item.pk: item for item in items}
    if any(item.product_id != sprint.product_id for item in wanted.values()):
        raise Refused(_("An item belongs to another product."), field="items")
    Sprint.objects.select_for_update().get(pk=sprint.pk)
    inside = {
        entry.item_id: entry.item
        for entry in SprintItem.objects.filter(sprint=sprint, item__deleted_at=None).select_related(
            "item__product"
        )
    }
    came = [item for pk, item in wanted.items() if pk not in inside]
    went = [item for pk, item in inside.items() if pk not in wanted]
    now = timezone.now()
    SprintItem.objects.filter(sprint=sprint, item__in=[item.pk for item in went]).delete()
    SprintItem.objects.bulk_create(
        [SprintItem(sprint=sprint, item=item, added_at=now) for item in came], batch_size=500
    )
    name = str(sprint)
    events.record_many(
        [
            *(_moved(by, "sprint.item_removed", item, [name, None]) for item in went),
            *(_moved(by, "sprint.item_added", item, [None, name]) for item in came),
        ]
    )
    return came, went


def _moved(by: Member, verb: str, item: Item, change: list[str | None]) -> Event:
    return events.build(by=by, verb=verb, obj=item, changes={"sprint": change})


@transaction.atomic
def sprint_start(*, by: Member, sprint: Sprint) -> Sprint:
    require(by, "sprint.edit")
    running = sprint.team.sprints.filter(state=SprintState.RUNNING).exclude(pk=sprint.pk).first()
    if running is not None:
        raise Refused(
            _("Sprint %(number)s still runs. Finish it first.") % {"number": running.number}
        )
    return _sprint_enter(by, sprint, SprintState.RUNNING)


@transaction.atomic
def sprint_finish(*, by: Member, sprint: Sprint) -> Sprint:
    require(by, "sprint.edit")
    return _sprint_enter(by, sprint, SprintState.FINISHED)


def _sprint_enter(by: Member, sprint: Sprint, state: SprintState) -> Sprint:
    before, sprint.state = sprint.state, state
    sprint.save(update_fields=["state"])
    events.record(
        by=by, verb=f"sprint.{state.value}", obj=sprint, changes={"state": [before, state]}
    )
    return sprint
