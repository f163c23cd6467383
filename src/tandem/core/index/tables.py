"""Making the index, keeping it in step with what is installed, and saying whether it is sound.

The index is no data: it is made from rows, and made anew when what is indexed changes, after
migrations (SQLite loses a table's triggers when it is rebuilt) and after a restore.
"""

import hashlib
import json
from collections.abc import Iterator
from typing import Any

from django.db import DEFAULT_DB_ALIAS, connections, transaction
from django.db.backends.base.base import BaseDatabaseWrapper

from tandem.core.index import postgres, sqlite, words
from tandem.core.index.kinds import Kind, all_kinds
from tandem.core.index.statements import entries, put
from tandem.core.integrity import Found, register

#: Grows when the tables' own form changes.
FORM = 1
ADVICE = "Run tandem reindex: the index is made anew from the rows."


def _here(connection: BaseDatabaseWrapper) -> list[Kind]:
    """The kinds whose tables are there: a database may be half migrated."""
    there = set(connection.introspection.table_names())
    return [
        kind
        for kind in all_kinds()
        if {kind.table, *(each.table for each in kind.follows)} <= there
    ]


def fingerprint(connection: BaseDatabaseWrapper, kinds: list[Kind]) -> str:
    """What the index was made by: another one means that it must be made anew."""
    vendor = postgres if connection.vendor == "postgresql" else sqlite
    told = [FORM, vendor.TABLES, vendor.triggers(kinds), [entries(kind) for kind in kinds]]
    return hashlib.sha256(json.dumps(told).encode()).hexdigest()


def _state(connection: BaseDatabaseWrapper) -> str:
    with connection.cursor() as cursor:
        cursor.execute("SELECT value FROM core_searchstate WHERE name = 'made by'")
        row = cursor.fetchone()
    return row[0] if row else ""


def ensure(alias: str = DEFAULT_DB_ALIAS, *, anew: bool = False) -> bool:
    """Make the index where it is missing or of another form. Returns whether it was made.

    Costs two queries when all is well; ``anew``: whatever there is.
    """
    connection = connections[alias]
    there = "core_searchstate" in connection.introspection.table_names()
    if there and not anew and _state(connection) == fingerprint(connection, all_kinds()):
        return False
    kinds = _here(connection)
    with transaction.atomic(using=alias), connection.cursor() as cursor:
        triggers_drop(alias)
        vendor = postgres if connection.vendor == "postgresql" else sqlite
        for table in vendor.DROPPED:
            cursor.execute(f"DROP TABLE IF EXISTS {table}")
        if connection.vendor == "postgresql":
            statements = postgres.made(kinds, unicode_rules=_unicode_rules(cursor))
        else:
            statements = sqlite.made(kinds)
        for statement in statements:
            _run(cursor, statement)
        _fill(cursor, kinds)
        cursor.execute(
            "INSERT INTO core_searchstate (name, value) VALUES ('made by', %s)",
            [fingerprint(connection, kinds)],
        )
    return True


def rebuild() -> dict[str, int]:
    """Make the index anew, its words too; entries by kind."""
    ensure(anew=True)
    words.learn()
    with connections[DEFAULT_DB_ALIAS].cursor() as cursor:
        cursor.execute("SELECT kind, count(*) FROM core_searchdoc GROUP BY kind")
        counts = dict(cursor.fetchall())
    return {kind.name: counts.get(kind.name, 0) for kind in all_kinds()}


def _run(cursor: Any, statement: str) -> None:
    # Without parameters: a percent sign stands for itself.
    cursor.execute(statement)


def _fill(cursor: Any, kinds: list[Kind]) -> None:
    """Every kind's entries, the oldest first: newer ones get higher numbers, and are found first."""
    for kind in kinds:
        _run(cursor, put(kind, order=f"{kind.at}, t.id"))
    if cursor.db.vendor == "postgresql":
        # SQLite plans searches without figures; with them one among 100,000 items took 240 ms, not 17.
        _run(cursor, "ANALYZE core_searchdoc")


def _unicode_rules(cursor: Any) -> bool:
    cursor.execute("SELECT 1 FROM pg_collation WHERE collname = 'und-x-icu'")
    return cursor.fetchone() is not None


def triggers_drop(alias: str) -> None:
    """SQLite cannot rebuild a table that a trigger of another one names: migrations go without."""
    connection = connections[alias]
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            _run(cursor, postgres.TRIGGERS_THERE)
            for name, table in cursor.fetchall():
                cursor.execute(f"DROP TRIGGER {name} ON {table}")
                cursor.execute(f"DROP FUNCTION IF EXISTS {name}()")
        else:
            _run(cursor, sqlite.TRIGGERS_THERE)
            for (name,) in cursor.fetchall():
                cursor.execute(f"DROP TRIGGER {name}")


def before_migrations(sender: Any, using: str, plan: Any = None, **_: Any) -> None:
    """For ``pre_migrate``: without triggers, and without a belief in what they kept."""
    if plan and connections[using].vendor == "sqlite":
        triggers_drop(using)


def after_migrations(sender: Any, using: str, plan: Any = None, **_: Any) -> None:
    """For ``post_migrate``: whatever migrations did to rows, the index is true again."""
    ensure(using, anew=bool(plan))


# Looking


def examined() -> Iterator[Found]:
    connection = connections[DEFAULT_DB_ALIAS]
    missing = sorted(_triggers_expected(connection) - _triggers_there(connection))
    yield Found(
        "search triggers",
        not missing,
        "the database keeps the search index"
        if not missing
        else f"{len(missing)} triggers of the search index are missing ({missing[0]} …)",
        ADVICE if missing else "",
    )
    wrong = []
    with connection.cursor() as cursor:
        for kind in all_kinds():
            should = entries(kind)
            there = (
                "SELECT kind, object_id, workspace_id, product_id, title, body "
                f"FROM core_searchdoc WHERE kind = '{kind.name}'"
            )
            counts = []
            for one, other in ((should, there), (there, should)):
                _run(cursor, f"SELECT count(*) FROM ({one} EXCEPT {other}) AS found")
                counts.append(cursor.fetchone()[0])
            if any(counts):
                wrong.append(f"{kind.name}: {counts[0]} missing, {counts[1]} outdated")
    yield Found(
        "search index",
        not wrong,
        "the search index says what the rows say"
        if not wrong
        else f"the search index is not what the rows say ({'; '.join(wrong)})",
        ADVICE if wrong else "",
    )
    if connection.vendor == "sqlite":
        yield _words_sound(connection)


def _words_sound(connection: BaseDatabaseWrapper) -> Found:
    """Whether every entry's first word finds it: FTS5 cannot examine an index without texts."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM core_searchdoc")
        [docs] = cursor.fetchone()
        cursor.execute("SELECT count(*) FROM core_searchtext_docsize")
        [texts] = cursor.fetchone()
    ok = docs == texts
    message = f"{texts} of {docs} entries are in the index of words"
    return Found("search words", ok, message, "" if ok else ADVICE)


def _triggers_expected(connection: BaseDatabaseWrapper) -> set[str]:
    vendor = postgres if connection.vendor == "postgresql" else sqlite
    return set(vendor.triggers(all_kinds()))


def _triggers_there(connection: BaseDatabaseWrapper) -> set[str]:
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            _run(cursor, postgres.TRIGGERS_THERE)
        else:
            _run(cursor, sqlite.TRIGGERS_THERE)
        return {row[0] for row in cursor.fetchall()}


register("search", examined)
