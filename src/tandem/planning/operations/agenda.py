"""Having a scenario's agenda worked out in the background, and keeping it with its newest plan."""

from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from tandem.accounts.models import Member
from tandem.accounts.permissions import require
from tandem.core import events
from tandem.core.errors import Refused
from tandem.planning.models import Plan, Scenario
from tandem.planning.queries_plan import newest_solved


@transaction.atomic
def agenda_ask(*, by: Member, scenario: Scenario) -> Plan:
    """Work out which disputes would change the scenario's plan. Refuses where there is no plan."""
    require(by, "plan.solve")
    from tandem.planning.operations.plans import prepared_for
    from tandem.planning.tasks_agenda import agenda_work

    plan = newest_solved(scenario)
    if plan is None:
        raise Refused(_("There is no plan yet. Solve one first: the agenda asks what changes it."))
    prepared_for(scenario)
    events.record(by=by, verb="agenda.asked", obj=plan, product_id=scenario.product_id)
    agenda_work.of(by.workspace_id).enqueue(plan.pk)
    return plan


@transaction.atomic
def agenda_keep(*, plan: Plan, agenda: dict[str, Any]) -> None:
    """Write the answer beside the plan; the rest of its details stay as they are."""
    row = Plan.objects.select_for_update().get(pk=plan.pk)
    row.details = {**row.details, "agenda": agenda}
    row.save(update_fields=["details"])


@transaction.atomic
def together_keep(*, plan: Plan, together: dict[str, Any]) -> None:
    """Write what the settlements change together beside the plan, unless it was solved again."""
    row = Plan.objects.select_for_update().get(pk=plan.pk)
    if newest_solved(row.scenario) == row:
        row.details = {**row.details, "together": together}
        row.save(update_fields=["details"])
