"""Files that outlive a request, such as an upload until it is imported.

On SQLite there is one machine: the file stays in the data folder. On PostgreSQL the machine that
took the upload and the one that works on it may be different ones: the bytes stand in the
database, in pieces, and are written to a temporary file where they are needed.
"""

import os
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from django.conf import settings
from django.db import transaction

from tandem.core.database import is_shared
from tandem.core.models import StoredPart

#: One piece, in bytes: small enough that several fit into memory beside a request.
PIECE = 1024 * 1024


def place(folder: str) -> tuple[str, Path]:
    """A new key, and where to write its file before ``keep``."""
    key = f"{folder}/upload-{os.urandom(8).hex()}"
    path = Path(settings.DATA) / key
    path.parent.mkdir(exist_ok=True)
    return key, path


def keep(key: str) -> None:
    """Keep the file written at the key's place, in the caller's transaction."""
    if not is_shared():
        return
    path = Path(settings.DATA) / key
    with path.open("rb") as file:
        number = 0
        while piece := file.read(PIECE):
            StoredPart.objects.create(key=key, number=number, content=piece)
            number += 1
    transaction.on_commit(lambda: path.unlink(missing_ok=True))


@contextmanager
def opened(key: str) -> Iterator[Path | None]:
    """The file, for reading while inside; ``None`` when it is gone."""
    path = Path(settings.DATA) / key
    if not is_shared():
        yield path if key and path.exists() else None
        return
    pieces = StoredPart.objects.filter(key=key).order_by("number")
    with tempfile.NamedTemporaryFile(prefix="tandem-kept-") as copy:
        # One query for each piece: a hundred megabytes are never in memory at once.
        number = 0
        while content := pieces.filter(number=number).values_list("content", flat=True).first():
            copy.write(content)
            number += 1
        copy.flush()
        yield Path(copy.name) if number else None


def forget(key: str) -> None:
    """Remove the file when the caller's transaction is over."""
    if not key:
        return
    StoredPart.objects.filter(key=key).delete()
    path = Path(settings.DATA) / key
    transaction.on_commit(lambda: path.unlink(missing_ok=True))


def exists(key: str) -> bool:
    with opened(key) as path:
        return path is not None
