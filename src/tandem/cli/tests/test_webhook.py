import json

from click.testing import CliRunner

from tandem.cli.main import tandem
from tandem.integrations.models import Webhook, WebhookDelivery
from tandem.integrations.webhooks import operations as do


def run(*words):
    return CliRunner().invoke(tandem, ["webhook", *words, "--workspace", "skerry"])


def test_webhooks_are_listed_and_failed_deliveries_sent_again(world, settings):
    tasks = {name: dict(backend) for name, backend in settings.TASKS.items()}
    tasks["default"]["OPTIONS"] = {"inline": False}
    settings.TASKS = tasks
    hook, _ = do.webhook_create(by=world.admin, name="Chat", url="https://example.com/")
    row = do.webhook_ping(by=world.admin, webhook=hook)
    WebhookDelivery.objects.update(state="failed", next_at=None)
    (told,) = json.loads(run("list", "--json").stdout)
    assert (told["name"], told["waiting"], told["failed"]) == ("Chat", 0, 1)
    answer = json.loads(run("send-again", "--failed", str(hook.pk), "--json").stdout)
    assert answer == {"sent_again": [str(row.pk)]}
    row.refresh_from_db()
    assert row.state == "waiting"
    assert Webhook.objects.get().is_active
    assert "is no delivery" in str(run("send-again", "nonsense").exception)
