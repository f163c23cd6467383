"""From an operation to a receiver that is a real server on loopback."""

import base64
import datetime
import hashlib
import hmac
import json
import socket

from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from tandem.backlog import operations as backlog
from tandem.core import channel, events, forgetting
from tandem.core.importing.source import Source
from tandem.core.jobs import worker
from tandem.core.models import Event, Job
from tandem.core.outgoing.addresses import Allowed
from tandem.integrations.imports.run import adapter_chosen, import_run, mapping_read
from tandem.integrations.models import DeliveryState, Webhook, WebhookDelivery, WebhookState
from tandem.integrations.webhooks import operations as do
from tandem.integrations.webhooks import outbox, sending, signing


def said(receiver):
    return [json.loads(got.body) for got in receiver.got]


def verified(secret, got):
    """What docs/using/webhooks.md tells receivers to do."""
    key = base64.b64decode(secret.removeprefix("whsec_"))
    signed = f"{got.headers['webhook-id']}.{got.headers['webhook-timestamp']}.".encode() + got.body
    expected = "v1," + base64.b64encode(hmac.new(key, signed, hashlib.sha256).digest()).decode()
    return any(
        hmac.compare_digest(each, expected) for each in got.headers["webhook-signature"].split()
    )


def let_pass():
    """Everything that waits becomes due, as after a while."""
    WebhookDelivery.objects.update(next_at=timezone.now() - datetime.timedelta(seconds=1))
    Webhook.objects.update(wake_at=None)
    Job.objects.filter(state="ready").update(run_after=timezone.now())


def test_a_change_is_sent_once_signed_and_as_the_api_shows_it(world, receiver):
    _, secret = do.webhook_create(by=world.admin, name="Chat", url=receiver.url())
    worker.work(until_idle=True)
    receiver.got.clear()
    with channel.through("api"):
        item = backlog.item_create(by=world.owner, product=world.product, title="Book a seat")
    assert receiver.got == []
    worker.work(until_idle=True)
    (got,) = receiver.got
    (told,) = said(receiver)
    assert verified(secret, got)
    assert not verified(signing.secret_of("other"), got)
    event = Event.objects.get(verb="item.created")
    assert told["id"] == event.pk
    assert told["changes"] == event.changes
    assert (told["event"], told["product"], told["channel"]) == ("item.created", "FERRY", "api")
    assert told["who"] == {"id": world.owner.pk, "name": "Petra Holm"}
    assert told["item"]["key"] == item.key
    assert told["item"]["title"] == "Book a seat"
    row = WebhookDelivery.objects.get(event_id=event.pk)
    assert got.headers["webhook-id"] == str(row.pk)
    assert (row.state, row.status, row.answer, row.attempts) == ("delivered", 200, "thanks", 1)
    assert told["sequence"] == row.sequence


def test_an_import_of_two_hundred_items_gives_two_hundred_deliveries(world, hook, receiver):
    worker.work(until_idle=True)
    rows = "".join(f"Item {n},{n}\n" for n in range(200))
    source = Source.from_bytes(f"Title,Id\n{rows}".encode(), name="many.csv")
    with (
        channel.through("import"),
        CaptureQueriesContext(
            connection,
        ) as asked,
    ):
        import_run(
            by=world.owner,
            product=world.product,
            source=source,
            adapter=adapter_chosen(source, "csv"),
            mapping=mapping_read({}, world.product),
            tell=lambda rows, note: None,
        )
    assert len(asked) < 100
    fan_outs = Job.objects.filter(task__endswith="webhooks_fan_out", state="ready")
    assert 0 < fan_outs.count() <= 3
    receiver.got.clear()
    worker.work(until_idle=True)
    imported = [told for told in said(receiver) if told["event"] == "item.imported"]
    assert len(imported) == 200
    assert len({got.headers["webhook-id"] for got in receiver.got}) == len(receiver.got)
    assert {told["item"]["title"] for told in imported} == {f"Item {n}" for n in range(200)}
    numbers = [told["sequence"] for told in said(receiver)]
    assert numbers == sorted(numbers)


def test_what_was_rolled_back_is_not_told(world, hook, receiver):
    worker.work(until_idle=True)
    receiver.got.clear()
    with transaction.atomic():
        backlog.item_create(by=world.owner, product=world.product, title="Never")
        transaction.set_rollback(True)
    worker.work(until_idle=True)
    assert receiver.got == []


