import pytest

from tandem.core.jobs import worker
from tandem.integrations.models import Webhook, WebhookDelivery


def place(world, rest=""):
    return f"/w/{world.admin.workspace.slug}/webhooks/{rest}"


def text(answer):
    return answer.content.decode()


def test_an_administrator_makes_one_and_sees_its_secret_once(world, receiver):
    client = world.client(world.admin)
    assert "another program can be told" in text(client.get(place(world)))
    answer = client.post(place(world), {"name": "Chat", "url": receiver.url(), "kinds": ["item.*"]})
    assert "whsec_" in text(answer)
    hook = Webhook.objects.get()
    assert (hook.kinds, hook.product) == (["item.*"], None)
    assert "whsec_" not in text(client.get(place(world, f"{hook.pk}/")))
    assert "whsec_" in text(client.post(place(world, f"{hook.pk}/secret/")))


def test_a_bad_address_is_told_beside_its_field(world):
    client = world.client(world.admin)
    answer = client.post(place(world), {"name": "Chat", "url": "http://localhost.invalid:22/"})
    assert answer.status_code == 422
    assert "port 22" in text(answer)
    assert not Webhook.objects.exists()


def test_the_log_shows_what_was_sent_and_sends_it_again(world, hook, receiver):
    client = world.client(world.admin)
    receiver.body = b"<b>thanks</b>"
    client.post(place(world, f"{hook.pk}/ping/"))
    worker.work(until_idle=True)
    page = text(client.get(place(world, f"{hook.pk}/")))
    assert "webhook.ping" in page
    row = WebhookDelivery.objects.get(kind="webhook.ping")
    one = text(client.get(place(world, f"{hook.pk}/deliveries/{row.pk}/")))
    assert "&lt;b&gt;thanks&lt;/b&gt;" in one
    assert str(row.pk) in one
    sent = len(receiver.got)
    client.post(place(world, f"{hook.pk}/deliveries/{row.pk}/sending/"))
    worker.work(until_idle=True)
    ids = [got.headers["webhook-id"] for got in receiver.got[sent:]]
    assert str(row.pk) in ids


def test_one_is_changed_paused_started_and_deleted(world, hook):
    client = world.client(world.admin)
    address = place(world, f"{hook.pk}/")
    changed = {"name": "Build", "url": hook.url, "product": world.product.pk, "kinds": ["item.*"]}
    assert client.post(address, changed).status_code == 302
    client.post(f"{address}state/", {"active": "no"})
    hook.refresh_from_db()
    assert (hook.name, hook.product, hook.state) == ("Build", world.product, "paused")
    client.post(f"{address}state/", {"active": "yes"})
    hook.refresh_from_db()
    assert hook.is_active
    client.post(f"{address}deletion/")
    assert not Webhook.objects.exists()


def test_a_stopped_webhook_says_why(world, hook):
    Webhook.objects.update(state="disabled", state_reason="12 attempts failed in a row.")
    page = text(world.client(world.admin).get(place(world, f"{hook.pk}/")))
    assert "12 attempts failed in a row." in page
    assert "Start again" in page


@pytest.mark.parametrize(
    ("method", "rest"),
    [
        ("get", ""),
        ("post", ""),
        ("get", "{hook}/"),
        ("post", "{hook}/"),
        ("post", "{hook}/secret/"),
        ("post", "{hook}/ping/"),
        ("post", "{hook}/state/"),
        ("post", "{hook}/deletion/"),
        ("get", "{hook}/deliveries/{row}/"),
        ("post", "{hook}/deliveries/{row}/sending/"),
    ],
)
def test_only_administrators_of_the_workspace_come_here(world, hook, method, rest):
    worker.work(until_idle=True)
    rest = rest.format(hook=hook.pk, row=WebhookDelivery.objects.first().pk)
    assert getattr(world.client(world.owner), method)(place(world, rest)).status_code == 403
    assert getattr(world.client(world.outsider), method)(place(world, rest)).status_code == 404
    foreign = f"/w/{world.outsider.workspace.slug}/webhooks/{rest}"
    if rest:
        assert getattr(world.client(world.outsider), method)(foreign).status_code == 404
    assert getattr(world.client(None), method)(place(world, rest)).status_code == 302
