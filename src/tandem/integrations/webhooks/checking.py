"""What every write of webhooks and of chat targets checks and keeps. Both are places we deliver to."""

import re
from collections.abc import Sequence

from django.utils import timezone
from django.utils.translation import gettext as _

from tandem.accounts.models import Member, Product
from tandem.accounts.operations import checked
from tandem.accounts.permissions import require
from tandem.core import events
from tandem.core.errors import Elsewhere, Refused
from tandem.integrations.models import Webhook, WebhookState
from tandem.integrations.webhooks import signing
from tandem.integrations.webhooks.outbox import wake

_KIND = re.compile(r"^[a-z][a-z_]*\.([a-z][a-z_]*|\*)$")


def kinds_checked(kinds: Sequence[str]) -> list[str]:
    found = sorted({kind.strip() for kind in kinds if kind.strip()})
    for kind in found:
        if len(kind) > 60 or not _KIND.match(kind):
            raise Refused(
                _("%(kind)s is no kind of event. It looks like item.created or item.*.")
                % {"kind": kind[:60]},
                field="kinds",
            )
    if len(found) > 100:
        raise Refused(_("Name at most 100 kinds of events, or none for all."), field="kinds")
    return found


def own_product(by: Member, product: Product | None) -> Product | None:
    if product is not None and product.workspace_id != by.workspace_id:
        raise Elsewhere()
    return product


def made(row: Webhook, *, by: Member, verb: str, changes: dict[str, object]) -> Webhook:
    """Keep a new place, told by one event."""
    row.workspace_id, row.created_by, row.salt = by.workspace_id, by, signing.new_salt()
    own_product(by, row.product)
    row.kinds = kinds_checked(row.kinds)
    checked(row)
    row.save()
    changes |= {"kinds": [None, row.kinds]}
    events.record(by=by, verb=verb, obj=row, product_id=row.product_id, changes=changes)
    return row


def wanted(
    row: Webhook,
    *,
    by: Member,
    kinds: Sequence[str] | None,
    active: bool | None,
    product: Product | None,
    every_product: bool,
) -> dict[str, object]:
    """What is to become of the fields that all places have, as far as it is given."""
    found: dict[str, object] = {}
    if kinds is not None:
        found["kinds"] = kinds_checked(kinds)
    if product is not None or every_product:
        found["product"] = own_product(by, product)
    if active is not None and active != row.is_active:
        found["state"] = WebhookState.ACTIVE.value if active else WebhookState.PAUSED.value
    return found


def deleted(row: Webhook, *, by: Member, verb: str, what: str) -> None:
    """Forget a place and its log. ``what`` names ``url`` in the event: a chat keeps its service's name there."""
    changes = {what: [row.url, None]}
    events.record(by=by, verb=verb, obj=row, product_id=row.product_id, changes=changes)
    row.delete()


def locked(by: Member, webhook: Webhook) -> Webhook:
    require(by, "webhook.manage")
    row = Webhook.objects.select_for_update().filter(pk=webhook.pk).first()
    if row is None or row.workspace_id != by.workspace_id:
        raise Elsewhere()
    return row


def changed(row: Webhook, wanted: dict[str, object], *, by: Member, verb: str) -> Webhook:
    """Write what differs, told by one event; a start wakes the sending."""
    changes = {}
    for field, value in wanted.items():
        before = getattr(row, field)
        if before != value:
            changes[field] = [before, value]
            setattr(row, field, value)
    if not changes:
        return row
    if "state" in changes:
        row.state_reason, row.failures, row.failing_since = "", 0, None
    checked(row)
    row.save()
    if "chat_address" in changes:
        changes["chat_address"] = [None, None]
    events.record(by=by, verb=verb, obj=row, product_id=row.product_id, changes=changes)
    if row.is_active and "state" in changes:
        wake(row.pk, at=timezone.now())
    return row


def must_be_active(row: Webhook) -> None:
    if not row.is_active:
        raise Refused(_("The webhook does not send at the moment. Start it again first."))
