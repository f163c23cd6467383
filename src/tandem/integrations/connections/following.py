"""What changes here is marked for telling, in the transaction that changes it."""

from collections.abc import Sequence

from django.utils import timezone

from tandem.core import channel
from tandem.core.models import Event
from tandem.integrations.connections.syncing import wake
from tandem.integrations.models import ConnectedItem, ConnectionState

_FIELDS = {"title", "status"}
_AT_ONCE = 500


def mark(events: Sequence[Event]) -> None:
    """Follow ``core.events``: one query where titles or statuses changed, none otherwise."""
    if channel.current() == "connection":
        return  # it comes from there
    changed = [
        event.object_id
        for event in events
        if event.object_kind == "item" and _FIELDS & set(event.changes)
    ]
    for start in range(0, len(changed), _AT_ONCE):
        rows = ConnectedItem.objects.filter(item_id__in=changed[start : start + _AT_ONCE])
        if rows.update(waiting=True, error=""):
            active = rows.filter(connection__state=ConnectionState.ACTIVE)
            for pk in set(active.values_list("connection_id", flat=True)):
                wake(pk, at=timezone.now())
