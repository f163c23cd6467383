"""Signing in and out, sign-in links, and the first run."""

from django.contrib.auth import authenticate, login, logout
from django.contrib.auth.decorators import login_not_required
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.http import require_POST

from tandem.accounts import operations
from tandem.accounts.forms import FirstRunForm, SignInForm
from tandem.accounts.links import user_of
from tandem.accounts.models import Member, User
from tandem.core.errors import Refused


def _next(request: HttpRequest) -> str:
    address = request.POST.get("next") or request.GET.get("next") or "/"
    if url_has_allowed_host_and_scheme(address, allowed_hosts={request.get_host()}):
        return address
    return "/"


@login_not_required
def sign_in(request: HttpRequest) -> HttpResponse:
    if not User.objects.exists():
        return redirect("accounts:first-run")
    form = SignInForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        user = authenticate(
            request, username=form.cleaned_data["email"], password=form.cleaned_data["password"]
        )
        if user is not None:
            login(request, user)
            return redirect(_next(request))
        form.add_error(None, "The mail address or the password is not right.")
    status = 422 if form.errors else 200
    context = {"form": form, "next": _next(request)}
    return render(request, "accounts/sign_in.jinja", context, status=status)


@require_POST
def sign_out(request: HttpRequest) -> HttpResponse:
    logout(request)
    return redirect("accounts:sign-in")


@login_not_required
def sign_in_link(request: HttpRequest, token: str) -> HttpResponse:
    """Signs the link's person in; the page with the button keeps link previews from using it."""
    user = user_of(token)
    login(request, user)
    return redirect(_next(request))


@login_not_required
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
                member = operations.workspace_create(name=data["workspace"], user=user)
        except Refused as refusal:
            form.add_error(refusal.field if refusal.field in form.fields else None, refusal.message)
        else:
            login(request, user)
            return redirect("accounts:workspace", workspace=member.workspace.slug)
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
