"""What an administrator does about the members' signing in."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from tandem.accounts.links import password_link
from tandem.accounts.models import Member
from tandem.accounts.requests import MemberRequest
from tandem.accounts.sign_in import factors
from tandem.accounts.views.people import people


def _member(request: MemberRequest, pk: int) -> Member:
    rows = Member.objects.visible_to(request.member).active().select_related("user")
    return get_object_or_404(rows, pk=pk)


@require_POST
def make_password_link(request: MemberRequest, pk: int) -> HttpResponse:
    """Makes the link and shows it once: it can be given by any means."""
    member = _member(request, pk)
    secret = password_link(by=request.member, member=member)
    link = request.build_absolute_uri(reverse("accounts:password-link", args=[secret]))
    return people(request, password_link=link, password_member=member)


@require_POST
def reset_factors(request: MemberRequest, pk: int) -> HttpResponse:
    member = _member(request, pk)
    factors.factors_reset(by=request.member, member=member)
    messages.success(
        request,
        _("%(name)s's second factor is reset, and their sessions have ended.")
        % {"name": member.name},
    )
    return redirect("accounts:people", workspace=request.member.workspace.slug)


@require_POST
def require_factor(request: MemberRequest) -> HttpResponse:
    required = request.POST.get("required") == "on"
    factors.factor_require(by=request.member, required=required)
    messages.success(
        request,
        _("Every member needs a second factor now.")
        if required
        else _("A second factor is each member's own choice now."),
    )
    return redirect("accounts:people", workspace=request.member.workspace.slug)
