"""Plans over the API: solve, look, stop, accept, commit."""

import datetime
from typing import Any

from django.http import HttpRequest
from django.shortcuts import get_object_or_404
from django.utils.translation import gettext as _
from ninja import Router, Schema, Status

from tandem.accounts.auth import caller, product_for
from tandem.accounts.permissions import require
from tandem.core.api import REFUSALS, PageOut, PageSize, RowId, page_out
from tandem.core.errors import Refused
from tandem.core.paging import keyset
from tandem.core.rest.bodies import Body
from tandem.planning.api_scenarios import scenario_for
from tandem.planning.calculations_what_if import what_if as asked
from tandem.planning.models import Plan
from tandem.planning.operations import explanations
from tandem.planning.operations import plans as do
from tandem.planning.operations.rules import share_checked

router = Router(tags=["planning"])


class LoadOut(Schema):
    team: str
    capacity: float
    used: float


class PlannedSprintOut(Schema):
    number: int
    capacity: float
    used: float
    items: list[str]
    teams: list[LoadOut] = []


class LeftOutOut(Schema):
    key: str
    reason: str
    code: str = ""


class ListOut(Schema):
    """What sorting by score and cutting at the line gives at the same capacity."""

    value: float
    sprints: list[list[str]]


class PlanOut(Schema):
    """``state``: solving, solved, failed or cancelled; the rest is there once it is solved.

    ``maximised``: what ``value``, ``bound`` and the lists add up, ``benefit`` or ``score``.
    ``based_on``: the plan that was the committed one when this one was asked for.
    """

    id: int
    scenario: int
    state: str
    source: str
    note: str
    status: str
    maximised: str = "score"
    value: float | None
    bound: float | None
    gap: float | None
    message: str
    sprints: list[PlannedSprintOut] = []
    left_out: list[LeftOutOut] = []
    score_and_cut: ListOut | None = None
    #: What the rules cost (by rule number), what would bring items in (by key), other good plans.
    prices: dict[str, Any] | None = None
    #: After committing: how many items came into and went out of sprints, and what could not.
    written: dict[str, Any] | None = None
    asked_at: datetime.datetime
    solved_at: datetime.datetime | None
    accepted_at: datetime.datetime | None
    committed_at: datetime.datetime | None
    based_on: int | None
    seed: int
    fingerprint: str
    engine_version: str

    @staticmethod
    def resolve_scenario(row: Plan) -> int:
        return row.scenario_id

    @staticmethod
    def resolve_maximised(row: Plan) -> str:
        return str(row.details.get("maximised", "score"))

    @staticmethod
    def resolve_based_on(row: Plan) -> int | None:
        return row.based_on_id

    @staticmethod
    def resolve_sprints(row: Plan) -> list[dict[str, Any]]:
        return list(row.details.get("sprints", []))

    @staticmethod
    def resolve_left_out(row: Plan) -> list[dict[str, Any]]:
        return list(row.details.get("left_out", []))

    @staticmethod
    def resolve_score_and_cut(row: Plan) -> dict[str, Any] | None:
        found: dict[str, Any] | None = row.details.get("score_and_cut")
        return found

    @staticmethod
    def resolve_prices(row: Plan) -> dict[str, Any] | None:
        found: dict[str, Any] | None = row.details.get("prices")
        return found

    @staticmethod
    def resolve_written(row: Plan) -> dict[str, Any] | None:
        found: dict[str, Any] | None = row.details.get("written")
        return found


def _plan(request: HttpRequest, key: str, pk: int) -> Plan:
    rows = Plan.objects.select_related("scenario__product")
    plan: Plan = get_object_or_404(rows, scenario__product=product_for(request, key), pk=pk)
    return plan


class AskIn(Body):
    """``explain``: have rules and left-out items priced too; ``prices`` is there when that is done."""

    seed: int = 0
    explain: bool = False


@router.post("/products/{key}/scenarios/{pk}/plans", response={202: PlanOut, **REFUSALS})
def plan_ask(request: HttpRequest, key: str, pk: RowId, body: AskIn | None = None) -> Any:
    """Have the scenario solved; ask for the plan again until its state is not ``solving``."""
    scenario = scenario_for(request, key, pk)
    fields = (body or AskIn()).dict()
    return Status(202, do.plan_ask(by=caller(request), scenario=scenario, **fields))


