"""Passkeys: what the browser is asked for, and checking what it answers."""

import ipaddress
import logging
from typing import Any

from allauth.mfa.models import Authenticator
from allauth.mfa.webauthn.internal import auth
from django.http import HttpRequest
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop as N_

from tandem.accounts.models import User
from tandem.core.errors import Refused

log = logging.getLogger("tandem.sign_in")
NOT_RIGHT = N_("This passkey was not accepted. Try again, or use another way.")


def are_possible(request: HttpRequest) -> bool:
    """Browsers make passkeys for names reached by https, and for localhost; never for an IP address."""
    host = request.get_host().partition(":")[0]
    try:
        ipaddress.ip_address(request.get_host().strip("[]").rpartition("]")[0] or host)
    except ValueError:
        return request.is_secure() or host == "localhost" or host.endswith(".localhost")
    return False


def creation_options(user: User) -> dict[str, Any]:
    """A passkey that finds its person by itself and asks them for finger, face or PIN."""
    options: dict[str, Any] = auth.begin_registration(user, passwordless=True)
    return options


def created(credential: Any) -> dict[str, Any]:
    """The credential, if it answers the question of this session."""
    try:
        auth.parse_registration_response(credential)
        found = auth.complete_registration(credential)
        verified = bool(found.is_user_verified())
    # What a browser sends is bytes from a stranger: many parsers below raise in many ways.
    except Exception as error:
        log.info("a passkey could not be made: %s", type(error).__name__)
        raise Refused(_(NOT_RIGHT)) from error
    if not verified:
        raise Refused(_(NOT_RIGHT))
    assert isinstance(credential, dict)
    return credential


def request_options(user: User | None) -> dict[str, Any]:
    """``None``: whoever holds a passkey for this site."""
    options: dict[str, Any] = auth.begin_authentication(user)
    return options


def answered(credential: Any, user: User | None) -> Authenticator:
    """The passkey that answered the question of this session, of ``user`` or of anybody."""
    try:
        auth.parse_authentication_response(credential)
        if user is None:
            user = auth.extract_user_from_response(credential)
        found: Authenticator = auth.complete_authentication(user, credential)
    # As above.
    except Exception as error:
        log.info("a passkey was refused: %s", type(error).__name__)
        raise Refused(_(NOT_RIGHT)) from error
    return found
