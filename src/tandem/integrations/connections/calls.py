"""Keeping what a tracker called for, until the next turn looks at it."""

from django.db import transaction
from django.utils import timezone

from tandem.integrations.connections.syncing import wake
from tandem.integrations.models import Connection


def call_taken(connection: Connection, *, delivery: str, number: str) -> bool:
    """Keep a call whose signature was checked; the same one counts once."""
    with transaction.atomic():
        _, new = connection.calls.get_or_create(delivery=delivery, defaults={"number": number})
        if new:
            Connection.objects.filter(pk=connection.pk).update(last_hook_at=timezone.now())
            if number and connection.is_active:
                wake(connection.pk, at=timezone.now())
    return new
