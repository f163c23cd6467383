"""Signing in and out, sign-in links, and the first run."""

from django.conf import settings
from django.contrib.auth import logout
from django.contrib.auth.decorators import login_not_required
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_POST

from tandem.accounts import operations
from tandem.accounts.forms import FirstRunForm, SignInForm
from tandem.accounts.links import link_of, link_use, user_of
from tandem.accounts.models import LinkPurpose, Member, User
from tandem.accounts.sign_in import passkeys
from tandem.accounts.sign_in.enter import enter, next_of
from tandem.accounts.sign_in.origin import Origin
from tandem.accounts.sign_in.passwords import email_verified, password_check
from tandem.core.errors import Refused


@login_not_required
@never_cache
@sensitive_post_parameters("password")
def sign_in(request: HttpRequest) -> HttpResponse:
    if not User.objects.exists():
        return redirect("accounts:first-run")
    form = SignInForm(request.POST or None)
    status = 200
    if request.method == "POST":
        status = 422
        if form.is_valid():
            email = form.cleaned_data["email"]
            try:
                user = password_check(request, email, form.cleaned_data["password"])
            except Refused as refusal:
                form.add_error(None, refusal.message)
                status = refusal.status
            else:
                return enter(request, user, method="password", next=next_of(request))
    context = {
        "form": form,
        "next": next_of(request),
        "provider": settings.OIDC,
        "has_mail": bool(settings.EMAIL_HOST),
        "has_passkeys": passkeys.are_possible(request),
    }
    return render(request, "accounts/sign_in.jinja", context, status=status)


@require_POST
def sign_out(request: HttpRequest) -> HttpResponse:
    logout(request)
    return redirect("accounts:sign-in")


@login_not_required
@never_cache
def sign_in_link(request: HttpRequest, token: str) -> HttpResponse:
    """A link of the sample signs in at once; any other shows a button, so that previews of links
    in mail and chat do not use it up."""
    if ":" in token:
        return enter(request, user_of(token), method="sample link", next=next_of(request))
    if request.method == "POST":
        origin = Origin.of(request)
        user = link_use(
            secret=token,
            purpose=LinkPurpose.SIGN_IN,
            address=origin.address,
            device=origin.device,
        )
        return enter(request, user, method="link", next=next_of(request))
    link = link_of(token, LinkPurpose.SIGN_IN)
    return render(request, "accounts/sign_in_link.jinja", {"person": link.user})


@login_not_required
@sensitive_post_parameters("password")
def first_run(request: HttpRequest) -> HttpResponse:
    """The first person makes the first workspace. Closed for ever once anybody exists."""
    if User.objects.exists():
        return redirect("accounts:sign-in")
    form = FirstRunForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        data = form.cleaned_data
        try:
            with transaction.atomic():
                user = operations.user_create(
                    email=data["email"], name=data["name"], password=data["password"]
                )
                email_verified(user)
                member = operations.workspace_create(name=data["workspace"], user=user)
        except Refused as refusal:
            form.add_error(refusal.field if refusal.field in form.fields else None, refusal.message)
        else:
            return enter(request, user, method="first run", next=f"/w/{member.workspace.slug}/")
    status = 422 if form.errors else 200
    return render(request, "accounts/first_run.jinja", {"form": form}, status=status)


def start(request: HttpRequest) -> HttpResponse:
    """The site's root: the person's workspace, or a word on how to get into one."""
    assert isinstance(request.user, User)
    memberships = Member.objects.active().filter(user=request.user).select_related("workspace")
    member = memberships.order_by("-workspace__is_sample", "joined_at").first()
    if member is None:
        return render(request, "accounts/no_workspace.jinja", {})
    return redirect("accounts:workspace", workspace=member.workspace.slug)
