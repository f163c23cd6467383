"""Solving plans: asked for, kept, stopped, accepted. Committing is in ``commit.py``."""

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop as N_

from tandem.accounts.models import Member
from tandem.accounts.permissions import require
from tandem.backlog.models import Category
from tandem.core import events
from tandem.core.errors import Refused
from tandem.core.jobs import control
from tandem.core.models import Job, JobState
from tandem.delivery.models import SprintItem, SprintState, Team
from tandem.planning.calculations import Prepared, TeamInput, prepared
from tandem.planning.calculations_lenses import lens_points, lens_words
from tandem.planning.calculations_rules import RuleInput
from tandem.planning.calculations_solved import Solved, clash_json
from tandem.planning.models import Plan, PlanItem, PlanState, Rule, Scenario
from tandem.planning.operations.commit import plan_commit
from tandem.planning.queries_plan import accepted_plan, committed_plan
from tandem.planning.sayings import with_sayings
from tandem.ui.sayings import made_of
from tandem_engine.words import said

__all__ = [
    "STOPPED",
    "plan_accept",
    "plan_ask",
    "plan_cancel",
    "plan_commit",
    "plan_keep",
    "plan_record",
    "prepared_for",
]


#: What a plan says whose search somebody ended.
STOPPED = N_("The search was stopped: this is the best plan it had found.")


def prepared_for(scenario: Scenario) -> Prepared:
    """The scenario as a problem; refuses one without a team."""
    teams = teams_for(scenario)
    if not teams:
        raise Refused(
            _("No team takes part. Add a team with its capacity per sprint."), field="team"
        )
    return prepared(
        scenario.product,
        teams,
        scenario.sprints,
        rules=rules_for(scenario),
        scoring_model_id=scenario.scoring_model_id,
        same_sprint_allowed=scenario.same_sprint_allowed,
        decay=scenario.decay,
        maximise=scenario.maximise,
        skip={} if scenario.running_too else in_running_sprints(scenario),
    )


def teams_for(scenario: Scenario) -> list[TeamInput]:
    """The teams that take part with what each sprint of theirs holds."""
    other: dict[int, dict[int, float]] = {}
    rows = scenario.capacities.filter(sprint__lte=scenario.sprints)
    for team_id, sprint, capacity in rows.values_list("team_id", "sprint", "capacity"):
        other.setdefault(team_id, {})[sprint] = capacity
    return [
        TeamInput(each.team.name, each.capacity, each.team_id, other.get(each.team_id, {}))
        for each in scenario.teams.select_related("team").order_by("team__name")
    ]


def rules_for(scenario: Scenario) -> list[RuleInput]:
    """The scenario's rules; those about deleted items rest until the item comes back."""
    rows = scenario.rules.select_related("item", "team", "label").prefetch_related("others")
    return [_rule_input(rule) for rule in rows if rule.item is None or rule.item.deleted_at is None]


def _rule_input(rule: Rule) -> RuleInput:
    return RuleInput(
        kind=rule.kind,
        item=rule.item_id,
        others=tuple(each.pk for each in rule.others.all() if each.deleted_at is None),
        number=rule.number,
        team=rule.team.name if rule.team else None,
        item_kind=rule.item_kind,
        label=rule.label.name if rule.label else "",
        share=rule.share,
        each_sprint=rule.each_sprint,
        reason=rule.reason,
        pk=rule.pk,
    )


def in_running_sprints(scenario: Scenario) -> dict[int, str]:
    """Open items of running sprints, and why the plan leaves them there."""
    rows = SprintItem.objects.filter(
        sprint__team__product=scenario.product,
        sprint__state=SprintState.RUNNING,
        item__deleted_at=None,
        item__status__category__in=[Category.OPEN, Category.STARTED],
    ).values_list("item_id", "sprint__team__name", "sprint__number")
    return {
        item: said(
            "It is in the running sprint %(number)s of %(team)s, which the plan leaves alone.",
            number=number,
            team=team,
        )
        for item, team, number in rows
    }


@transaction.atomic
def plan_ask(*, by: Member, scenario: Scenario, seed: int = 0, explain: bool = False) -> Plan:
    """Have the scenario solved in the background. Refuses at once what cannot be solved.

    ``explain``: have its rules and what it leaves out priced as soon as it is solved.
    """
    require(by, "plan.solve")
    from tandem.planning.tasks import plan_solve

    prepared_for(scenario)
    plan = Plan.objects.create(
        scenario=scenario,
        asked_by=by,
        asked_at=timezone.now(),
        seed=seed,
        based_on=committed_plan(scenario.product),
        details={"explain": True} if explain else {},
    )
    events.record(by=by, verb="plan.asked", obj=plan, product_id=scenario.product_id)
    plan_solve.of(by.workspace_id).enqueue(plan.pk)
    plan.refresh_from_db()
    return plan


