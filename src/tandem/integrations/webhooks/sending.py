"""Sending what is due: signed, in time, again after a failure, and not for ever."""

import datetime
import json
import random
import time
from collections.abc import Callable
from dataclasses import dataclass

from django.conf import settings
from django.db import transaction
from django.db.models import F, Min, Q
from django.utils import timezone

from tandem.core import events
from tandem.core.outgoing.client import Answer, Client, NotSent
from tandem.core.version import version
from tandem.integrations.chats import addresses, services
from tandem.integrations.models import DeliveryState, Webhook, WebhookDelivery, WebhookState
from tandem.integrations.models.webhook import ANSWER_KEPT
from tandem.integrations.webhooks import signing
from tandem.integrations.webhooks.outbox import wake
from tandem.ui.sayings import made_of
from tandem_engine.words import phrase, said

#: Seconds before the second, third, … attempt: together just under a day.
WAITS = (30, 120, 600, 1800, 3600, 7200, 14_400, 28_800, 28_800)
MOST_ATTEMPTS = len(WAITS) + 1
#: A webhook is stopped after so many failed attempts in a row over at least so long a time.
STOP_AFTER_FAILURES = 12
STOP_AFTER = datetime.timedelta(hours=20)
#: One job sends for so long; what is left is the next job's, so that other work gets its turn.
RUN_SECONDS = 20.0
#: After so many failures in a row a job gives way: the receiver is down, not one delivery wrong.
GIVE_WAY = 3
#: Longer than one request may take: a worker that is gone blocks nobody for long.
LEASE = datetime.timedelta(seconds=30)

MakeClient = Callable[[], Client]


@dataclass(frozen=True)
class Tandem:
    """Who acts when nobody does: named in the audit event."""

    workspace_id: int
    pk: None = None
    name: str = "Tandem"


def client() -> Client:
    return Client(settings.WEBHOOK_ALLOW)


def wait_before(attempt: int) -> datetime.timedelta:
    """How long after the ``attempt``-th failure the next one waits: a fifth more or less, so that
    what failed together does not come back together."""
    seconds = WAITS[min(attempt, len(WAITS)) - 1]
    return datetime.timedelta(seconds=seconds * random.uniform(0.8, 1.2))  # noqa: S311


def send_due(webhook_id: int, *, make_client: MakeClient = client) -> int:
    """Send what is due to one webhook; returns how many attempts were made.

    Deliveries go one after the other in their order. Two workers never send for the same webhook
    at the same time; who comes second leaves the work to the first.
    """
    now = timezone.now()
    free = Q(sending_until=None) | Q(sending_until__lt=now)
    rows = Webhook.objects.filter(pk=webhook_id)
    if not rows.active().filter(free).update(sending_until=now + LEASE):
        return 0
    attempts, failed_in_a_row = 0, 0
    ends = time.monotonic() + RUN_SECONDS
    try:
        with make_client() as sender:
            while time.monotonic() < ends and failed_in_a_row < GIVE_WAY:
                webhook = rows.active().first()
                due = _next_due(webhook_id)
                if webhook is None or due is None:
                    break
                rows.update(sending_until=timezone.now() + LEASE)
                attempts += 1
                failed_in_a_row = 0 if attempt(webhook, due, sender) else failed_in_a_row + 1
    finally:
        rows.update(sending_until=None)
    _wake_again(webhook_id, receiver_is_down=failed_in_a_row >= GIVE_WAY)
    return attempts


def _next_due(webhook_id: int) -> WebhookDelivery | None:
    rows = WebhookDelivery.objects.filter(webhook_id=webhook_id, state=DeliveryState.WAITING)
    return rows.filter(next_at__lte=timezone.now()).order_by("next_at", "sequence").first()


