"""The agenda over the API: which disputes would change the plan, and which need no meeting."""

from typing import Any

from django.http import HttpRequest
from django.utils.translation import gettext as _
from ninja import Router, Schema, Status

from tandem.accounts.auth import caller, product_for
from tandem.accounts.permissions import require
from tandem.backlog.models import Item
from tandem.core.api import REFUSALS, RowId
from tandem.core.errors import Refused
from tandem.planning.api_scenarios import scenario_for
from tandem.planning.operations import agenda as do
from tandem.planning.operations.settling import dispute_settle
from tandem.planning.queries_agenda import agenda_shown, settled_shown

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


class SettlementIn(Schema):
    """``towards``: an ending's ``label``, or ``value``, ``technical``, ``another`` with ``place``."""

    item: str
    towards: str
    reason: str
    place: float | None = None


class SettledOut(Schema):
    """``enters`` and ``leaves`` as the agenda said for this settlement alone; null: it did not."""

    key: str
    label: str
    enters: list[str] | None
    leaves: list[str] | None


class TogetherOut(Schema):
    """What all settlements were said to change; ``proven``: no other plan is better."""

    enters: list[str]
    leaves: list[str]
    proven: bool


class SettledListOut(Schema):
    """``together``: null while one settlement alone says it, or until it is worked out.
    ``entered`` and ``left``: what the plan solved since did; null until it is solved again."""

    settled: list[SettledOut] = []
    together: TogetherOut | None = None
    as_predicted: bool | None = None
    entered: list[str] | None = None
    left: list[str] | None = None


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
        raise Refused(_("There is no plan yet. Solve one first: the agenda asks what changes it."))
    do.agenda_ask(by=caller(request), scenario=chosen)
    return Status(202, _out(request, key, chosen.pk))


def _settled(shown: Any) -> dict[str, Any]:
    found = settled_shown(shown.plan)
    if found is None:
        return {}
    entered, left = found.happened or (None, None)
    happened = found.happened is not None and found.predicted
    return {
        "settled": found.rows,
        "together": found.together,
        "as_predicted": found.as_predicted if happened else None,
        "entered": entered,
        "left": left,
    }


@router.get("/products/{key}/agenda/settlements", response={200: SettledListOut, **REFUSALS})
def settlements(request: HttpRequest, key: str, scenario: RowId | None = None) -> Any:
    """What was settled on the plan's agenda, or on that of the plan before, and what it did."""
    require(caller(request), "plan.view")
    number = scenario_for(request, key, scenario).pk if scenario else None
    return _settled(agenda_shown(product_for(request, key), number))


@router.post("/products/{key}/agenda/settlements", response={201: SettledListOut, **REFUSALS})
def settlement(
    request: HttpRequest, key: str, given: SettlementIn, scenario: RowId | None = None
) -> Any:
    """Settle a dispute with a reason, through a rating session of this one item."""
    product = product_for(request, key)
    shown = agenda_shown(product)
    chosen = scenario_for(request, key, scenario) if scenario else shown.scenario
    require(caller(request), "session.hold")
    if chosen is None:
        raise Refused(_("There is no plan yet. Solve one first: the agenda asks what changes it."))
    item = Item.objects.with_keys(product, [given.item]).first()
    if item is None:
        raise Refused(_("There is no item %(key)s.") % {"key": given.item[:40]}, field="item")
    item.product = chosen.product = product
    dispute_settle(
        by=caller(request),
        scenario=chosen,
        item=item,
        towards=given.towards,
        place=given.place,
        reason=given.reason,
    )
    return Status(201, _settled(agenda_shown(product, chosen.pk)))
