import json

from click.testing import CliRunner

from tandem.cli.main import tandem
from tandem.integrations.models import WebhookDelivery


def run(*words, **named):
    words = ["chat", *words, "--workspace", "skerry", "--json"]
    answer = CliRunner().invoke(tandem, words, **named)
    assert answer.exit_code == 0, answer.exception
    return json.loads(answer.stdout)


def test_a_chat_target_is_added_listed_and_tried_without_its_address_on_the_line(world, settings):
    tasks = {name: dict(backend) for name, backend in settings.TASKS.items()}
    tasks["default"]["OPTIONS"] = {"inline": False}
    settings.TASKS = tasks
    made = run("add", "Deck", input="jsons://example.com/made-up\n")
    assert made["service"] == "JSON"
    said = run("test", str(made["id"]))["delivery"]
    (listed,) = run("list")
    assert (listed["name"], listed["service"], listed["waiting"]) == ("Deck", "JSON", 1)
    assert "made-up" not in json.dumps(listed)
    WebhookDelivery.objects.update(state="failed", next_at=None)
    assert run("send-again", "--failed", str(made["id"])) == {"sent_again": [said]}
