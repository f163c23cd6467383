"""Sprints of a team: plan the next, change one, start, finish."""

from django.http import HttpResponse
from django.shortcuts import get_object_or_404

from tandem.accounts.requests import ProductRequest, form_of
from tandem.core.errors import Refused
from tandem.delivery import operations as do
from tandem.delivery.forms import sprint_fields
from tandem.delivery.models import Sprint
from tandem.delivery.views.teams import page, team_row, to_teams


def _sprint(request: ProductRequest, pk: int) -> Sprint:
    rows = Sprint.objects.visible_to(request.member).select_related("team__product")
    found: Sprint = get_object_or_404(rows, team__product=request.product, pk=pk)
    return found


@form_of("delivery:teams")
def sprints(request: ProductRequest, pk: int) -> HttpResponse:
    """The team's next sprint."""
    team = team_row(request, pk)
    try:
        do.sprint_create(by=request.member, team=team, **sprint_fields(request.POST))
    except Refused as refusal:
        return page(request, refusal=refusal, where=f"new-sprint-{pk}")
    return to_teams(request)


@form_of("delivery:teams")
def sprint(request: ProductRequest, pk: int) -> HttpResponse:
    row = _sprint(request, pk)
    try:
        do.sprint_update(by=request.member, sprint=row, **sprint_fields(request.POST))
    except Refused as refusal:
        return page(request, refusal=refusal, where=f"sprint-{pk}")
    return to_teams(request)


@form_of("delivery:teams")
def start(request: ProductRequest, pk: int) -> HttpResponse:
    row = _sprint(request, pk)
    try:
        do.sprint_start(by=request.member, sprint=row)
    except Refused as refusal:
        return page(request, refusal=refusal)
    return to_teams(request)


@form_of("delivery:teams")
def finish(request: ProductRequest, pk: int) -> HttpResponse:
    row = _sprint(request, pk)
    try:
        do.sprint_finish(by=request.member, sprint=row)
    except Refused as refusal:
        return page(request, refusal=refusal)
    return to_teams(request)
