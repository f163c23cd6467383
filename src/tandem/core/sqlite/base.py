"""The database engine that settings name. (Django looks for it in a module called ``base``.)

Under ASGI every request is a thread with a connection of its own. Opening one, telling it functions
and settings and reading the tables' description takes 4 to 6 ms, a quarter of a page. So where pages
are served (``keep``) a connection that a request is through with waits for the next request.
"""

import os
import sqlite3
from typing import Any

from django.db.backends.sqlite3 import base

File = tuple[int, int]

_kept: list[tuple[File, sqlite3.Connection]] = []
_most = 0


def keep(most: int) -> None:
    """Let so many connections of this process wait; 0: close each as it is let go."""
    global _most  # noqa: PLW0603
    _most = most
    while len(_kept) > most:
        _kept.pop()[1].close()


def _file(path: Any) -> File | None:
    """Which file stands there: another one may after a restore."""
    try:
        found = os.stat(path)
    except (OSError, ValueError, TypeError):
        return None
    return found.st_dev, found.st_ino


class DatabaseWrapper(base.DatabaseWrapper):
    _opened: File | None = None

    def get_new_connection(self, conn_params: Any) -> Any:
        there = _file(conn_params["database"]) if _most else None
        while there is not None and _kept:
            file, waiting = _kept.pop()
            if file == there:
                self._opened = file
                return waiting
            waiting.close()
        opened = super().get_new_connection(conn_params)
        self._opened = _file(conn_params["database"]) if _most else None
        return opened

    def _close(self) -> Any:
        done, file = self.connection, self._opened
        in_order = not (self.errors_occurred or self.in_atomic_block)
        if (
            done is not None
            and file
            and in_order
            and len(_kept) < _most
            and not done.in_transaction
        ):
            _kept.append((file, done))
            return None
        return super()._close()  # type: ignore[misc]

    def close_pool(self) -> None:
        """Close those that wait (as the pool of PostgreSQL's engine does)."""
        while _kept:
            _kept.pop()[1].close()
