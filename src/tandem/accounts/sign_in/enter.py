"""The one way in: every kind of sign-in ends here and goes on to the second factor if there is one."""

from typing import Any

from allauth.account.internal.flows.login import perform_login, record_authentication
from allauth.account.models import Login
from django.contrib.auth import logout
from django.http import HttpRequest, HttpResponse
from django.utils.http import url_has_allowed_host_and_scheme

from tandem.accounts.models import User


def enter(
    request: HttpRequest, user: User, *, method: str, next: str = "/", **told: Any
) -> HttpResponse:
    """Sign ``user`` in by ``method`` and go to ``next``; asks for the second factor on the way."""
    if request.user.is_authenticated and request.user.pk != user.pk:
        logout(request)
    record_authentication(request, user, method=method, **told)
    login = Login(user=user, redirect_url=next, email=user.email)
    answer: HttpResponse = perform_login(request, login)
    return answer


def next_of(request: HttpRequest) -> str:
    """Where to go afterwards: an address of this site, or the start."""
    address = request.POST.get("next") or request.GET.get("next") or "/"
    return here(request, address)


def here(request: HttpRequest, address: str, otherwise: str = "/") -> str:
    """``address`` if it is one of this site and scheme, else ``otherwise``."""
    if url_has_allowed_host_and_scheme(
        address, allowed_hosts={request.get_host()}, require_https=request.is_secure()
    ):
        return address
    return otherwise
