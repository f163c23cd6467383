"""The link that brings members of the workspace into a session: signed, for one session alone."""

from django.core import signing
from django.utils.translation import gettext as _

from tandem.core.errors import Refused
from tandem.prioritisation.models import RatingSession

_SALT = "tandem.prioritisation.session"


def link_token(session: RatingSession) -> str:
    """What stands at the end of the session's link. Whoever has it must still sign in."""
    return signing.Signer(salt=_SALT).sign(str(session.pk)).partition(":")[2]


def token_checked(session: RatingSession, token: str) -> None:
    try:
        signing.Signer(salt=_SALT).unsign(f"{session.pk}:{token}")
    except signing.BadSignature:
        raise Refused(
            _("This link is not right. Ask %(facilitator)s for it again.")
            % {"facilitator": session.facilitator.name},
            field="token",
        ) from None
