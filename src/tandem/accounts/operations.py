"""Every write of workspaces, members, products, invitations and tokens."""

import datetime
from collections.abc import Sequence

from django.conf import settings
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.text import slugify
from django.utils.translation import gettext as _

from tandem.accounts.models import ApiToken, Invitation, Member, Product, Role, User, Workspace
from tandem.accounts.models.invitation import hash_of
from tandem.accounts.models.product import RESERVED_KEYS
from tandem.accounts.permissions import require
from tandem.accounts.scopes import EVERYTHING, scopes_checked
from tandem.core import events
from tandem.core.errors import Refused

INVITATION_DAYS = 14


def checked(instance: object, **fields: str) -> None:
    """Run a model's own validation; the first complaint becomes a refusal naming the field."""
    try:
        instance.full_clean()  # type: ignore[attr-defined]
    except ValidationError as error:
        for field, messages in error.message_dict.items():
            name = None if field == "__all__" else fields.get(field, field)
            raise Refused(messages[0], field=name) from error


def user_create(
    *, email: str, name: str = "", password: str | None = None, taken: str = ""
) -> User:
    """A new person. ``taken`` is said instead, to those who must not learn who is here."""
    email = email.strip()
    if User.objects.filter(email__iexact=email).exists():
        told = _("Somebody with the mail address %(address)s is here already.") % {"address": email}
        raise Refused(taken or told, field="email")
    user = User(email=email, name=name.strip() or email.split("@")[0])
    if password:
        try:
            validate_password(password, user)
        except ValidationError as error:
            raise Refused(" ".join(error.messages), field="password") from error
    user.set_password(password or None)
    checked(user)
    user.save()
    return user


@transaction.atomic
def workspace_create(*, name: str, user: User, slug: str = "", is_sample: bool = False) -> Member:
    """A new workspace with its first administrator."""
    if not name.strip():
        raise Refused(_("A workspace needs a name."), field="name")
    slug = slugify(slug or name)[:50] or "workspace"
    free, number = slug, 2
    while Workspace.objects.filter(slug=free).exists():
        free, number = f"{slug}-{number}", number + 1
    workspace = Workspace(name=name.strip(), slug=free, is_sample=is_sample)
    checked(workspace)
    workspace.save()
    member = Member.objects.create(user=user, workspace=workspace, role=Role.ADMIN)
    events.record(by=member, verb="workspace.created", obj=workspace)
    return member


@transaction.atomic
def first_administrator(
    *, email: str, password: str, workspace: str, besides: str
) -> Member | None:
    """The administrator whom the environment names; nobody once people work here.

    ``besides`` is the command line's own address: a workspace that only it is in gets its first
    person. Never touches a person who is here: the environment cannot set a password anew.
    """
    from tandem.accounts.sign_in.passwords import email_verified

    own = Member.objects.active().filter(workspace__is_sample=False).select_related("workspace")
    others = own.exclude(user__email=besides)
    if others.exists() or User.objects.filter(email__iexact=email.strip()).exists():
        return None
    user = user_create(email=email, password=password)
    email_verified(user)
    host = own.filter(role=Role.ADMIN).order_by("pk").first()
    if host is None:
        return workspace_create(name=workspace, user=user)
    return member_add(by=host, user=user, role=Role.ADMIN)


@transaction.atomic
def member_add(*, by: Member, user: User, role: str) -> Member:
    require(by, "member.manage")
    if role not in Role.values:
        raise Refused(
            _("%(role)s is no role. Roles: %(roles)s.")
            % {"role": role, "roles": ", ".join(Role.values)},
            field="role",
        )
    member, made = Member.objects.get_or_create(
        user=user, workspace_id=by.workspace_id, defaults={"role": role}
    )
    if not made and member.ended_at is None:
        raise Refused(_("%(name)s is a member already.") % {"name": user.name}, field="email")
    if not made:
        member.role, member.ended_at = role, None
        member.save()
    events.record(by=by, verb="member.added", obj=member, changes={"role": [None, role]})
    return member


def other_admins(member: Member) -> bool:
    """Whether the workspace has an administrator besides ``member``."""
    others = Member.objects.active().filter(workspace_id=member.workspace_id, role=Role.ADMIN)
    return others.exclude(pk=member.pk).exists()


@transaction.atomic
def member_change_role(*, by: Member, member: Member, role: str) -> Member:
    require(by, "member.manage")
    if role not in Role.values:
        raise Refused(
            _("%(role)s is no role. Roles: %(roles)s.")
            % {"role": role, "roles": ", ".join(Role.values)},
            field="role",
        )
    if member.role == Role.ADMIN and role != Role.ADMIN and not other_admins(member):
        raise Refused(
            _("A workspace needs an administrator. Name another one first."), field="role"
        )
    before, member.role = member.role, role
    member.save(update_fields=["role"])
    events.record(by=by, verb="member.role_changed", obj=member, changes={"role": [before, role]})
    return member


@transaction.atomic
def language_choose(*, by: Member, language: str) -> User:
    """The language the member reads, here and in mail; empty: as the browser asks."""
    require(by, "account.edit")
    known = dict(settings.LANGUAGES)
    if language and language not in known:
        raise Refused(
            _("“%(language)s” is none of the languages: %(known)s.")
            % {"language": language[:20], "known": ", ".join(known)},
            field="language",
        )
    user = User.objects.select_for_update().get(pk=by.user_id)
    before, user.language = user.language, language
    if before != language:
        user.save(update_fields=["language"])
        changes = {"language": [before, language]}
        events.record(by=by, verb="member.language_chosen", obj=by, changes=changes)
    return user


