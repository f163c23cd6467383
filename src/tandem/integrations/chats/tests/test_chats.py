"""From an event to a chat, by apprise, with a real server on loopback for the chat."""

import json
import ssl

import pytest

from tandem.backlog import operations as backlog
from tandem.core.errors import Refused
from tandem.core.jobs import worker
from tandem.core.models import Event
from tandem.core.outgoing.addresses import Allowed
from tandem.core.outgoing.client import Client, NotSent
from tandem.integrations.chats import messages, services
from tandem.integrations.chats import operations as do
from tandem.integrations.models import Webhook, WebhookDelivery
from tandem.integrations.webhooks import outbox
from tandem.integrations.webhooks.tests.conftest import (  # noqa: F401
    certificate,
    jobs_wait_for_the_worker,
    receiver,
)
from tandem.integrations.webhooks.tests.receiver import receiving

WORD = "unspoken-word-of-the-room"


@pytest.fixture
def chat(world, receiver):  # noqa: F811
    """A target for what people talk about, leading to ``receiver``."""
    address = f"json://{receiver.url(f'/{WORD}').removeprefix('http://')}"
    return do.chat_create(by=world.admin, name="Team room", address=address)


def said(receiver):  # noqa: F811
    return [json.loads(got.body) for got in receiver.got]


def test_what_happens_to_items_is_told_with_who_and_where(world, chat, receiver, settings):  # noqa: F811
    settings.ADDRESS = "https://tandem.example"
    item = backlog.item_create(
        by=world.owner, product=world.product, title="Ring the @everyone bell"
    )
    backlog.comment_write(by=world.technical, item=item, text="The rope is worn")
    worker.work(until_idle=True)
    created, comment = said(receiver)
    assert created["title"].startswith(f"{item.key} Ring the @")
    # Nobody's room is called together by a title.
    assert "@everyone" not in created["title"]
    assert world.technical.name in comment["message"]
    assert "The rope is worn" in comment["message"]
    assert f"https://tandem.example/w/{world.admin.workspace.slug}/" in comment["message"]
    # Not among the kinds it follows.
    assert not WebhookDelivery.objects.filter(kind__startswith="chat.").exists()


def test_only_the_product_and_kinds_asked_for_are_told_in_the_makers_language(
    world,
    chat,
    receiver,  # noqa: F811
):
    world.admin.user.language = "de"
    world.admin.user.save()
    do.chat_update(by=world.admin, chat=chat, product=world.product, kinds=["comment.*"])
    item = backlog.item_create(by=world.owner, product=world.product, title="Rope")
    worker.work(until_idle=True)
    assert receiver.got == []
    do.chat_test(by=world.admin, chat=chat)
    backlog.comment_write(by=world.owner, item=item, text="Seil")
    worker.work(until_idle=True)
    assert said(receiver)[0]["title"] == "Ein Test von Tandem"
    assert len(receiver.got) == 2


def test_many_changes_of_one_act_are_one_message(world, chat, receiver):  # noqa: F811
    items = [
        backlog.item_create(by=world.owner, product=world.product, title=f"Rope {number}")
        for number in range(messages.ONE_BY_ONE + 1)
    ]
    numbers = list(Event.objects.filter(verb="item.created").values_list("pk", flat=True))
    assert outbox.fan_out(numbers) == 1
    assert outbox.fan_out(numbers) == 0
    row = WebhookDelivery.objects.get()
    assert f"changed {len(items)} things at once" in json.loads(row.body)["text"]


def test_a_chat_that_fails_is_tried_again_and_the_log_says_why_without_the_secret(
    world,
    chat,
    receiver,  # noqa: F811
):
    receiver.status, receiver.body = 403, f"no room at /{WORD}".encode()
    do.chat_test(by=world.admin, chat=chat)
    worker.work(until_idle=True)
    row = WebhookDelivery.objects.get()
    assert (row.state, row.status, row.error) == ("waiting", 403, "The receiver answered 403.")
    assert row.next_at > row.last_at
    page = world.client(world.admin).get(_place(world, f"{chat.pk}/deliveries/{row.pk}/"))
    assert "no room at /•••" in page.content.decode()
    receiver.status = 200
    world.client(world.admin).post(_place(world, f"{chat.pk}/deliveries/{row.pk}/sending/"))
    worker.work(until_idle=True)
    row.refresh_from_db()
    assert row.state == "delivered"


def test_a_redirect_is_not_followed_whatever_the_address_asks(world, receiver):  # noqa: F811
    receiver.status, receiver.headers = 302, {"Location": "http://169.254.169.254/"}
    made = do.chat_create(
        by=world.admin,
        name="Room",
        address=f"json://127.0.0.1:{receiver.port}/x?redirects=yes&retry=5&verify=no",
    )
    do.chat_test(by=world.admin, chat=made)
    worker.work(until_idle=True)
    row = WebhookDelivery.objects.get()
    assert (row.status, len(receiver.got)) == (302, 1)


def test_tls_is_spoken_and_a_certificate_nobody_knows_is_refused(certificate, monkeypatch):  # noqa: F811
    server = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    server.load_cert_chain(certificate)
    with receiving(server) as room:
        address = f"jsons://hook.example:{room.port}/{WORD}?verify=no"

        def tell() -> int:
            here = Allowed.of(["127.0.0.1"])
            with Client(here, resolve=lambda *_: ["127.0.0.1"]) as client:
                return services.send(address, title="A", text="B", client=client).status

        with pytest.raises(NotSent, match=r"hook\.example is not trusted: self-signed certificate"):
            tell()
        assert room.got == []
        monkeypatch.setenv("SSL_CERT_FILE", str(certificate))
        assert tell() == 200
        assert json.loads(room.got[0].body)["title"] == "A"


