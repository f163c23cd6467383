"""A person's second factors: the authenticator app, passkeys and recovery codes."""

import datetime
from dataclasses import dataclass
from typing import Any

from allauth.account.internal.flows.login import get_authentication_records
from allauth.mfa.models import Authenticator
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from allauth.mfa.totp.internal import auth as totp
from allauth.mfa.webauthn.internal.auth import WebAuthn
from django.conf import settings
from django.db import transaction
from django.http import HttpRequest
from django.utils.translation import gettext as _

from tandem.accounts.models import Member, User
from tandem.accounts.permissions import require
from tandem.accounts.sign_in import audit
from tandem.accounts.sign_in.sessions import sessions_end
from tandem.core import events
from tandem.core.errors import Refused

Type = Authenticator.Type
#: What is asked for at sign-in; recovery codes only stand in for one of these.
PRIMARY = (Type.TOTP, Type.WEBAUTHN)
WORDS = {Type.TOTP: "authenticator app", Type.WEBAUTHN: "passkey", Type.RECOVERY_CODES: "codes"}


@dataclass(frozen=True)
class FactorLine:
    pk: int
    kind: str
    name: str
    added_at: datetime.datetime
    used_at: datetime.datetime | None


@dataclass(frozen=True)
class Factors:
    """What a person has set up, for the account page."""

    lines: tuple[FactorLine, ...]
    has_app: bool
    #: How many recovery codes are left; ``None``: none were ever made.
    codes_left: int | None

    @property
    def any(self) -> bool:
        return bool(self.lines)


def factors_of(user: User) -> Factors:
    lines, codes = [], None
    for row in Authenticator.objects.filter(user=user).order_by("created_at"):
        if row.type == Type.RECOVERY_CODES:
            codes = len(row.wrap().get_unused_codes())
            continue
        name = row.wrap().name if row.type == Type.WEBAUTHN else _("Authenticator app")
        lines.append(
            FactorLine(row.pk, WORDS[Type(row.type)], name, row.created_at, row.last_used_at)
        )
    has_app = any(line.kind == WORDS[Type.TOTP] for line in lines)
    return Factors(tuple(lines), has_app, codes)


def has_factor(user: User) -> bool:
    return bool(Authenticator.objects.filter(user=user, type__in=PRIMARY).exists())


def users_with_factor(members: Any) -> set[int]:
    """The numbers of those of the members' users who have one; one query."""
    rows = Authenticator.objects.filter(type__in=PRIMARY, user__memberships__in=members)
    return set(rows.values_list("user_id", flat=True))


def is_missing(request: HttpRequest, member: Member) -> bool:
    """Whether the workspace asks for a second factor that this person has not set up yet."""
    if not member.workspace.second_factor_required:
        return False
    if settings.OIDC is not None and settings.OIDC.second_factor:
        records = get_authentication_records(request, member.user)
        if any(record.get("method") == "socialaccount" for record in records):
            return False
    return not has_factor(member.user)


def code_accept(user: User, code: str) -> Authenticator | None:
    """The factor that ``code`` belongs to, now used up; ``None``: wrong, or used before.

    A code of the app counts once, and none older than the last one counts (RFC 6238, 5.2): the
    number of its half minute is kept with the factor, so that all processes agree.
    """
    code = "".join(code.split())
    with transaction.atomic():
        rows = Authenticator.objects.select_for_update().filter(user=user)
        for row in rows.exclude(type=Type.WEBAUTHN):
            if row.type == Type.TOTP:
                secret = totp.decrypt(row.data["secret"])
                counter = _counter_of(secret, code)
                if counter is None or counter <= row.data.get("last_counter", -1):
                    continue
                row.data["last_counter"] = counter
                row.save(update_fields=["data"])
                return row
            if row.wrap().validate_code(code):
                return row
    return None


def _counter_of(secret: str, code: str) -> int | None:
    for counter in totp.yield_hotp_counters_from_time():
        expected = totp.format_hotp_value(totp.hotp_value(secret, counter))
        if totp.compare_user_code(actual=code, expected=expected):
            return int(counter)
    return None


