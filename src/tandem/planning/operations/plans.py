"""Solving and committing plans."""

from django.db import transaction
from django.utils import timezone

from tandem.accounts.models import Member
from tandem.accounts.permissions import require
from tandem.core import events
from tandem.core.errors import Refused
from tandem.delivery.models import Team
from tandem.planning.calculations import Prepared, Solved, TeamInput, prepared
from tandem.planning.models import Plan, PlanItem, PlanState, RuleKind, Scenario


def prepared_for(scenario: Scenario) -> Prepared:
    """The scenario as a problem; refuses one without a team."""
    teams = [
        TeamInput(each.team.name, each.capacity, each.team_id)
        for each in scenario.teams.select_related("team").order_by("team__name")
    ]
    if not teams:
        raise Refused("No team takes part. Add a team with its capacity per sprint.", field="team")
    rules = list(scenario.rules.filter(item__deleted_at=None).values_list("item_id", "kind"))
    return prepared(
        scenario.product,
        teams,
        scenario.sprints,
        must=[item for item, kind in rules if kind == RuleKind.MUST],
        must_not=[item for item, kind in rules if kind == RuleKind.MUST_NOT],
        scoring_model_id=scenario.scoring_model_id,
    )


@transaction.atomic
def plan_ask(*, by: Member, scenario: Scenario, seed: int = 0) -> Plan:
    """Have the scenario solved in the background. Refuses at once what cannot be solved."""
    require(by, "plan.solve")
    from tandem.planning.tasks import plan_solve

    prepared_for(scenario)
    plan = Plan.objects.create(scenario=scenario, asked_by=by, asked_at=timezone.now(), seed=seed)
    events.record(by=by, verb="plan.asked", obj=plan, product_id=scenario.product_id)
    plan_solve.of(by.workspace_id).enqueue(plan.pk)
    plan.refresh_from_db()
    return plan


@transaction.atomic
def plan_keep(*, plan: Plan, solved: Solved) -> Plan:
    """Write what the engine answered onto the plan. One that was kept already stays as it is."""
    if not Plan.objects.select_for_update().filter(pk=plan.pk, state=PlanState.SOLVING).exists():
        plan.refresh_from_db()
        return plan
    teams = {team.name: team for team in Team.objects.of(plan.scenario.product)}
    answer = solved.plan
    plan.state = PlanState.SOLVED
    plan.status = answer.status
    plan.value, plan.bound, plan.gap = answer.value, answer.bound, answer.gap
    plan.details = solved.as_json() | {
        "seconds": answer.seconds,
        "conflict": answer.conflict.text if answer.conflict else "",
        "guessed_efforts": sorted(solved.prepared.guessed_efforts),
        "guessed_values": sorted(solved.prepared.guessed_values),
    }
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


@transaction.atomic
def plan_commit(*, by: Member, plan: Plan) -> Plan:
    """From now on this is the product's committed plan; the one before stays readable."""
    require(by, "plan.commit")
    plan = Plan.objects.select_for_update().get(pk=plan.pk)
    if plan.state != PlanState.SOLVED or plan.status == "infeasible":
        raise Refused("Only a solved plan can be committed.")
    gone = plan.entries.filter(item__deleted_at__isnull=False).select_related("item__product")
    keys = ", ".join(entry.item.key for entry in gone[:5])
    if keys:
        raise Refused(f"{keys} was deleted since this plan was solved. Solve it again.")
    if plan.committed_at is None:
        plan.committed_at, plan.committed_by = timezone.now(), by
        plan.save(update_fields=["committed_at", "committed_by"])
        events.record(by=by, verb="plan.committed", obj=plan, product_id=plan.product_id)
    return plan
