"""What if: an answer below the sliders, without saving."""

import math
from typing import Any

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from tandem.accounts.permissions import require
from tandem.accounts.requests import ProductRequest
from tandem.core.errors import Refused
from tandem.planning.calculations_what_if import what_if as asked
from tandem.planning.operations.plans import prepared_for
from tandem.planning.views.shared import here_of, scenario_at

CAPACITY = (50.0, 150.0)
SHARE = (0.0, 40.0)


@require_safe
def what_if(request: ProductRequest, pk: int) -> HttpResponse:
    """``?capacity=80&debt=20``, both in percent."""
    require(request.member, "plan.view")
    scenario = scenario_at(request, pk)
    capacity = _number(request, "capacity", 100.0, CAPACITY)
    share = _number(request, "debt", 0.0, SHARE)
    context: dict[str, Any] = {"capacity": capacity, "share": share, "found": None, "refusal": None}
    try:
        context["found"] = asked(
            prepared_for(scenario), capacity=capacity, debt_share=share or None
        )
    except Refused as refusal:
        context["refusal"] = refusal
    context |= {"scenario": scenario, "here": here_of(request)}
    return render(request, "planning/what_if.jinja", context)


def _number(request: ProductRequest, name: str, usual: float, ends: tuple[float, float]) -> float:
    try:
        number = float(request.GET.get(name, usual))
    except ValueError:
        return usual
    return min(ends[1], max(ends[0], number)) if math.isfinite(number) else usual
