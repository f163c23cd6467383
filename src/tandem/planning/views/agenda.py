"""The grooming agenda: the disputes whose resolution changes the plan, and those that need no meeting."""

from typing import Any

from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_GET

from tandem.accounts.permissions import can, require
from tandem.accounts.requests import ProductRequest, form_of
from tandem.core.errors import Refused
from tandem.planning.operations import agenda as do
from tandem.planning.queries_agenda import agenda_shown
from tandem.planning.queries_plan import scenario_of
from tandem.prioritisation.views.shared import context_of, model_asked


def _number(text: str) -> int | None:
    return int(text) if text.isascii() and text.isdigit() and len(text) < 10 else None


def _shown(request: ProductRequest, *, refusal: Refused | None = None) -> HttpResponse:
    model = model_asked(request)
    require(request.member, "plan.view")
    wanted = request.GET.get("scenario", "")
    shown = agenda_shown(request.product, _number(wanted))
    if wanted and shown.scenario is None:
        raise Http404
    values: dict[str, Any] = context_of(
        request,
        model,
        shown=shown,
        may_ask=can(request.member, "plan.solve"),
        refusal=refusal,
    )
    part = bool(request.htmx) and "part" in request.GET
    template = "planning/agenda_part.jinja" if part else "planning/agenda.jinja"
    return render(request, template, values, status=422 if refusal else 200)


@require_GET
def agenda(request: ProductRequest) -> HttpResponse:
    """``?scenario=`` chooses whose plan is asked about; the newest one otherwise."""
    return _shown(request)


@form_of("planning:agenda")
def work(request: ProductRequest) -> HttpResponse:
    """Have the agenda worked out now."""
    require(request.member, "plan.solve")
    scenario = scenario_of(request.product, _number(request.POST.get("scenario", "")))
    here = {"workspace": request.member.workspace.slug, "product": request.product.key}
    try:
        if scenario is None:
            raise Refused("There is no plan yet. Solve one first: the agenda asks what changes it.")
        scenario.product = request.product
        do.agenda_ask(by=request.member, scenario=scenario)
    except Refused as refusal:
        if refusal.status != 422:
            raise
        request.method = "GET"
        return _shown(request, refusal=refusal)
    return redirect(f"{reverse('planning:agenda', kwargs=here)}?scenario={scenario.pk}")
