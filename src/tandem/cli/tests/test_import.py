"""``tandem import`` as people type it; killed, in a process of its own."""

import json
import signal
import subprocess

import pytest

from tandem.accounts.models import Product

HEAD = "Summary,Issue key,Issue id,Issue Type,Status,Project key,Created,Updated,Description\n"


def write_jira(path, rows):
    with path.open("w", encoding="utf-8") as file:
        file.write(HEAD)
        for number in range(1, rows + 1):
            file.write(
                f"Item {number},BIG-{number},{number},Story,To Do,BIG,"
                f"10/Jan/26 9:00 AM,11/Jan/26 9:00 AM,Text {number}\n"
            )


def test_it_makes_the_product_and_prints_one_documented_object(command, tmp_path):
    write_jira(tmp_path / "jira.csv", 3)
    done = command("import", "jira-csv", tmp_path / "jira.csv", "--product", "BIG", "--json")
    assert done.returncode == 0, done.stderr
    answer = json.loads(done.stdout)
    assert {key: answer[key] for key in ("rows", "created", "updated", "unchanged", "refused")} == {
        "rows": 3,
        "created": 3,
        "updated": 0,
        "unchanged": 0,
        "refused": [],
    }


def test_a_dry_run_leaves_no_product(command, tmp_path):
    write_jira(tmp_path / "jira.csv", 3)
    words = ("import", "auto", tmp_path / "jira.csv", "--product", "BIG")
    tried = command(*words, "--dry-run", "--json")
    assert json.loads(tried.stdout)["created"] == 3
    assert not Product.objects.exists()


@pytest.mark.parametrize(
    ("content", "code", "reason"),
    [
        (b"", 1, "empty"),
        (b"\x89PNG\r\n\x1a\n\x00\x00\x00", 1, "not text"),
        (b'Summary,Issue key\n"open,A-1\n', 1, "quote"),
        (None, 1, "nothing.csv"),
    ],
)
def test_a_file_it_cannot_read_is_one_line_and_exit_code_1(
    command, tmp_path, content, code, reason
):
    path = tmp_path / "nothing.csv"
    if content is not None:
        path.write_bytes(content)
    done = command("import", "csv", path, "--product", "BIG", "--json")
    assert done.returncode == code
    assert done.stdout == ""
    assert done.stderr.startswith("Refused: ")
    assert reason in done.stderr
    assert "Traceback" not in done.stderr


def test_wrong_usage_is_exit_code_2(command):
    assert command("import", "csv").returncode == 2
    assert command("nonsense").returncode == 2


def test_killed_midway_it_leaves_nothing_and_the_next_run_is_complete(installation, tmp_path):
    write_jira(tmp_path / "jira.csv", 30_000)
    words = ["import", "jira-csv", str(tmp_path / "jira.csv"), "--product", "BIG"]
    process = installation.start(*words, stderr=subprocess.PIPE)
    assert process.stderr is not None
    for line in process.stderr:
        if "5000 rows" in line:
            break
    process.send_signal(signal.SIGKILL)
    process.wait()
    assert installation.count("backlog_item") == 0
    write_jira(tmp_path / "jira.csv", 2_000)
    again = installation.tandem(*words, "--json")
    assert json.loads(again.stdout)["created"] == 2_000
    assert installation.count("backlog_item") == 2_000