@transaction.atomic
def plan_record(*, by: Member, scenario: Scenario, solved: Solved, seed: int = 0) -> Plan:
    """Keep a plan of the scenario that was solved just now, on the spot."""
    require(by, "plan.solve")
    plan = Plan.objects.create(
        scenario=scenario,
        asked_by=by,
        asked_at=timezone.now(),
        seed=seed,
        based_on=committed_plan(scenario.product),
    )
    events.record(by=by, verb="plan.asked", obj=plan, product_id=scenario.product_id)
    return plan_keep(plan=plan, solved=solved)


@transaction.atomic
def plan_keep(*, plan: Plan, solved: Solved, stopped: bool = False) -> Plan:
    """Write what the engine answered onto the plan. One that was kept already stays as it is.

    ``stopped``: somebody ended the search; the plan says so.
    """
    if not Plan.objects.select_for_update().filter(pk=plan.pk, state=PlanState.SOLVING).exists():
        plan.refresh_from_db()
        return plan
    teams = {team.name: team for team in Team.objects.of(plan.scenario.product)}
    answer = solved.plan
    plan.state = PlanState.SOLVED
    plan.status = answer.status
    plan.value, plan.bound, plan.gap = answer.value, answer.bound, answer.gap
    details = (
        plan.details
        | solved.as_json()
        | {
            "seconds": answer.seconds,
            "conflict": answer.conflict.text if answer.conflict else "",
            "clash": clash_json(answer.conflict),
            "guessed_efforts": sorted(solved.prepared.guessed_efforts),
            "guessed_values": sorted(solved.prepared.guessed_values),
        }
    )
    if answer.status != "infeasible":
        items = solved.prepared.items
        points = lens_points(plan.scenario.product, items.values(), plan.scenario.scoring_model_id)
        planned = {p.key: p.effort for sprint in answer.sprints for p in sprint.placements}
        unit = plan.scenario.product.estimate_unit
        details["words"] = lens_words(items, planned, points, unit)
    if stopped and answer.status == "feasible":
        details["notes"] = [STOPPED, *details["notes"]]
    plan.details = with_sayings(details)
    plan.fingerprint, plan.engine_version = answer.fingerprint, answer.engine_version
    plan.solved_at = timezone.now()
    plan.message = ""
    plan.save()
    PlanItem.objects.filter(plan=plan).delete()
    PlanItem.objects.bulk_create(
        PlanItem(
            plan=plan,
            item=solved.prepared.items[placement.key],
            team=teams.get(placement.team),
            sprint=sprint.number,
            effort=placement.effort,
            value=placement.value,
        )
        for sprint in answer.sprints
        for placement in sprint.placements
    )
    return plan


def plan_cancel(*, by: Member, plan: Plan) -> Plan:
    """Stop a solve. A running one keeps the best plan it has found; one that waits keeps none."""
    require(by, "plan.solve")
    job = _job_of(plan)
    running = job is not None and job.state == JobState.RUNNING
    with transaction.atomic():
        waiting = Plan.objects.filter(pk=plan.pk, state=PlanState.SOLVING)
        message = said("%(name)s stopped this solve.", name=by.name)
        made = plan.details.get("said", {}) | made_of(message)
        told = {"message": message, "details": plan.details | {"said": made}}
        stopped = (
            waiting.update(**told)
            if running
            else waiting.update(state=PlanState.CANCELLED, solved_at=timezone.now(), **told)
        )
        plan.refresh_from_db()
        if not stopped:
            raise Refused(_("This plan is not being solved any more."))
        events.record(by=by, verb="plan.cancelled", obj=plan, product_id=plan.product_id)
        if job is not None and not running and job.state == JobState.READY:
            control.discard(job)
    # Outside the transaction: the job may hold the database's write lock until it has stopped.
    job = _job_of(plan)
    if job is not None and job.state == JobState.RUNNING:
        control.ask_to_stop(job)
    return plan


def _job_of(plan: Plan) -> Job | None:
    rows = Job.objects.filter(
        progress_key=f"plan-{plan.pk}", workspace_id=plan.scenario.product.workspace_id
    )
    return rows.order_by("-pk").first()


@transaction.atomic
def plan_accept(*, by: Member, plan: Plan) -> Plan:
    """The plan is what the scenario says from now on; committing is a step of its own."""
    require(by, "plan.accept")
    plan = Plan.objects.select_for_update().get(pk=plan.pk)
    if plan.state != PlanState.SOLVED or plan.status == "infeasible":
        raise Refused(_("Only a solved plan can be accepted."))
    latest = accepted_plan(plan.scenario)
    if latest is None or latest.pk != plan.pk:
        plan.accepted_at, plan.accepted_by = timezone.now(), by
        plan.save(update_fields=["accepted_at", "accepted_by"])
        events.record(by=by, verb="plan.accepted", obj=plan, product_id=plan.product_id)
    return plan
