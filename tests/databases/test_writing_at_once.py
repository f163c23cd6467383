"""Many write at once, and a writer is killed: nothing that was acknowledged is lost."""

import os
import signal
import sqlite3
import subprocess
import sys
from contextlib import closing
from pathlib import Path

import pytest
from django.db import transaction

from tandem.core.database import other
from tandem.core.database_url import sqlite

TESTS = Path(__file__).resolve().parents[1]


def writers(installation, *numbers):
    environment = installation.environment
    path = os.pathsep.join([str(TESTS), *sys.path])
    return subprocess.Popen(
        [sys.executable, "-m", "support.writers", *map(str, numbers)],
        env=environment | {"PYTHONPATH": path},
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        start_new_session=True,
    )


@pytest.fixture
def rows(installation, django_db_blocker):
    """Read the installation's database from outside."""

    def read(sql):
        with (
            django_db_blocker.unblock(),
            other(installation.settings) as connection,
            connection.cursor() as cursor,
        ):
            cursor.execute(sql)
            return cursor.fetchall()

    return read


def test_fifty_writers_at_once_lose_nothing_and_none_is_locked_out(installation, rows):
    said, _ = writers(installation, 5, 10, 3).communicate(timeout=240)
    lines = said.splitlines()
    assert [line for line in lines if line.startswith(("ERROR", "Traceback"))] == []
    assert len(lines) == len(set(lines)) == 150
    found = rows("SELECT number, rank, title FROM backlog_item ORDER BY number")
    assert {title for _, _, title in found} == set(lines)
    assert [number for number, _, _ in found] == list(range(1, 151))
    assert len({rank for _, rank, _ in found}) == 150
    assert rows("SELECT count(*) FROM backlog_comment") == [(150,)]
    created = "SELECT count(*) FROM core_event WHERE verb IN ('item.created', 'comment.written')"
    assert rows(created) == [(300,)]


def test_a_writer_killed_at_work_loses_nothing_it_acknowledged(installation, rows):
    process = writers(installation, 2, 3, 0)
    acknowledged = [next(process.stdout).strip() for _ in range(40)]
    os.killpg(process.pid, signal.SIGKILL)
    acknowledged += [line.strip() for line in process.stdout if line.endswith("\n")]
    process.wait()
    assert [line for line in acknowledged if line.startswith("ERROR")] == []
    found = rows("SELECT title, number FROM backlog_item")
    assert set(acknowledged) <= {title for title, _ in found}
    assert sorted(number for _, number in found) == list(range(1, len(found) + 1))
    comments = rows("SELECT text FROM backlog_comment")
    assert set(acknowledged) <= {text for (text,) in comments}
    # Half an item is none: each row stands with the event that tells of it.
    events = rows("SELECT count(*) FROM core_event WHERE verb = 'item.created'")
    assert events == [(len(found),)]
    if not installation.url:
        assert rows("PRAGMA integrity_check") == [("ok",)]


def test_sqlite_writes_ahead_waits_and_begins_with_the_lock(tmp_path, django_db_blocker):
    def pragma(name):
        with connection.cursor() as cursor:
            cursor.execute(f"PRAGMA {name}")
            return cursor.fetchone()[0]

    with django_db_blocker.unblock(), other(sqlite(tmp_path / "new.sqlite3")) as connection:
        assert pragma("journal_mode") == "wal"
        assert pragma("busy_timeout") == 20_000
        assert pragma("foreign_keys") == 1
        late = sqlite3.connect(tmp_path / "new.sqlite3", timeout=0)
        # Held though nothing was written yet: a transaction never finds out half-way.
        with (
            closing(late),
            transaction.atomic(using=connection.alias),
            pytest.raises(sqlite3.OperationalError, match="locked"),
        ):
            late.execute("BEGIN IMMEDIATE")
