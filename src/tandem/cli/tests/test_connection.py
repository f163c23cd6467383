"""``tandem connection``, against a small GitHub on loopback."""

import json

from click.testing import CliRunner

from tandem.cli.main import tandem
from tandem.core.outgoing.addresses import Allowed
from tandem.integrations.connections.syncing import sync
from tandem.integrations.connections.tests.tracker import github, issue_of, serving


def test_the_command_line_connects_lists_looks_and_disconnects(world, settings):
    tasks = {name: dict(backend) for name, backend in settings.TASKS.items()}
    tasks["default"]["OPTIONS"] = {"inline": False}
    settings.TASKS, settings.WEBHOOK_ALLOW = tasks, Allowed.of(["127.0.0.1"])
    with serving(github) as tracker:
        for number in (1, 2, 3):
            issue_of(tracker, number, f"Issue {number}")

        def run(*words):
            return CliRunner().invoke(
                tandem, ["connection", *words, "--workspace", "skerry"], input="good\n"
            )

        words = (
            "add",
            "github",
            "club/sea",
            "--product",
            "FERRY",
            "--token-file",
            "-",
            "--url",
            tracker.url,
        )
        made = json.loads(run(*words, "--json").stdout)
        assert made["secret"]
        sync(made["id"])
        (told,) = json.loads(run("list", "--json").stdout)
        assert (told["items"], told["state"]) == (3, "active")
        assert "github club/sea" in run("list").stdout
        assert run("sync", str(made["id"])).exit_code == 0
        assert run("token", str(made["id"]), "--token-file", "-").exit_code == 0
        assert json.loads(run("remove", str(made["id"]), "--json").stdout) == {
            "removed": made["id"]
        }
        assert "There is no connection" in str(run("sync", "7").exception)
