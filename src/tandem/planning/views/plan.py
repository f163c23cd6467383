"""The plan builder: scenario, rules, solve, and the plan with its proof and what it changes."""

from typing import Any

from django.http import Http404, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop as N_
from django.views.decorators.http import require_GET

from tandem.accounts.permissions import can, require
from tandem.accounts.requests import ProductRequest, form_of
from tandem.backlog.models import Item, Kind, Label
from tandem.core.errors import Refused
from tandem.core.jobs import notes
from tandem.delivery import operations as delivery
from tandem.delivery.models import Team
from tandem.planning import queries_board, queries_plan
from tandem.planning.models import PLACING, Plan, PlanState, RuleKind, Scenario
from tandem.planning.operations import plans as do
from tandem.planning.operations import scenarios as scenario_do
from tandem.planning.sayings import seen
from tandem.planning.tasks import board_key, progress_key
from tandem.planning.views.shared import (
    address_of,
    number_of,
    scenario_asked,
    scenario_at,
    tabs_of,
)

#: How good a plan is, where nothing else is said of it.
STATUSES = {
    "optimal": N_("optimal"),
    "feasible": N_("feasible"),
    "infeasible": N_("infeasible"),
}


@require_GET
def plan(
    request: ProductRequest,
    *,
    refusal: Refused | None = None,
    status: int = 200,
    where: str = "",
) -> HttpResponse:
    """One scenario with its newest plan; ``?plan=`` shows an earlier one.

    ``where``: the form a refusal belongs to; it is opened again.
    """
    require(request.member, "plan.view")
    scenario = scenario_asked(request)
    context = _context(request, scenario)
    context |= {"refusal": refusal, "where": where, "posted": request.POST}
    template = "planning/plan_result.jinja" if _wants_result(request) else "planning/plan.jinja"
    if request.htmx and "why" in request.GET:
        template = "planning/plan_why.jinja"
    return render(request, template, context, status=status)


def _wants_result(request: ProductRequest) -> bool:
    return bool(request.htmx) and "result" in request.GET


def _context(request: ProductRequest, scenario: Scenario | None) -> dict[str, Any]:
    teams = queries_plan.teams_of(request.product, scenario)
    context: dict[str, Any] = {
        "scenario": scenario,
        "scenarios": list(Scenario.objects.filter(product=request.product)),
        "teams": teams,
        "takes_part": scenario is not None and any(each["takes_part"] for each in teams),
        "team_choices": [(each["team"].pk, each["team"].name) for each in teams],
        "may_solve": can(request.member, "plan.solve"),
        "may_edit": can(request.member, "plan.edit"),
        "may_accept": can(request.member, "plan.accept"),
        "may_commit": can(request.member, "plan.commit"),
        "may_edit_teams": can(request.member, "team.edit"),
        "has_items": Item.objects.of(request.product).exists(),
        "plan": None,
        "rules": [],
        "rule_kinds": [(kind.value, _(kind.label)) for kind in RuleKind],
        "item_kinds": [(kind.value, str(kind.label)) for kind in Kind if kind != Kind.EPIC],
        "label_choices": _labels(request),
        "capacities": [],
        "shown": None,
        "progress": None,
        "interim": None,
        "earlier": [],
        "committed": None,
        "accepted": None,
        "explaining": None,
        "STATUSES": STATUSES,
        **tabs_of(request, "plan", scenario),
    }
    if scenario is None:
        return context
    context["rules"] = rules = queries_plan.rules_of(scenario)
    context["capacities"] = list(scenario.capacities.select_related("team", "made_by__user"))
    found = _plan_shown(request, scenario)
    earlier = queries_plan.earlier_plans(scenario)
    if found is None:
        return context
    context |= {"plan": found, "earlier": [each for each in earlier if each.pk != found.pk]}
    if found.state == PlanState.SOLVING:
        context["progress"] = seen(progress_key(found.pk))
        yet = notes.read(board_key(progress_key(found.pk)))
        context["interim"] = queries_board.interim_shown(yet, request.product) if yet else None
    if found.details.get("explaining"):
        context["explaining"] = seen(f"explain-{found.pk}")
    if found.state == PlanState.SOLVED:
        placing = [rule for rule in rules if rule.item and rule.kind in PLACING]
        words = {rule.item.key: _mark(rule.kind, rule.number) for rule in placing if rule.item}
        context |= {
            "shown": queries_board.plan_shown(found, request.product, words)
            if found.status != "infeasible"
            else None,
            "committed": queries_plan.committed_plan(request.product),
            "accepted": queries_plan.accepted_plan(scenario),
        }
    return context


