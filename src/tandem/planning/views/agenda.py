"""The grooming agenda: the disputes whose resolution changes the plan, and those that need no meeting."""

import datetime
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from tandem.accounts.models import Member, Role
from tandem.accounts.permissions import can, require
from tandem.accounts.requests import ProductRequest, form_of
from tandem.backlog.models import Item
from tandem.core.errors import Refused
from tandem.planning.models import Scenario
from tandem.planning.operations import agenda as do
from tandem.planning.operations.plans import plan_ask
from tandem.planning.operations.settling import dispute_settle
from tandem.planning.queries_agenda import agenda_shown, settled_shown
from tandem.planning.queries_frontier import middles_of
from tandem.planning.queries_plan import scenario_of
from tandem.prioritisation.calculations import model_in_force
from tandem.prioritisation.models import RatingSession
from tandem.prioritisation.operations import session_create
from tandem.prioritisation.views.shared import context_of, model_asked

WEEK = datetime.timedelta(days=7)
#: So many of both roles are invited at once; others come by the link.
SEATS = 20


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
        settled=settled_shown(shown.plan),
        middles=middles_of(shown.scenario),
        may_ask=can(request.member, "plan.solve"),
        may_settle=can(request.member, "session.hold"),
        refusal=refusal,
        typed=request.POST,
    )
    part = bool(request.htmx) and "part" in request.GET
    template = "planning/agenda_part.jinja" if part else "planning/agenda.jinja"
    return render(request, template, values, status=422 if refusal else 200)


@require_GET
def agenda(request: ProductRequest) -> HttpResponse:
    """``?scenario=`` chooses whose plan is asked about; the newest one otherwise."""
    return _shown(request)


def _scenario(request: ProductRequest) -> Scenario:
    scenario = scenario_of(request.product, _number(request.POST.get("scenario", "")))
    if scenario is None:
        raise Refused(_("There is no plan yet. Solve one first: the agenda asks what changes it."))
    scenario.product = request.product
    return scenario


def _again(request: ProductRequest, refusal: Refused) -> HttpResponse:
    """The page with what was refused; what is no matter of words stays a refusal."""
    if refusal.status != 422:
        raise refusal
    request.method = "GET"
    return _shown(request, refusal=refusal)


def _back(request: ProductRequest, scenario: Scenario) -> HttpResponse:
    here = {"workspace": request.member.workspace.slug, "product": request.product.key}
    return redirect(f"{reverse('planning:agenda', kwargs=here)}?scenario={scenario.pk}")


@form_of("planning:agenda")
def work(request: ProductRequest) -> HttpResponse:
    """Have the agenda worked out now."""
    require(request.member, "plan.solve")
    try:
        scenario = _scenario(request)
        do.agenda_ask(by=request.member, scenario=scenario)
    except Refused as refusal:
        return _again(request, refusal)
    return _back(request, scenario)


@form_of("planning:agenda")
def settle(request: ProductRequest) -> HttpResponse:
    """Settle one dispute of the agenda, with a reason."""
    require(request.member, "session.hold")
    sent = request.POST
    try:
        scenario = _scenario(request)
        item = Item.objects.with_keys(request.product, [sent.get("item", "")]).first()
        if item is None:
            raise Refused(_("This item is not there any more."), field="item")
        item.product = request.product
        dispute_settle(
            by=request.member,
            scenario=scenario,
            item=item,
            towards=sent.get("towards", ""),
            place=sent.get("place", ""),
            reason=sent.get("reason", ""),
        )
    except Refused as refusal:
        return _again(request, refusal)
    messages.success(
        request,
        _("%(key)s is settled. Solve the plan again to see what changes.") % {"key": item.key},
    )
    return _back(request, scenario)


@form_of("planning:agenda")
def solve(request: ProductRequest) -> HttpResponse:
    """Solve the plan again, to see here what settling changed."""
    require(request.member, "plan.solve")
    try:
        scenario = _scenario(request)
        plan_ask(by=request.member, scenario=scenario, explain=True)
    except Refused as refusal:
        return _again(request, refusal)
    return _back(request, scenario)


@form_of("planning:agenda")
def hold(request: ProductRequest) -> HttpResponse:
    """A rating session on exactly the decisive items, with both roles invited."""
    require(request.member, "session.hold")
    try:
        scenario = _scenario(request)
        made = _session(request, scenario)
    except Refused as refusal:
        return _again(request, refusal)
    messages.success(
        request,
        _("The session %(name)s was made. Send its link to the raters.") % {"name": made.name},
    )
    here = {"workspace": request.member.workspace.slug, "product": request.product.key}
    return redirect(reverse("prioritisation:session", kwargs={**here, "pk": made.pk}))


def _session(request: ProductRequest, scenario: Scenario) -> RatingSession:
    found = agenda_shown(request.product, scenario.pk).found or {}
    keys = [each["key"] for each in found.get("decisive", [])]
    if not keys:
        raise Refused(
            _("No dispute on the agenda changes the plan: there is nothing to meet about.")
        )
    items = {each.key: each for each in Item.objects.with_keys(request.product, keys)}
    both = (
        Member.objects.visible_to(request.member)
        .active()
        .filter(role__in=[Role.PRODUCT_OWNER, Role.TECHNICAL_PM])
    )
    now = timezone.localtime(timezone.now())
    return session_create(
        by=request.member,
        product=request.product,
        name=f"Agenda of {scenario.name}, {now:%Y-%m-%d}"[:120],
        items=[items[key] for key in keys if key in items],
        deadline=now + WEEK,
        model=model_in_force(request.product, scenario.scoring_model_id).row,
        members=list(both.select_related("user")[:SEATS]),
    )
