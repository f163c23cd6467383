"""A migrated database, made once for the whole run: everything works on copies of it.

Migrating takes seconds. The processes of ``-n 2`` share a folder, where the first that needs the
database makes it; the tests' own database and every installation are copies.
"""

import fcntl
import gc
import os
import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from functools import lru_cache
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from django.db import connection
from django.test import testcases

from support.postgres import shared
from tandem.core.database import other
from tandem.core.database_url import postgres, sqlite

#: Tables whose rows the migrations make.
KEPT = {"django_migrations", "django_content_type", "auth_permission"}


def folder() -> Path:
    """What the processes of a run share; it goes with the process that started them."""
    return Path(os.environ["TANDEM_TEST_SHARED"])


@contextmanager
def one_makes(name: str) -> Iterator[Path]:
    """The path of something shared: whoever finds nothing there makes it, the others wait."""
    with (folder() / f"{name}.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield folder() / name


def migrate(settings_of: dict[str, Any]) -> None:
    from django.core.management import call_command

    # Every step makes its models anew; looking for those of the last one takes a third of the time.
    gc.disable()
    try:
        with other(settings_of) as opened:
            call_command("migrate", database=opened.alias, verbosity=0, interactive=False)
    finally:
        gc.enable()


@lru_cache(maxsize=1)
def migrated_file() -> Path:
    with one_makes("migrated.sqlite3") as path:
        if not path.exists():
            part = path.with_name("migrating.sqlite3")
            migrate(sqlite(part))
            part.rename(path)
    return path


@lru_cache(maxsize=1)
def migrated_database() -> str:
    """Its name on the run's PostgreSQL."""
    with one_makes("migrated.name") as path:
        if not path.exists():
            url = shared().create()
            migrate(postgres(url, pool=0))
            path.write_text(urlsplit(url).path.lstrip("/"))
    return path.read_text()


def fill(file: Path) -> None:
    """Make the tests' SQLite database a copy of a file."""
    connection.ensure_connection()
    with closing(sqlite3.connect(file)) as source:
        source.backup(connection.connection)


def copy_instead_of_migrating() -> None:
    """Django would migrate a new database for each process."""
    creation = connection.creation
    on_postgres = connection.vendor == "postgresql"
    if on_postgres:
        connection.settings_dict["TEST"]["TEMPLATE"] = migrated_database()

    def create(
        *, verbosity: int = 1, autoclobber: bool = False, keepdb: bool = False, **_: Any
    ) -> str:
        name: str = creation._get_test_db_name()
        creation._create_test_db(verbosity, autoclobber, keepdb)
        connection.close()
        settings.DATABASES[connection.alias]["NAME"] = name
        connection.settings_dict["NAME"] = name
        if not on_postgres:
            fill(migrated_file())
        connection.ensure_connection()
        return name

    creation.create_test_db = create
    if on_postgres:
        creation._destroy_test_db = destroy
    testcases.call_command = undo_all


def undo_all(command: str, **named: Any) -> None:
    """What Django calls after a test that commits; it would make the rows of ``KEPT`` anew."""
    assert command == "flush", command
    if connection.vendor == "sqlite":
        fill(migrated_file())
        return
    with connection.cursor() as cursor:
        tables = [
            connection.ops.quote_name(each)
            for each in connection.introspection.table_names(cursor)
            if each not in KEPT
        ]
        cursor.execute(" UNION ".join(f"(SELECT '{each}' FROM {each} LIMIT 1)" for each in tables))
        written = ", ".join(each for (each,) in cursor.fetchall())
        if written:
            cursor.execute(f"TRUNCATE {written} CASCADE")


def destroy(name: str, verbosity: int) -> None:
    """Also while a thread of the tests' server still holds a connection."""
    connection.close_pool()
    shared().drop(shared().url_of(name))
