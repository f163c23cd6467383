"""Short notes between processes that are seen at once, whatever transaction is open.

On PostgreSQL they are rows, written through a connection of their own: every machine sees them
before the work's transaction ends. On SQLite, which has one writer at a time, a note that waited
for the work's transaction would tell of it when it is over; there they are files in the data
folder, which all processes of the one machine share.
"""

import datetime
import json
import os
import time
from collections.abc import Collection
from pathlib import Path
from typing import Any

from django.conf import settings
from django.db import connections
from django.utils import timezone

from tandem.core.database import is_shared


def write(key: str, content: dict[str, Any]) -> None:
    path = _path(key)
    if is_shared():
        _execute(
            "INSERT INTO core_note (key, content, at) VALUES (%s, %s, %s) ON CONFLICT (key)"
            " DO UPDATE SET content = excluded.content, at = excluded.at",
            [key, json.dumps(content), timezone.now()],
        )
        return
    path.parent.mkdir(exist_ok=True)
    part = path.with_suffix(f".{os.getpid()}.part")
    part.write_text(json.dumps(content), encoding="utf-8")
    part.replace(path)


def read(key: str) -> dict[str, Any] | None:
    path = _path(key)
    if is_shared():
        from tandem.core.models import Note

        found = Note.objects.filter(pk=key).values_list("content", flat=True).first()
        return found if isinstance(found, dict) else None
    try:
        content = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return None
    return content if isinstance(content, dict) else None


def forget(key: str) -> None:
    path = _path(key)
    if is_shared():
        _execute("DELETE FROM core_note WHERE key = %s", [key])
    else:
        path.unlink(missing_ok=True)


def forget_all(keys: Collection[str]) -> None:
    """Forget many notes; those that are not there are forgotten already."""
    if is_shared():
        _execute("DELETE FROM core_note WHERE key = ANY(%s)", [list(keys)])
        return
    for key in keys:
        _path(key).unlink(missing_ok=True)


def fresh(prefix: str, seconds: float) -> list[str]:
    """The keys that start with ``prefix`` and were written in the last ``seconds`` (files only)."""
    oldest = time.time() - seconds
    return [path.stem for path in _folder().glob(f"{prefix}*.json") if _written(path) >= oldest]


def prune(days: float) -> int:
    """Forget what nobody wrote to for ``days``; returns how many notes."""
    if is_shared():
        before = timezone.now() - datetime.timedelta(days=days)
        return _execute("DELETE FROM core_note WHERE at < %s", [before])
    oldest = time.time() - days * 86_400
    old = [path for path in _folder().glob("*") if _written(path) < oldest]
    for path in old:
        path.unlink(missing_ok=True)
    return len(old)


def _folder() -> Path:
    return Path(settings.DATA) / "progress"


def _path(key: str) -> Path:
    if not key.replace("-", "").isalnum() or len(key) > 80:
        raise ValueError(f"{key!r} cannot name a note")
    return _folder() / f"{key}.json"


def _written(path: Path) -> float:
    try:
        return path.stat().st_mtime
    except OSError:
        return 0.0


def _execute(statement: str, values: list[Any]) -> int:
    """Run it outside any open transaction. The connection comes from the pool, if there is one."""
    aside = connections.create_connection("default")
    try:
        with aside.cursor() as cursor:
            cursor.execute(statement, values)
            return int(cursor.rowcount)
    finally:
        aside.close()
