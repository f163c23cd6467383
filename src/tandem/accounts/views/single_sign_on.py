"""Going to the OpenID Connect provider and coming back."""

import logging

from allauth.socialaccount.adapter import get_adapter
from allauth.socialaccount.providers.oauth2.client import OAuth2Error
from allauth.socialaccount.providers.openid_connect import views as openid
from django.conf import settings
from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST
from requests import RequestException

from tandem.accounts.sign_in.confirming import is_confirmed
from tandem.accounts.sign_in.enter import next_of
from tandem.accounts.sign_in.single_sign_on import PROVIDER_ID

log = logging.getLogger("tandem.sign_in")


@login_not_required
@require_POST
@never_cache
def go(request: HttpRequest) -> HttpResponse:
    """On to the provider.

    The answer is a page that goes on by itself, not a redirect: browsers hold a redirect after a
    form to the policy's ``form-action``, and the provider's address is only known from discovery.
    """
    if settings.OIDC is None:
        raise Http404
    provider = get_adapter().get_provider(request, PROVIDER_ID)
    connect = request.POST.get("process") == "connect"
    if connect and not (request.user.is_authenticated and is_confirmed(request)):
        return redirect("accounts:confirm")
    try:
        answer = provider.redirect(
            request,
            process="connect" if connect else "login",
            next_url=next_of(request),
        )
    except (RequestException, OAuth2Error, ValueError, KeyError):
        messages.error(
            request,
            _(
                "%(name)s does not answer at the moment. Try again in a minute, or sign in "
                "with your password."
            )
            % {"name": settings.OIDC.name},
        )
        return redirect("accounts:sign-in")
    if answer.status_code != 302:
        return redirect("accounts:sign-in")
    return render(request, "accounts/go_on.jinja", {"address": answer["Location"]})


@login_not_required
@never_cache
def back(request: HttpRequest, provider_id: str) -> HttpResponse:
    """The provider's answer."""
    if settings.OIDC is None or provider_id != PROVIDER_ID:
        raise Http404
    try:
        answer: HttpResponse = openid.callback(request, provider_id)
    except (ValueError, KeyError):
        # An answer that is no JSON, or lacks what it must have.
        log.exception("the answer of the provider cannot be read")
        messages.error(
            request,
            _("%(name)s gave an answer that cannot be read.") % {"name": settings.OIDC.name},
        )
        return redirect("accounts:sign-in")
    return answer
