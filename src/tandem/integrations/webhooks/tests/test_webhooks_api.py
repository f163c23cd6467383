import json

import pytest

from tandem.core.jobs import worker
from tandem.integrations.models import Webhook, WebhookDelivery
from tandem.integrations.webhooks import operations as do


def call(client, method, rest, **body):
    answer = client.generic(
        method.upper(), f"/api/v1/webhooks{rest}", json.dumps(body), "application/json"
    )
    return answer.status_code, (answer.json() if answer.content else None)


def test_a_webhook_is_made_changed_tried_and_deleted(world, receiver):
    client = world.client(world.admin)
    status, made = call(
        client, "post", "", name="Chat", url=receiver.url(), product="FERRY", kinds=["item.*"]
    )
    assert status == 201
    assert made["secret"].startswith("whsec_")
    rest = f"/{made['webhook']['id']}"
    status, told = call(client, "patch", rest, product=None, kinds=[])
    assert (status, told["product"], told["kinds"]) == (200, None, [])
    assert "secret" not in told
    assert call(client, "post", f"{rest}/ping")[0] == 202
    worker.work(until_idle=True)
    answer = client.get(f"/api/v1/webhooks{rest}/deliveries?limit=500").json()
    ping = next(each for each in answer["items"] if each["event"] == "webhook.ping")
    assert (ping["state"], ping["status"]) == ("delivered", 200)
    whole = client.get(f"/api/v1/webhooks{rest}/deliveries/{ping['id']}").json()
    assert (whole["body"]["event"], whole["answer"]) == ("webhook.ping", "thanks")
    assert call(client, "post", f"{rest}/deliveries/{ping['id']}/sending")[0] == 202
    assert call(client, "post", f"{rest}/secret")[1]["secret"] != made["secret"]
    assert call(client, "patch", rest, active=False)[1]["state"] == "paused"
    assert call(client, "post", f"{rest}/ping")[0] == 422
    assert call(client, "delete", rest)[0] == 204
    assert not Webhook.objects.exists()


@pytest.mark.parametrize(
    ("field", "value", "words"),
    [
        ("url", "http://10.0.0.1/", "TANDEM_WEBHOOK_ALLOW"),
        ("url", "ftp://example.com/", "https://"),
        ("kinds", ["everything"], "no kind"),
        ("name", " ", "what the webhook is for"),
        ("product", "NONE", "no product"),
    ],
)
def test_bad_input_is_refused_with_the_field_and_makes_nothing(world, field, value, words):
    body = {"name": "Chat", "url": "https://example.com/", field: value}
    status, told = call(world.client(world.admin), "post", "", **body)
    assert (status, told["field"]) == (422, field)
    assert words in told["detail"]
    assert not Webhook.objects.exists()


def test_others_than_administrators_are_refused(world, hook):
    for person in (world.owner, world.technical, world.developer, world.viewer):
        client = world.client(person)
        assert call(client, "get", "")[0] == 403
        assert call(client, "post", "", name="x", url="https://example.com/")[0] == 403
        assert call(client, "post", f"/{hook.pk}/secret")[0] == 403
        assert call(client, "delete", f"/{hook.pk}")[0] == 403


def test_another_workspaces_webhook_does_not_exist(world, hook):
    worker.work(until_idle=True)
    delivery = WebhookDelivery.objects.first()
    client = world.client(world.outsider)
    assert call(client, "get", "") == (200, [])
    for method, rest in [
        ("get", ""),
        ("patch", ""),
        ("delete", ""),
        ("post", "/secret"),
        ("post", "/ping"),
        ("get", "/deliveries"),
        ("get", f"/deliveries/{delivery.pk}"),
        ("post", f"/deliveries/{delivery.pk}/sending"),
    ]:
        assert call(client, method, f"/{hook.pk}{rest}")[0] == 404


def test_the_address_of_an_allowed_network_is_taken(world, receiver):
    made, _ = do.webhook_create(by=world.admin, name="Chat", url="http://127.0.0.1:22/")
    assert made.is_active
