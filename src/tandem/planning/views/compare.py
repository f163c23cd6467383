"""Scenarios side by side."""

from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from tandem.accounts.permissions import require
from tandem.accounts.requests import ProductRequest
from tandem.planning.models import Scenario
from tandem.planning.queries_compare import MOST_SCENARIOS, compared
from tandem.planning.views.shared import tabs_of


@require_safe
def compare(request: ProductRequest) -> HttpResponse:
    """``?scenario=1&scenario=2``: up to three; without, the first three there are."""
    require(request.member, "plan.view")
    rows = list(Scenario.objects.filter(product=request.product))
    asked = [int(each) for each in request.GET.getlist("scenario") if each.isdecimal()]
    chosen = [row for row in rows if row.pk in asked]
    if len(chosen) < len(set(asked)):
        raise Http404
    if len(chosen) < 2:
        chosen += [row for row in rows if row not in chosen][: MOST_SCENARIOS - len(chosen)]
    chosen = chosen[:MOST_SCENARIOS]
    context = {
        "scenarios": rows,
        "chosen": {row.pk for row in chosen},
        "found": compared(request.product, chosen) if len(chosen) > 1 else None,
        **tabs_of(request, "compare", chosen[0] if len(chosen) == 1 else None),
    }
    return render(request, "planning/compare.jinja", context)
