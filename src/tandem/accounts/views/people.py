"""Members, invitations, and joining by an invitation's link."""

from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop as N_
from django.views.decorators.http import require_POST

from tandem.accounts import operations
from tandem.accounts.forms import InvitationForm, JoinForm
from tandem.accounts.models import Invitation, Member, Role, User
from tandem.accounts.permissions import can
from tandem.accounts.requests import MemberRequest, form_of
from tandem.accounts.sign_in import factors
from tandem.accounts.sign_in.enter import enter
from tandem.accounts.sign_in.passwords import email_verified
from tandem.core.errors import Refused

#: Does not say whether somebody has this address: whoever holds the link might only be trying.
TAKEN = N_(
    "You cannot join with this mail address and a new password. If you have an account here, "
    "sign in and open the link again; otherwise use another address."
)


def people(
    request: MemberRequest,
    *,
    form: InvitationForm | None = None,
    link: str = "",
    password_link: str = "",
    password_member: Member | None = None,
) -> HttpResponse:
    member = request.member
    invitations = Invitation.objects.none()
    if can(member, "member.invite"):
        invitations = Invitation.objects.filter(
            workspace_id=member.workspace_id,
            accepted_by=None,
            withdrawn_at=None,
            expires_at__gt=timezone.now(),
        ).select_related("invited_by__user")
    context = {
        "members": Member.objects.visible_to(member)
        .active()
        .select_related("user")
        .order_by("user__name"),
        "invitations": invitations,
        "form": form or InvitationForm(),
        "roles": Role.choices,
        "link": link,
        "password_link": password_link,
        "password_member": password_member,
        "with_factor": factors.users_with_factor(member.workspace.members.all())
        if can(member, "member.manage")
        else set(),
    }
    status = 422 if form is not None and form.errors else 200
    return render(request, "accounts/people.jinja", context, status=status)


@form_of("accounts:people")
def invite(request: MemberRequest) -> HttpResponse:
    """Makes the invitation and shows its link once: it can be sent by any means."""
    form = InvitationForm(request.POST)
    if not form.is_valid():
        return people(request, form=form)
    try:
        _made, secret = operations.invitation_create(by=request.member, **form.cleaned_data)
    except Refused as refusal:
        if refusal.field not in form.fields:
            raise
        form.add_error(refusal.field, refusal.message)
        return people(request, form=form)
    link = request.build_absolute_uri(reverse("accounts:join", args=[secret]))
    return people(request, link=link)


@require_POST
def withdraw(request: MemberRequest, pk: int) -> HttpResponse:
    invitation = get_object_or_404(Invitation, pk=pk, workspace_id=request.member.workspace_id)
    operations.invitation_withdraw(by=request.member, invitation=invitation)
    return redirect("accounts:people", workspace=request.member.workspace.slug)


@form_of("accounts:people")
def change_role(request: MemberRequest, pk: int) -> HttpResponse:
    other = get_object_or_404(Member.objects.visible_to(request.member).active(), pk=pk)
    operations.member_change_role(
        by=request.member, member=other, role=request.POST.get("role", "")
    )
    return redirect("accounts:people", workspace=request.member.workspace.slug)


@require_POST
def end(request: MemberRequest, pk: int) -> HttpResponse:
    other = get_object_or_404(Member.objects.visible_to(request.member).active(), pk=pk)
    operations.member_end(by=request.member, member=other)
    return redirect("accounts:people", workspace=request.member.workspace.slug)


@login_not_required
def join(request: HttpRequest, secret: str) -> HttpResponse:
    """Signed in: one button. New here: name, mail address and password, then in."""
    invitation = operations.invitation_of(secret)
    if request.user.is_authenticated:
        if request.method == "POST":
            assert isinstance(request.user, User)
            member = operations.invitation_accept(secret=secret, user=request.user)
            return redirect("accounts:workspace", workspace=member.workspace.slug)
        return render(
            request,
            "accounts/join.jinja",
            {"invitation": invitation, "form": None, "provider": None},
        )
    form = JoinForm(request.POST or None, initial={"email": invitation.email})
    if request.method == "POST" and form.is_valid():
        data = form.cleaned_data
        try:
            with transaction.atomic():
                user = operations.user_create(
                    email=data["email"],
                    name=data["name"],
                    password=data["password"],
                    taken=_(TAKEN),
                )
                if invitation.email and invitation.email.lower() == user.email.lower():
                    # The administrator said whose link this is.
                    email_verified(user)
                member = operations.invitation_accept(secret=secret, user=user)
        except Refused as refusal:
            form.add_error(refusal.field if refusal.field in form.fields else None, refusal.message)
        else:
            return enter(request, user, method="invitation", next=f"/w/{member.workspace.slug}/")
    status = 422 if form.errors else 200
    context = {"invitation": invitation, "form": form, "provider": settings.OIDC}
    return render(request, "accounts/join.jinja", context, status=status)
