"""``tandem rank`` as people type it."""

import json

from tandem.cli.tests.test_import import write_jira

WANTED = {"key", "rank", "score", "low", "high", "value_lens", "technical_lens"}


def test_it_ranks_an_imported_unrated_product(command, tmp_path):
    write_jira(tmp_path / "jira.csv", 12)
    imported = command("import", "jira-csv", tmp_path / "jira.csv", "--product", "BIG")
    assert imported.returncode == 0, imported.stderr
    run = command("rank", "--product", "big", "--json")
    assert run.returncode == 0, run.stderr
    ranked = json.loads(run.stdout)
    assert [each["key"] for each in ranked] == [f"BIG-{n}" for n in range(1, 13)]
    assert all(set(each) >= WANTED for each in ranked)
    assert all(each["low"] < each["score"] < each["high"] for each in ranked)
    assert all(0 <= each["value_lens"] <= 100 for each in ranked)

    words = command("rank", "--product", "BIG", "--model", "WSJF")
    assert words.returncode == 0
    assert "12 of 12 items rest at least partly on guesses" in words.stdout

    models = json.loads(command("model", "list", "--product", "BIG", "--json").stdout)
    assert [(each["id"], each["is_default"]) for each in models] == [(None, True)]
    none = command("model", "copy", "RICE", "--product", "BIG")
    assert (none.returncode, "no scoring model RICE" in none.stderr) == (1, True)

    past = command("rank", "--product", "BIG", "--as-of", "2020-01-01")
    assert "as of 2020-01-01, ranked by" in past.stdout
    refused = command("rank", "--product", "BIG", "--as-of", "soon")
    assert (refused.returncode, "is no date" in refused.stderr) == (1, True)

    refused = command("rank", "--product", "BIG", "--model", "tarot", "--json")
    assert (refused.returncode, refused.stdout) == (1, "")
    assert "There is no scoring model tarot" in refused.stderr

    tried = command("rank", "--product", "BIG", "--formula", "6 - urgency", "--json")
    assert {each["score"] for each in json.loads(tried.stdout)} == {3.0}
    refused = command("rank", "--product", "BIG", "--formula", "urgency * (effort")
    assert refused.returncode == 1
    assert refused.stderr.endswith("urgency * (effort\n          ^\n")


def test_it_refuses_an_unknown_product_and_wrong_usage(command):
    run = command("rank", "--product", "NONE", "--json")
    assert (run.returncode, run.stdout) == (1, "")
    assert "There is no product NONE" in run.stderr
    assert command("rank").returncode == 2


def test_an_empty_product_has_an_empty_list(command, tmp_path):
    head = "Summary,Issue key,Issue id,Issue Type,Status,Project key,Created,Updated\n"
    row = "Done,ONE-1,1,Story,Done,ONE,10/Jan/26 9:00 AM,11/Jan/26 9:00 AM\n"
    (tmp_path / "jira.csv").write_text(head + row, encoding="utf-8")
    imported = command("import", "jira-csv", tmp_path / "jira.csv", "--product", "ONE")
    assert imported.returncode == 0, imported.stderr
    run = command("rank", "--product", "ONE", "--json")
    assert (run.returncode, json.loads(run.stdout)) == (0, [])
    assert "There is nothing to rank." in command("rank", "--product", "ONE").stdout
