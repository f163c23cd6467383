"""The database as an installation meets it: reachable, new enough, and one start at a time."""

import contextlib
import uuid
import zlib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from django.conf import settings
from django.db import (
    DEFAULT_DB_ALIAS,
    DatabaseError,
    OperationalError,
    connection,
    connections,
)
from django.db.backends.base.base import BaseDatabaseWrapper

from tandem.core.errors import Busy, Refused

SETTING = "TANDEM_DATABASE_URL"


def is_shared() -> bool:
    """Whether other machines may work on this database too: what they need stands in it then."""
    return connection.vendor == "postgresql"


def require_usable() -> None:
    """Refuses, in one line that says what to do, a database that cannot be worked with."""
    if connection.vendor == "postgresql":
        with _direct():
            return
    try:
        connection.ensure_connection()
    except DatabaseError as error:
        raise Refused(
            f"Cannot open {connection.settings_dict['NAME']}: {error}.", field="database"
        ) from error


def refusal_of(error: Exception) -> Refused | None:
    """What to tell people instead of an error that is nobody's mistake: SQLite gave up waiting for
    another's long write."""
    if isinstance(error, Refused):
        return error
    if isinstance(error, OperationalError) and "database is locked" in str(error):
        return Busy()
    return None


class EngineRouter:
    """Which migrations a database gets: the job engine's tables are PostgreSQL's alone, also when
    a process on PostgreSQL moves everything back to SQLite."""

    def allow_migrate(self, db: str, app_label: str, **hints: Any) -> bool | None:
        if app_label == "procrastinate" and connections[db].vendor != "postgresql":
            return False
        return None


def let_go() -> None:
    """Close what this process has open, before it forks: a child that inherited a connection
    would speak in the middle of its parent's sentence, and a pool's threads stay behind."""
    for each in connections.all(initialized_only=True):
        each.close()
        close_pool = getattr(each, "close_pool", None)
        if close_pool is not None:
            close_pool()


@contextlib.contextmanager
def exclusive(work: str) -> Iterator[None]:
    """Of all processes that start on this database, one at a time does ``work``.

    The lock goes with the process that holds it, so a killed one keeps nobody waiting.
    """
    if connection.vendor == "postgresql":
        # A connection of its own: migrations may close the usual one.
        with _direct() as held:
            held.execute("SELECT pg_advisory_lock(%s)", (zlib.crc32(f"tandem {work}".encode()),))
            yield
        return
    import fcntl

    with (Path(settings.DATA) / f"{work}.lock").open("w") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        yield


@contextlib.contextmanager
def other(settings_of: dict[str, Any]) -> Iterator[BaseDatabaseWrapper]:
    """Another database beside the usual one, as Django's ``connections[alias]`` while inside.

    ``settings_of``: from ``database_url``. Refuses one that cannot be opened.
    """
    alias = f"other-{uuid.uuid4().hex[:8]}"
    known = type(connections)({DEFAULT_DB_ALIAS: {}, alias: settings_of})
    opened = known.create_connection(alias)
    try:
        opened.ensure_connection()
    except DatabaseError as error:
        raise Refused(str(error).strip().splitlines()[-1], field="database") from error
    connections.settings[alias] = known.settings[alias]
    connections[alias] = opened
    try:
        yield opened
    finally:
        opened.close()
        del connections[alias], connections.settings[alias]


@contextlib.contextmanager
def _direct() -> Iterator[Any]:
    """A PostgreSQL connection outside the pool, which would hide why it gets none."""
    import psycopg

    try:
        opened = psycopg.connect(**connection.get_connection_params(), autocommit=True)
    except psycopg.Error as error:
        raise Refused(_reason(str(error)), field=SETTING) from error
    with contextlib.closing(opened):
        _new_enough(opened.info.server_version)
        yield opened


def _new_enough(version: int) -> None:
    least, *_ = connection.features.minimum_database_version or (0,)
    if version // 10_000 < least:
        raise Refused(
            f"PostgreSQL {version // 10_000} is too old: Tandem needs {least} or newer.",
            field=SETTING,
        )


def _reason(said: str) -> str:
    """What PostgreSQL's client said, as one line with what to do."""
    known = connection.settings_dict
    place = f"{known['HOST'] or 'the local socket'}:{known['PORT'] or 5432}"
    if "password authentication failed" in said or "no password supplied" in said:
        return f"PostgreSQL at {place} refuses the password of {known['USER'] or 'this user'}."
    if "does not exist" in said and "database" in said:
        return (
            f"There is no database {known['NAME']} at {place}. Make it: createdb {known['NAME']}."
        )
    lines = [line.strip() for line in said.splitlines() if line.strip()]
    # With several addresses the client writes a line for each; the last tells the outcome.
    last = lines[-1] if lines else "no reason given"
    if "Is the server running" in last and len(lines) > 1:
        last = lines[-2]
    return (
        f"PostgreSQL at {place} does not answer: {last}. Is it running, and is the address right?"
    )
