"""The plan page: scenario, rules, solve, and the plan with its proof beside the sorted list."""

from typing import Any

from django.http import Http404, HttpResponse, QueryDict
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_GET

from tandem.accounts.permissions import can, require
from tandem.accounts.requests import ProductRequest, form_of
from tandem.backlog.models import Item
from tandem.core.errors import Refused
from tandem.core.jobs import progress
from tandem.delivery import operations as delivery
from tandem.delivery.models import Team
from tandem.planning import queries_plan
from tandem.planning.models import Plan, PlanState, Rule, RuleKind, Scenario
from tandem.planning.operations import plans as do
from tandem.planning.operations import rules as rule_do
from tandem.planning.operations import scenarios as scenario_do
from tandem.planning.tasks import progress_key


def _address(request: ProductRequest, scenario: Scenario | None = None) -> str:
    address = reverse(
        "planning:plan",
        kwargs={"workspace": request.member.workspace.slug, "product": request.product.key},
    )
    return f"{address}?scenario={scenario.pk}" if scenario else address


def _scenario(request: ProductRequest, pk: int) -> Scenario:
    scenario: Scenario = get_object_or_404(
        Scenario.objects.visible_to(request.member), product=request.product, pk=pk
    )
    scenario.product = request.product
    return scenario


@require_GET
def plan(
    request: ProductRequest, *, refusal: Refused | None = None, status: int = 200
) -> HttpResponse:
    """One scenario with its newest plan; ``?plan=`` shows an earlier one."""
    require(request.member, "plan.view")
    wanted = request.GET.get("scenario", "")
    scenario = queries_plan.scenario_of(request.product, int(wanted) if wanted.isdigit() else None)
    if wanted and scenario is None:
        raise Http404
    context = _context(request, scenario)
    context["refusal"] = refusal
    template = "planning/plan_result.jinja" if _wants_result(request) else "planning/plan.jinja"
    return render(request, template, context, status=status)


def _wants_result(request: ProductRequest) -> bool:
    return bool(request.htmx) and "result" in request.GET


def _context(request: ProductRequest, scenario: Scenario | None) -> dict[str, Any]:
    context: dict[str, Any] = {
        "scenario": scenario,
        "scenarios": list(Scenario.objects.filter(product=request.product)),
        "teams": queries_plan.teams_of(request.product, scenario),
        "may_solve": can(request.member, "plan.solve"),
        "may_edit": can(request.member, "plan.edit"),
        "may_commit": can(request.member, "plan.commit"),
        "may_edit_teams": can(request.member, "team.edit"),
        "has_items": Item.objects.of(request.product).exists(),
        "plan": None,
        "refusal": None,
        "rules": [],
        "shown": None,
        "progress": None,
        "earlier": [],
    }
    if scenario is None:
        return context
    scenario.product = request.product
    rules = queries_plan.rules_of(scenario)
    context["rules"] = rules
    earlier = queries_plan.earlier_plans(scenario)
    number = request.GET.get("plan", "")
    rows = Plan.objects.filter(scenario=scenario).select_related(
        "asked_by__user", "committed_by__user"
    )
    found = rows.filter(pk=int(number)).first() if number.isdigit() else rows.first()
    if number and found is None:
        raise Http404
    if found is None:
        return context
    found.scenario = scenario
    context |= {"plan": found, "earlier": [each for each in earlier if each.pk != found.pk]}
    if found.state == PlanState.SOLVING:
        context["progress"] = progress.seen(progress_key(found.pk))
    if found.state == PlanState.SOLVED:
        musts = {rule.item.key for rule in rules if rule.item and rule.kind == RuleKind.MUST}
        context["shown"] = queries_plan.plan_shown(found, request.product, musts)
    return context


def _again(request: ProductRequest, refusal: Refused) -> HttpResponse:
    """The page with what was refused beside what was asked; other refusals go on."""
    if refusal.status != 422:
        raise refusal
    request.method = "GET"
    return plan(request, refusal=refusal, status=422)


@form_of("planning:plan")
def solve(request: ProductRequest) -> HttpResponse:
    """Take the scenario as the form has it, then have it solved."""
    posted = request.POST
    try:
        require(request.member, "plan.solve")
        scenario = _scenario_posted(request)
        if can(request.member, "plan.edit"):
            _settings_posted(request, scenario)
        do.plan_ask(by=request.member, scenario=scenario)
    except Refused as refusal:
        number = posted.get("scenario", "")
        if number.isdigit():
            request.GET = QueryDict(f"scenario={number}")
        return _again(request, refusal)
    return redirect(_address(request, scenario))


def _scenario_posted(request: ProductRequest) -> Scenario:
    number = request.POST.get("scenario", "")
    if number.isdigit():
        return _scenario(request, int(number))
    scenario = scenario_do.scenario_create(
        by=request.member,
        product=request.product,
        name=request.POST.get("name", "").strip() or "Next sprints",
        sprints=request.POST.get("sprints") or 4,
        teams=[],
    )
    scenario.product = request.product
    return scenario


def _settings_posted(request: ProductRequest, scenario: Scenario) -> None:
    if "sprints" in request.POST:
        scenario_do.scenario_update(
            by=request.member, scenario=scenario, sprints=request.POST["sprints"]
        )
    if "teams" in request.POST or "team-shown" in request.POST:
        chosen = set(request.POST.getlist("teams"))
        for team in Team.objects.of(request.product):
            takes_part = str(team.pk) in chosen
            scenario_do.scenario_team_set(
                by=request.member,
                scenario=scenario,
                team=team,
                capacity=request.POST.get(f"capacity-{team.pk}", "") if takes_part else None,
            )


@form_of("planning:plan")
def team_add(request: ProductRequest) -> HttpResponse:
    """A team from the plan page: it takes part at once."""
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
                by=request.member, product=request.product, name="Next sprints", teams=[]
            )
        scenario_do.scenario_team_set(
            by=request.member, scenario=scenario, team=team, capacity=team.capacity
        )
    except Refused as refusal:
        return _again(request, refusal)
    return redirect(_address(request, scenario))


@form_of("planning:plan")
def rule_add(request: ProductRequest, pk: int) -> HttpResponse:
    scenario = _scenario(request, pk)
    key = request.POST.get("item", "").strip().split(" ")[0]
    try:
        item = Item.objects.with_keys(request.product, [key]).first()
        if item is None:
            raise Refused(
                f"There is no item {key or '(empty)'}. Write a key like {request.product.key}-1.",
                field="item",
            )
        item.product = request.product
        rule_do.rule_set(
            by=request.member,
            scenario=scenario,
            item=item,
            kind=request.POST.get("kind", ""),
            reason=request.POST.get("reason", ""),
        )
    except Refused as refusal:
        return _again(request, refusal)
    return redirect(_address(request, scenario))


@form_of("planning:plan")
def rule_remove(request: ProductRequest, pk: int, rule: int) -> HttpResponse:
    scenario = _scenario(request, pk)
    rows = Rule.objects.select_related("item__product")
    row = get_object_or_404(rows, scenario=scenario, pk=rule)
    rule_do.rule_remove(by=request.member, rule=row)
    return redirect(_address(request, scenario))


@form_of("planning:plan")
def commit(request: ProductRequest, pk: int) -> HttpResponse:
    row = get_object_or_404(Plan, pk=pk, scenario__product=request.product)
    try:
        do.plan_commit(by=request.member, plan=row)
    except Refused as refusal:
        return _again(request, refusal)
    return redirect(f"{_address(request, row.scenario)}&plan={row.pk}")
