"""Is it alive, and is it ready: open on purpose, cheap, and without anything secret."""

import logging
import os
import shutil
import time
from collections.abc import Callable
from pathlib import Path

from django.conf import settings
from django.db import connection
from django.utils import timezone

from tandem.core.database import is_shared
from tandem.core.jobs import notes
from tandem.core.jobs.worker import lease

log = logging.getLogger(__name__)

#: With less room than this a database soon cannot write.
LEAST_FREE_BYTES = 50 * 1024 * 1024
#: An answer is good for so long: whoever asks more often costs nothing.
KEPT_SECONDS = 2.0

#: What a check that found nothing wrong says.
OK = "ok"
_migrated: list[bool] = []
_kept: list[tuple[float, dict[str, str]]] = []


def _database() -> str:
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1")
        cursor.fetchone()
    return OK


def _migrations() -> str:
    """Reads the plan until it was once found empty: this code asks for no more after that."""
    if _migrated:
        return OK
    from django.db.migrations.executor import MigrationExecutor

    executor = MigrationExecutor(connection)
    missing = len(executor.migration_plan(executor.loader.graph.leaf_nodes()))
    if missing:
        return f"{missing} migrations are not applied: start `tandem up` or any command"
    _migrated.append(True)
    return OK


def _worker() -> str:
    seconds = lease().total_seconds()
    if is_shared():
        with connection.cursor() as cursor:
            cursor.execute("SELECT max(last_heartbeat) FROM procrastinate_workers")
            last = cursor.fetchone()[0]
        alive = last is not None and (timezone.now() - last).total_seconds() < seconds
    else:
        alive = bool(notes.fresh("alive-", seconds))
    return OK if alive else f"no worker was heard for {seconds:.0f} seconds: start `tandem worker`"


def _disk() -> str:
    folder = Path(settings.DATA)
    if shutil.disk_usage(folder).free < LEAST_FREE_BYTES:
        return "the data folder has less than 50 MB of room"
    probe = folder / f".ready-{os.getpid()}"
    probe.write_bytes(b"1")
    probe.unlink(missing_ok=True)
    return OK


#: Later checks read the database; when it does not answer they are not asked.
CHECKS: dict[str, Callable[[], str]] = {
    "disk": _disk,
    "database": _database,
    "migrations": _migrations,
    "worker": _worker,
}
WORDS = {
    "disk": "the data folder cannot be written to",
    "database": "the database does not answer",
    "migrations": "the state of the migrations cannot be read",
    "worker": "whether a worker runs cannot be read",
}


def checked() -> dict[str, str]:
    """Each check's name -> ``ok`` or what is wrong. Errors' own texts are logged, not told."""
    found: dict[str, str] = {}
    for name, check in CHECKS.items():
        if found.get("database", OK) != OK:
            found[name] = "not asked: the database does not answer"
            continue
        try:
            found[name] = check()
        except Exception:
            log.warning("not ready: %s", WORDS[name], exc_info=True)
            found[name] = WORDS[name]
    return found


def ready() -> dict[str, str]:
    """``checked()``, at most every ``KEPT_SECONDS`` in this process."""
    now = time.monotonic()
    if not _kept or now - _kept[0][0] > KEPT_SECONDS:
        _kept[:] = [(now, checked())]
    return _kept[0][1]


def forget() -> None:
    """Look anew the next time."""
    _kept.clear()
    _migrated.clear()
