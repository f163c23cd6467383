"""Services: members of the workspace that are no persons, each working by one token of its own."""

import datetime
import secrets
from collections.abc import Sequence

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from tandem.accounts.models import ApiToken, Member, Product, Role, User
from tandem.accounts.permissions import require
from tandem.accounts.scopes import EVERYTHING, scopes_checked
from tandem.core import events
from tandem.core.errors import Refused

#: No mail ever arrives below ``.invalid`` (RFC 2606), so nobody can prove the address theirs.
ADDRESS = "service-{}@service.invalid"


@transaction.atomic
def service_create(
    *,
    by: Member,
    name: str,
    role: str,
    scopes: Sequence[str] = (EVERYTHING,),
    product: Product | None = None,
    expires_at: datetime.datetime | None = None,
) -> tuple[ApiToken, str]:
    """``(token row, whole token)``; the whole token is shown once and not kept.

    The token acts as the service, with the service's role, and goes on working when whoever made
    it leaves. The service's user is not active and has no password: nothing signs in as it.
    """
    require(by, "service.manage", product)
    name = " ".join(name.split())[:80]
    if not name:
        raise Refused(_("Say what the service is called."), field="name")
    if role not in Role.values:
        raise Refused(
            _("%(role)s is no role. Roles: %(roles)s.")
            % {"role": role, "roles": ", ".join(Role.values)},
            field="role",
        )
    if Member.objects.visible_to(by).services().filter(user__name=name).exists():
        raise Refused(
            _("There is a service %(name)s already. Choose another name.") % {"name": name},
            field="name",
        )
    if expires_at is not None and expires_at <= timezone.now():
        raise Refused(_("The token would be expired already."), field="expires_at")
    allowed = scopes_checked(scopes)
    user = User(email=ADDRESS.format(secrets.token_hex(8)), name=name, is_active=False)
    user.set_unusable_password()
    user.save()
    member = Member.objects.create(
        user=user, workspace_id=by.workspace_id, role=role, is_service=True
    )
    prefix, whole = ApiToken.new_secret()
    token = ApiToken.objects.create(
        member=member,
        name=name,
        prefix=prefix,
        secret_hash=ApiToken.hash_of(whole),
        scopes=allowed,
        product=product,
        expires_at=expires_at,
    )
    changes = {
        "role": [None, role],
        "scopes": [None, ", ".join(allowed)],
        "product": [None, product.key if product else None],
        "expires_at": [None, expires_at],
    }
    events.record(by=by, verb="service.created", obj=member, changes=changes)
    return token, whole


@transaction.atomic
def service_revoke(*, by: Member, service: Member) -> None:
    """Its token opens nothing any more; what it did stays under its name."""
    require(by, "service.manage", service)
    if not service.is_service:
        raise Refused(_("That is a person. End their membership on the People page."))
    now = timezone.now()
    service.api_tokens.filter(revoked_at=None).update(revoked_at=now)
    service.ended_at = now
    service.save(update_fields=["ended_at"])
    events.record(by=by, verb="service.revoked", obj=service)
