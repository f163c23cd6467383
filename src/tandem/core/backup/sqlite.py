"""SQLite's own online backup: a copy of one moment, beside writers."""

import sqlite3
from pathlib import Path

from django.db import connection

from tandem.core.errors import Refused


def copy(target: Path) -> None:
    """The database at one moment, as a file that is whole.

    All pages in one step: under WAL that is one snapshot which keeps no writer waiting; copying
    in several steps would start anew with every write.
    """
    if connection.in_atomic_block:
        raise RuntimeError("a copy inside a transaction of its own connection would wait for ever")
    connection.ensure_connection()
    made = sqlite3.connect(target)
    try:
        connection.connection.backup(made, pages=-1)
        # One file, without a log beside it.
        made.execute("PRAGMA journal_mode=DELETE")
        found = made.execute("PRAGMA quick_check").fetchone()[0]
    finally:
        made.close()
    if found != "ok":
        raise Refused(f"The database is damaged ({found}). Run tandem doctor --integrity.")
    target.chmod(0o600)


def migrations_in(path: Path) -> list[tuple[str, str]]:
    """The migrations a database file has had; refuses a file that is no database of Tandem."""
    try:
        opened = sqlite3.connect(f"file:{path}?mode=ro", uri=True)
        try:
            found = opened.execute("PRAGMA quick_check").fetchone()[0]
            if found != "ok":
                raise Refused(f"The database in it is damaged: {found}.", field="file")
            return list(opened.execute("SELECT app, name FROM django_migrations"))
        finally:
            opened.close()
    except sqlite3.Error as error:
        raise Refused(f"That holds no database of Tandem: {error}.", field="file") from error
