"""Scenarios and plans over the API."""

import datetime
from typing import Any

from django.db.models import Prefetch
from django.http import HttpRequest
from django.shortcuts import get_object_or_404
from ninja import Router, Schema

from tandem.accounts.auth import caller, product_for
from tandem.accounts.models import Product
from tandem.backlog.models import Item
from tandem.core.api import REFUSALS, PageOut, PageSize, RowId, page_out
from tandem.core.errors import Refused
from tandem.core.paging import keyset
from tandem.delivery.api import team_named
from tandem.delivery.models import Team
from tandem.planning.models import Plan, Rule, Scenario
from tandem.planning.operations import plans as do
from tandem.planning.operations import scenarios as scenario_do
from tandem.prioritisation.models import ScoringModel

router = Router(tags=["planning"])


class PartIn(Schema):
    team: str
    capacity: float


class RuleIn(Schema):
    item: str
    kind: str
    reason: str = ""


class ScenarioIn(Schema):
    name: str
    sprints: int = 4
    teams: list[PartIn] = []
    rules: list[RuleIn] = []


class PartOut(Schema):
    team: str
    capacity: float

    @staticmethod
    def resolve_team(row: Any) -> str:
        return str(row.team.name)


class RuleOut(Schema):
    id: int
    item: str
    kind: str
    reason: str

    @staticmethod
    def resolve_item(row: Rule) -> str:
        return row.item.key


class ScenarioOut(Schema):
    id: int
    name: str
    sprints: int
    scoring_model_id: int | None
    teams: list[PartOut]
    rules: list[RuleOut]


class SprintOut(Schema):
    number: int
    capacity: float
    used: float
    items: list[str]


class LeftOutOut(Schema):
    key: str
    reason: str


class PlanOut(Schema):
    """``state``: solving, solved or failed; the rest is there once it is solved."""

    id: int
    state: str
    status: str
    value: float | None
    bound: float | None
    gap: float | None
    message: str
    sprints: list[SprintOut] = []
    left_out: list[LeftOutOut] = []
    asked_at: datetime.datetime
    solved_at: datetime.datetime | None
    committed_at: datetime.datetime | None
    seed: int
    fingerprint: str
    engine_version: str

    @staticmethod
    def resolve_sprints(row: Plan) -> list[dict[str, Any]]:
        return list(row.details.get("sprints", []))

    @staticmethod
    def resolve_left_out(row: Plan) -> list[dict[str, Any]]:
        return list(row.details.get("left_out", []))


def _scenario(product: Product, pk: int) -> Scenario:
    scenario = get_object_or_404(Scenario, product=product, pk=pk)
    scenario.product = product
    return scenario


def _item(product: Product, key: str) -> Item:
    item = Item.objects.with_keys(product, [key]).first()
    if item is None:
        raise Refused(f"There is no item {key}.", field="item")
    item.product = product
    return item


@router.get("/products/{key}/scenarios", response={200: list[ScenarioOut], **REFUSALS})
def scenarios(request: HttpRequest, key: str) -> Any:
    """The product's scenarios with teams and rules."""
    rows = Scenario.objects.filter(product=product_for(request, key))
    rules = Rule.objects.filter(item__deleted_at=None).select_related("item__product")
    return rows.prefetch_related("teams__team", Prefetch("rules", queryset=rules))


@router.post("/products/{key}/scenarios", response={201: ScenarioOut, **REFUSALS})
def scenario_create(request: HttpRequest, key: str, body: ScenarioIn) -> Any:
    """Make a scenario. Without ``teams`` all of the product's take part."""
    from django.db import transaction

    product, member = product_for(request, key), caller(request)
    with transaction.atomic():
        scenario = scenario_do.scenario_create(
            by=member,
            product=product,
            name=body.name,
            sprints=body.sprints,
            teams=[] if body.teams else None,
        )
        for part in body.teams:
            scenario_do.scenario_team_set(
                by=member,
                scenario=scenario,
                team=team_named(product, part.team, "teams"),
                capacity=part.capacity,
            )
        for rule in body.rules:
            scenario_do.rule_set(
                by=member,
                scenario=scenario,
                item=_item(product, rule.item),
                kind=rule.kind,
                reason=rule.reason,
            )
    return 201, scenario


