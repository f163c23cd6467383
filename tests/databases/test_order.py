"""The backlog's order does not depend on how the database's language sorts."""

import pytest
from django.db import connection

from support.migrated import migrate
from support.postgres import database
from tandem.core.database import other
from tandem.core.database_url import postgres

#: In the order of their bytes. A dictionary's order is a0, a0V, aa, aZ, b00, B1, Zz.
RANKS = ["B1", "Zz", "a0", "a0V", "aZ", "aa", "b00"]


@pytest.fixture
def english(db):
    """A migrated PostgreSQL database that sorts as an English dictionary does."""
    with database(collation="en-US") as url:
        settings = postgres(url, pool=0)
        migrate(settings)
        with other(settings) as opened, opened.cursor() as cursor:
            yield cursor


def test_ranks_stand_in_the_order_of_their_bytes_whatever_the_language(english):
    english.execute("CREATE TABLE named (name text)")
    english.execute("CREATE TABLE ranked (LIKE backlog_item)")
    english.execute(
        "SELECT attname FROM pg_attribute WHERE attrelid = 'ranked'::regclass AND attnum > 0 "
        "AND attnotnull AND attname <> 'rank'"
    )
    for (column,) in english.fetchall():
        english.execute(
            f"ALTER TABLE ranked ALTER {connection.ops.quote_name(column)} DROP NOT NULL"
        )
    for rank in reversed(RANKS):
        english.execute("INSERT INTO ranked (rank) VALUES (%s)", [rank])
        english.execute("INSERT INTO named VALUES (%s)", [rank])
    english.execute("SELECT rank FROM ranked ORDER BY rank")
    assert [rank for (rank,) in english.fetchall()] == RANKS
    english.execute("SELECT rank FROM ranked WHERE rank > 'Zz' ORDER BY rank LIMIT 1")
    assert english.fetchone() == ("a0",)
    # The database itself sorts otherwise, so the above was put to the test.
    english.execute("SELECT name FROM named ORDER BY name")
    assert [name for (name,) in english.fetchall()] != RANKS
