"""Every write of chat targets by people."""

from collections.abc import Sequence

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from tandem.accounts.models import Member, Product
from tandem.accounts.permissions import require
from tandem.core.errors import Refused
from tandem.integrations.chats import addresses, messages, services
from tandem.integrations.models import Webhook, WebhookDelivery
from tandem.integrations.webhooks.checking import (
    changed,
    deleted,
    locked,
    made,
    must_be_active,
    wanted,
)
from tandem.integrations.webhooks.outbox import delivery_add, wake

MOST_CHATS = 50
#: What a new target hears of unless told otherwise: what people talk about.
USUAL_KINDS = ("approval.*", "comment.*", "item.*", "question.*")


def _name(name: str) -> str:
    if not name.strip():
        raise Refused(_("Say which chat it is, like Team room."), field="name")
    return name.strip()


@transaction.atomic
def chat_create(
    *,
    by: Member,
    name: str,
    address: str,
    product: Product | None = None,
    kinds: Sequence[str] = USUAL_KINDS,
) -> Webhook:
    """A chat that is told of events. ``address`` is apprise's, and never shown again."""
    require(by, "webhook.manage")
    name = _name(name)
    if Webhook.objects.chats_visible_to(by).count() >= MOST_CHATS:
        raise Refused(
            _("A workspace has at most %(most)s chat targets. Delete one first.")
            % {"most": MOST_CHATS}
        )
    service = services.name_of(address)
    chat = Webhook(
        product=product,
        name=name,
        url=service,
        chat_address=addresses.kept(address),
        kinds=list(kinds),
    )
    return made(chat, by=by, verb="chat.created", changes={"service": [None, service]})


@transaction.atomic
def chat_update(
    *,
    by: Member,
    chat: Webhook,
    name: str | None = None,
    address: str | None = None,
    kinds: Sequence[str] | None = None,
    active: bool | None = None,
    product: Product | None = None,
    every_product: bool = False,
) -> Webhook:
    """Change what is given. ``active=True`` starts a paused or stopped one again, from now on."""
    row = locked(by, chat)
    told = wanted(
        row, by=by, kinds=kinds, active=active, product=product, every_product=every_product
    )
    if name is not None:
        told["name"] = _name(name)
    if address:
        told |= {"url": services.name_of(address), "chat_address": addresses.kept(address)}
    return changed(row, told, by=by, verb="chat.updated")


@transaction.atomic
def chat_delete(*, by: Member, chat: Webhook) -> None:
    """Forget the target, its address and its log; it is told nothing more."""
    deleted(locked(by, chat), by=by, verb="chat.deleted", what="service")


@transaction.atomic
def chat_test(*, by: Member, chat: Webhook) -> WebhookDelivery:
    """Tell the chat that somebody tries it."""
    row = locked(by, chat)
    must_be_active(row)
    body = messages.test_message(row, who=by.name)
    delivery = delivery_add(row, kind="chat.test", body=body)
    wake(row.pk, at=timezone.now())
    return delivery
