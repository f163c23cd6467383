"""Scenarios themselves: make, copy, rename, delete, and a sprint's own capacity."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _

from tandem.accounts.requests import ProductRequest, form_of
from tandem.core.errors import Refused
from tandem.planning.operations import scenarios as do
from tandem.planning.views.plan import again, again_of
from tandem.planning.views.shared import address_of, scenario_at, team_typed


@form_of("planning:plan")
def create(request: ProductRequest) -> HttpResponse:
    try:
        made = do.scenario_create(
            by=request.member,
            product=request.product,
            name=request.POST.get("name", ""),
            sprints=request.POST.get("sprints") or 4,
        )
    except Refused as refusal:
        return again(request, refusal, "scenario-new")
    return redirect(address_of(request, made))


@form_of("planning:plan")
def copy(request: ProductRequest, pk: int) -> HttpResponse:
    scenario = scenario_at(request, pk)
    try:
        made = do.scenario_copy(
            by=request.member, scenario=scenario, name=request.POST.get("name", "")
        )
    except Refused as refusal:
        return again_of(request, scenario, refusal, "scenario-copy")
    return redirect(address_of(request, made))


@form_of("planning:plan")
def rename(request: ProductRequest, pk: int) -> HttpResponse:
    scenario = scenario_at(request, pk)
    try:
        do.scenario_update(
            by=request.member,
            scenario=scenario,
            name=request.POST.get("name", ""),
            purpose=request.POST.get("purpose", ""),
        )
    except Refused as refusal:
        return again_of(request, scenario, refusal, "scenario-rename")
    return redirect(address_of(request, scenario))


@form_of("planning:plan")
def delete(request: ProductRequest, pk: int) -> HttpResponse:
    scenario = scenario_at(request, pk)
    try:
        do.scenario_delete(by=request.member, scenario=scenario)
    except Refused as refusal:
        return again_of(request, scenario, refusal, "scenario-delete")
    messages.success(request, _("The scenario “%(name)s” was deleted.") % {"name": scenario.name})
    return redirect(address_of(request))


@form_of("planning:plan")
def capacity(request: ProductRequest, pk: int) -> HttpResponse:
    """Another capacity of a team in one sprint; an empty one: as usual again."""
    scenario = scenario_at(request, pk)
    posted = request.POST
    try:
        team = team_typed(request, posted.get("team", ""))
        if team is None:
            raise Refused(_("Choose the team."), field="team")
        do.capacity_set(
            by=request.member,
            scenario=scenario,
            team=team,
            sprint=posted.get("sprint", ""),
            capacity=posted.get("capacity") or None,
            reason=posted.get("reason", ""),
        )
    except Refused as refusal:
        return again_of(request, scenario, refusal, "capacity")
    return redirect(f"{address_of(request, scenario)}#capacities")
