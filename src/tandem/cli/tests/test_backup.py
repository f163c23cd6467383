"""A backup made while somebody writes, restored elsewhere: nothing acknowledged is missing, and
what is there is of one moment. The parts are the real ones, each in its own process."""

import json
import os
import shutil
import sqlite3
import subprocess
import sys
import zipfile

import psycopg
import pytest

from support.installation import Installation
from support.migrated import migrated_file

#: Makes items one after the other, says the number of each once it is kept, until told to stop.
WRITER = """
import sys, threading
from tandem.cli.base import open_data
open_data(None)
from tandem.accounts.operations import product_create, user_create, workspace_create
from tandem.backlog.operations import item_create
by = workspace_create(name="Sea", user=user_create(email="petra@sea.example", name="Petra"))
product = product_create(by=by, key="SEA")
stopping = threading.Event()
threading.Thread(target=lambda: (sys.stdin.read(), stopping.set()), daemon=True).start()
while not stopping.wait(0.01):
    print(item_create(by=by, product=product, title="Sail").number, flush=True)
"""


def environment(data, url=""):
    return os.environ | {"TANDEM_DATA": str(data), "TANDEM_DATABASE_URL": url}


def tandem(*arguments, data, url="", path=None, code=0):
    env = environment(data, url) | ({"PATH": path} if path else {})
    done = subprocess.run(
        [sys.executable, "-m", "tandem", *map(str, arguments)],
        env=env, capture_output=True, text=True, check=False, timeout=120,
    )  # fmt: skip
    assert done.returncode == code, done.stderr
    return done


def tandems(*commands, data, url="", path=None, remove=()):
    """What each command told; before the last one the folders to ``remove`` go."""
    return Installation(data, url).tandems(
        *commands, environment={"PATH": path} if path else {}, remove=remove
    )


@pytest.fixture
def writer(request):
    """``start(data, url)`` starts a writer; ``acknowledged()`` waits for its next item."""
    running = []

    class Writer:
        def start(self, data, url=""):
            self.process = subprocess.Popen(
                [sys.executable, "-c", WRITER],
                env=environment(data, url), stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True,
            )  # fmt: skip
            running.append(self.process)

        def acknowledged(self):
            return int(self.process.stdout.readline())

        def stop(self):
            self.process.stdin.close()
            last = [int(line) for line in self.process.stdout]
            assert self.process.wait(timeout=60) == 0
            return last[-1] if last else 0

    yield Writer()
    for process in running:
        process.kill()
        process.wait()
        process.stdin.close()
        process.stdout.close()


QUESTIONS = {
    "numbers": "SELECT number FROM backlog_item ORDER BY number",
    "next": "SELECT next_number FROM accounts_product",
    "created": "SELECT count(*) FROM core_event WHERE verb = 'item.created'",
}


def asked_sqlite(data):
    with sqlite3.connect(data / "tandem.sqlite3") as opened:
        return {name: opened.execute(query).fetchall() for name, query in QUESTIONS.items()}


def asked_postgres(url):
    with psycopg.connect(url) as opened:
        return {name: opened.execute(query).fetchall() for name, query in QUESTIONS.items()}


def assert_one_moment(found, acknowledged, last):
    """The product's counter, its items and their events are written together or not at all."""
    numbers = [number for (number,) in found["numbers"]]
    assert numbers == list(range(1, len(numbers) + 1))
    assert found["next"] == [(len(numbers) + 1,)]
    assert found["created"] == [(len(numbers),)]
    assert acknowledged <= len(numbers) <= last


def test_a_backup_under_writes_holds_what_was_acknowledged(tmp_path, writer):
    data, other = tmp_path / "data", tmp_path / "other"
    data.mkdir()
    shutil.copy(migrated_file(), data / "tandem.sqlite3")
    writer.start(data)
    first = writer.acknowledged()
    (data / "imports").mkdir()
    (data / "imports" / "upload-1").write_text("key,title\n")
    for _ in range(5):
        first = writer.acknowledged()
    tandem("backup", tmp_path / "b.zip", data=data)
    last = writer.stop()
    assert last > first
    restore = ("restore", tmp_path / "b.zip")
    restored, refused, replaced = tandems(
        (*restore, "--json"), restore, (*restore, "--replace", "--json"), data=other
    )
    assert restored["code"] == 0, restored["err"]
    told = json.loads(restored["out"])
    assert (told["database"], told["safety_backup"]) == ("sqlite", None)
    assert_one_moment(asked_sqlite(other), first, last)
    assert (other / "imports" / "upload-1").read_text() == "key,title\n"
    assert (other / "secret.key").read_text() == (data / "secret.key").read_text()
    assert (other / "secret.key").stat().st_mode & 0o077 == 0
    assert (tmp_path / "b.zip").stat().st_mode & 0o077 == 0
    # What is there is never written over unasked; asked, it is kept first.
    assert (refused["code"], "not empty" in refused["err"]) == (1, True)
    assert replaced["code"] == 0, replaced["err"]
    with zipfile.ZipFile(json.loads(replaced["out"])["safety_backup"]) as safety:
        safety.extract("tandem.sqlite3", tmp_path / "safe")
    assert asked_sqlite(tmp_path / "safe") == asked_sqlite(other)


@pytest.mark.parametrize("way", ["dump", "rows"])
def test_a_backup_of_postgresql_under_writes_holds_what_was_acknowledged(
    way, tmp_path, writer, migrated_postgres_url
):
    from support.postgres import database

    data, other, url = tmp_path / "data", tmp_path / "other", migrated_postgres_url
    data.mkdir()
    # Without pg_dump on the path Tandem copies the rows itself.
    path = str(tmp_path) if way == "rows" else None
    writer.start(data, url)
    for _ in range(5):
        first = writer.acknowledged()
    made = tandem("backup", tmp_path / "b.zip", "--json", data=data, url=url, path=path)
    last = writer.stop()
    assert json.loads(made.stdout)["database"] == way
    with database() as empty:
        restore = ("restore", tmp_path / "b.zip")
        # The second time the folder is new and only the database is full.
        restored, again = tandems(
            restore, restore, data=other, url=empty, path=path, remove=[other]
        )
        assert restored["code"] == 0, restored["err"]
        assert_one_moment(asked_postgres(empty), first, last)
        # New rows get numbers behind the old ones.
        with psycopg.connect(empty) as opened:
            [(highest,)] = opened.execute("SELECT max(id) FROM backlog_item").fetchall()
            [(following,)] = opened.execute(
                "SELECT nextval(pg_get_serial_sequence('backlog_item', 'id'))"
            ).fetchall()
        assert following > highest
        assert (again["code"], "not empty" in again["err"]) == (1, True)
