"""Passwords: checking them in constant time, changing them, and choosing one by a link."""

from allauth.account.adapter import get_adapter
from allauth.account.models import EmailAddress
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.db import transaction
from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop as N_

from tandem.accounts import links, tasks
from tandem.accounts.models import LinkPurpose, User
from tandem.accounts.sign_in import audit, throttle
from tandem.accounts.sign_in.origin import Origin
from tandem.accounts.sign_in.sessions import sessions_end
from tandem.core.errors import Refused

WRONG = N_("The mail address or the password is not right.")


def password_check(request: HttpRequest, email: str, password: str) -> User:
    """The person with this address and password; the same refusal whatever is wrong.

    An unknown address costs one password hash too, and what is noted of a failure is written by a
    job: the time an answer takes does not tell who is here.
    """
    with throttle.counted(request, "sign_in", email):
        user = get_adapter().authenticate(request, email=email, password=password)
        if user is None or not user.is_active:
            note_failure(request, email, "password")
            raise Refused(_(WRONG))
    assert isinstance(user, User)
    return user


def note_failure(request: HttpRequest, email: str, reason: str) -> None:
    origin = Origin.of(request)
    tasks.failure_note.enqueue(
        email=email[:254],
        reason=reason,
        address=origin.address,
        device=origin.device,
        at=timezone.now().isoformat(),
    )


def _checked(user: User, password: str) -> None:
    try:
        validate_password(password, user)
    except ValidationError as error:
        raise Refused(" ".join(error.messages), field="password") from error


@transaction.atomic
def password_change(*, user: User, password: str, keep: str | None = None) -> None:
    """Set the password; ends every open link and every session but ``keep``."""
    _checked(user, password)
    user.set_password(password)
    user.save(update_fields=["password"])
    links.links_close(user)
    sessions_end(user=user, keep=keep, reason="password changed")
    audit.tell(user, "password.changed")


@transaction.atomic
def password_choose(*, secret: str, password: str) -> User:
    """Choose a password by a single-use link; a refused password leaves the link open."""
    link = links.link_of(secret, LinkPurpose.PASSWORD)
    _checked(link.user, password)
    user = links.link_use(secret=secret, purpose=LinkPurpose.PASSWORD)
    password_change(user=user, password=password)
    if link.mailed:
        email_verified(user)
    return user


def email_verified(user: User) -> None:
    """Remember that the mail address is this person's: they opened what was sent there."""
    EmailAddress.objects.update_or_create(
        user=user, email=user.email.lower(), defaults={"verified": True, "primary": True}
    )


def is_email_verified(user: User) -> bool:
    rows = EmailAddress.objects.filter(user=user, email__iexact=user.email, verified=True)
    return bool(rows.exists())
