"""What a delivery says: documented in docs/using/webhooks.md, the form is an interface."""

import json
from collections.abc import Sequence
from typing import Any

from tandem.accounts.models import Product
from tandem.backlog.models import Item
from tandem.core.events import told
from tandem.core.models import Event

#: A body is never longer; a change that is too long is told without its texts.
BODY_BYTES = 256 * 1024
_LONG_VALUE = 2000


def _items(events: Sequence[Event]) -> dict[int, dict[str, Any]]:
    numbers = {event.object_id for event in events if event.object_kind == "item"}
    rows = Item.objects.filter(pk__in=numbers).select_related("status", "product")
    return {
        row.pk: {
            "key": row.key,
            "kind": row.kind,
            "title": row.title,
            "status": row.status.name,
            "category": row.status.category,
            "version": row.version,
            "deleted": row.deleted_at is not None,
        }
        for row in rows
    }


def described(events: Sequence[Event], *, workspace: str) -> list[dict[str, Any]]:
    """Each event as its deliveries tell it, all but the sequence number. Three queries in all."""
    wanted = {event.product_id for event in events if event.product_id}
    products = dict(Product.objects.filter(pk__in=wanted).values_list("pk", "key"))
    items = _items(events)
    return [
        {
            "id": event.pk,
            "event": event.verb,
            "when": event.at.isoformat(),
            "workspace": workspace,
            "product": products.get(event.product_id or 0),
            "item": items.get(event.object_id) if event.object_kind == "item" else None,
            "object": {
                "kind": event.object_kind,
                "id": event.object_id,
                "label": event.object_label,
            },
            "who": {"id": event.member_id, "name": event.member_name},
            "channel": event.channel,
            "changes": told(event),
        }
        for event in events
    ]


def _shortened(value: Any) -> Any:
    if isinstance(value, str) and len(value) > _LONG_VALUE:
        return value[:_LONG_VALUE] + " …"
    if isinstance(value, list):
        return [_shortened(each) for each in value[:50]]
    if isinstance(value, dict):
        return {name: _shortened(each) for name, each in list(value.items())[:50]}
    return value


def body_of(told: dict[str, Any], sequence: int) -> str:
    """The body as it is sent. A longer one than ``BODY_BYTES`` says so and is shortened."""
    whole = {**told, "sequence": sequence, "shortened": False}
    text = json.dumps(whole, ensure_ascii=False)
    if len(text.encode()) > BODY_BYTES:
        whole |= {"changes": _shortened(told.get("changes")), "shortened": True}
        text = json.dumps(whole, ensure_ascii=False)
    if len(text.encode()) > BODY_BYTES:
        text = json.dumps({**whole, "changes": {}}, ensure_ascii=False)
    return text