def test_only_wanted_events_of_the_wanted_product_are_sent(world, receiver):
    do.webhook_create(
        by=world.admin,
        name="Items",
        url=receiver.url(),
        product=world.product,
        kinds=["item.*", "comment.written"],
    )
    item = backlog.item_create(by=world.owner, product=world.product, title="Book a seat")
    backlog.comment_write(by=world.owner, item=item, text="Soon")
    backlog.criterion_add(by=world.owner, item=item, text="A seat is held")
    backlog.item_create(by=world.outsider, product=world.foreign_product, title="Elsewhere")
    worker.work(until_idle=True)
    assert [told["event"] for told in said(receiver)] == ["item.created", "comment.written"]


def test_without_a_webhook_no_job_is_written(world):
    backlog.item_create(by=world.owner, product=world.product, title="Book a seat")
    assert not Job.objects.filter(task__contains="webhook").exists()


def test_a_fan_out_that_runs_again_makes_no_second_delivery(world, hook):
    event = Event.objects.get(verb="webhook.created")
    assert outbox.fan_out([event.pk]) == 1
    assert outbox.fan_out([event.pk]) == 0
    assert WebhookDelivery.objects.count() == 1


def test_a_dead_receiver_is_tried_again_later_and_later(world, hook, settings):
    with socket.socket() as closed:
        closed.bind(("127.0.0.1", 0))
        Webhook.objects.update(url=f"http://127.0.0.1:{closed.getsockname()[1]}/")
    worker.work(until_idle=True)
    row = WebhookDelivery.objects.get()
    waits = []
    for _ in range(sending.MOST_ATTEMPTS - 1):
        assert row.state == DeliveryState.WAITING
        assert "No connection" in row.error
        waits.append((row.next_at - row.last_at).total_seconds())
        let_pass()
        worker.work(until_idle=True)
        row.refresh_from_db()
    assert (row.state, row.attempts) == (DeliveryState.FAILED, sending.MOST_ATTEMPTS)
    # The last two wait equally long, give or take a fifth.
    assert waits[:-1] == sorted(waits[:-1])
    assert 0.8 * sum(sending.WAITS) <= sum(waits) <= 1.2 * sum(sending.WAITS)
    assert 20 * 3600 < sum(sending.WAITS) < 24 * 3600


def test_a_failed_delivery_is_sent_again_with_the_same_number(world, hook, receiver):
    receiver.status, receiver.body = 500, b"x" * 9000
    worker.work(until_idle=True)
    row = WebhookDelivery.objects.get()
    assert (row.state, row.status, len(row.answer)) == ("waiting", 500, 4096)
    assert row.error == "The receiver answered 500."
    receiver.status, receiver.body = 204, b""
    do.delivery_send_again(by=world.admin, delivery=row)
    worker.work(until_idle=True)
    row.refresh_from_db()
    assert row.state == "delivered"
    first, second = [got for got in receiver.got if got.headers["webhook-id"] == str(row.pk)]
    assert first.body == second.body
    assert Event.objects.filter(verb="webhook.sent_again").count() == 1


def test_one_success_forgets_the_failures(world, hook, receiver):
    receiver.status = 503
    worker.work(until_idle=True)
    hook.refresh_from_db()
    assert hook.failures == 1
    assert hook.failing_since is not None
    receiver.status = 200
    let_pass()
    worker.work(until_idle=True)
    hook.refresh_from_db()
    assert (hook.failures, hook.failing_since) == (0, None)


def test_a_webhook_that_fails_for_a_day_is_stopped_and_that_is_recorded(world, hook, receiver):
    receiver.status = 500
    Webhook.objects.update(
        failures=sending.STOP_AFTER_FAILURES, failing_since=timezone.now() - sending.STOP_AFTER
    )
    worker.work(until_idle=True)
    hook.refresh_from_db()
    assert hook.state == WebhookState.DISABLED
    assert "answered 500" in hook.state_reason
    event = Event.objects.get(verb="webhook.disabled")
    assert (event.member_name, event.workspace_id) == ("Tandem", hook.workspace_id)
    assert not WebhookDelivery.objects.filter(state="waiting").exists()
    sent = len(receiver.got)
    backlog.item_create(by=world.owner, product=world.product, title="Unheard")
    worker.work(until_idle=True)
    assert len(receiver.got) == sent


def test_failures_within_a_short_time_stop_nothing(world, hook, receiver):
    receiver.status = 500
    Webhook.objects.update(failures=500, failing_since=timezone.now())
    worker.work(until_idle=True)
    hook.refresh_from_db()
    assert hook.is_active


