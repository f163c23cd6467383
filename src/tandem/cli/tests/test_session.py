"""``tandem session`` as people type it."""

import json

from tandem.cli.tests.test_import import write_jira


def test_a_session_is_opened_rated_revealed_and_closed(command, tmp_path):
    write_jira(tmp_path / "jira.csv", 3)
    assert command("import", "jira-csv", tmp_path / "jira.csv", "--product", "BIG").returncode == 0
    product = ("--product", "BIG")
    assert "No session was held yet" in command("session", "list", *product).stdout
    refused = command("session", "open", "What first", "BIG-1", *product, "--live")
    assert (refused.returncode, "Make a scoring model first" in refused.stderr) == (1, True)
    opened = command(
        *("session", "open", "How much", "BIG-1", "big-2", *product, "--live"),
        *("--kind", "estimate", "--json"),
    )
    assert opened.returncode == 0, opened.stderr
    told = json.loads(opened.stdout)
    number = str(told["id"])
    assert [each["item"] for each in told["items"]] == ["BIG-1", "BIG-2"]
    said = json.loads(
        command("session", "rate", number, "BIG-1", "effort", "5", *product, "--json").stdout
    )
    assert said["items"][0]["mine"]["effort"]["value"] == 5
    assert said["items"][0]["outcomes"] == []
    refused = command("session", "rate", number, "BIG-3", "effort", "5", *product)
    assert "BIG-3 is not in this session" in refused.stderr
    refused = command("session", "show", number, *product, "--as", "nobody@example.org")
    assert "has the address nobody@example.org" in refused.stderr
    shown = json.loads(command("session", "reveal", number, *product, "--json").stdout)
    assert [each["value"] for each in shown["items"][0]["outcomes"][0]["values"]] == [5]
    assert command("session", "close", number, *product).stdout.startswith(
        f"{number} How much: closed"
    )
    (line,) = json.loads(command("session", "list", *product, "--json").stdout)
    assert (line["id"], line["state"], line["items"]) == (told["id"], "closed", 2)
    refused = command("session", "close", "999999", *product)
    assert (refused.returncode, "There is no session 999999 of BIG" in refused.stderr) == (1, True)
