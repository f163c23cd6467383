"""Links that let somebody in without mail. Each does one thing.

The sample's links are signed addresses that ``tandem up`` prints at every start: they may be used
again for a day, but open only people of the sample workspace. Every other link is a row: it works
once, for a limited time, and only its hash is kept.
"""

import datetime
from typing import Any

from django.core import signing
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from tandem.accounts.models import LinkPurpose, Member, SignInLink, User
from tandem.accounts.models.invitation import hash_of
from tandem.accounts.permissions import require
from tandem.accounts.sign_in import audit
from tandem.accounts.sign_in.factors import refuse_shared
from tandem.core import events
from tandem.core.errors import Refused

_SALT = "tandem.accounts.sign-in-link"
LINK_SECONDS = 60 * 60 * 24
#: How long each kind of single-use link works.
LIFE = {
    LinkPurpose.SIGN_IN: datetime.timedelta(days=1),
    LinkPurpose.PASSWORD: datetime.timedelta(days=1),
}
MAILED_LIFE = datetime.timedelta(hours=1)


def link_token(user: User) -> str:
    """The sample's link for ``user``; it may be used again for a day."""
    # The password's tail makes old links void once the password changes.
    return signing.dumps([user.pk, user.password[-12:]], salt=_SALT, compress=True)


def is_sample_only(user: User) -> bool:
    rows = Member.objects.active().filter(user=user).values_list("workspace__is_sample", flat=True)
    kinds = set(rows)
    return kinds == {True}


def user_of(token: str) -> User:
    """The sample person a printed link stands for, or a refusal that says what to do."""
    try:
        pk, tail = signing.loads(token, salt=_SALT, max_age=LINK_SECONDS)
    except signing.BadSignature as error:
        raise Refused(
            _(
                "This sign-in link is damaged or older than a day. Ask for a new one, or start "
                "Tandem again: it prints new links for the sample people."
            )
        ) from error
    user = User.objects.filter(pk=pk, is_active=True).first()
    if user is None or user.password[-12:] != tail or not is_sample_only(user):
        raise Refused(_("This sign-in link is no longer valid."))
    return user


@transaction.atomic
def link_make(
    *, user: User, purpose: LinkPurpose, by: Member | None = None, mailed: bool = False
) -> str:
    """The secret of a new single-use link. Nobody is asked for permission: see ``password_link``."""
    secret, secret_hash = SignInLink.new_secret()
    SignInLink.objects.create(
        user=user,
        purpose=purpose,
        secret_hash=secret_hash,
        made_by=by,
        mailed=mailed,
        expires_at=timezone.now() + (MAILED_LIFE if mailed else LIFE[purpose]),
    )
    if by is None:
        audit.tell(user, "sign_in_link.made", by_them=False, purpose=purpose.value, mailed=mailed)
    return secret


@transaction.atomic
def password_link(*, by: Member, member: Member) -> str:
    """An administrator's link with which the member chooses a new password."""
    require(by, "member.manage")
    refuse_shared(member)
    secret = link_make(user=member.user, purpose=LinkPurpose.PASSWORD, by=by)
    events.record(
        by=by,
        verb="sign_in_link.made",
        obj=member,
        changes={"purpose": LinkPurpose.PASSWORD.value},
    )
    return secret


def link_of(secret: str, purpose: LinkPurpose) -> SignInLink:
    """The open link, or a refusal that says the same for used, too old and never made."""
    rows = SignInLink.objects.select_related("user")
    link = rows.filter(secret_hash=hash_of(secret), purpose=purpose, user__is_active=True).first()
    if link is None or not link.is_open(timezone.now()):
        raise Refused(
            _("This link is used or too old. Ask the person who gave it to you for a new one.")
        )
    return link


@transaction.atomic
def link_use(*, secret: str, purpose: LinkPurpose, **told: Any) -> User:
    """Use the link up; of two who try at once, one is refused."""
    link = link_of(secret, purpose)
    now = timezone.now()
    if not SignInLink.objects.filter(pk=link.pk, used_at=None).update(used_at=now):
        raise Refused(_("This link was just used."))
    audit.tell(link.user, "sign_in_link.used", purpose=purpose.value, **told)
    return link.user


def links_close(user: User) -> None:
    """No open link of the person works any more."""
    SignInLink.objects.filter(user=user, used_at=None).update(used_at=timezone.now())
