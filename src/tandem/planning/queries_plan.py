"""What the plan page shows, in a fixed number of queries."""

from typing import Any

from django.db.models import Q

from tandem.accounts.models import Product
from tandem.delivery.models import Team
from tandem.planning.models import Plan, PlanState, Rule, Scenario


def scenario_of(product: Product, number: int | None) -> Scenario | None:
    """The scenario asked for, else the one whose plan was asked for last, else the first."""
    rows = Scenario.objects.filter(product=product)
    if number is not None:
        return rows.filter(pk=number).first()
    latest = Plan.objects.filter(scenario__product=product).select_related("scenario").first()
    return latest.scenario if latest else rows.first()


def committed_plan(product: Product) -> Plan | None:
    """The plan that counts: the one committed last."""
    rows = Plan.objects.filter(scenario__product=product).exclude(committed_at=None)
    return rows.select_related("scenario", "committed_by__user").order_by("-committed_at").first()


def rules_of(scenario: Scenario) -> list[Rule]:
    """The rules in force; those about deleted items wait for the item to come back."""
    rows = scenario.rules.filter(Q(item=None) | Q(item__deleted_at=None))
    rows = rows.select_related("item__product", "team", "label", "made_by__user")
    return list(rows.prefetch_related("others__product").order_by("kind", "pk"))


def newest_solved(scenario: Scenario, before: Plan | None = None) -> Plan | None:
    """The plan an agenda is kept with; ``before``: the one solved before that one."""
    rows = Plan.objects.filter(scenario=scenario, state=PlanState.SOLVED)
    if before is not None:
        rows = rows.filter(pk__lt=before.pk)
    return rows.exclude(status="infeasible").first()


def accepted_plan(scenario: Scenario) -> Plan | None:
    """The plan accepted last: what the scenario says."""
    rows = Plan.objects.filter(scenario=scenario).exclude(accepted_at=None)
    return rows.order_by("-accepted_at").first()


def teams_of(product: Product, scenario: Scenario | None) -> list[dict[str, Any]]:
    """Every team with whether, and with how much, it takes part."""
    part = {} if scenario is None else dict(scenario.teams.values_list("team_id", "capacity"))
    return [
        {"team": team, "takes_part": team.pk in part, "capacity": part.get(team.pk, team.capacity)}
        for team in Team.objects.of(product)
    ]


def earlier_plans(scenario: Scenario, most: int = 10) -> list[Plan]:
    rows = Plan.objects.filter(scenario=scenario).select_related("asked_by__user")
    return list(
        rows.exclude(state__in=[PlanState.FAILED, PlanState.CANCELLED]).defer("details")[:most]
    )


def sides_of(mine: Plan, theirs: Plan) -> dict[str, Any]:
    """Two plans beside each other: keys and titles only in one, and how many are in both."""
    found: dict[int, dict[int, Any]] = {}
    for plan in (mine, theirs):
        rows = plan.entries.filter(item__deleted_at=None).select_related("item__product")
        found[plan.pk] = {entry.item_id: entry for entry in rows}
    left, right = found[mine.pk], found[theirs.pk]
    return {
        "mine": [entry for pk, entry in left.items() if pk not in right],
        "theirs": [entry for pk, entry in right.items() if pk not in left],
        "both": len(left.keys() & right.keys()),
    }
