"""Frontiers over the API: have one computed, read it, make one of its points a plan."""

import datetime
from typing import Any

from django.http import HttpRequest
from django.shortcuts import get_object_or_404
from ninja import Router, Schema, Status

from tandem.accounts.auth import caller, product_for
from tandem.core.api import REFUSALS, RowId
from tandem.core.rest.bodies import Body
from tandem.planning.api_plan import PlanOut
from tandem.planning.api_scenarios import scenario_for
from tandem.planning.models import Frontier
from tandem.planning.operations import frontiers as do

router = Router(tags=["planning"])


class FrontierOut(Schema):
    """``state``: computing, ready or failed.

    ``points`` by rising first coordinate: ``value`` and ``technical`` (lens points) for ``lenses``;
    ``share``, ``reached`` (percent), ``features``, ``saved`` and ``total`` (score) for ``debt``;
    ``score`` and ``sprints`` for both. ``marks``: the place of ``nash``, ``kalai_smorodinsky``,
    ``egalitarian`` and ``knee`` (``best`` for ``debt``); ``sentences``: their name and who gave up what.
    """

    id: int
    scenario: int
    kind: str
    state: str
    message: str
    points: list[dict[str, Any]] = []
    marks: dict[str, int] = {}
    sentences: dict[str, list[str]] = {}
    notes: list[str] = []
    fingerprint: str
    engine_version: str
    asked_at: datetime.datetime
    ready_at: datetime.datetime | None

    @staticmethod
    def resolve_scenario(row: Frontier) -> int:
        return row.scenario_id

    @staticmethod
    def resolve_points(row: Frontier) -> list[dict[str, Any]]:
        return list(row.details.get("points", []))

    @staticmethod
    def resolve_marks(row: Frontier) -> dict[str, int]:
        return dict(row.details.get("marks", {}))

    @staticmethod
    def resolve_sentences(row: Frontier) -> dict[str, list[str]]:
        return dict(row.details.get("sentences", {}))

    @staticmethod
    def resolve_notes(row: Frontier) -> list[str]:
        return list(row.details.get("notes", []))


class FrontierIn(Body):
    """``kind``: ``lenses`` or ``debt``."""

    kind: str


class PickIn(Body):
    """``point``: its place, counted from 0."""

    point: int


def _frontier(request: HttpRequest, key: str, pk: int) -> Frontier:
    product = product_for(request, key)
    rows = Frontier.objects.select_related("scenario")
    frontier: Frontier = get_object_or_404(rows, scenario__product=product, pk=pk)
    frontier.scenario.product = product
    return frontier


@router.get(
    "/products/{key}/scenarios/{pk}/frontiers", response={200: list[FrontierOut], **REFUSALS}
)
def frontiers(request: HttpRequest, key: str, pk: RowId) -> Any:
    """The newest frontiers of the scenario, at most 20."""
    return Frontier.objects.filter(scenario=scenario_for(request, key, pk))[:20]


@router.post("/products/{key}/scenarios/{pk}/frontiers", response={202: FrontierOut, **REFUSALS})
def frontier_ask(request: HttpRequest, key: str, pk: RowId, body: FrontierIn) -> Any:
    """Have a frontier computed, or get the one at hand for the same inputs."""
    scenario = scenario_for(request, key, pk)
    return Status(202, do.frontier_ask(by=caller(request), scenario=scenario, kind=body.kind))


@router.get("/products/{key}/frontiers/{pk}", response={200: FrontierOut, **REFUSALS})
def frontier(request: HttpRequest, key: str, pk: RowId) -> Any:
    """One frontier; ask again until its state is not ``computing``."""
    return _frontier(request, key, pk)


@router.post("/products/{key}/frontiers/{pk}/plans", response={201: PlanOut, **REFUSALS})
def frontier_pick(request: HttpRequest, key: str, pk: RowId, body: PickIn) -> Any:
    """Make a point's plan a preview of the scenario."""
    frontier = _frontier(request, key, pk)
    return Status(201, do.frontier_pick(by=caller(request), frontier=frontier, point=body.point))
