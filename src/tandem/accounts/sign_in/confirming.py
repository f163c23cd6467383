"""Asking again who is there before what matters is changed."""

import functools
import time
from collections.abc import Callable
from typing import Any

from allauth.account.internal.flows.login import get_authentication_records, record_authentication
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.http import urlencode

from tandem.accounts.models import User

#: How long a sign-in or a confirmation speaks for the person.
SECONDS = 10 * 60


def is_confirmed(request: HttpRequest) -> bool:
    """Whether the person showed who they are within the last ten minutes, in this session."""
    records = get_authentication_records(request, request.user)
    return bool(records) and time.time() - records[-1]["at"] < SECONDS


def factor_shown(request: HttpRequest) -> bool:
    """Whether the last thing they showed, within these ten minutes, was a second factor."""
    records = get_authentication_records(request, request.user)
    return is_confirmed(request) and records[-1].get("method") == "mfa"


def confirm(request: HttpRequest, method: str) -> None:
    assert isinstance(request.user, User)
    record_authentication(request, request.user, method=method, reauthenticated=True)


def confirmed(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    """Before the view, ask for the password or a factor again if that was long ago.

    A form that was sent too late is not kept: the person comes back to the page it stood on.
    """

    @functools.wraps(view)
    def asking(request: Any, *args: Any, **kwargs: Any) -> HttpResponse:
        if is_confirmed(request):
            return view(request, *args, **kwargs)
        back = request.get_full_path()
        if request.method != "GET":
            back = reverse("accounts:sign-in-settings", args=[request.member.workspace.slug])
        return HttpResponseRedirect(f"{reverse('accounts:confirm')}?{urlencode({'next': back})}")

    return asking
