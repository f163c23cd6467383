"""Where pages are served, a connection to SQLite waits for the next request."""

import pytest
from django.db import OperationalError, transaction

from tandem.core.database import other
from tandem.core.database_url import sqlite
from tandem.core.sqlite import base

pytestmark = pytest.mark.django_db


@pytest.fixture
def kept():
    base.keep(2)
    yield
    base.keep(0)


def opened(path, work=lambda connection: None):
    """The connection beneath Django's, after some work with it."""
    with other(sqlite(path)) as connection:
        with connection.cursor() as cursor:
            cursor.execute("CREATE TABLE IF NOT EXISTS pier (name text)")
            cursor.execute("PRAGMA foreign_keys")
            assert cursor.fetchone() == (1,)
        work(connection)
        return connection.connection


def test_the_next_request_gets_the_connection_of_the_last(kept, tmp_path):
    path = tmp_path / "a.sqlite3"
    assert opened(path) is opened(path) is opened(path)
    assert opened(tmp_path / "b.sqlite3") is not opened(path)


def test_nothing_is_kept_where_nobody_asked_for_it(tmp_path):
    assert opened(tmp_path / "a.sqlite3") is not opened(tmp_path / "a.sqlite3")
    assert base._kept == []


def test_one_in_disorder_is_closed(kept, tmp_path):
    path = tmp_path / "a.sqlite3"

    def failing(connection):
        with connection.cursor() as cursor, pytest.raises(OperationalError):
            cursor.execute("SELECT nothing FROM nowhere")

    def half_way(connection):
        with connection.cursor() as cursor:
            cursor.execute("BEGIN")
            cursor.execute("INSERT INTO pier VALUES ('Quay')")

    for work in (failing, half_way):
        first = opened(path, work)
        assert opened(path) is not first

    def count(connection):
        with connection.cursor() as cursor:
            cursor.execute("SELECT count(*) FROM pier")
            assert cursor.fetchone() == (0,)

    opened(path, count)


def test_a_file_put_in_place_of_another_is_opened(kept, tmp_path):
    path = tmp_path / "a.sqlite3"
    first = opened(path)
    path.rename(tmp_path / "old.sqlite3")
    assert opened(path) is not first


def test_a_transaction_works_on_one_that_waited(kept, tmp_path):
    path = tmp_path / "a.sqlite3"
    opened(path)

    def twice(connection):
        with transaction.atomic(using=connection.alias), connection.cursor() as cursor:
            cursor.execute("INSERT INTO pier VALUES ('Quay')")
        with connection.cursor() as cursor:
            cursor.execute("SELECT count(*) FROM pier")
            assert cursor.fetchone() == (1,)

    opened(path, twice)