@transaction.atomic
def app_add(*, user: User, secret: str, code: str) -> list[str]:
    """Set the app up once it shows the right code. Returns new recovery codes, or nothing new."""
    counter = _counter_of(secret, "".join(code.split()))
    if counter is None:
        raise Refused(
            _(
                "This code is not right. Type the six digits the app shows now; if it stays "
                "wrong, check the clock of the phone."
            ),
            field="code",
        )
    if Authenticator.objects.filter(user=user, type=Type.TOTP).exists():
        raise Refused(_("An authenticator app is set up already. Remove it first."), field="code")
    row = totp.TOTP.activate(user, secret).instance
    # The code that proved the set-up is used: it cannot be the first to sign in with.
    row.data["last_counter"] = counter
    row.save(update_fields=["data"])
    audit.tell(user, "second_factor.added", kind=WORDS[Type.TOTP])
    return _codes_first(user)


@transaction.atomic
def passkey_add(*, user: User, name: str, credential: dict[str, Any]) -> list[str]:
    """Keep a passkey whose making was checked. Returns new recovery codes, or nothing new."""
    name = name.strip()[:80] or "Passkey"
    WebAuthn.add(user, name, credential)
    audit.tell(user, "second_factor.added", kind=WORDS[Type.WEBAUTHN], name=name)
    return _codes_first(user)


def _codes_first(user: User) -> list[str]:
    if Authenticator.objects.filter(user=user, type=Type.RECOVERY_CODES).exists():
        return []
    return codes_make(user=user)


@transaction.atomic
def codes_make(*, user: User) -> list[str]:
    """New recovery codes; the old ones are void. They are shown now and never again."""
    if not has_factor(user):
        raise Refused(
            _("Set up an authenticator app or a passkey first: the codes stand in for it.")
        )
    User.objects.select_for_update().get(pk=user.pk)
    Authenticator.objects.filter(user=user, type=Type.RECOVERY_CODES).delete()
    codes: list[str] = RecoveryCodes.activate(user).get_unused_codes()
    audit.tell(user, "recovery_codes.made", count=len(codes))
    return codes


@transaction.atomic
def factor_remove(*, user: User, factor: Authenticator) -> None:
    """Take a factor away; with the last one the recovery codes go too."""
    name = factor.wrap().name if factor.type == Type.WEBAUTHN else ""
    factor.delete()
    if not has_factor(user):
        Authenticator.objects.filter(user=user).delete()
    audit.tell(user, "second_factor.removed", kind=WORDS[Type(factor.type)], name=name)


@transaction.atomic
def factors_reset(*, by: Member, member: Member) -> None:
    """An administrator takes all factors away from somebody who lost theirs; ends their sessions."""
    require(by, "member.manage")
    refuse_shared(member)
    if not Authenticator.objects.filter(user=member.user).exists():
        raise Refused(_("%(name)s has no second factor.") % {"name": member.name})
    factors_clear(member.user)
    events.record(by=by, verb="second_factor.reset", obj=member)


def factors_clear(user: User) -> None:
    Authenticator.objects.filter(user=user).delete()
    sessions_end(user=user, reason="second factor reset")


def refuse_shared(member: Member) -> None:
    """One workspace's administrator must not get hold of an account that others rely on too."""
    others = Member.objects.active().filter(user_id=member.user_id).exclude(pk=member.pk)
    if others.exists():
        raise Refused(
            _(
                "%(name)s is a member of other workspaces too, so no single workspace's "
                "administrator may do this. Whoever runs Tandem can: `tandem user link` and "
                "`tandem user reset-factor`."
            )
            % {"name": member.name}
        )


@transaction.atomic
def factor_require(*, by: Member, required: bool) -> None:
    """Ask every member of the workspace for a second factor, or no longer."""
    require(by, "workspace.manage")
    workspace = by.workspace
    before, workspace.second_factor_required = workspace.second_factor_required, required
    workspace.save(update_fields=["second_factor_required"])
    if before != required:
        events.record(
            by=by,
            verb="workspace.updated",
            obj=workspace,
            changes={"second_factor_required": [before, required]},
        )