def _wake_again(webhook_id: int, *, receiver_is_down: bool) -> None:
    rows = WebhookDelivery.objects.filter(webhook_id=webhook_id, state=DeliveryState.WAITING)
    soonest = rows.aggregate(at=Min("next_at"))["at"]
    webhook = Webhook.objects.active().filter(pk=webhook_id).first()
    if soonest is None or webhook is None:
        return
    now = timezone.now()
    if receiver_is_down:
        soonest = max(soonest, now + wait_before(max(1, webhook.failures // GIVE_WAY)))
    wake(webhook_id, at=max(soonest, now))


def attempt(webhook: Webhook, delivery: WebhookDelivery, sender: Client) -> bool:
    """Send one delivery once and keep what came of it; returns whether it was taken."""
    began = time.monotonic()
    answer: Answer | None = None
    try:
        answer = (_tell if webhook.is_chat else _post)(webhook, delivery, sender)
        error = _complaint(answer)
    except NotSent as reason:
        error = reason.args[0]
    delivery.attempts += 1
    delivery.last_at = timezone.now()
    delivery.duration_ms = round((time.monotonic() - began) * 1000)
    delivery.status = answer.status if answer else None
    text = answer.body.decode("utf-8", "replace").replace("\0", "�") if answer else ""
    delivery.answer = text[:ANSWER_KEPT]
    delivery.error, delivery.said = str(error)[:500], made_of(error)
    _keep(webhook, delivery, gone=answer is not None and answer.status == 410, error=error)
    return not error


def _post(webhook: Webhook, delivery: WebhookDelivery, sender: Client) -> Answer:
    body = delivery.body.encode()
    headers = {
        "content-type": "application/json; charset=utf-8",
        "user-agent": f"Tandem/{version()}",
        "accept": "*/*",
        **signing.headers(webhook, delivery=str(delivery.pk), body=body, now=timezone.now()),
    }
    return sender.post(webhook.url, headers=headers, body=body)


def _tell(chat: Webhook, delivery: WebhookDelivery, sender: Client) -> Answer:
    """Tell a chat. What it answers is kept without the parts of its address."""
    address = addresses.address_of(chat)
    if address is None:
        raise NotSent(said("The address cannot be read any more: give it anew."))
    says = json.loads(delivery.body)
    answer = services.send(address, title=says["title"], text=says["text"], client=sender)
    body = services.without_secrets(answer.body.decode("utf-8", "replace"), address)
    return Answer(answer.status, body.encode(), services.without_secrets(answer.location, address))


def _complaint(answer: Answer) -> str:
    if 200 <= answer.status < 300:
        return ""
    if 300 <= answer.status < 400:
        text = (
            phrase(
                "The receiver redirects to %(place)s (%(status)s). Redirects are not followed: "
                "give the webhook the final address."
            )
            if answer.location
            else phrase(
                "The receiver redirects (%(status)s). Redirects are not followed: "
                "give the webhook the final address."
            )
        )
        return said(text, status=answer.status, place=answer.location)
    return said("The receiver answered %(status)s.", status=answer.status)


@transaction.atomic
def _keep(webhook: Webhook, delivery: WebhookDelivery, *, gone: bool, error: str) -> None:
    now = timezone.now()
    rows = Webhook.objects.filter(pk=webhook.pk)
    if not delivery.error:
        delivery.state, delivery.next_at = DeliveryState.DELIVERED, None
        rows.update(failures=0, failing_since=None)
    elif delivery.attempts >= MOST_ATTEMPTS:
        delivery.state, delivery.next_at = DeliveryState.FAILED, None
    else:
        delivery.next_at = now + wait_before(delivery.attempts)
    # Guarded: the webhook may have been deleted, with its deliveries, while the answer was awaited.
    kept = WebhookDelivery.objects.filter(pk=delivery.pk).update(
        **{
            name: getattr(delivery, name)
            for name in ("attempts", "last_at", "duration_ms", "status", "answer", "error", "said")
        },
        state=delivery.state,
        next_at=delivery.next_at,
    )
    if not kept or not delivery.error:
        return
    rows.update(failures=F("failures") + 1)
    rows.filter(failing_since=None).update(failing_since=now)
    found = rows.select_for_update().first()
    if found is not None and found.is_active:
        _stop_if_hopeless(found, now, gone=gone, error=error)


def _stop_if_hopeless(webhook: Webhook, now: datetime.datetime, *, gone: bool, error: str) -> None:
    long = webhook.failing_since is not None and now - webhook.failing_since >= STOP_AFTER
    if gone:
        reason = said("The receiver answered 410: it does not want to hear more.")
    elif long and webhook.failures >= STOP_AFTER_FAILURES:
        reason = said(
            "%(count)s attempts failed in a row. The last one: %(error)s",
            count=webhook.failures,
            error=error,
        )
    else:
        return
    webhook.state, webhook.state_reason = WebhookState.DISABLED, str(reason)[:300]
    webhook.said = made_of(reason)
    webhook.save(update_fields=["state", "state_reason", "said"])
    WebhookDelivery.objects.filter(webhook=webhook, state=DeliveryState.WAITING).update(
        state=DeliveryState.FAILED, next_at=None
    )
    events.record(
        by=Tandem(webhook.workspace_id),
        verb="webhook.disabled",
        obj=webhook,
        changes={"state": [WebhookState.ACTIVE.value, WebhookState.DISABLED.value]},
    )
