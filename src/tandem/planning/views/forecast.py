"""The forecast page: looking computes and keeps nothing; keeping is one press."""

import datetime
from dataclasses import dataclass
from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from tandem.accounts.models import Product
from tandem.accounts.permissions import can, require
from tandem.accounts.requests import ProductRequest, form_of
from tandem.backlog.models import Item
from tandem.core.errors import PermissionRefused, Refused
from tandem.planning import queries_forecast as queries
from tandem.planning.calculations_forecast import forecast_calculate
from tandem.planning.forecast_asked import Asked, asked, open_items, today_of
from tandem.planning.forecast_reading import Reading, worded
from tandem.planning.models import Forecast, ForecastQuestion, Plan
from tandem.planning.operations import forecast_make


@dataclass(frozen=True)
class Typed:
    """The question as it stands in the address or the form, not yet checked."""

    question: str
    items: str = ""
    by: str = ""
    plan: str = ""
    low: str = ""
    high: str = ""
    seed: str = ""

    @classmethod
    def of(cls, sent: Any) -> "Typed":
        values = {name: str(sent.get(name, "")).strip() for name in cls.__dataclass_fields__}
        if values["question"] not in ForecastQuestion.values:
            values["question"] = ForecastQuestion.WHEN
        return cls(**values)

    @classmethod
    def again(cls, forecast: Forecast) -> "Typed":
        """The question of a kept forecast, to be asked again today."""
        kept = forecast.asked
        low, high = kept["range"] or ("", "")
        when = forecast.question == ForecastQuestion.WHEN and not kept.get("everything_open")
        return cls(
            question=forecast.question,
            items=str(kept["items"]) if when else "",
            by=kept.get("by") or "",
            plan=str(forecast.plan_id or ""),
            low=str(low),
            high=str(high),
            seed=str(forecast.seed or ""),
        )

    @property
    def sent(self) -> dict[str, str]:
        """The fields that are not empty, for an address or a form."""
        return {name: value for name in self.__dataclass_fields__ if (value := getattr(self, name))}

    def named(self, product: Product) -> dict[str, Any]:
        """What the operation takes; only what belongs to the question."""
        named: dict[str, Any] = {
            "question": self.question,
            "range": (self.low, self.high),
            "seed": self.seed or 0,
        }
        if self.question == ForecastQuestion.HOW_MANY:
            named["by_date"] = self.by or today_of(product) + datetime.timedelta(weeks=12)
        elif self.question == ForecastQuestion.PLAN:
            named["plan"] = _plan(product, self.plan)
        else:
            named["items"] = self.items
        return named


def _plan(product: Product, number: str) -> Plan | None:
    """The chosen plan; without a choice the latest solved one."""
    if not number:
        return next(iter(queries.solved_plans(product, 1)), None)
    rows = Plan.objects.filter(scenario__product=product).select_related("scenario")
    found = rows.filter(pk=int(number)).first() if number.isdecimal() and len(number) < 19 else None
    if found is None:
        raise Refused(_("There is no such plan of this product."), field="plan")
    return found


@require_safe
def forecast(request: ProductRequest) -> HttpResponse:
    """The answer to the address's question, as of now. Nothing is written."""
    return _page(request, Typed.of(request.GET))


@require_safe
def forecast_why(request: ProductRequest) -> HttpResponse:
    """Where the looked-at answer comes from, for the panel."""
    require(request.member, "forecast.view")
    typed = Typed.of(request.GET)
    found = forecast_calculate(
        request.product, asked(request.product, **typed.named(request.product))
    )
    return render(request, "planning/forecast_why.jinja", {"reading": Reading(found)})


