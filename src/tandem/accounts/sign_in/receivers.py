"""What follows when allauth has let somebody in."""

from typing import Any

from allauth.account.internal.flows.login import get_authentication_records
from django.http import HttpRequest

from tandem.accounts.models import User
from tandem.accounts.sign_in import audit
from tandem.accounts.sign_in.origin import Origin
from tandem.accounts.sign_in.single_sign_on import roles_apply


def signed_in(sender: Any, request: HttpRequest, user: User, **told: Any) -> None:
    """After every sign-in, whatever the method: roles from the provider, then the event."""
    social = told.get("sociallogin")
    if social is not None:
        roles_apply(user, social)
    records = get_authentication_records(request, user)
    methods = " + ".join(record.get("type") or record["method"] for record in records)
    origin = Origin.of(request)
    audit.tell(
        user, "member.signed_in", method=methods, address=origin.address, device=origin.device
    )
