"""Files that are whole or absent."""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO

from tandem.core.errors import Refused


@contextmanager
def whole_or_absent(path: Path, *, mode: int = 0o600) -> Iterator[IO[bytes]]:
    """Write ``path`` beside itself first; a failure leaves what was there before.

    Refuses a folder and a place that cannot be written. Only the owner can read the file.
    """
    if path.is_dir():
        raise Refused(f"{path} is a folder. Name a file in it.", field="file")
    part = path.with_name(f".{path.name}.{os.getpid()}.part")
    try:
        descriptor = os.open(part, os.O_RDWR | os.O_CREAT | os.O_TRUNC, mode)
        with os.fdopen(descriptor, "w+b") as file:
            yield file
            file.flush()
            os.fsync(file.fileno())
        part.replace(path)
    except OSError as error:
        raise Refused(f"Cannot write {path}: {error.strerror}.", field="file") from error
    finally:
        part.unlink(missing_ok=True)