@transaction.atomic
def member_end(*, by: Member, member: Member) -> Member:
    """The person loses access; what they wrote stays under their name."""
    require(by, "member.manage")
    if member.role == Role.ADMIN and not other_admins(member):
        raise Refused(_("A workspace needs an administrator. Name another one first."))
    member.ended_at = timezone.now()
    member.save(update_fields=["ended_at"])
    events.record(by=by, verb="member.ended", obj=member)
    return member


@transaction.atomic
def invitation_create(*, by: Member, role: str, email: str = "") -> tuple[Invitation, str]:
    """``(invitation, secret)``; the secret makes the link and is not kept."""
    require(by, "member.invite")
    if role not in Role.values:
        raise Refused(
            _("%(role)s is no role. Roles: %(roles)s.")
            % {"role": role, "roles": ", ".join(Role.values)},
            field="role",
        )
    secret = Invitation.new_secret()
    invitation = Invitation(
        workspace_id=by.workspace_id,
        role=role,
        email=email.strip(),
        secret_hash=hash_of(secret),
        invited_by=by,
        expires_at=timezone.now() + datetime.timedelta(days=INVITATION_DAYS),
    )
    checked(invitation)
    invitation.save()
    events.record(by=by, verb="invitation.created", obj=invitation, changes={"role": [None, role]})
    return invitation, secret


def invitation_of(secret: str) -> Invitation:
    """The open invitation a link stands for, or a refusal that says what to do."""
    invitation = Invitation.objects.filter(secret_hash=hash_of(secret)).first()
    if invitation is None or not invitation.is_open(timezone.now()):
        raise Refused(
            _(
                "This invitation is used, withdrawn or too old. Ask the person who sent it for "
                "a new link."
            )
        )
    return invitation


@transaction.atomic
def invitation_accept(*, secret: str, user: User) -> Member:
    invitation = Invitation.objects.select_for_update().get(pk=invitation_of(secret).pk)
    if not invitation.is_open(timezone.now()):
        raise Refused(_("This invitation was just used."))
    member, made = Member.objects.get_or_create(
        user=user, workspace=invitation.workspace, defaults={"role": invitation.role}
    )
    if not made and member.ended_at is not None:
        member.ended_at, member.role = None, invitation.role
        member.save()
    invitation.accepted_by = member
    invitation.save(update_fields=["accepted_by"])
    events.record(by=member, verb="invitation.accepted", obj=invitation)
    return member


@transaction.atomic
def invitation_withdraw(*, by: Member, invitation: Invitation) -> None:
    require(by, "member.invite")
    invitation.withdrawn_at = timezone.now()
    invitation.save(update_fields=["withdrawn_at"])
    events.record(by=by, verb="invitation.withdrawn", obj=invitation)


@transaction.atomic
def product_create(
    *, by: Member, key: str, name: str = "", description: str = "", estimate_unit: str = "points"
) -> Product:
    require(by, "product.create")
    key = key.strip().upper()
    if key in RESERVED_KEYS:
        raise Refused(
            _("%(key)s is a word of Tandem's own addresses. Choose another key.") % {"key": key},
            field="key",
        )
    product = Product(
        workspace_id=by.workspace_id,
        key=key,
        name=name.strip() or key.title(),
        description=description,
        estimate_unit=estimate_unit.strip() or "points",
    )
    checked(product)
    product.save()
    events.record(
        by=by,
        verb="product.created",
        obj=product,
        product_id=product.pk,
        changes={"key": [None, key]},
    )
    return product


@transaction.atomic
def product_update(*, by: Member, product: Product, **fields: str) -> Product:
    """Change ``name``, ``description`` or ``estimate_unit``."""
    require(by, "product.edit")
    changes = {}
    for field in ("name", "description", "estimate_unit"):
        if field in fields and fields[field] != getattr(product, field):
            changes[field] = [getattr(product, field), fields[field]]
            setattr(product, field, fields[field])
    checked(product)
    product.save()
    if changes:
        events.record(
            by=by, verb="product.updated", obj=product, product_id=product.pk, changes=changes
        )
    return product


@transaction.atomic
def token_create(
    *,
    by: Member,
    name: str,
    scopes: Sequence[str] = (EVERYTHING,),
    product: Product | None = None,
    expires_at: datetime.datetime | None = None,
) -> tuple[ApiToken, str]:
    """``(token row, whole token)``; the whole token is shown once and not kept.

    ``scopes``: areas and levels like ``backlog:read``; ``product``: that one's addresses alone.
    """
    require(by, "token.manage", product)
    if not name.strip():
        raise Refused(_("Say what the token is for."), field="name")
    if expires_at is not None and expires_at <= timezone.now():
        raise Refused(_("The token would be expired already."), field="expires_at")
    prefix, whole = ApiToken.new_secret()
    token = ApiToken.objects.create(
        member=by,
        name=name.strip()[:80],
        prefix=prefix,
        secret_hash=ApiToken.hash_of(whole),
        scopes=scopes_checked(scopes),
        product=product,
        expires_at=expires_at,
    )
    changes = {"scopes": [None, ", ".join(token.scopes)], "expires_at": [None, expires_at]}
    events.record(by=by, verb="token.created", obj=token, changes=changes)
    return token, whole


@transaction.atomic
def token_revoke(*, by: Member, token: ApiToken) -> None:
    if token.member_id != by.pk:
        require(by, "member.manage", token)
    token.revoked_at = timezone.now()
    token.save(update_fields=["revoked_at"])
    events.record(by=by, verb="token.revoked", obj=token)
