"""Sign-in links: a signed address that signs one person in, for a day. Works without mail."""

from django.core import signing

from tandem.accounts.models import User
from tandem.core.errors import Refused

_SALT = "tandem.accounts.sign-in-link"
LINK_SECONDS = 60 * 60 * 24


def link_token(user: User) -> str:
    # The password's tail makes old links void once the password changes.
    return signing.dumps([user.pk, user.password[-12:]], salt=_SALT, compress=True)


def user_of(token: str) -> User:
    try:
        pk, tail = signing.loads(token, salt=_SALT, max_age=LINK_SECONDS)
    except signing.BadSignature as error:
        raise Refused(
            "This sign-in link is damaged or older than a day. Ask for a new one, "
            "or start Tandem again: it prints new links for the sample people."
        ) from error
    user = User.objects.filter(pk=pk, is_active=True).first()
    if user is None or user.password[-12:] != tail:
        raise Refused("This sign-in link is no longer valid.")
    return user
