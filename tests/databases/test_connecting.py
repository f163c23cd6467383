"""A database that cannot be used is said in one line, by every command."""

import os
import subprocess
import sys
from urllib.parse import urlsplit

import pytest
from django.db import connections

from tandem.config import env
from tandem.core import database, database_url
from tandem.core.errors import Refused


def command(*words, tmp_path, **environment):
    return subprocess.run(
        [sys.executable, "-m", "tandem", *words],
        env={**os.environ, "TANDEM_DATA": str(tmp_path), **environment},
        capture_output=True,
        text=True,
        timeout=240,
        check=False,
    )


@pytest.fixture
def connected(monkeypatch):
    """Make the database of a URL the one Tandem would work with."""

    def connect(url):
        made = connections.configure_settings({"default": database_url.postgres(url, pool=0)})
        wrapper = type(connections)(made)["default"]
        monkeypatch.setattr(database, "connection", wrapper)
        return wrapper

    return connect


@pytest.mark.parametrize(
    ("url", "said"),
    [
        ("mysql://tandem@db/tandem", "takes postgresql://"),
        ("postgresql://tandem@db", "takes postgresql://"),
        ("postgresql://tandem@db:many/tandem", "takes postgresql://"),
    ],
)
def test_a_url_that_names_no_postgresql_database_stops_the_start(url, said, monkeypatch, tmp_path):
    monkeypatch.setenv("TANDEM_DATABASE_URL", url)
    with pytest.raises(SystemExit, match=rf"^TANDEM_DATABASE_URL: {said}"):
        env.database(tmp_path)


def test_a_missing_driver_is_named_with_what_to_install(monkeypatch, tmp_path):
    monkeypatch.setenv("TANDEM_DATABASE_URL", "postgresql://tandem@db/tandem")
    monkeypatch.setattr(database_url, "find_spec", lambda name: None)
    with pytest.raises(SystemExit, match=r"tandem-product\[postgres\]"):
        env.database(tmp_path)


def test_a_url_may_come_from_a_file_and_carry_options(monkeypatch, tmp_path):
    (tmp_path / "url").write_text("postgres://ann:p%40ss@db:5433/tandem?sslmode=require\n")
    monkeypatch.setenv("TANDEM_DATABASE_URL_FILE", str(tmp_path / "url"))
    monkeypatch.setenv("TANDEM_DATABASE_POOL", "3")
    made = env.database(tmp_path)
    assert (made["USER"], made["PASSWORD"], made["PORT"]) == ("ann", "p@ss", "5433")
    assert made["OPTIONS"]["sslmode"] == "require"
    assert made["OPTIONS"]["pool"]["max_size"] == 3
    assert made["CONN_MAX_AGE"] == 0


def test_a_command_says_in_one_line_that_nothing_answers(tmp_path):
    from support.postgres import free_port

    url = f"postgresql://tandem:secret@127.0.0.1:{free_port()}/tandem"
    done = command("doctor", tmp_path=tmp_path, TANDEM_DATABASE_URL=url)
    assert done.returncode == 1
    assert done.stdout == ""
    assert len(done.stderr.splitlines()) == 1
    assert "does not answer" in done.stderr
    assert "secret" not in done.stderr


def test_a_wrong_password_is_said(postgres_url, connected):
    parts = urlsplit(postgres_url)
    connected(postgres_url.replace(parts.password, "guess"))
    with pytest.raises(Refused, match="refuses the password of tandem"):
        database.require_usable()


def test_a_missing_database_is_said_with_how_to_make_it(postgres_url, connected):
    connected(postgres_url + "_other")
    with pytest.raises(Refused, match="createdb t"):
        database.require_usable()


def test_a_server_that_is_too_old_is_refused(postgres_url, connected, monkeypatch):
    wrapper = connected(postgres_url)
    monkeypatch.setattr(wrapper.features, "minimum_database_version", (99,))
    with pytest.raises(Refused, match=r"PostgreSQL \d+ is too old: Tandem needs 99"):
        database.require_usable()


def test_a_server_that_answers_is_usable(postgres_url, connected):
    connected(postgres_url)
    database.require_usable()


def test_a_file_that_is_no_database_is_refused_in_one_line(tmp_path):
    (tmp_path / "tandem.sqlite3").write_bytes(b"this is not a database file at all" * 40)
    done = command("doctor", tmp_path=tmp_path)
    assert done.returncode == 1
    assert len(done.stderr.splitlines()) == 1
    assert "tandem.sqlite3" in done.stderr


def test_one_process_at_a_time_does_exclusive_work(postgres_url, connected):
    import psycopg

    connected(postgres_url)
    with database.exclusive("migrate"), psycopg.connect(postgres_url) as other:
        held = other.execute(
            "SELECT count(*) FROM pg_locks WHERE locktype = 'advisory' AND granted"
        ).fetchone()
    assert held == (1,)
