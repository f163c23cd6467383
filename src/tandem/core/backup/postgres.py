"""PostgreSQL: pg_dump where it is installed, else every table's rows in one repeatable read."""

import os
import shutil
import subprocess
from graphlib import TopologicalSorter
from pathlib import Path
from typing import Any

from django.db import connection, transaction
from psycopg import sql

from tandem.core.backup.contents import BLOCK, ROWS, Writer
from tandem.core.errors import Refused
from tandem.core.index import postgres as index
from tandem.core.snapshot import snapshot

#: Made by migrating, or from the other rows; not by copying.
NOT_ROWS = frozenset({"django_migrations", *index.DROPPED})


def _environment() -> dict[str, str]:
    """The connection for PostgreSQL's programs; the password is on no command line."""
    given = connection.settings_dict
    named = {
        "PGHOST": given["HOST"],
        "PGPORT": str(given["PORT"] or ""),
        "PGUSER": given["USER"],
        "PGPASSWORD": given["PASSWORD"],
        "PGDATABASE": given["NAME"],
    }
    return os.environ | {name: value for name, value in named.items() if value}


def _run(command: list[str]) -> "subprocess.CompletedProcess[str]":
    return subprocess.run(  # noqa: S603  (found on PATH by its fixed name)
        command, env=_environment(), capture_output=True, text=True, check=False
    )


def _program(name: str) -> str | None:
    """The program on PATH, if it is not older than the server: an older one cannot read it."""
    found = shutil.which(name)
    if found is None:
        return None
    told = _run([found, "--version"])
    words = [word for word in told.stdout.split() if word[:1].isdigit()]
    connection.ensure_connection()
    server = connection.pg_version // 10000  # type: ignore[attr-defined]
    return found if words and int(words[0].split(".")[0]) >= server else None


def dump(target: Path) -> bool:
    """Write pg_dump's custom format; ``False`` when there is no pg_dump that fits the server."""
    program = _program("pg_dump")
    if program is None:
        return False
    made = _run([program, "--format=custom", "--no-owner", "--no-privileges", f"--file={target}"])
    if made.returncode:
        raise Refused(f"pg_dump failed: {made.stderr.strip()[-500:]}")
    target.chmod(0o600)
    return True


def restore_dump(source: Path) -> None:
    """Bring a dump into an empty database, all or nothing."""
    program = _program("pg_restore")
    if program is None:
        raise Refused(
            "This backup was made by pg_dump: install PostgreSQL's client programs (pg_restore), "
            "not older than the server, and try again."
        )
    connection.close()
    made = _run(
        [program, "--no-owner", "--no-privileges", "--single-transaction", "--exit-on-error",
         f"--dbname={connection.settings_dict['NAME']}", str(source)]
    )  # fmt: skip
    if made.returncode:
        raise Refused(f"pg_restore failed: {made.stderr.strip()[-500:]}")


def rows_write(writer: Writer, folder: Path) -> None:
    """Every table as PostgreSQL's own COPY text, its columns in the first line."""
    with snapshot(), connection.cursor() as cursor:
        for table in sorted(set(connection.introspection.table_names(cursor)) - NOT_ROWS):
            columns = _columns(cursor, table)
            path = folder / "table"
            statement = sql.SQL("COPY {} ({}) TO STDOUT").format(
                sql.Identifier(table), sql.SQL(", ").join(map(sql.Identifier, columns))
            )
            with path.open("wb") as out:
                out.write("\t".join(columns).encode() + b"\n")
                with cursor.copy(statement) as rows:
                    for block in rows:
                        out.write(block)
            writer.add_path(f"{ROWS}{table}", path)


def _columns(cursor: Any, table: str) -> list[str]:
    cursor.execute(
        "SELECT column_name FROM information_schema.columns WHERE table_schema = current_schema() "
        "AND table_name = %s AND is_generated = 'NEVER' ORDER BY ordinal_position",
        [table],
    )
    return [name for (name,) in cursor.fetchall()]


def rows_read(folder: Path) -> None:
    """Put the copied rows into the migrated, otherwise empty tables, all or nothing."""
    with transaction.atomic(), connection.cursor() as cursor:
        present = set(connection.introspection.table_names(cursor))
        tables = sorted(path.name for path in folder.iterdir())
        missing = sorted(set(tables) - present)
        if missing:
            raise Refused(f"The backup has a table {missing[0][:60]} that this database lacks.")
        named = sql.SQL(", ").join(map(sql.Identifier, tables))
        cursor.execute(sql.SQL("TRUNCATE {}").format(named))
        # What triggers wrote stands in the backup, too, or is made anew afterwards.
        _triggers(cursor, tables, "DISABLE")
        for table in _referenced_first(cursor, tables):
            with (folder / table).open("rb") as source:
                columns = source.readline().decode().rstrip("\n").split("\t")
                statement = sql.SQL("COPY {} ({}) FROM STDIN").format(
                    sql.Identifier(table), sql.SQL(", ").join(map(sql.Identifier, columns))
                )
                with cursor.copy(statement) as into:
                    while block := source.read(BLOCK):
                        into.write(block)
            _sequences_follow(cursor, table, columns)
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        _triggers(cursor, tables, "ENABLE")


def _triggers(cursor: Any, tables: list[str], how: str) -> None:
    for table in tables:
        cursor.execute(
            sql.SQL("ALTER TABLE {} {} TRIGGER USER").format(sql.Identifier(table), sql.SQL(how))
        )


def _referenced_first(cursor: Any, tables: list[str]) -> list[str]:
    """The tables in an order in which no row comes before one it must find: the foreign keys of the
    engine of background work are checked at once, Django's at the end."""
    cursor.execute(
        "SELECT here.relname, there.relname FROM pg_constraint "
        "JOIN pg_class here ON here.oid = conrelid JOIN pg_class there ON there.oid = confrelid "
        "WHERE contype = 'f' AND NOT condeferrable AND conrelid <> confrelid"
    )
    before: dict[str, set[str]] = {table: set() for table in tables}
    for here, there in cursor.fetchall():
        if here in before and there in before:
            before[here].add(there)
    return list(TopologicalSorter(before).static_order())


def _sequences_follow(cursor: Any, table: str, columns: list[str]) -> None:
    for column in columns:
        cursor.execute("SELECT pg_get_serial_sequence(%s, %s)", [f'"{table}"', column])
        [name] = cursor.fetchone()
        if name:
            cursor.execute(
                sql.SQL("SELECT setval(%s, GREATEST((SELECT max({}) FROM {}), 1))").format(
                    sql.Identifier(column), sql.Identifier(table)
                ),
                [name],
            )


def is_empty() -> bool:
    with connection.cursor() as cursor:
        return not connection.introspection.table_names(cursor)


def emptied() -> None:
    """Drop everything in the schema: what is about to be restored brings its own."""
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SELECT current_schema()")
        [schema] = cursor.fetchone()
        cursor.execute(sql.SQL("DROP SCHEMA {} CASCADE").format(sql.Identifier(schema)))
        cursor.execute(sql.SQL("CREATE SCHEMA {}").format(sql.Identifier(schema)))
