"""Teams: who delivers, and how much in one sprint."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _

from tandem.accounts.permissions import can, require
from tandem.accounts.requests import ProductRequest, form_of
from tandem.core.errors import Refused
from tandem.delivery import operations as do
from tandem.delivery.models import Team
from tandem.delivery.queries import teams_of


def team_row(request: ProductRequest, pk: int) -> Team:
    rows = Team.objects.visible_to(request.member)
    found: Team = get_object_or_404(rows, product=request.product, pk=pk)
    found.product = request.product
    return found


def to_teams(request: ProductRequest) -> HttpResponse:
    return redirect(
        "delivery:teams", workspace=request.member.workspace.slug, product=request.product.key
    )


def page(
    request: ProductRequest, *, refusal: Refused | None = None, where: str = ""
) -> HttpResponse:
    """Every team with its sprints. ``where`` names the dialog a refusal belongs to."""
    if refusal is not None and refusal.status == 403:
        raise refusal
    context = {
        "teams": teams_of(
            request.product, timezone.localdate(), all_finished="finished" in request.GET
        ),
        "may_teams": can(request.member, "team.edit"),
        "may_sprints": can(request.member, "sprint.edit"),
        "today": timezone.localdate(),
        "refusal": refusal,
        "where": where,
        "typed": request.POST.dict() if refusal else {},
    }
    status = refusal.status if refusal else 200
    return render(request, "delivery/teams.jinja", context, status=status)


def _fields(request: ProductRequest) -> dict[str, str]:
    return {name: request.POST.get(name, "") for name in ("name", "capacity", "sprint_days")}


def teams(request: ProductRequest) -> HttpResponse:
    """The teams; POST makes one."""
    require(request.member, "team.view")
    if request.method != "POST":
        return page(request)
    try:
        made = do.team_create(by=request.member, product=request.product, **_fields(request))
    except Refused as refusal:
        return page(request, refusal=refusal, where="new-team")
    messages.success(request, _("The team %(name)s was made.") % {"name": made.name})
    return to_teams(request)


@form_of("delivery:teams")
def team(request: ProductRequest, pk: int) -> HttpResponse:
    """Another name, capacity or length of sprints."""
    row = team_row(request, pk)
    try:
        do.team_update(by=request.member, team=row, **_fields(request))
    except Refused as refusal:
        return page(request, refusal=refusal, where=f"team-{pk}")
    return to_teams(request)
