"""Scenarios over the API: teams, capacities, rules and settings."""

from typing import Annotated, Any

from django.db import transaction
from django.db.models import Prefetch
from django.http import HttpRequest
from django.shortcuts import get_object_or_404
from django.utils.translation import gettext as _
from ninja import Router, Schema, Status

from tandem.accounts.auth import caller, product_for
from tandem.accounts.models import Product
from tandem.backlog.models import Item, Label
from tandem.core.api import REFUSALS, RowId
from tandem.core.errors import Refused
from tandem.core.rest.bodies import Body, one_of
from tandem.delivery.api import team_named
from tandem.delivery.models import Team
from tandem.planning.models import Maximise, Rule, Scenario
from tandem.planning.models.rule import RuleKind
from tandem.planning.operations import rules as rule_do
from tandem.planning.operations import scenarios as do
from tandem.prioritisation.models import ScoringModel

router = Router(tags=["planning"])


class PartIn(Body):
    team: str
    capacity: float


class RuleIn(Body):
    """``kind`` and what it needs.

    ``must``, ``must_not``: ``item``. ``in_sprint``: ``item``, ``number``, perhaps ``team``.
    ``earliest``, ``latest``: ``item``, ``number``. ``before``, ``together``: ``item``, ``others``.
    ``at_most``: ``item``, ``others``, ``number``. ``share_min``, ``share_max``: ``share`` (percent
    of the planned effort) of an ``item_kind`` or a ``label``; with ``each_sprint`` of what every
    single sprint finishes.
    """

    kind: Annotated[str, one_of(RuleKind.values)]
    item: str | None = None
    others: list[str] = []
    number: int | None = None
    team: str | None = None
    item_kind: str = ""
    label: str | None = None
    share: float | None = None
    each_sprint: bool = False
    reason: str = ""


class ScenarioIn(Body):
    """Without ``teams`` all of the product's take part. ``copy_of``: another scenario's number."""

    name: str
    sprints: int = 4
    teams: list[PartIn] = []
    rules: list[RuleIn] = []
    copy_of: RowId | None = None


class PartOut(Schema):
    team: str
    capacity: float

    @staticmethod
    def resolve_team(row: Any) -> str:
        return str(row.team.name)


class SprintCapacityOut(PartOut):
    sprint: int
    reason: str


class RuleOut(Schema):
    """``words``: the rule as people read it, after its item. ``made_by``: a name."""

    id: int
    kind: str
    item: str | None
    others: list[str]
    number: int | None
    team: str | None
    item_kind: str
    label: str | None
    share: float | None
    each_sprint: bool
    reason: str
    words: str
    made_by: str | None

    @staticmethod
    def resolve_item(row: Rule) -> str | None:
        return row.item.key if row.item else None

    @staticmethod
    def resolve_others(row: Rule) -> list[str]:
        return [each.key for each in row.others.all()]

    @staticmethod
    def resolve_team(row: Rule) -> str | None:
        return row.team.name if row.team else None

    @staticmethod
    def resolve_label(row: Rule) -> str | None:
        return row.label.name if row.label else None

    @staticmethod
    def resolve_made_by(row: Rule) -> str | None:
        return row.made_by.name if row.made_by else None


class ScenarioOut(Schema):
    """``capacities``: sprints in which a team has another capacity than its usual one."""

    id: int
    name: str
    purpose: str
    sprints: int
    scoring_model_id: int | None
    same_sprint_allowed: bool
    careful: bool
    decay: float
    running_too: bool
    maximise: str
    teams: list[PartOut]
    capacities: list[SprintCapacityOut]
    rules: list[RuleOut]

    @staticmethod
    def resolve_rules(row: Scenario) -> list[Rule]:
        return [rule for rule in row.rules.all() if rule.item is None or not rule.item.deleted_at]


def scenario_for(request: HttpRequest, key: str, pk: int) -> Scenario:
    """The product's scenario of that number; 404 without."""
    product = product_for(request, key)
    scenario: Scenario = get_object_or_404(Scenario, product=product, pk=pk)
    scenario.product = product
    return scenario


def _item(product: Product, key: str | None, field: str = "item") -> Item:
    item = Item.objects.with_keys(product, [key or ""]).first()
    if item is None:
        raise Refused(_("There is no item %(key)s.") % {"key": key or _("(empty)")}, field=field)
    item.product = product
    return item


def _rule_fields(product: Product, rule: RuleIn) -> dict[str, Any]:
    fields = rule.dict()
    fields["item"] = _item(product, rule.item) if rule.item is not None else None
    fields["others"] = [_item(product, key, "others") for key in rule.others]
    fields["team"] = team_named(product, rule.team) if rule.team else None
    fields["label"] = None
    if rule.label is not None:
        fields["label"] = Label.objects.filter(product=product, name__iexact=rule.label).first()
        if fields["label"] is None:
            raise Refused(_("There is no label %(name)s.") % {"name": rule.label}, field="label")
    return fields


@router.get("/products/{key}/scenarios", response={200: list[ScenarioOut], **REFUSALS})
def scenarios(request: HttpRequest, key: str) -> Any:
    """The product's scenarios with teams and rules."""
    rows = Scenario.objects.filter(product=product_for(request, key))
    rules = Rule.objects.select_related("item__product", "team", "label", "made_by__user")
    rules = rules.prefetch_related("others__product")
    return rows.prefetch_related("teams__team", "capacities__team", Prefetch("rules", rules))


