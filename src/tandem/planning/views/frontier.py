"""The two frontiers: PO's lens against TPM's, and debt share against delivered value."""

from typing import Any

from django.contrib import messages
from django.db.models import Prefetch
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from tandem.accounts.permissions import can, require
from tandem.accounts.requests import ProductRequest, form_of
from tandem.backlog.models import Item, Kind
from tandem.core.errors import Refused
from tandem.planning.calculations_debt import break_even, exchange_of
from tandem.planning.forecast_asked import today_of
from tandem.planning.frontier_pictures import NAMES, debt_picture, lens_picture, marked, meetings
from tandem.planning.models import DebtPrice, Frontier, FrontierKind, FrontierState, Scenario
from tandem.planning.operations.frontiers import frontier_ask, frontier_inputs, frontier_pick
from tandem.planning.queries_compare import plan_standing_for
from tandem.planning.sayings import seen
from tandem.planning.views.shared import (
    address_of,
    number_of,
    scenario_asked,
    scenario_at,
    tabs_of,
)

PAGES = {FrontierKind.LENSES: "frontier", FrontierKind.DEBT: "debt"}
#: Debt items the page lists; the backlog has them all.
DEBTS = 200


@require_safe
def frontier(request: ProductRequest, refusal: Refused | None = None) -> HttpResponse:
    """What both roles can have at this capacity; ``?point=`` looks at one plan."""
    return _page(request, FrontierKind.LENSES, refusal)


@require_safe
def debt(request: ProductRequest, refusal: Refused | None = None) -> HttpResponse:
    """What each share of debt costs and saves, and the debt items with their interest."""
    return _page(request, FrontierKind.DEBT, refusal)


def _page(request: ProductRequest, kind: FrontierKind, refusal: Refused | None) -> HttpResponse:
    require(request.member, "plan.view")
    scenario = scenario_asked(request)
    page = PAGES[kind]
    context: dict[str, Any] = {
        "kind": kind.value,
        "page": page,
        "refusal": refusal,
        "scenarios": list(Scenario.objects.filter(product=request.product)),
        "may_solve": can(request.member, "plan.solve"),
        "frontier": None,
        **tabs_of(request, page, scenario),
    }
    if scenario is not None:
        context |= _curve(request, scenario, kind)
    if kind == FrontierKind.DEBT:
        context |= _debts(request)
    part = bool(request.htmx) and "part" in request.GET
    template = "planning/frontier_part.jinja" if part else f"planning/{page}.jinja"
    return render(request, template, context, status=422 if refusal else 200)


def _curve(request: ProductRequest, scenario: Scenario, kind: FrontierKind) -> dict[str, Any]:
    found = Frontier.objects.filter(scenario=scenario, kind=kind).first()
    if found is None:
        return {}
    found.scenario = scenario
    context: dict[str, Any] = {"frontier": found, "stale": _stale(scenario, found)}
    if found.state == FrontierState.COMPUTING:
        context["progress"] = seen(f"frontier-{found.pk}")
    if found.state == FrontierState.READY:
        points = found.details.get("points", [])
        chosen = number_of(request, "point")
        if chosen is not None and chosen >= len(points):
            raise Http404
        address = f"{address_of(request, scenario, f'planning:{PAGES[kind]}')}&point="
        draw = lens_picture if kind == FrontierKind.LENSES else debt_picture
        context |= {
            "picture": draw(found, address, chosen),
            "point_address": address,
            "names": NAMES,
            "marked": marked(found),
            "meetings": meetings(found),
            "chosen": chosen,
            "point": points[chosen] if chosen is not None else None,
            "difference": _difference(request, scenario, points[chosen])
            if chosen is not None
            else None,
        }
    return context


def _stale(scenario: Scenario, found: Frontier) -> bool:
    try:
        return frontier_inputs(scenario).fingerprint(found.kind) != found.fingerprint
    except Refused:
        return True


def _difference(request: ProductRequest, scenario: Scenario, point: dict[str, Any]) -> Any:
    """What the point plans that the scenario's plan does not, and the other way round."""
    plan = plan_standing_for(scenario)
    if plan is None:
        return None
    rows = plan.entries.filter(item__deleted_at=None).select_related("item")
    mine = {f"{request.product.key}-{entry.item.number}" for entry in rows}
    theirs = {row[0] for sprint in point["sprints"] for row in sprint["placements"]}
    found = Item.objects.with_keys(request.product, mine ^ theirs).only(
        "number", "title", "kind", "product_id"
    )
    titles = {f"{request.product.key}-{item.number}": item for item in found}
    return {
        "plan": plan,
        "more": [(key, titles[key]) for key in sorted(theirs - mine) if key in titles],
        "less": [(key, titles[key]) for key in sorted(mine - theirs) if key in titles],
        "both": len(mine & theirs),
    }


def _debts(request: ProductRequest) -> dict[str, Any]:
    product = request.product
    rows = Item.objects.of(product).plannable().filter(kind=Kind.DEBT).order_by("rank")
    total = rows.count()
    prices = DebtPrice.objects.select_related("set_by__user")
    items = list(rows.prefetch_related(Prefetch("debt_price", prices))[:DEBTS])
    exchange = exchange_of(product)
    today = today_of(product)
    told: list[dict[str, Any]] = []
    for item in items:
        item.product = product
        price = getattr(item, "debt_price", None)
        told.append(
            {
                "item": item,
                "price": price,
                "weekly": exchange.score(price) if price is not None else None,
                "even": break_even(price, item.estimate_likely, exchange, today),
            }
        )
    told.sort(key=lambda each: -(each["weekly"] or -1.0))
    return {"debts": told, "debts_more": total - len(told), "exchange": exchange}


@form_of("planning:frontier")
def ask(request: ProductRequest, pk: int) -> HttpResponse:
    """Have the curve computed, unless it is at hand."""
    scenario = scenario_at(request, pk)
    kind = request.POST.get("kind", "")
    try:
        frontier_ask(by=request.member, scenario=scenario, kind=kind)
    except Refused as refusal:
        if refusal.status != 422:
            raise
        request.method = "GET"
        return _page(request, FrontierKind(kind) if kind in PAGES else FrontierKind.LENSES, refusal)
    page = PAGES.get(FrontierKind(kind), "frontier")
    return redirect(address_of(request, scenario, f"planning:{page}"))


@form_of("planning:frontier")
def pick(request: ProductRequest, pk: int) -> HttpResponse:
    """The point's plan as a preview in the scenario."""
    rows = Frontier.objects.select_related("scenario")
    row = get_object_or_404(rows, pk=pk, scenario__product=request.product)
    row.scenario.product = request.product
    point = request.POST.get("point", "")
    try:
        plan = frontier_pick(
            by=request.member, frontier=row, point=int(point) if point.isdecimal() else -1
        )
    except Refused as refusal:
        if refusal.status != 422:
            raise
        request.method = "GET"
        return _page(request, FrontierKind(row.kind), refusal)
    messages.success(request, _("This is the point's plan as a preview. Accept it, then commit."))
    return redirect(f"{address_of(request, plan.scenario)}&plan={plan.pk}")
