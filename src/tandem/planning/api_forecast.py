"""Forecasts over the API."""

import datetime
from typing import Any

from django.http import HttpRequest
from django.shortcuts import get_object_or_404
from django.utils.translation import gettext as _
from ninja import Router, Schema, Status

from tandem.accounts.auth import caller, product_for
from tandem.accounts.models import Product
from tandem.accounts.permissions import require
from tandem.core.api import REFUSALS, PageOut, PageSize, RowId, page_out
from tandem.core.errors import Refused
from tandem.core.paging import keyset
from tandem.core.rest.bodies import Body
from tandem.planning.forecast_payload import forecast_payload
from tandem.planning.models import Forecast, ForecastQuestion, Plan
from tandem.planning.operations import forecast_make

router = Router(tags=["planning"])


class RangeIn(Body):
    """The slowest and the fastest pace, in items per week."""

    low: float
    high: float


class ForecastIn(Body):
    """One question: ``items`` (when?), ``by`` (how many?) or ``plan`` (when is it done?).

    Without any of the three: when is everything open done? ``range`` stands in for the record of
    finished items.
    """

    items: int | None = None
    by: datetime.date | None = None
    plan: int | None = None
    range: RangeIn | None = None
    seed: int = 0


class ForecastOut(Schema):
    """``percentiles``: ISO days, or numbers of items for ``how_many``.

    A ``null`` day lies after ``beyond``, the last day imagined.
    """

    id: int
    question: str
    items: int | None
    by: datetime.date | None
    plan: int | None
    range: list[float] | None
    today: datetime.date
    percentiles: dict[str, int | str | None]
    beyond: datetime.date | None
    seed: int
    method: str
    trials: int
    history: dict[str, Any]
    calibration: dict[str, Any] | None
    notes: list[str]
    explanation: list[str]
    fingerprint: str
    engine_version: str
    made_at: datetime.datetime
    made_by: str | None


class ForecastFullOut(ForecastOut):
    """With the figures of the pictures."""

    fan: dict[str, Any] | None
    histogram: dict[str, Any] | None
    teams: list[dict[str, Any]]
    parameters: list[Any]


def _out(row: Forecast, *, whole: bool = False) -> dict[str, Any]:
    made_by = row.made_by.name if row.made_by else None
    return forecast_payload(row, whole=whole) | {
        "id": row.pk,
        "made_at": row.made_at,
        "made_by": made_by,
    }


def _question(body: ForecastIn) -> ForecastQuestion:
    given = [name for name in ("items", "by", "plan") if getattr(body, name) is not None]
    if len(given) > 1:
        raise Refused(
            _("Ask one question at a time: %(names)s were given.")
            % {"names": _(" and ").join(given)},
            field=given[1],
        )
    if body.by is not None:
        return ForecastQuestion.HOW_MANY
    return ForecastQuestion.PLAN if body.plan is not None else ForecastQuestion.WHEN


def _plan(product: Product, number: int | None) -> Plan | None:
    if number is None:
        return None
    rows = Plan.objects.filter(scenario__product=product).select_related("scenario")
    found = rows.filter(pk=number).first() if 0 < number < 2**63 else None
    if found is None:
        raise Refused(
            _("There is no plan %(number)s of this product.") % {"number": number}, field="plan"
        )
    return found


@router.post("/products/{key}/forecasts", response={201: ForecastFullOut, **REFUSALS})
def forecast_create(request: HttpRequest, key: str, body: ForecastIn) -> Any:
    """Forecast and keep the answer. Asked again over an unchanged record: the kept one."""
    product = product_for(request, key)
    made = forecast_make(
        by=caller(request),
        product=product,
        question=_question(body),
        items=body.items,
        by_date=body.by,
        range=(body.range.low, body.range.high) if body.range else None,
        plan=_plan(product, body.plan),
        seed=body.seed,
    )
    return Status(201, _out(made, whole=True))


@router.get(
    "/products/{key}/forecasts",
    response={200: PageOut[ForecastOut], **REFUSALS},
)
def forecasts(
    request: HttpRequest, key: str, after: str | None = None, limit: PageSize = 50
) -> Any:
    """Kept forecasts, newest first."""
    require(caller(request), "forecast.view")
    rows = Forecast.objects.of(product_for(request, key)).select_related("made_by__user")
    page = keyset(rows, ("-made_at", "-id"), after=after, limit=limit)
    return page_out(page, [_out(row) for row in page.rows])


@router.get("/forecasts/{pk}", response={200: ForecastFullOut, **REFUSALS})
def forecast(request: HttpRequest, pk: RowId) -> Any:
    """One forecast with the figures of its pictures."""
    require(caller(request), "forecast.view")
    rows = Forecast.objects.visible_to(caller(request)).select_related("made_by__user")
    return _out(get_object_or_404(rows, pk=pk), whole=True)