@router.post("/products/{key}/scenarios", response={201: ScenarioOut, **REFUSALS})
def scenario_create(request: HttpRequest, key: str, body: ScenarioIn) -> Any:
    """Make a scenario, new or as a copy of another."""
    product, member = product_for(request, key), caller(request)
    with transaction.atomic():
        if body.copy_of is not None:
            source = Scenario.objects.filter(product=product, pk=body.copy_of).first()
            if source is None:
                raise Refused(
                    _("There is no scenario %(number)s.") % {"number": body.copy_of},
                    field="copy_of",
                )
            return Status(201, do.scenario_copy(by=member, scenario=source, name=body.name))
        scenario = do.scenario_create(
            by=member,
            product=product,
            name=body.name,
            sprints=body.sprints,
            teams=[] if body.teams else None,
        )
        for part in body.teams:
            do.scenario_team_set(
                by=member,
                scenario=scenario,
                team=team_named(product, part.team, "teams"),
                capacity=part.capacity,
            )
        for rule in body.rules:
            rule_do.rule_set(by=member, scenario=scenario, **_rule_fields(product, rule))
    return Status(201, scenario)


@router.get("/products/{key}/scenarios/{pk}", response={200: ScenarioOut, **REFUSALS})
def scenario(request: HttpRequest, key: str, pk: RowId) -> Any:
    """One scenario with its teams and rules."""
    return scenario_for(request, key, pk)


class ScenarioPatch(Body):
    """Only what is sent changes; ``scoring_model_id`` ``null``: the product's default one.

    ``careful``: plan with 80 % estimates. ``decay``: percent a value loses with each later sprint.
    ``running_too``: plan the running sprint's work anew. ``maximise``: what a plan adds up, the
    ``benefit`` (score times effort where the model divides by effort) or the ``score``.
    """

    name: str | None = None
    purpose: str | None = None
    sprints: int | None = None
    scoring_model_id: RowId | None = None
    same_sprint_allowed: bool | None = None
    careful: bool | None = None
    decay: float | None = None
    running_too: bool | None = None
    maximise: Annotated[str, one_of(Maximise.values)] | None = None


@router.patch("/products/{key}/scenarios/{pk}", response={200: ScenarioOut, **REFUSALS})
def scenario_update(request: HttpRequest, key: str, pk: RowId, body: ScenarioPatch) -> Any:
    """Change the settings, the number of sprints or the scoring model that values the items."""
    product = product_for(request, key)
    fields = body.dict(exclude_unset=True)
    model = fields.get("scoring_model_id")
    if model is not None and not ScoringModel.objects.filter(product=product, pk=model).exists():
        raise Refused(
            _("There is no scoring model %(number)s.") % {"number": model}, field="scoring_model_id"
        )
    return do.scenario_update(by=caller(request), scenario=scenario_for(request, key, pk), **fields)


@router.delete("/products/{key}/scenarios/{pk}", response={204: None, **REFUSALS})
def scenario_delete(request: HttpRequest, key: str, pk: RowId) -> Any:
    """Delete a scenario with its rules and plans; the one with the committed plan stays."""
    do.scenario_delete(by=caller(request), scenario=scenario_for(request, key, pk))
    return Status(204, None)


class CapacityIn(Body):
    """``null``: the team takes no part."""

    capacity: float | None


@router.put("/products/{key}/scenarios/{pk}/teams/{team}", response={200: ScenarioOut, **REFUSALS})
def scenario_team_set(
    request: HttpRequest, key: str, pk: RowId, team: RowId, body: CapacityIn
) -> Any:
    """The team takes part with this capacity per sprint."""
    scenario = scenario_for(request, key, pk)
    do.scenario_team_set(
        by=caller(request),
        scenario=scenario,
        team=get_object_or_404(Team.objects.of(scenario.product), pk=team),
        capacity=body.capacity,
    )
    return scenario


class SprintCapacityIn(Body):
    """``null``: the team's usual capacity again; 0: the team is away."""

    capacity: float | None
    reason: str = ""


@router.put(
    "/products/{key}/scenarios/{pk}/teams/{team}/sprints/{sprint}",
    response={200: ScenarioOut, **REFUSALS},
)
def capacity_set(
    request: HttpRequest, key: str, pk: RowId, team: RowId, sprint: int, body: SprintCapacityIn
) -> Any:
    """In this sprint of the scenario, counted from 1, the team has another capacity."""
    scenario = scenario_for(request, key, pk)
    do.capacity_set(
        by=caller(request),
        scenario=scenario,
        team=get_object_or_404(Team.objects.of(scenario.product), pk=team),
        sprint=sprint,
        capacity=body.capacity,
        reason=body.reason,
    )
    return scenario


@router.put("/products/{key}/scenarios/{pk}/rules", response={200: ScenarioOut, **REFUSALS})
def rule_set(request: HttpRequest, key: str, pk: RowId, body: RuleIn) -> Any:
    """Set a rule; of those that place an item (must, must not, in sprint) the newest counts."""
    scenario = scenario_for(request, key, pk)
    rule_do.rule_set(by=caller(request), scenario=scenario, **_rule_fields(scenario.product, body))
    return scenario


@router.delete("/products/{key}/scenarios/{pk}/rules/{rule}", response={204: None, **REFUSALS})
def rule_remove(request: HttpRequest, key: str, pk: RowId, rule: RowId) -> Any:
    """Remove a rule."""
    scenario = scenario_for(request, key, pk)
    row = get_object_or_404(scenario.rules.select_related("item__product"), pk=rule)
    rule_do.rule_remove(by=caller(request), rule=row)
    return Status(204, None)
