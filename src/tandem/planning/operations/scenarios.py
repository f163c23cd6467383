"""Scenarios: teams, sprints and rules."""

from typing import Any

from django.db import transaction

from tandem.accounts.models import Member, Product
from tandem.accounts.permissions import require
from tandem.backlog.models import Item
from tandem.core import events
from tandem.core.errors import Refused
from tandem.delivery.models import Team
from tandem.delivery.operations import capacity_checked
from tandem.planning.models import Rule, RuleKind, Scenario, ScenarioTeam
from tandem.prioritisation.models import ScoringModel


def sprints_checked(value: Any) -> int:
    try:
        number = int(str(value))
    except (TypeError, ValueError):
        raise Refused(f"{value} is no number of sprints.", field="sprints") from None
    if not 1 <= number <= 26:
        raise Refused("Plan 1 to 26 sprints.", field="sprints")
    return number


@transaction.atomic
def scenario_create(
    *, by: Member, product: Product, name: str, sprints: Any = 4, teams: list[Team] | None = None
) -> Scenario:
    """A scenario with the given teams (without: all of the product's) at their usual capacity."""
    require(by, "plan.edit")
    name = " ".join(name.split())
    if not name or len(name) > 80:
        raise Refused("A scenario needs a name of up to 80 characters.", field="name")
    if Scenario.objects.filter(product=product, name__iexact=name).exists():
        raise Refused(f"There is a scenario {name} already.", field="name")
    scenario = Scenario.objects.create(product=product, name=name, sprints=sprints_checked(sprints))
    for team in Team.objects.of(product) if teams is None else teams:
        ScenarioTeam.objects.create(scenario=scenario, team=team, capacity=team.capacity)
    events.record(by=by, verb="scenario.created", obj=scenario)
    return scenario


def _model_checked(scenario: Scenario, number: int | None) -> None:
    models = ScoringModel.objects.filter(product_id=scenario.product_id)
    if number is not None and not models.filter(pk=number).exists():
        raise Refused("The scoring model belongs to another product.", field="scoring_model_id")


@transaction.atomic
def scenario_update(
    *, by: Member, scenario: Scenario, sprints: Any = None, **more: Any
) -> Scenario:
    """Change the number of ``sprints`` or the ``scoring_model_id`` (``None``: the default one)."""
    require(by, "plan.edit")
    changes: dict[str, Any] = {}
    if sprints is not None:
        number = sprints_checked(sprints)
        if number != scenario.sprints:
            changes["sprints"] = [scenario.sprints, number]
            scenario.sprints = number
    if "scoring_model_id" in more and more["scoring_model_id"] != scenario.scoring_model_id:
        _model_checked(scenario, more["scoring_model_id"])
        changes["scoring_model_id"] = [scenario.scoring_model_id, more["scoring_model_id"]]
        scenario.scoring_model_id = more["scoring_model_id"]
    if changes:
        scenario.save()
        events.record(by=by, verb="scenario.updated", obj=scenario, changes=changes)
    return scenario


@transaction.atomic
def scenario_team_set(*, by: Member, scenario: Scenario, team: Team, capacity: Any) -> None:
    """The team takes part with this capacity per sprint; ``None``: it takes no part."""
    require(by, "plan.edit")
    if team.product_id != scenario.product_id:
        raise Refused("The team belongs to another product.", field="team")
    rows = ScenarioTeam.objects.filter(scenario=scenario, team=team)
    before = rows.first()
    if capacity is None:
        rows.delete()
        after = None
    else:
        try:
            after = capacity_checked(capacity)
        except Refused as refusal:
            raise Refused(f"{team.name}: {refusal.message}", field=refusal.field) from None
        ScenarioTeam.objects.update_or_create(
            scenario=scenario, team=team, defaults={"capacity": after}
        )
    if (before and before.capacity) != after:
        events.record(
            by=by,
            verb="scenario.team_set",
            obj=scenario,
            changes={team.name: [before and before.capacity, after]},
        )


@transaction.atomic
def rule_set(*, by: Member, scenario: Scenario, item: Item, kind: str, reason: str = "") -> Rule:
    """The item must be in, or must not be in, every plan of the scenario."""
    require(by, "plan.edit")
    if kind not in RuleKind.values:
        raise Refused(f"{kind} is no rule. Rules: {', '.join(RuleKind.values)}.", field="kind")
    if item.product_id != scenario.product_id:
        raise Refused("The item belongs to another product.", field="item")
    rule, _ = Rule.objects.update_or_create(
        scenario=scenario,
        item=item,
        defaults={"kind": kind, "reason": reason.strip()[:300], "made_by": by},
    )
    events.record(
        by=by, verb="rule.set", obj=scenario, changes={item.key: [None, rule.get_kind_display()]}
    )
    return rule


@transaction.atomic
def rule_remove(*, by: Member, rule: Rule) -> None:
    require(by, "plan.edit")
    scenario, text = rule.scenario, rule.get_kind_display()
    key = rule.item.key
    rule.delete()
    events.record(by=by, verb="rule.removed", obj=scenario, changes={key: [text, None]})
