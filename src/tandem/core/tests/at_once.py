"""Two transactions at once, each in a thread with a connection of its own."""

import sqlite3
import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from pathlib import Path
from typing import Any

from django.db import connection, connections

#: Seconds after which a test that waits for ever fails instead.
_PATIENCE = 60


def at_once(folder: Path, *works: Callable[[], Any], then: Callable[[], Any]) -> list[Any]:
    """What each of ``works`` returns or raises, begun together, and what ``then`` sees after them.

    Needs a test that commits. The tests' SQLite lives in memory, where a writer fails instead of
    waiting for its turn; so a copy of it in ``folder`` is used, opened as an installation's is.
    """
    file = folder / "at-once.sqlite3"
    if connection.vendor == "sqlite":
        with closing(sqlite3.connect(file)) as target:
            connection.connection.backup(target)
    ready = threading.Barrier(len(works))

    def apart(work: Callable[[], Any], *, wait: bool = True) -> Any:
        own = connections["default"]
        if own.vendor == "sqlite":
            own.settings_dict = own.settings_dict | {"NAME": str(file)}
        try:
            own.ensure_connection()
            if wait:
                ready.wait(_PATIENCE)
            return work()
        except Exception as error:
            return error
        finally:
            own.close()

    with ThreadPoolExecutor(len(works)) as threads:
        waiting = [threads.submit(apart, work) for work in works]
        found = [one.result(_PATIENCE) for one in waiting]
    with ThreadPoolExecutor(1) as thread:
        return [*found, thread.submit(apart, then, wait=False).result(_PATIENCE)]
