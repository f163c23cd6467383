"""Long work beside people who write: reading one unchanging view, and trying what would happen."""

import shutil
import sqlite3
import tempfile
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

from django.conf import settings
from django.db import DEFAULT_DB_ALIAS, connection, connections, transaction


@contextmanager
def snapshot() -> Iterator[None]:
    """Everything read inside is of one moment. Nothing may be written.

    Inside a transaction that is open already, that transaction is the view.
    """
    if connection.in_atomic_block:
        yield
    elif connection.vendor == "sqlite":
        # Django's own transactions begin IMMEDIATE, which would keep every writer waiting;
        # a deferred one under WAL reads its snapshot beside them.
        connection.ensure_connection()
        with connection.cursor() as cursor:
            cursor.execute("BEGIN DEFERRED")
            cursor.execute("SELECT 1 FROM sqlite_master LIMIT 1")
            try:
                yield
            finally:
                cursor.execute("ROLLBACK")
    else:
        with transaction.atomic():
            with connection.cursor() as cursor:
                cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ READ ONLY")
            yield


class _Over(Exception):
    """Takes the rehearsal's transaction back."""


@contextmanager
def rehearsal() -> Iterator[None]:
    """Everything written inside is taken back at the end, and nobody waits for it meanwhile.

    SQLite has one writer at a time, so a rehearsal of half a minute there plays on a copy of the
    file. Inside a transaction that is open already, that one's savepoint is the stage.
    """
    on_copy = (
        connection.vendor == "sqlite"
        and not connection.in_atomic_block
        and Path(connection.settings_dict["NAME"]).is_file()
    )
    try:
        if on_copy:
            with _on_copy(), transaction.atomic():
                yield
                raise _Over
        with transaction.atomic():
            yield
            raise _Over
    except _Over:
        pass


@contextmanager
def _on_copy() -> Iterator[None]:
    usual = connections[DEFAULT_DB_ALIAS]
    usual.ensure_connection()
    for left in Path(settings.DATA).glob("rehearsal-*"):
        # Of a process that was killed: nobody rehearses for a day.
        if left.stat().st_mtime < time.time() - 86_400:
            shutil.rmtree(left, ignore_errors=True)
    with tempfile.TemporaryDirectory(prefix="rehearsal-", dir=settings.DATA) as folder:
        path = Path(folder) / "copy.sqlite3"
        with closing(sqlite3.connect(path)) as copy:
            usual.connection.backup(copy)
        stage = type(usual)({**usual.settings_dict, "NAME": path}, alias=DEFAULT_DB_ALIAS)
        connections[DEFAULT_DB_ALIAS] = stage
        try:
            yield
        finally:
            connections[DEFAULT_DB_ALIAS] = usual
            stage.close()
