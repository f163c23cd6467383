"""The agenda over the API: which disputes would change the plan, and which need no meeting."""

from typing import Any

from django.http import HttpRequest
from ninja import Router, Schema

from tandem.accounts.auth import caller, product_for
from tandem.accounts.permissions import require
from tandem.core.api import REFUSALS, RowId
from tandem.core.errors import Refused
from tandem.planning.api_scenarios import scenario_for
from tandem.planning.operations import agenda as do
from tandem.planning.queries_agenda import agenda_shown

router = Router(tags=["planning"])


class EndingOut(Schema):
    """``gain`` is what the plan for this resolution is worth more than the present one."""

    label: str
    value: float
    probability: float
    gain: float
    enters: list[str]
    leaves: list[str]
    sentence: str


class VerdictOut(Schema):
    """``evpi`` is the expected value of settling it; ``threshold`` where the item changes sides."""

    key: str
    inside: bool
    evpi: float
    threshold: float | None
    bounded: bool
    proven: bool
    endings: list[EndingOut]


class AgendaOut(Schema):
    """``state``: none, working or ready. ``fresh`` is false when something changed since."""

    state: str
    fresh: bool
    sentence: str = ""
    scenario: int | None = None
    plan: int | None = None
    model: str = ""
    unit: str = ""
    decisive: list[VerdictOut] = []
    noise: list[VerdictOut] = []
    unasked: list[str] = []


def _out(request: HttpRequest, key: str, number: int | None) -> dict[str, Any]:
    shown = agenda_shown(product_for(request, key), number)
    state = "ready" if shown.found else "working" if shown.running else "none"
    return {
        "state": state,
        "fresh": shown.fresh,
        "scenario": shown.scenario.pk if shown.scenario else None,
        "plan": shown.plan.pk if shown.plan else None,
        **(shown.found or {}),
    }


@router.get("/products/{key}/agenda", response={200: AgendaOut, **REFUSALS})
def agenda(request: HttpRequest, key: str, scenario: RowId | None = None) -> Any:
    """The agenda as last worked out, for the newest scenario or ``scenario``."""
    require(caller(request), "plan.view")
    return _out(request, key, scenario_for(request, key, scenario).pk if scenario else None)


@router.post("/products/{key}/agenda", response={202: AgendaOut, **REFUSALS})
def agenda_work(request: HttpRequest, key: str, scenario: RowId | None = None) -> Any:
    """Have it worked out in the background; ask again until ``state`` is ready and ``fresh``."""
    shown = agenda_shown(product_for(request, key))
    chosen = scenario_for(request, key, scenario) if scenario else shown.scenario
    require(caller(request), "plan.solve")
    if chosen is None:
        raise Refused("There is no plan yet. Solve one first: the agenda asks what changes it.")
    do.agenda_ask(by=caller(request), scenario=chosen)
    return 202, _out(request, key, chosen.pk)
