"""From an event to one delivery per webhook that wants it.

Inside the operation's transaction only one job is written (for an import: one for five hundred
events). The job makes the deliveries; made again after a crash, it makes none twice.
"""

import datetime
import functools
from collections import defaultdict
from collections.abc import Callable, Sequence

from django.db import transaction
from django.db.models import Q
from django.utils import timezone

from tandem.core.models import Event
from tandem.integrations.chats.messages import described
from tandem.integrations.models import Webhook, WebhookDelivery
from tandem.integrations.webhooks import payload

#: Deliveries are kept for so long, for the log and for sending again.
KEPT = datetime.timedelta(days=14)
_AT_ONCE = 500


def announce(events: Sequence[Event]) -> None:
    """Follow ``core.events``: one query when nobody listens, and one job when somebody does."""
    from tandem.integrations.tasks import webhooks_fan_out

    listening = set(
        Webhook.objects.active()
        .filter(workspace_id__in={event.workspace_id for event in events})
        .values_list("workspace_id", flat=True)
    )
    for workspace_id in listening:
        numbers = [event.pk for event in events if event.workspace_id == workspace_id]
        for start in range(0, len(numbers), _AT_ONCE):
            webhooks_fan_out.of(workspace_id).enqueue(numbers[start : start + _AT_ONCE])


def fan_out(numbers: Sequence[int]) -> int:
    """Make the deliveries of these events; returns how many. Idempotent."""
    by_workspace: dict[int, list[Event]] = defaultdict(list)
    for event in Event.objects.filter(pk__in=numbers).order_by("pk"):
        by_workspace[event.workspace_id].append(event)
    made = 0
    for workspace_id, events in by_workspace.items():
        webhooks = Webhook.objects.active().filter(workspace_id=workspace_id)
        for webhook in webhooks.select_related("workspace", "created_by__user"):
            made += _deliveries(webhook, [event for event in events if webhook.wants(event)])
    return made


def forget_old() -> int:
    """Delete what is older than ``KEPT``, some at a time; returns how many."""
    old = WebhookDelivery.objects.filter(created_at__lt=timezone.now() - KEPT)
    deleted = 0
    while batch := list(old.values_list("pk", flat=True)[:_AT_ONCE]):
        deleted += WebhookDelivery.objects.filter(pk__in=batch).delete()[0]
    return deleted


def _deliveries(webhook: Webhook, events: list[Event]) -> int:
    if not events:
        return 0
    told = _told(webhook, events)
    with transaction.atomic():
        locked = Webhook.objects.select_for_update().get(pk=webhook.pk)
        known = set(
            WebhookDelivery.objects.filter(
                webhook=locked, event_id__in=[event.pk for event in events]
            ).values_list("event_id", flat=True)
        )
        now = timezone.now()
        rows = []
        for event, body in told:
            if event.pk in known:
                continue
            rows.append(
                WebhookDelivery(
                    webhook=locked,
                    sequence=locked.next_sequence,
                    event_id=event.pk,
                    kind=event.verb,
                    body=body(locked.next_sequence),
                    next_at=now,
                )
            )
            locked.next_sequence += 1
        WebhookDelivery.objects.bulk_create(rows, batch_size=200)
        locked.save(update_fields=["next_sequence"])
        wake(locked.pk, at=now)
    return len(rows)


#: A body, once its number is known.
Body = Callable[[int], str]


def _told(webhook: Webhook, events: list[Event]) -> list[tuple[Event, Body]]:
    """What is sent of these events. The same events give the same, so that none comes twice."""
    if webhook.is_chat:
        return [(event, lambda _, body=body: body) for event, body in described(webhook, events)]  # type: ignore[misc]
    whole = payload.described(events, workspace=webhook.workspace.slug)
    return [
        (event, functools.partial(payload.body_of, says))
        for event, says in zip(events, whole, strict=True)
    ]


def delivery_add(webhook: Webhook, *, kind: str, body: str) -> WebhookDelivery:
    """One delivery without an event, due at once. ``webhook`` is locked by the caller."""
    now = timezone.now()
    row = WebhookDelivery.objects.create(
        webhook=webhook, sequence=webhook.next_sequence, kind=kind, body=body, next_at=now
    )
    webhook.next_sequence += 1
    webhook.save(update_fields=["next_sequence"])
    return row


def wake(webhook_id: int, *, at: datetime.datetime) -> None:
    """See to it that a job sends what is due at ``at``; one that comes earlier does as well."""
    from tandem.integrations.tasks import webhook_send

    now = timezone.now()
    later = Q(wake_at=None) | Q(wake_at__lte=now) | Q(wake_at__gt=at)
    rows = Webhook.objects.filter(pk=webhook_id)
    workspace_id = rows.values_list("workspace_id", flat=True).first()
    if workspace_id is not None and rows.filter(later).update(wake_at=at):
        job = webhook_send.of(workspace_id).using(run_after=at if at > now else None)
        job.enqueue(webhook_id)
