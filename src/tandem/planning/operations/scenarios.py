"""Scenarios: teams with their capacities, sprints and settings."""

from typing import Any

from django.db import transaction
from django.db.models import Q
from django.utils.translation import gettext as _

from tandem.accounts.models import Member, Product
from tandem.accounts.permissions import require
from tandem.core import events
from tandem.core.errors import Refused
from tandem.delivery.models import Team
from tandem.delivery.operations import capacity_checked
from tandem.planning.models import Maximise, Scenario, ScenarioTeam, SprintCapacity
from tandem.planning.queries_plan import committed_plan
from tandem.prioritisation.models import ScoringModel
from tandem.ui.numbers import read_number


def sprints_checked(value: Any) -> int:
    try:
        number = int(str(value))
    except (TypeError, ValueError):
        raise Refused(
            _("%(value)s is no number of sprints.") % {"value": value}, field="sprints"
        ) from None
    if not 1 <= number <= 26:
        raise Refused(_("Plan 1 to 26 sprints."), field="sprints")
    return number


@transaction.atomic
def scenario_create(
    *, by: Member, product: Product, name: str, sprints: Any = 4, teams: list[Team] | None = None
) -> Scenario:
    """A scenario with the given teams (without: all of the product's) at their usual capacity."""
    require(by, "plan.edit")
    name = _name_checked(product, name)
    scenario = Scenario.objects.create(product=product, name=name, sprints=sprints_checked(sprints))
    for team in Team.objects.of(product) if teams is None else teams:
        ScenarioTeam.objects.create(scenario=scenario, team=team, capacity=team.capacity)
    events.record(by=by, verb="scenario.created", obj=scenario)
    return scenario


def _name_checked(product: Product, name: str, scenario: Scenario | None = None) -> str:
    name = " ".join(str(name).split())
    if not name or len(name) > 80:
        raise Refused(_("A scenario needs a name of up to 80 characters."), field="name")
    others = Scenario.objects.filter(product=product, name__iexact=name)
    if scenario is not None:
        others = others.exclude(pk=scenario.pk)
    if others.exists():
        raise Refused(_("There is a scenario %(name)s already.") % {"name": name}, field="name")
    return name


def _model_checked(scenario: Scenario, number: int | None) -> None:
    models = ScoringModel.objects.filter(product_id=scenario.product_id)
    if number is not None and not models.filter(pk=number).exists():
        raise Refused(_("The scoring model belongs to another product."), field="scoring_model_id")


#: What ``scenario_update`` takes besides the number of sprints, and how it is checked.
FLAGS = ("same_sprint_allowed", "careful", "running_too")


@transaction.atomic
def scenario_update(*, by: Member, scenario: Scenario, **fields: Any) -> Scenario:
    """Change ``name``, ``purpose``, ``sprints``, ``scoring_model_id`` (``None``: the default one),
    ``same_sprint_allowed``, ``careful`` (80 % estimates), ``running_too``, ``maximise`` ("benefit" or
    "score") or ``decay`` (percent a sprint).
    """
    require(by, "plan.edit")
    wanted: dict[str, Any] = {}
    if fields.get("sprints") is not None:
        wanted["sprints"] = sprints_checked(fields["sprints"])
    if fields.get("name") is not None:
        wanted["name"] = _name_checked(scenario.product, fields["name"], scenario)
    if fields.get("purpose") is not None:
        wanted["purpose"] = " ".join(str(fields["purpose"]).split())[:300]
    if fields.get("decay") is not None:
        wanted["decay"] = _decay_checked(fields["decay"])
    if fields.get("maximise") is not None:
        wanted["maximise"] = _maximise_checked(fields["maximise"])
    wanted |= {name: bool(fields[name]) for name in FLAGS if fields.get(name) is not None}
    if "scoring_model_id" in fields:
        if fields["scoring_model_id"] != scenario.scoring_model_id:
            _model_checked(scenario, fields["scoring_model_id"])
        wanted["scoring_model_id"] = fields["scoring_model_id"]
    changes = {}
    for name, value in wanted.items():
        if value != getattr(scenario, name):
            changes[name] = [getattr(scenario, name), value]
            setattr(scenario, name, value)
    if changes:
        scenario.save()
        events.record(by=by, verb="scenario.updated", obj=scenario, changes=changes)
    return scenario


def _maximise_checked(value: Any) -> str:
    if value not in Maximise.values:
        raise Refused(
            _("%(value)s is none of %(known)s.")
            % {"value": value, "known": ", ".join(Maximise.values)},
            field="maximise",
        )
    return str(value)


