"""``tandem import`` as people run it: a process of its own on a data folder of its own."""

import json
import os
import signal
import sqlite3
import subprocess
import sys

import pytest

HEAD = "Summary,Issue key,Issue id,Issue Type,Status,Project key,Created,Updated,Description\n"


def write_jira(path, rows):
    with path.open("w", encoding="utf-8") as file:
        file.write(HEAD)
        for number in range(1, rows + 1):
            file.write(
                f"Item {number},BIG-{number},{number},Story,To Do,BIG,"
                f"10/Jan/26 9:00 AM,11/Jan/26 9:00 AM,Text {number}\n"
            )


def tandem(data, *words, **more):
    environment = {**os.environ, "TANDEM_DATA": str(data)}
    environment.pop("DJANGO_SETTINGS_MODULE", None)
    return subprocess.run(
        [sys.executable, "-m", "tandem", *map(str, words)],
        capture_output=True,
        text=True,
        env=environment,
        check=False,
        **more,
    )


def items_in(data):
    with sqlite3.connect(data / "tandem.sqlite3") as database:
        return database.execute("SELECT count(*) FROM backlog_item").fetchone()[0]


def test_it_makes_the_product_and_prints_one_documented_object(tmp_path):
    write_jira(tmp_path / "jira.csv", 3)
    done = tandem(
        tmp_path, "import", "jira-csv", tmp_path / "jira.csv", "--product", "BIG", "--json"
    )
    assert done.returncode == 0, done.stderr
    answer = json.loads(done.stdout)
    assert {key: answer[key] for key in ("rows", "created", "updated", "unchanged", "refused")} == {
        "rows": 3,
        "created": 3,
        "updated": 0,
        "unchanged": 0,
        "refused": [],
    }


def test_a_dry_run_on_an_empty_folder_leaves_no_product(tmp_path):
    write_jira(tmp_path / "jira.csv", 3)
    words = ("import", "auto", tmp_path / "jira.csv", "--product", "BIG")
    tried = tandem(tmp_path, *words, "--dry-run", "--json")
    assert json.loads(tried.stdout)["created"] == 3
    with sqlite3.connect(tmp_path / "tandem.sqlite3") as database:
        assert database.execute("SELECT count(*) FROM accounts_product").fetchone() == (0,)


@pytest.mark.parametrize(
    ("content", "code", "reason"),
    [
        (b"", 1, "empty"),
        (b"\x89PNG\r\n\x1a\n\x00\x00\x00", 1, "not text"),
        (b'Summary,Issue key\n"open,A-1\n', 1, "quote"),
        (None, 1, "nothing.csv"),
    ],
)
def test_a_file_it_cannot_read_is_one_line_and_exit_code_1(tmp_path, content, code, reason):
    path = tmp_path / "nothing.csv"
    if content is not None:
        path.write_bytes(content)
    done = tandem(tmp_path, "import", "csv", path, "--product", "BIG", "--json")
    assert done.returncode == code
    assert done.stdout == ""
    assert done.stderr.startswith("Refused: ")
    assert reason in done.stderr
    assert "Traceback" not in done.stderr


def test_wrong_usage_is_exit_code_2(tmp_path):
    assert tandem(tmp_path, "import", "csv").returncode == 2
    assert tandem(tmp_path, "nonsense").returncode == 2


def test_killed_midway_it_leaves_nothing_and_the_next_run_is_complete(tmp_path):
    write_jira(tmp_path / "jira.csv", 30_000)
    words = ["import", "jira-csv", str(tmp_path / "jira.csv"), "--product", "BIG"]
    environment = {**os.environ, "TANDEM_DATA": str(tmp_path)}
    environment.pop("DJANGO_SETTINGS_MODULE", None)
    process = subprocess.Popen(
        [sys.executable, "-m", "tandem", *words], stderr=subprocess.PIPE, text=True, env=environment
    )
    assert process.stderr is not None
    for line in process.stderr:
        if "5000 rows" in line:
            break
    process.send_signal(signal.SIGKILL)
    process.wait()
    assert items_in(tmp_path) == 0
    write_jira(tmp_path / "jira.csv", 2_000)
    again = tandem(tmp_path, *words, "--json")
    assert json.loads(again.stdout)["created"] == 2_000
    assert items_in(tmp_path) == 2_000