@form_of("planning:forecast")
def forecast_keep(request: ProductRequest) -> HttpResponse:
    """Keep the answer: from then on it is checked against what happens."""
    typed = Typed.of(request.POST)
    try:
        kept = forecast_make(
            by=request.member, product=request.product, **typed.named(request.product)
        )
    except PermissionRefused:
        raise
    except Refused as refusal:
        return _page(request, typed, refusal)
    messages.success(request, _("Kept. %(answer)s.") % {"answer": Reading(kept).headline})
    return redirect(
        "planning:forecast-kept",
        workspace=request.member.workspace.slug,
        product=request.product.key,
        pk=kept.pk,
    )


@require_safe
def forecast_kept(request: ProductRequest, pk: int) -> HttpResponse:
    """A kept forecast as it was made, and what came of it."""
    require(request.member, "forecast.view")
    kept = _kept(request, pk)
    older = Forecast.objects.of(request.product).filter(question=kept.question, pk__lt=kept.pk)
    reading = Reading(kept, queries.predecessor(kept, older.defer("details")[:60]))
    context = {
        "reading": reading,
        "outcome": queries.outcomes(request.product, [kept], today_of(request.product))[kept.pk],
        "again": Typed.again(kept).sent,
        "worded": worded,
    }
    return render(request, "planning/forecast_kept.jinja", context)


@require_safe
def forecast_kept_why(request: ProductRequest, pk: int) -> HttpResponse:
    require(request.member, "forecast.view")
    return render(request, "planning/forecast_why.jinja", {"reading": Reading(_kept(request, pk))})


def _kept(request: ProductRequest, pk: int) -> Forecast:
    rows = Forecast.objects.of(request.product).select_related("made_by__user", "plan__scenario")
    found: Forecast = get_object_or_404(rows, pk=pk if pk < 2**63 else None)
    found.product = request.product
    return found


def _page(request: ProductRequest, typed: Typed, refusal: Refused | None = None) -> HttpResponse:
    require(request.member, "forecast.view")
    product = request.product
    reading = None
    question: Asked | None = None
    plans = queries.solved_plans(product) if typed.question == ForecastQuestion.PLAN else []
    if refusal is None:
        try:
            question = asked(product, **typed.named(product))
            reading = _reading(product, question)
        except Refused as refused:
            refusal = refused
    today = today_of(product)
    context = {
        "typed": typed,
        "question": question,
        "reading": reading,
        "refusal": refusal,
        "nothing_finished": refusal is not None
        and refusal.field == "range"
        and not (typed.low or typed.high),
        "nothing_open": refusal is not None and refusal.field == "items" and not typed.items,
        "plans": plans,
        "open_items": open_items(product) if typed.question == ForecastQuestion.WHEN else None,
        "today": today,
        "by": typed.by or (today + datetime.timedelta(weeks=12)).isoformat(),
        "kept": _same(reading.forecast) if reading else None,
        "earlier": [
            (each, Reading(each.forecast, each.before))
            for each in queries.earlier_forecasts(product, today)
        ],
        "may_keep": can(request.member, "forecast.make"),
        "worded": worded,
    }
    context["no_items"] = bool(context["nothing_open"]) and not Item.objects.of(product).exists()
    # What the page starts with is no mistake of the person's.
    guessed = refusal is not None and (context["nothing_finished"] or context["nothing_open"])
    mistaken = refusal is not None and not guessed and bool(typed.sent.keys() - {"question"})
    return render(request, "planning/forecast.jinja", context, status=422 if mistaken else 200)


def _reading(product: Product, question: Asked) -> Reading:
    found = forecast_calculate(product, question)
    older = Forecast.objects.of(product).filter(question=found.question)
    older = older.exclude(fingerprint=found.fingerprint).defer("details")
    return Reading(found, queries.predecessor(found, older[:60]))


def _same(forecast: Forecast) -> Forecast | None:
    """The kept forecast that is this very answer, if there is one."""
    rows = Forecast.objects.of(forecast.product).select_related("made_by__user")
    rows = rows.filter(
        question=forecast.question,
        plan=forecast.plan,
        fingerprint=forecast.fingerprint,
        engine_version=forecast.engine_version,
    )
    return next((row for row in rows.defer("details") if row.asked == forecast.asked), None)
