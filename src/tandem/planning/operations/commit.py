"""Committing a plan: it becomes the contents of the teams' sprints, or says what stands against it."""

from collections import defaultdict
from dataclasses import dataclass, field
from typing import Any

from django.db import transaction
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from tandem.accounts.models import Member, Product
from tandem.accounts.permissions import require
from tandem.backlog.models import Category, Item
from tandem.core import events
from tandem.core.errors import Conflict, Refused
from tandem.delivery.models import Sprint, SprintItem, SprintState, Team
from tandem.delivery.operations import sprint_create, sprint_fill
from tandem.planning.forecast_asked import today_of
from tandem.planning.models import Plan, PlanItem, PlanState
from tandem.planning.queries_plan import committed_plan

CLOSED = (Category.DONE, Category.DROPPED)


@dataclass(frozen=True)
class Turn:
    """Whose plan stands against this one: its number, as problems of the API name versions."""

    version: int


class CommitConflict(Conflict):
    """The world changed since the plan was solved. ``other``: the plan committed meanwhile.

    ``gone``: keys of planned items that were deleted. The caller shows both and asks again with
    ``over=other.pk`` or ``without_deleted=True``.
    """

    def __init__(self, message: str, *, plan: Plan, other: Plan | None, gone: list[str]) -> None:
        super().__init__(message, current=Turn(other.pk) if other else None, yours=plan.pk)
        self.plan = plan
        self.other = other
        self.gone = gone


@dataclass
class Written:
    """What committing wrote, for people and for the history."""

    added: int = 0
    removed: int = 0
    made: int = 0
    closed: list[str] = field(default_factory=list)
    running: list[str] = field(default_factory=list)


@transaction.atomic
def plan_commit(
    *, by: Member, plan: Plan, over: int | None = None, without_deleted: bool = False
) -> Plan:
    """From now on this is the product's committed plan, and the teams' next sprints hold it.

    Sprints that are missing are made. A running sprint is left alone unless the scenario says
    otherwise (``running_too``); a finished one always. Raises :class:`CommitConflict` when
    another plan was committed since this one was asked for, unless ``over`` names that one, and
    when a planned item was deleted, unless ``without_deleted``.
    """
    require(by, "plan.commit")
    product = Product.objects.select_for_update().get(pk=plan.product_id)
    plan = Plan.objects.select_for_update(of=("self",)).select_related("scenario").get(pk=plan.pk)
    if plan.state != PlanState.SOLVED or plan.status == "infeasible":
        raise Refused(_("Only a solved plan can be committed."))
    before = committed_plan(product)
    if before is not None and before.pk == plan.pk:
        return plan
    entries = list(
        PlanItem.objects.filter(plan=plan).select_related("item__product", "item__status", "team")
    )
    gone = sorted(entry.item.key for entry in entries if entry.item.deleted_at is not None)
    if before is not None and over != before.pk and not _continues(plan, before):
        raise _overtaken(plan, before, gone)
    if gone and not without_deleted:
        raise CommitConflict(_gone_words(gone), plan=plan, other=None, gone=gone)
    written = _write(by, product, plan, [e for e in entries if e.item.deleted_at is None])
    plan.committed_at, plan.committed_by = timezone.now(), by
    if plan.accepted_at is None:
        plan.accepted_at, plan.accepted_by = plan.committed_at, by
    plan.details = plan.details | {"written": _told(written, gone)}
    plan.save()
    events.record(
        by=by,
        verb="plan.committed",
        obj=plan,
        product_id=product.pk,
        changes={
            "plan": [str(before.scenario) if before else None, str(plan.scenario)],
            "into sprints": [None, written.added],
            "out of sprints": [None, written.removed],
        },
    )
    return plan


def _continues(plan: Plan, before: Plan) -> bool:
    """The plan was asked for when ``before`` was the committed one, and never committed itself."""
    return plan.committed_at is None and plan.based_on_id == before.pk


def _overtaken(plan: Plan, before: Plan, gone: list[str]) -> CommitConflict:
    who = before.committed_by.name if before.committed_by else _("Somebody")
    mine = set(plan.entries.values_list("item_id", flat=True))
    theirs = set(before.entries.values_list("item_id", flat=True))
    return CommitConflict(
        _(
            "%(who)s committed a plan of “%(theirs)s” meanwhile (plan %(their_number)s, "
            "%(their_count)s items); yours is plan %(my_number)s of “%(mine)s” (%(my_count)s items). "
            "%(both)s items are in both, %(only_mine)s only in yours, %(only_theirs)s only in "
            "theirs. Commit yours over it, or solve again."
        )
        % {
            "who": who,
            "theirs": before.scenario,
            "their_number": before.pk,
            "their_count": len(theirs),
            "mine": plan.scenario,
            "my_number": plan.pk,
            "my_count": len(mine),
            "both": len(mine & theirs),
            "only_mine": len(mine - theirs),
            "only_theirs": len(theirs - mine),
        },
        plan=plan,
        other=before,
        gone=gone,
    )