def test_a_private_place_is_refused_and_not_reached_later_either(world, chat, receiver, settings):  # noqa: F811
    settings.WEBHOOK_ALLOW = Allowed()
    with pytest.raises(Refused, match="TANDEM_WEBHOOK_ALLOW"):
        do.chat_create(by=world.admin, name="Room", address="json://127.0.0.1:8080/x")
    do.chat_test(by=world.admin, chat=chat)
    worker.work(until_idle=True)
    assert "TANDEM_WEBHOOK_ALLOW" in WebhookDelivery.objects.get().error
    # A name that leads inside is found out when it is asked for.
    with (
        Client(Allowed(), resolve=lambda *_: ["10.0.0.7"]) as client,
        pytest.raises(NotSent, match="not on the public internet"),
    ):
        services.send("json://rebind.example/x", title="A", text="B", client=client)
    assert receiver.got == []


def test_every_service_asks_through_our_client_and_nothing_of_requests_is_left():
    import sys

    from apprise.manager_plugins import NotificationManager

    services.opened("jsons://example.com/made-up")
    for name in services.SERVICES:
        module = sys.modules[NotificationManager()[name].__module__]
        assert module.requests is services.requests
    with pytest.raises(AttributeError):
        services.requests.Session  # noqa: B018
    with pytest.raises(services.requests.ConnectionError):
        services.requests.get("https://example.com/")


@pytest.mark.parametrize(
    ("address", "words"),
    [
        ("http://example.com/hook", "no chat's address"),
        ("syslog://", "no chat's address"),
        ("mailto://a:b@example.com", "no chat's address"),
        ("slack://", "Something is missing"),
        ("slack://T1JJ3T3L2/A1BRTD4JD/TIiajkdnlazkcOXrIdevi7FQ/?template=/etc/passwd", "template"),
        ("json://example.com:22/", "port 22"),
        ("", "no chat's address"),
    ],
)
def test_an_address_that_is_none_or_means_harm_is_refused_with_the_field(world, address, words):
    with pytest.raises(Refused, match=words) as refused:
        do.chat_create(by=world.admin, name="Room", address=address)
    assert refused.value.field == "address"
    assert not Webhook.objects.exists()


def test_the_address_is_a_secret_everywhere(world, chat):
    client = world.client(world.admin)
    do.chat_update(by=world.admin, chat=chat, name="Room")
    answers = [
        client.get(_place(world)),
        client.get(_place(world, f"{chat.pk}/")),
        client.post(_place(world), {"name": "", "address": f"json://example.com/{WORD}"}),
        client.get("/api/v1/chats"),
    ]
    kept = json.dumps(
        [*Webhook.objects.values("url", "chat_address"), *Event.objects.values("changes")]
    )
    assert [answer.status_code for answer in answers] == [200, 200, 422, 200]
    for text in (kept, *(answer.content.decode() for answer in answers)):
        assert WORD not in text
    assert "•••" in services.without_secrets(f"see https://h/{WORD}", f"slack://{WORD}/b/c")


def test_an_administrator_makes_tries_pauses_and_deletes_one_on_the_page(world, receiver):  # noqa: F811
    client = world.client(world.admin)
    address = f"json://127.0.0.1:{receiver.port}/{WORD}"
    answer = client.post(_place(world), {"name": "Room", "address": address, "kinds": ["item.*"]})
    chat = Webhook.objects.get()
    assert (answer.status_code, chat.url, chat.kinds) == (302, "JSON", ["item.*"])
    assert list(Webhook.objects.visible_to(world.admin)) == []
    client.post(_place(world, f"{chat.pk}/test/"))
    worker.work(until_idle=True)
    assert said(receiver)[0]["title"] == "A test from Tandem"
    # An empty address keeps the one there is.
    client.post(_place(world, f"{chat.pk}/"), {"name": "Team", "kinds": ["comment.*"]})
    client.post(_place(world, f"{chat.pk}/state/"), {"active": "no"})
    before = chat.chat_address
    chat.refresh_from_db()
    assert (chat.name, chat.state, chat.chat_address) == ("Team", "paused", before)
    client.post(_place(world, f"{chat.pk}/deletion/"))
    assert not Webhook.objects.exists()
    assert Event.objects.get(verb="chat.deleted").changes == {"service": ["JSON", None]}


def test_the_api_does_the_same(world, receiver):  # noqa: F811
    client = world.client(world.admin)
    address = f"json://127.0.0.1:{receiver.port}/{WORD}"

    def call(method, rest="", **body):
        answer = client.generic(
            method, f"/api/v1/chats{rest}", json.dumps(body), "application/json"
        )
        return answer.status_code, (answer.json() if answer.content else None)

    status, made = call("POST", name="Room", address=address, product="FERRY")
    assert (status, made["service"], made["product"]) == (201, "JSON", "FERRY")
    rest = f"/{made['id']}"
    assert call("PATCH", rest, product=None, active=True)[1]["product"] is None
    assert call("POST", f"{rest}/test")[0] == 202
    worker.work(until_idle=True)
    (listed,) = client.get(f"/api/v1/chats{rest}/deliveries").json()["items"]
    whole = client.get(f"/api/v1/chats{rest}/deliveries/{listed['id']}").json()
    assert (whole["state"], whole["title"], whole["answer"]) == (
        "delivered",
        "A test from Tandem",
        "thanks",
    )
    assert call("POST", f"{rest}/deliveries/{listed['id']}/sending")[0] == 202
    assert call("DELETE", rest)[0] == 204


def _place(world, rest=""):
    return f"/w/{world.admin.workspace.slug}/chats/{rest}"