def _plan_shown(request: ProductRequest, scenario: Scenario) -> Plan | None:
    number = number_of(request, "plan")
    rows = Plan.objects.filter(scenario=scenario).select_related(
        "asked_by__user", "accepted_by__user", "committed_by__user"
    )
    found = rows.filter(pk=number).first() if number is not None else rows.first()
    if number is not None and found is None:
        raise Http404
    if found is not None:
        found.scenario = scenario
    return found


def _labels(request: ProductRequest) -> list[tuple[str, str]]:
    rows = Label.objects.filter(product=request.product).order_by("name")
    return [(name, name) for name in rows.values_list("name", flat=True)[:200]]


def _mark(kind: str, number: int | None) -> str:
    if kind == RuleKind.MUST:
        return _("must")
    return _("sprint %(number)s") % {"number": number}


def again(request: ProductRequest, refusal: Refused, where: str = "") -> HttpResponse:
    """The page with what was refused beside what was asked; other refusals go on."""
    if refusal.status != 422:
        raise refusal
    request.method = "GET"
    return plan(request, refusal=refusal, status=422, where=where)


def again_of(
    request: ProductRequest, scenario: Scenario, refusal: Refused, where: str
) -> HttpResponse:
    """The same, for a form of one scenario."""
    request.GET = QueryDict(f"scenario={scenario.pk}")
    return again(request, refusal, where)


@form_of("planning:plan")
def solve(request: ProductRequest) -> HttpResponse:
    """Take the scenario as the form has it, then have it solved."""
    try:
        require(request.member, "plan.solve")
        scenario = _scenario_posted(request)
        if can(request.member, "plan.edit"):
            _settings_posted(request, scenario)
        do.plan_ask(by=request.member, scenario=scenario, explain=True)
    except Refused as refusal:
        number = request.POST.get("scenario", "")
        if number.isdecimal():
            request.GET = QueryDict(f"scenario={number}")
        return again(request, refusal, "solve")
    return redirect(address_of(request, scenario))


def _scenario_posted(request: ProductRequest) -> Scenario:
    number = request.POST.get("scenario", "")
    if number.isdecimal():
        return scenario_at(request, int(number))
    scenario = scenario_do.scenario_create(
        by=request.member,
        product=request.product,
        name=request.POST.get("name", "").strip() or _("Next sprints"),
        sprints=request.POST.get("sprints") or 4,
        teams=[],
    )
    scenario.product = request.product
    return scenario


def _settings_posted(request: ProductRequest, scenario: Scenario) -> None:
    posted = request.POST
    fields: dict[str, Any] = {}
    if "sprints" in posted:
        fields["sprints"] = posted["sprints"]
    if "settings-shown" in posted:
        fields |= {name: name in posted for name in scenario_do.FLAGS}
        fields["decay"] = posted.get("decay") or 0
        fields["maximise"] = posted.get("maximise") or None
    scenario_do.scenario_update(by=request.member, scenario=scenario, **fields)
    if "teams" in posted or "team-shown" in posted:
        chosen = set(posted.getlist("teams"))
        for team in Team.objects.of(request.product):
            takes_part = str(team.pk) in chosen
            scenario_do.scenario_team_set(
                by=request.member,
                scenario=scenario,
                team=team,
                capacity=posted.get(f"capacity-{team.pk}", "") if takes_part else None,
            )


@form_of("planning:plan")
def team_add(request: ProductRequest) -> HttpResponse:
    """A new team, taking part at once."""
    try:
        team = delivery.team_create(
            by=request.member,
            product=request.product,
            name=request.POST.get("name", ""),
            capacity=request.POST.get("capacity", ""),
            sprint_days=request.POST.get("sprint_days") or 14,
        )
        scenario = queries_plan.scenario_of(request.product, None)
        if scenario is None:
            scenario = scenario_do.scenario_create(
                by=request.member, product=request.product, name=_("Next sprints"), teams=[]
            )
        scenario_do.scenario_team_set(
            by=request.member, scenario=scenario, team=team, capacity=team.capacity
        )
    except Refused as refusal:
        return again(request, refusal, "team")
    return redirect(address_of(request, scenario))