def _decay_checked(value: Any) -> float:
    try:
        number = read_number(value)
    except (TypeError, ValueError):
        raise Refused(_("%(value)s is no number.") % {"value": value}, field="decay") from None
    if not 0 <= number <= 50:
        raise Refused(_("A value loses 0 to 50 percent with each later sprint."), field="decay")
    return number


@transaction.atomic
def scenario_copy(*, by: Member, scenario: Scenario, name: str) -> Scenario:
    """The same teams, capacities and rules under another name; plans stay with the first one."""
    require(by, "plan.edit")
    made = Scenario.objects.create(
        product=scenario.product,
        name=_name_checked(scenario.product, name),
        **{field: getattr(scenario, field) for field in COPIED},
    )
    for part in scenario.teams.all():
        ScenarioTeam.objects.create(scenario=made, team_id=part.team_id, capacity=part.capacity)
    for row in scenario.capacities.all():
        row.pk, row.scenario = None, made
        row.save(force_insert=True)
    for rule in scenario.rules.filter(Q(item=None) | Q(item__deleted_at=None)):
        others = list(rule.others.all())
        rule.pk, rule.scenario = None, made
        rule.save(force_insert=True)
        rule.others.set(others)
    events.record(
        by=by, verb="scenario.created", obj=made, changes={"copy of": [None, str(scenario)]}
    )
    return made


COPIED = (
    "purpose",
    "sprints",
    "start_date",
    "scoring_model_id",
    "same_sprint_allowed",
    "careful",
    "decay",
    "running_too",
    "maximise",
)


@transaction.atomic
def scenario_delete(*, by: Member, scenario: Scenario) -> None:
    """The scenario goes with its rules and plans; one that holds the committed plan stays."""
    require(by, "plan.edit")
    latest = committed_plan(scenario.product)
    if latest is not None and latest.scenario_id == scenario.pk:
        raise Refused(
            _("%(name)s holds the committed plan. Commit another scenario's plan first.")
            % {"name": scenario.name}
        )
    events.record(by=by, verb="scenario.deleted", obj=scenario)
    scenario.delete()


@transaction.atomic
def scenario_team_set(*, by: Member, scenario: Scenario, team: Team, capacity: Any) -> None:
    """The team takes part with this capacity per sprint; ``None``: it takes no part."""
    require(by, "plan.edit")
    if team.product_id != scenario.product_id:
        raise Refused(_("The team belongs to another product."), field="team")
    rows = ScenarioTeam.objects.filter(scenario=scenario, team=team)
    before = rows.first()
    if capacity is None:
        rows.delete()
        after = None
    else:
        try:
            after = capacity_checked(capacity)
        except Refused as refusal:
            raise Refused(
                _("%(name)s: %(message)s") % {"name": team.name, "message": refusal.message},
                field=refusal.field,
            ) from None
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
def capacity_set(
    *,
    by: Member,
    scenario: Scenario,
    team: Team,
    sprint: Any,
    capacity: Any,
    reason: str = "",
) -> None:
    """In this sprint the team has another capacity, 0 for none; ``None``: its usual one again."""
    require(by, "plan.edit")
    if not ScenarioTeam.objects.filter(scenario=scenario, team=team).exists():
        raise Refused(
            _("%(name)s takes no part in this scenario.") % {"name": team.name}, field="team"
        )
    number = _sprint_checked(scenario, sprint)
    rows = SprintCapacity.objects.filter(scenario=scenario, team=team, sprint=number)
    before = rows.first()
    after = None
    if capacity is None:
        rows.delete()
    else:
        after = capacity_checked(capacity, zero=True)
        SprintCapacity.objects.update_or_create(
            scenario=scenario,
            team=team,
            sprint=number,
            defaults={
                "capacity": after,
                "reason": " ".join(reason.split())[:300],
                "made_by": by,
            },
        )
    if (before and before.capacity) != after:
        events.record(
            by=by,
            verb="scenario.capacity_set",
            obj=scenario,
            changes={f"{team.name}, sprint {number}": [before and before.capacity, after]},
        )


def _sprint_checked(scenario: Scenario, value: Any) -> int:
    try:
        number = int(str(value))
    except (TypeError, ValueError):
        raise Refused(_("%(value)s is no sprint.") % {"value": value}, field="sprint") from None
    if not 1 <= number <= scenario.sprints:
        raise Refused(
            _("The scenario has sprints 1 to %(last)s.") % {"last": scenario.sprints},
            field="sprint",
        )
    return number