def test_a_receiver_that_is_gone_is_stopped_at_once(world, hook, receiver):
    receiver.status = 410
    worker.work(until_idle=True)
    hook.refresh_from_db()
    assert (hook.state, len(receiver.got)) == (WebhookState.DISABLED, 1)


def test_a_receiver_that_is_down_does_not_hold_the_worker(world, hook, receiver):
    receiver.status = 500
    for number in range(8):
        backlog.item_create(by=world.owner, product=world.product, title=f"Item {number}")
    outbox.fan_out(list(Event.objects.values_list("pk", flat=True)))
    assert sending.send_due(hook.pk) == sending.GIVE_WAY
    later = Job.objects.filter(task__endswith="webhook_send", run_after__gt=timezone.now())
    assert later.count() == 1


def test_two_workers_never_send_for_one_webhook_at_once(world, hook, receiver):
    outbox.fan_out(list(Event.objects.values_list("pk", flat=True)))
    Webhook.objects.update(sending_until=timezone.now() + datetime.timedelta(seconds=5))
    assert sending.send_due(hook.pk) == 0
    Webhook.objects.update(sending_until=timezone.now() - datetime.timedelta(seconds=5))
    assert sending.send_due(hook.pk) == len(receiver.got) > 0


def test_after_a_rotation_both_secrets_sign_for_a_day(world, receiver):
    hook, old = do.webhook_create(by=world.admin, name="Chat", url=receiver.url())
    new = do.webhook_rotate_secret(by=world.admin, webhook=hook)
    worker.work(until_idle=True)
    assert all(verified(old, got) and verified(new, got) for got in receiver.got)
    Webhook.objects.update(previous_until=timezone.now())
    receiver.got.clear()
    do.webhook_ping(by=world.admin, webhook=hook)
    worker.work(until_idle=True)
    (got,) = receiver.got
    assert verified(new, got)
    assert not verified(old, got)


def test_no_secret_is_kept_told_or_recorded(world, receiver):
    hook, secret = do.webhook_create(by=world.admin, name="Chat", url=receiver.url())
    new = do.webhook_rotate_secret(by=world.admin, webhook=hook)
    worker.work(until_idle=True)
    kept = json.dumps(
        [
            *Webhook.objects.values("salt", "previous_salt", "name", "url"),
            *Event.objects.values("changes", "object_label"),
            *WebhookDelivery.objects.values("body", "answer"),
        ]
    )
    for each in (secret, new):
        assert each.removeprefix("whsec_") not in kept


def test_a_redirect_to_a_private_address_is_not_followed(world, hook, receiver):
    receiver.status, receiver.headers = 302, {"Location": "http://169.254.169.254/latest/"}
    worker.work(until_idle=True)
    row = WebhookDelivery.objects.get()
    assert row.status == 302
    assert "169.254.169.254" in row.error
    assert "not followed" in row.error
    assert len(receiver.got) == 1


def test_a_private_receiver_is_not_reached_unless_allowed(world, hook, receiver, settings):
    settings.WEBHOOK_ALLOW = Allowed()
    worker.work(until_idle=True)
    row = WebhookDelivery.objects.get()
    assert "TANDEM_WEBHOOK_ALLOW" in row.error
    assert receiver.got == []


def test_a_ping_shows_whether_the_receiver_hears(world, hook, receiver):
    worker.work(until_idle=True)
    receiver.got.clear()
    row = do.webhook_ping(by=world.admin, webhook=hook)
    worker.work(until_idle=True)
    (told,) = said(receiver)
    assert (told["event"], told["id"], told["object"]["label"]) == ("webhook.ping", None, "Chat")
    row.refresh_from_db()
    assert row.state == "delivered"


def test_a_body_that_is_too_long_is_shortened_and_says_so(world, hook, receiver):
    item = backlog.item_create(by=world.owner, product=world.product, title="Long")
    forgetting.forget(Event.objects.all())
    event = events.record(
        by=world.owner, verb="item.updated", obj=item, changes={"description": ["", "ä" * 300_000]}
    )
    outbox.fan_out([event.pk])
    row = WebhookDelivery.objects.get(event_id=event.pk)
    told = json.loads(row.body)
    assert told["shortened"] is True
    assert len(row.body.encode()) < 10_000
    assert told["changes"]["description"][1].startswith("ää")


def test_deliveries_are_forgotten_after_two_weeks(world, hook):
    event = Event.objects.get(verb="webhook.created")
    outbox.fan_out([event.pk])
    WebhookDelivery.objects.update(created_at=timezone.now() - outbox.KEPT)
    assert outbox.forget_old() == 1
    assert not WebhookDelivery.objects.exists()
