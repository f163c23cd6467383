"""Having a plan explained: prices and alternatives, worked out in the background."""

from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from tandem.accounts.models import Member
from tandem.accounts.permissions import require
from tandem.core.errors import Refused
from tandem.planning.models import Plan, PlanSource, PlanState
from tandem.planning.sayings import with_sayings


@transaction.atomic
def explanation_ask(*, by: Member, plan: Plan) -> Plan:
    """Have the prices of rules and of entry, and alternatives, worked out. Changes no plan."""
    require(by, "plan.solve", plan)
    plan = Plan.objects.select_for_update(of=("self",)).get(pk=plan.pk)
    if plan.state != PlanState.SOLVED or plan.status == "infeasible":
        raise Refused(_("Only a solved plan can be explained."))
    if plan.source != PlanSource.SOLVED:
        raise Refused(_("A plan picked on a frontier is explained there: who gave up what."))
    explanation_queue(plan, by.workspace_id)
    plan.refresh_from_db()
    return plan


def explanation_queue(plan: Plan, workspace_id: int) -> None:
    """Queue the work once; what is there already, or under way, stays."""
    from tandem.planning.tasks import plan_explain

    if "prices" in plan.details or plan.details.get("explaining"):
        return
    plan.details = plan.details | {"explaining": True}
    plan.save(update_fields=["details"])
    plan_explain.of(workspace_id).enqueue(plan.pk)


@transaction.atomic
def explanation_keep(*, plan_id: int, prices: dict[str, Any]) -> None:
    """Write what was worked out onto the plan."""
    plan = Plan.objects.select_for_update().filter(pk=plan_id).first()
    if plan is None:
        return
    details = {name: value for name, value in plan.details.items() if name != "explaining"}
    plan.details = details | {"prices": with_sayings(prices)}
    plan.save(update_fields=["details"])
