"""The second step of signing in, and confirming who is there before something important."""

import json
from typing import Any

from allauth.account.internal.decorators import login_stage_required
from allauth.account.internal.flows.login import record_authentication
from allauth.mfa.models import Authenticator
from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop as N_
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_POST

from tandem.accounts.models import User
from tandem.accounts.sign_in import confirming, factors, passkeys, passwords, throttle
from tandem.accounts.sign_in.adapters import SecondFactorStage
from tandem.accounts.sign_in.enter import enter, next_of
from tandem.core.errors import Refused

WRONG_CODE = N_(
    "This code is not right, or it was used before. Wait for the next one in the app, "
    "or use a recovery code."
)


def credential_of(request: HttpRequest) -> Any:
    """The browser's answer as it was posted; ``None`` when there is none to read."""
    try:
        return json.loads(request.POST.get("credential") or "null")
    except ValueError:
        return None


def _factor_check(request: HttpRequest, user: User) -> Authenticator:
    """The factor whose code or passkey was posted; a refusal when it is wrong or tried too often."""
    with throttle.counted(request, "second_factor", str(user.pk)):
        if "credential" in request.POST:
            return passkeys.answered(credential_of(request), user)
        found = factors.code_accept(user, request.POST.get("code", ""))
        if found is None:
            passwords.note_failure(request, user.email, "second factor")
            raise Refused(_(WRONG_CODE), field="code")
        return found


@login_stage_required(  # type: ignore[untyped-decorator]
    stage=SecondFactorStage.key, redirect_urlname="account_login"
)
def second_factor(request: HttpRequest) -> HttpResponse:
    """After the password: a code of the app, a recovery code, or a passkey."""
    stage = request._login_stage  # type: ignore[attr-defined]
    user: User = stage.login.user
    problem, status = "", 200
    if request.method == "POST":
        try:
            found = _factor_check(request, user)
        except Refused as refusal:
            problem, status = refusal.message, refusal.status
        else:
            found.record_usage()
            record_authentication(request, user, method="mfa", id=found.pk, type=found.type)
            answer: HttpResponse = stage.exit()
            return answer
    kinds = set(Authenticator.objects.filter(user=user).values_list("type", flat=True))
    context = {
        "problem": problem,
        "person": user,
        "has_app": factors.Type.TOTP in kinds,
        "has_codes": factors.Type.RECOVERY_CODES in kinds,
        "options": passkeys.request_options(user) if factors.Type.WEBAUTHN in kinds else None,
    }
    return render(request, "accounts/second_factor.jinja", context, status=status)


@login_not_required
@never_cache
def passkey_options(request: HttpRequest) -> JsonResponse:
    """What the browser must answer to sign in by a passkey alone."""
    throttle.take(request, "passkey")
    return JsonResponse(passkeys.request_options(None))


@login_not_required
@require_POST
def passkey_sign_in(request: HttpRequest) -> HttpResponse:
    throttle.take(request, "passkey")
    found = passkeys.answered(credential_of(request), None)
    found.record_usage()
    assert isinstance(found.user, User)
    if not found.user.is_active:
        raise Refused(_(passkeys.NOT_RIGHT))
    return enter(
        request,
        found.user,
        method="mfa",
        next=next_of(request),
        id=found.pk,
        type=found.type,
        passwordless=True,
    )


@never_cache
@sensitive_post_parameters("password")
def confirm(request: HttpRequest) -> HttpResponse:
    """Who is there? The password, or a factor, once more; then on to ``next``."""
    assert isinstance(request.user, User)
    user = request.user
    problem, status = "", 200
    if request.method == "POST":
        try:
            if "credential" in request.POST or request.POST.get("code"):
                found = _factor_check(request, user)
                found.record_usage()
                method = "mfa"
            else:
                passwords.password_check(request, user.email, request.POST.get("password", ""))
                method = "password"
        except Refused as refusal:
            problem, status = refusal.message, refusal.status
            if problem == _(passwords.WRONG):
                problem = _("The password is not right.")
        else:
            confirming.confirm(request, method)
            return redirect(next_of(request))
    kinds = set(Authenticator.objects.filter(user=user).values_list("type", flat=True))
    has_passkey = factors.Type.WEBAUTHN in kinds
    context = {
        "problem": problem,
        "next": next_of(request),
        "has_password": user.has_usable_password(),
        "has_code": bool(kinds - {factors.Type.WEBAUTHN}),
        "options": passkeys.request_options(user) if has_passkey else None,
        "provider": settings.OIDC,
    }
    return render(request, "accounts/confirm.jinja", context, status=status)
