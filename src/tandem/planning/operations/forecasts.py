"""Making a forecast: computed, kept with its inputs, and checked against what happens later."""

import datetime
from dataclasses import dataclass
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from tandem.accounts.models import Member, Product
from tandem.accounts.permissions import require
from tandem.core import events
from tandem.core.errors import Refused
from tandem.planning.calculations_forecast import forecast_calculate
from tandem.planning.forecast_asked import asked
from tandem.planning.models import Forecast, ForecastQuestion, Plan


def forecast_make(
    *,
    by: Member,
    product: Product,
    question: str,
    items: Any = None,
    by_date: Any = None,
    range: Any = None,
    plan: Plan | None = None,
    seed: Any = 0,
    today: datetime.date | None = None,
) -> Forecast:
    """Compute and keep the answer to one question about the product.

    ``question``: ``when`` (``items``, without: everything open), ``how_many`` (``by_date``) or
    ``plan`` (``plan``). ``range``: the slowest and the fastest items per week, instead of the
    record of finished items. ``today``: the day in the workspace's zone unless given.

    The same question over the same record on the same day is kept once: the row is given again.
    """
    require(by, "forecast.make")
    if product.workspace_id != by.workspace_id:
        raise Refused(_("That product is not in this workspace."), field="product")
    wanted = asked(
        product,
        question=question,
        items=items,
        by_date=by_date,
        range=range,
        plan=plan,
        seed=seed,
        today=today,
    )
    # Outside the transaction: a simulation must not hold the database's write lock.
    forecast = forecast_calculate(product, wanted)
    with transaction.atomic():
        return _kept(forecast) or _keep(forecast, by)


def _kept(forecast: Forecast) -> Forecast | None:
    rows = Forecast.objects.filter(
        product_id=forecast.product_id,
        question=forecast.question,
        plan=forecast.plan,
        fingerprint=forecast.fingerprint,
        engine_version=forecast.engine_version,
    )
    return next((row for row in rows if row.asked == forecast.asked), None)


def _keep(forecast: Forecast, by: Member) -> Forecast:
    forecast.made_by = by
    forecast.save(force_insert=True)
    events.record(
        by=by,
        verb="forecast.made",
        obj=forecast,
        changes={"asked": forecast.asked, "percentiles": forecast.percentiles},
        at=forecast.made_at,
    )
    return forecast


@dataclass(frozen=True)
class ForecastSummary:
    """The short answer for another page: computed, not kept."""

    items: int | None
    #: ``{"50": …, "85": …}``: days, ``None`` when beyond the horizon.
    days: dict[str, datetime.date | None]
    method: str
    #: Why there is no answer, in a sentence that says what to do; empty when there is one.
    refusal: str = ""

    @property
    def day(self) -> datetime.date | None:
        """The 85 % day."""
        return self.days.get("85")


def forecast_summary(
    product: Product, items: int | None = None, *, today: datetime.date | None = None
) -> ForecastSummary:
    """When ``items`` (without: everything open) are finished, from the record. Writes nothing."""
    return _summary(product, question=ForecastQuestion.WHEN, items=items, today=today)


def forecast_for_plan(plan: Plan, *, today: datetime.date | None = None) -> ForecastSummary:
    """When the plan's open items are finished, from the record. Writes nothing."""
    product = plan.scenario.product
    return _summary(product, question=ForecastQuestion.PLAN, plan=plan, today=today)


def _summary(product: Product, **question: Any) -> ForecastSummary:
    try:
        forecast = forecast_calculate(product, asked(product, **question))
    except Refused as refusal:
        return ForecastSummary(items=None, days={}, method="", refusal=refusal.message)
    days = {
        share: datetime.date.fromisoformat(day) if day else None
        for share, day in forecast.percentiles.items()
    }
    return ForecastSummary(items=forecast.asked["items"], days=days, method=forecast.method)
