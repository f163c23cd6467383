"""Every write of webhooks by people."""

import datetime
from collections.abc import Sequence

from django.conf import settings
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from tandem.accounts.models import Member, Product
from tandem.accounts.permissions import require
from tandem.core import channel, events
from tandem.core.errors import Refused
from tandem.core.outgoing.addresses import Allowed, complaint
from tandem.integrations.models import DeliveryState, Webhook, WebhookDelivery
from tandem.integrations.webhooks import payload, signing
from tandem.integrations.webhooks.checking import (
    changed,
    deleted,
    locked,
    made,
    must_be_active,
    wanted,
)
from tandem.integrations.webhooks.outbox import delivery_add, wake
from tandem.ui.filters import spoken

MOST_WEBHOOKS = 50
#: After a rotation the secret before signs, too, for so long.
BOTH_SECRETS = datetime.timedelta(hours=24)


def _name(name: str) -> str:
    if not name.strip():
        raise Refused(_("Say what the webhook is for."), field="name")
    return name.strip()


def _url(url: str) -> str:
    url = url.strip()
    allowed: Allowed = settings.WEBHOOK_ALLOW
    wrong = complaint(url, allowed)
    if wrong:
        raise Refused(spoken(wrong), field="url")
    return url


@transaction.atomic
def webhook_create(
    *,
    by: Member,
    name: str,
    url: str,
    product: Product | None = None,
    kinds: Sequence[str] = (),
) -> tuple[Webhook, str]:
    """``(webhook, secret)``; the secret is shown once. Without ``kinds``: every event."""
    require(by, "webhook.manage")
    name = _name(name)
    if Webhook.objects.visible_to(by).count() >= MOST_WEBHOOKS:
        raise Refused(
            _("A workspace has at most %(most)s webhooks. Delete one first.")
            % {"most": MOST_WEBHOOKS}
        )
    webhook = Webhook(product=product, name=name, url=_url(url), kinds=list(kinds))
    made(webhook, by=by, verb="webhook.created", changes={"url": [None, webhook.url]})
    return webhook, signing.secret_of(webhook.salt)


@transaction.atomic
def webhook_update(
    *,
    by: Member,
    webhook: Webhook,
    name: str | None = None,
    url: str | None = None,
    kinds: Sequence[str] | None = None,
    active: bool | None = None,
    product: Product | None = None,
    every_product: bool = False,
) -> Webhook:
    """Change what is given. ``active=True`` starts a paused or stopped one again, from now on."""
    row = locked(by, webhook)
    told = wanted(
        row, by=by, kinds=kinds, active=active, product=product, every_product=every_product
    )
    if name is not None:
        told["name"] = _name(name)
    if url is not None:
        told["url"] = _url(url)
    return changed(row, told, by=by, verb="webhook.updated")


@transaction.atomic
def webhook_delete(*, by: Member, webhook: Webhook) -> None:
    """Forget the webhook and its deliveries; nothing is sent any more."""
    deleted(locked(by, webhook), by=by, verb="webhook.deleted", what="url")


@transaction.atomic
def webhook_rotate_secret(*, by: Member, webhook: Webhook) -> str:
    """A new secret, shown once. For a day deliveries are signed with both."""
    row = locked(by, webhook)
    row.previous_salt, row.previous_until = row.salt, timezone.now() + BOTH_SECRETS
    row.salt = signing.new_salt()
    row.save(update_fields=["salt", "previous_salt", "previous_until"])
    events.record(by=by, verb="webhook.secret_rotated", obj=row, product_id=row.product_id)
    return signing.secret_of(row.salt)


@transaction.atomic
def webhook_ping(*, by: Member, webhook: Webhook) -> WebhookDelivery:
    """Send a delivery of the kind ``webhook.ping``, to try the receiver."""
    row = locked(by, webhook)
    must_be_active(row)
    delivery = delivery_add(
        row,
        kind="webhook.ping",
        body=payload.body_of(
            {
                "id": None,
                "event": "webhook.ping",
                "when": timezone.now().isoformat(),
                "workspace": by.workspace.slug,
                "product": row.product.key if row.product else None,
                "item": None,
                "object": {"kind": "webhook", "id": row.pk, "label": row.name},
                "who": {"id": by.pk, "name": by.name},
                "channel": channel.current(),
                "changes": {},
            },
            row.next_sequence,
        ),
    )
    wake(row.pk, at=timezone.now())
    return delivery


@transaction.atomic
def delivery_send_again(*, by: Member, delivery: WebhookDelivery) -> WebhookDelivery:
    """Send a delivery once more, with the same body and number: receivers can tell it is the same."""
    row = locked(by, delivery.webhook)
    must_be_active(row)
    found = WebhookDelivery.objects.select_for_update().get(pk=delivery.pk, webhook=row)
    found.state, found.attempts = DeliveryState.WAITING, 0
    # Before whatever else is due.
    found.next_at = min(timezone.now(), found.created_at)
    found.save(update_fields=["state", "attempts", "next_at"])
    events.record(
        by=by,
        verb="webhook.sent_again",
        obj=row,
        product_id=row.product_id,
        changes={"delivery": [None, str(found.pk)]},
    )
    wake(row.pk, at=timezone.now())
    return found
