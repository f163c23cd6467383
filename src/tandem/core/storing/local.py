"""Attachments in a folder."""

import datetime
import os
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import IO

from django.utils.translation import gettext as _

from tandem.core.storing.store import BLOCK, Gone, Kept, refusal_of


class LocalStore:
    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def _path(self, key: str) -> Path:
        path = self.folder / key
        if not path.resolve().is_relative_to(self.folder.resolve()):
            raise ValueError(f"{key!r} leads out of the folder")
        return path

    def put(self, key: str, source: Path) -> None:
        path = self._path(key)
        part = path.with_name(f".{path.name}.part")
        try:
            path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
            with source.open("rb") as given, part.open("wb") as made:
                os.fchmod(made.fileno(), 0o600)
                shutil.copyfileobj(given, made, BLOCK)
                made.flush()
                os.fsync(made.fileno())
            part.replace(path)
        except OSError as error:
            raise refusal_of(error) from error
        finally:
            part.unlink(missing_ok=True)

    def read(self, key: str) -> Iterator[bytes]:
        try:
            file = self._path(key).open("rb")
        except OSError as error:
            raise Gone(
                _(
                    "The bytes of this attachment are gone. A backup may have them: tell whoever "
                    "runs this Tandem."
                )
            ) from error
        return self._blocks(file)

    def _blocks(self, file: IO[bytes]) -> Iterator[bytes]:
        with file:
            while block := file.read(BLOCK):
                yield block

    def remove(self, key: str) -> None:
        self._path(key).unlink(missing_ok=True)

    def size(self, key: str) -> int | None:
        try:
            return self._path(key).stat().st_size
        except OSError:
            return None

    def kept(self) -> Iterator[Kept]:
        for path in sorted(self.folder.rglob("*")) if self.folder.exists() else []:
            if path.is_file() and not path.is_symlink():
                stat = path.stat()
                changed = datetime.datetime.fromtimestamp(stat.st_mtime, datetime.UTC)
                yield Kept(path.relative_to(self.folder).as_posix(), stat.st_size, changed)
