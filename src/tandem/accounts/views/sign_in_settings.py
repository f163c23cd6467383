"""The account page's part about signing in: password, second factors, single sign-on, sessions."""

import base64

from allauth.mfa.adapter import get_adapter
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal.auth import clear_totp_secret, get_totp_secret
from allauth.usersessions.models import UserSession
from django.conf import settings
from django.contrib import messages
from django.contrib.auth import logout, update_session_auth_hash
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_POST

from tandem.accounts.forms import CodeForm, NewPasswordForm, PasskeyForm, PasswordForm
from tandem.accounts.middleware import open_without_factor
from tandem.accounts.requests import MemberRequest
from tandem.accounts.sign_in import factors, passkeys, passwords, sessions, single_sign_on
from tandem.accounts.sign_in.confirming import confirmed
from tandem.accounts.views.second_factor import credential_of
from tandem.core.errors import Refused


def _back(request: MemberRequest) -> HttpResponse:
    return redirect("accounts:sign-in-settings", workspace=request.member.workspace.slug)


@open_without_factor
@never_cache
def sign_in_settings(request: MemberRequest) -> HttpResponse:
    return _page(request)


def _page(
    request: MemberRequest, form: PasswordForm | NewPasswordForm | None = None, status: int = 200
) -> HttpResponse:
    kind = PasswordForm if request.user.has_usable_password() else NewPasswordForm
    context = {
        "form": form or kind(),
        "factors": factors.factors_of(request.user),
        "is_missing": factors.is_missing(request, request.member),
        "has_passkeys": passkeys.are_possible(request),
        "sessions": sessions.sessions_of(request.user, request.session.session_key),
        "provider": settings.OIDC,
        "linked": settings.OIDC is not None and single_sign_on.account_of(request.user),
    }
    return render(request, "accounts/sign_in_settings.jinja", context, status=status)


@open_without_factor
@require_POST
@sensitive_post_parameters("old", "password")
def password_change(request: MemberRequest) -> HttpResponse:
    """With the old password at hand it is its own confirmation; else one signed in just now."""
    if request.user.has_usable_password():
        return _password_set(request, PasswordForm(request.POST))
    return _password_first(request)


@confirmed
def _password_first(request: MemberRequest) -> HttpResponse:
    return _password_set(request, NewPasswordForm(request.POST))


def _password_set(request: MemberRequest, form: PasswordForm | NewPasswordForm) -> HttpResponse:
    if not form.is_valid():
        return _page(request, form, 422)
    data = form.cleaned_data
    try:
        if "old" in data:
            passwords.password_check(request, request.user.email, data["old"])
        passwords.password_change(
            user=request.user, password=data["password"], keep=request.session.session_key
        )
    except Refused as refusal:
        wrong = refusal.message == _(passwords.WRONG)
        field = "old" if wrong else refusal.field
        words = _("This is not your password.") if wrong else refusal.message
        form.add_error(field if field in form.fields else None, words)
        return _page(request, form, refusal.status)
    old_key = request.session.session_key
    update_session_auth_hash(request, request.user)
    UserSession.objects.filter(session_key=old_key).update(session_key=request.session.session_key)
    messages.success(request, _("Your password is changed. Your other sessions have ended."))
    return _back(request)


@open_without_factor
@never_cache
@confirmed
def app(request: MemberRequest) -> HttpResponse:
    """Set up an authenticator app: the picture to scan, and the code that proves it."""
    form = CodeForm(request.POST or None)
    secret = get_totp_secret()
    if request.method == "POST" and form.is_valid():
        try:
            codes = factors.app_add(
                user=request.user, secret=secret, code=form.cleaned_data["code"]
            )
        except Refused as refusal:
            form.add_error("code", refusal.message)
        else:
            clear_totp_secret(request)
            messages.success(request, _("The authenticator app is set up."))
            return _codes(request, codes) if codes else _back(request)
    adapter = get_adapter()
    picture = adapter.build_totp_svg(adapter.build_totp_url(request.user, secret))
    context = {
        "form": form,
        "secret": secret,
        "picture": "data:image/svg+xml;base64," + base64.b64encode(picture.encode()).decode(),
    }
    status = 422 if form.errors else 200
    return render(request, "accounts/app.jinja", context, status=status)


@open_without_factor
@never_cache
@confirmed
def passkey(request: MemberRequest) -> HttpResponse:
    """Add a passkey: the browser makes it, this page only asks and names it."""
    form = PasskeyForm(request.POST or None)
    problem = ""
    if request.method == "POST" and form.is_valid():
        try:
            credential = passkeys.created(credential_of(request))
        except Refused as refusal:
            problem = refusal.message
        else:
            codes = factors.passkey_add(
                user=request.user, name=form.cleaned_data["name"], credential=credential
            )
            messages.success(request, _("The passkey is added."))
            return _codes(request, codes) if codes else _back(request)
    context = {
        "form": form,
        "problem": problem,
        "options": passkeys.creation_options(request.user),
        "possible": passkeys.are_possible(request),
    }
    status = 422 if problem or form.errors else 200
    return render(request, "accounts/passkey.jinja", context, status=status)


@open_without_factor
@require_POST
@never_cache
@confirmed
def codes_make(request: MemberRequest) -> HttpResponse:
    return _codes(request, factors.codes_make(user=request.user))


def _codes(request: MemberRequest, codes: list[str]) -> HttpResponse:
    """The recovery codes, shown once: this page cannot be opened again."""
    text = (
        _("Tandem recovery codes of %(address)s") % {"address": request.user.email}
        + "\n\n"
        + "\n".join(codes)
        + "\n"
    )
    data = "data:text/plain;charset=utf-8;base64," + base64.b64encode(text.encode()).decode()
    return render(request, "accounts/recovery_codes.jinja", {"codes": codes, "data": data})


@open_without_factor
@require_POST
@confirmed
def factor_remove(request: MemberRequest, pk: int) -> HttpResponse:
    rows = Authenticator.objects.filter(user=request.user, type__in=factors.PRIMARY)
    factors.factor_remove(user=request.user, factor=get_object_or_404(rows, pk=pk))
    messages.success(request, _("It is removed."))
    return _back(request)


@open_without_factor
@require_POST
def session_end(request: MemberRequest, pk: int) -> HttpResponse:
    session = get_object_or_404(UserSession, pk=pk, user=request.user)
    is_this = session.session_key == request.session.session_key
    sessions.session_end(user=request.user, session=session)
    if is_this:
        logout(request)
        return redirect("accounts:sign-in")
    messages.success(request, _("The session has ended."))
    return _back(request)


@open_without_factor
@require_POST
def sessions_end(request: MemberRequest) -> HttpResponse:
    count = sessions.sessions_end(user=request.user, keep=request.session.session_key)
    messages.success(
        request,
        _("You are signed in only here now.") if count else _("There was no other session."),
    )
    return _back(request)


@open_without_factor
@require_POST
@confirmed
def unlink(request: MemberRequest) -> HttpResponse:
    single_sign_on.unlink(request.user)
    messages.success(request, _("Your account is no longer linked to the single sign-on."))
    return _back(request)