@router.post("/products/{key}/plans/{pk}/explanation", response={202: PlanOut, **REFUSALS})
def explanation_ask(request: HttpRequest, key: str, pk: RowId) -> Any:
    """Have the plan explained; ask for it again until ``prices`` is there."""
    return Status(
        202, explanations.explanation_ask(by=caller(request), plan=_plan(request, key, pk))
    )


class WhatIfOut(Schema):
    """``change``: what the best plan gains or loses, an estimate. ``value``: of a plan that keeps
    every rule, made by rounding. ``bound``: no plan is worth more (``null`` with more capacity)."""

    possible: bool
    change: float
    value: float | None
    bound: float | None
    enters: list[str]
    out: list[str]
    seconds: float
    text: str


@router.get("/products/{key}/scenarios/{pk}/what-if", response={200: WhatIfOut, **REFUSALS})
def what_if(
    request: HttpRequest,
    key: str,
    pk: RowId,
    capacity: float = 100.0,
    debt_share: float | None = None,
    take_in: str = "",
    leave_out: str = "",
) -> Any:
    """Ask without saving: capacity and debt share in percent, keys apart by commas."""
    scenario = scenario_for(request, key, pk)
    require(caller(request), "plan.view")
    if not 1 <= capacity <= 1000:
        raise Refused(_("Capacity goes from 1 to 1,000 percent."), field="capacity")
    share = None if debt_share is None else share_checked(debt_share, "debt_share")
    return asked(
        do.prepared_for(scenario),
        capacity=capacity,
        debt_share=share,
        take_in=[each.strip().upper() for each in take_in.split(",") if each.strip()],
        leave_out=[each.strip().upper() for each in leave_out.split(",") if each.strip()],
    )


@router.get("/products/{key}/plans", response={200: PageOut[PlanOut], **REFUSALS})
def plans(
    request: HttpRequest,
    key: str,
    scenario: int | None = None,
    after: str | None = None,
    limit: PageSize = 50,
) -> Any:
    """The product's plans, newest first; ``scenario`` (a number) narrows them."""
    rows = Plan.objects.filter(scenario__product=product_for(request, key))
    if scenario is not None:
        rows = rows.filter(scenario_id=scenario)
    page = keyset(rows, ("-id",), after=after, limit=limit)
    return page_out(page, page.rows)


@router.get("/products/{key}/plans/{pk}", response={200: PlanOut, **REFUSALS})
def plan(request: HttpRequest, key: str, pk: RowId) -> Any:
    """One plan with its sprints and the reasons of what is left out."""
    return _plan(request, key, pk)


@router.delete("/products/{key}/plans/{pk}/solve", response={200: PlanOut, **REFUSALS})
def plan_cancel(request: HttpRequest, key: str, pk: RowId) -> Any:
    """Stop a solve that is under way; its plan becomes ``cancelled``."""
    return do.plan_cancel(by=caller(request), plan=_plan(request, key, pk))


@router.post("/products/{key}/plans/{pk}/acceptance", response={200: PlanOut, **REFUSALS})
def plan_accept(request: HttpRequest, key: str, pk: RowId) -> Any:
    """Accept a solved plan into its scenario."""
    return do.plan_accept(by=caller(request), plan=_plan(request, key, pk))


class CommitIn(Body):
    """What to do where the world changed since the plan was solved.

    ``over``: the number of the plan that was committed meanwhile and is replaced knowingly (409
    tells it as ``current.version``). ``without_deleted``: leave out items that were deleted.
    """

    over: RowId | None = None
    without_deleted: bool = False


@router.post("/products/{key}/plans/{pk}/commitment", response={200: PlanOut, **REFUSALS})
def plan_commit(request: HttpRequest, key: str, pk: RowId, body: CommitIn | None = None) -> Any:
    """Commit a solved plan: the teams' next sprints hold it from now on."""
    fields = (body or CommitIn()).dict()
    return do.plan_commit(by=caller(request), plan=_plan(request, key, pk), **fields)