@router.get("/products/{key}/scenarios/{pk}", response={200: ScenarioOut, **REFUSALS})
def scenario(request: HttpRequest, key: str, pk: RowId) -> Any:
    """One scenario with its teams and rules."""
    return _scenario(product_for(request, key), pk)


class ScenarioPatch(Schema):
    """Only what is sent changes; ``scoring_model_id`` ``null``: the product's default one."""

    sprints: int | None = None
    scoring_model_id: RowId | None = None


@router.patch("/products/{key}/scenarios/{pk}", response={200: ScenarioOut, **REFUSALS})
def scenario_update(request: HttpRequest, key: str, pk: RowId, body: ScenarioPatch) -> Any:
    """Change the number of sprints or the scoring model that values the items."""
    product = product_for(request, key)
    fields = body.dict(exclude_unset=True)
    model = fields.get("scoring_model_id")
    if model is not None and not ScoringModel.objects.filter(product=product, pk=model).exists():
        raise Refused(f"There is no scoring model {model}.", field="scoring_model_id")
    return scenario_do.scenario_update(
        by=caller(request), scenario=_scenario(product, pk), **fields
    )


class CapacityIn(Schema):
    """``null``: the team takes no part."""

    capacity: float | None


@router.put("/products/{key}/scenarios/{pk}/teams/{team}", response={200: ScenarioOut, **REFUSALS})
def scenario_team_set(
    request: HttpRequest, key: str, pk: RowId, team: RowId, body: CapacityIn
) -> Any:
    """The team takes part with this capacity per sprint."""
    product = product_for(request, key)
    scenario = _scenario(product, pk)
    scenario_do.scenario_team_set(
        by=caller(request),
        scenario=scenario,
        team=get_object_or_404(Team.objects.of(product), pk=team),
        capacity=body.capacity,
    )
    return scenario


@router.put("/products/{key}/scenarios/{pk}/rules", response={200: ScenarioOut, **REFUSALS})
def rule_set(request: HttpRequest, key: str, pk: RowId, body: RuleIn) -> Any:
    """An item must be in (``must``) or must not be in (``must_not``)."""
    product = product_for(request, key)
    scenario = _scenario(product, pk)
    item = _item(product, body.item)
    scenario_do.rule_set(
        by=caller(request), scenario=scenario, item=item, kind=body.kind, reason=body.reason
    )
    return scenario


@router.delete("/products/{key}/scenarios/{pk}/rules/{rule}", response={204: None, **REFUSALS})
def rule_remove(request: HttpRequest, key: str, pk: RowId, rule: RowId) -> Any:
    """Remove a rule."""
    scenario = _scenario(product_for(request, key), pk)
    row = get_object_or_404(scenario.rules.select_related("item__product"), pk=rule)
    scenario_do.rule_remove(by=caller(request), rule=row)
    return 204, None


@router.post("/products/{key}/scenarios/{pk}/plans", response={202: PlanOut, **REFUSALS})
def plan_ask(request: HttpRequest, key: str, pk: RowId) -> Any:
    """Have the scenario solved; ask for the plan again until its state is not ``solving``."""
    scenario = _scenario(product_for(request, key), pk)
    return 202, do.plan_ask(by=caller(request), scenario=scenario)


@router.get("/products/{key}/plans", response={200: PageOut[PlanOut], **REFUSALS})
def plans(request: HttpRequest, key: str, after: str | None = None, limit: PageSize = 50) -> Any:
    """The product's plans, newest first."""
    rows = Plan.objects.filter(scenario__product=product_for(request, key))
    page = keyset(rows, ("-id",), after=after, limit=limit)
    return page_out(page, page.rows)


@router.get("/products/{key}/plans/{pk}", response={200: PlanOut, **REFUSALS})
def plan(request: HttpRequest, key: str, pk: RowId) -> Any:
    """One plan with its sprints and the reasons of what is left out."""
    return get_object_or_404(Plan, scenario__product=product_for(request, key), pk=pk)


@router.post("/products/{key}/plans/{pk}/commitment", response={200: PlanOut, **REFUSALS})
def plan_commit(request: HttpRequest, key: str, pk: RowId) -> Any:
    """Commit a solved plan."""
    row = get_object_or_404(Plan, scenario__product=product_for(request, key), pk=pk)
    return do.plan_commit(by=caller(request), plan=row)