def _gone_words(gone: list[str]) -> str:
    named = ", ".join(gone[:5])
    if len(gone) > 5:
        named = _("%(keys)s and %(count)s more") % {"keys": named, "count": len(gone) - 5}
    return ngettext(
        "%(keys)s was deleted since this plan was solved. Commit it without, or solve it again.",
        "%(keys)s were deleted since this plan was solved. Commit it without, or solve it again.",
        len(gone),
    ) % {"keys": named}


def _write(by: Member, product: Product, plan: Plan, entries: list[PlanItem]) -> Written:
    written = Written()
    running = _in_running_sprints(plan)
    wanted: dict[tuple[int, int], list[Item]] = defaultdict(list)
    for entry in entries:
        if entry.item.status.category in CLOSED:
            written.closed.append(entry.item.key)
        elif entry.item_id in running:
            written.running.append(entry.item.key)
        elif entry.team_id is not None:
            wanted[entry.team_id, entry.sprint].append(entry.item)
    moved = {item.pk for items in wanted.values() for item in items}
    for team in _teams(plan, {team for team, _number in wanted}):
        inside, beyond = _sprints_of(by, product, plan, team, written)
        for number, sprint in enumerate([*inside, *beyond], start=1):
            mine = wanted.get((team.pk, number), []) if number <= len(inside) else []
            stays = _stays(sprint, moved, beyond=number > len(inside))
            came, went = sprint_fill(by=by, sprint=sprint, items=[*mine, *stays])
            written.added += len(came)
            written.removed += len(went)
    return written


def _in_running_sprints(plan: Plan) -> set[int]:
    """Items a running sprint took up: they are not planned into another one."""
    if plan.scenario.running_too:
        return set()
    rows = SprintItem.objects.filter(
        sprint__state=SprintState.RUNNING, sprint__team__product_id=plan.product_id
    )
    return set(rows.values_list("item_id", flat=True))


def _teams(plan: Plan, needed: set[int]) -> list[Team]:
    named = {load["team"] for each in plan.details.get("sprints", ()) for load in each["teams"]}
    rows = Team.objects.filter(product_id=plan.product_id)
    return list(rows.filter(Q(name__in=named) | Q(pk__in=needed)))


def _sprints_of(
    by: Member, product: Product, plan: Plan, team: Team, written: Written
) -> tuple[list[Sprint], list[Sprint]]:
    """The team's sprints the plan speaks of, in order (missing ones are made), and those beyond."""
    states = [SprintState.PLANNED]
    if plan.scenario.running_too:
        states.append(SprintState.RUNNING)
    capacities = _capacities(plan, team)
    found = list(team.sprints.filter(state__in=states).order_by("start_date", "pk"))
    last = team.sprints.order_by("-end_date").first()
    today = today_of(product)
    start = max(last.end_date if last else today, plan.scenario.start_date or today)
    while len(found) < len(capacities):
        made = sprint_create(
            by=by, team=team, start_date=start, capacity=capacities[len(found)], away=True
        )
        start = made.end_date
        found.append(made)
        written.made += 1
    for sprint in found:
        sprint.team = team
    return found[: len(capacities)], found[len(capacities) :]


def _capacities(plan: Plan, team: Team) -> list[float]:
    """What the plan counted on in each of its sprints; the usual capacity for a team renamed since."""
    return [
        next(
            (load["capacity"] for load in each["teams"] if load["team"] == team.name), team.capacity
        )
        for each in plan.details["sprints"]
    ]


def _stays(sprint: Sprint, moved: set[int], *, beyond: bool) -> list[Item]:
    """What is finished or dropped stays where it was; beyond the plan's sprints everything does."""
    rows = SprintItem.objects.filter(sprint=sprint, item__deleted_at=None)
    if not beyond:
        rows = rows.filter(item__status__category__in=CLOSED)
    return [
        entry.item for entry in rows.select_related("item__product") if entry.item_id not in moved
    ]


def _told(written: Written, gone: list[str]) -> dict[str, Any]:
    return {
        "added": written.added,
        "removed": written.removed,
        "sprints_made": written.made,
        "closed_meanwhile": sorted(written.closed),
        "running_meanwhile": sorted(written.running),
        "deleted_meanwhile": gone,
    }
