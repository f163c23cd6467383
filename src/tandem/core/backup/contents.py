"""What a backup file holds, and how its entries are named."""

import hashlib
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path, PurePosixPath
from typing import IO, Any

from tandem.core.errors import Refused

FORMAT = 1
MANIFEST = "manifest.json"
SQLITE = "tandem.sqlite3"
DUMP = "database.dump"
ROWS = "rows/"
FILES = "data/"
BLOCK = 1024 * 1024

#: Names at the top of the data folder that a backup leaves out: the database itself is copied by
#: its own means, the rest is made again.
NOT_FILES = frozenset({SQLITE, f"{SQLITE}-wal", f"{SQLITE}-shm", "backups", "progress", "static"})


def data_files(data: Path) -> Iterator[tuple[str, Path]]:
    """``(name below the folder, path)`` of every file to keep, in order."""
    for path in sorted(data.rglob("*")):
        name = path.relative_to(data)
        if (
            name.parts[0] in NOT_FILES
            or name.name.endswith((".part", ".lock"))
            or path.is_symlink()
        ):
            continue
        if path.is_file():
            yield name.as_posix(), path


def checked_name(name: str) -> str:
    """The entry's name, or a refusal of one that leads out of the folder."""
    path = PurePosixPath(name)
    odd = path.is_absolute() or ".." in path.parts or "\\" in name or "\x00" in name
    known = name in {MANIFEST, SQLITE, DUMP} or name.startswith((ROWS, FILES))
    if odd or not known or ":" in path.parts[0] or str(path) != name:
        raise Refused(
            f"The backup holds an entry {name[:80]!r} that none of Tandem's has.", field="file"
        )
    return name


@dataclass
class Writer:
    """Adds entries to a backup and sums them up."""

    archive: zipfile.ZipFile
    files: dict[str, dict[str, Any]] = field(default_factory=dict)

    def add(self, name: str, source: IO[bytes]) -> None:
        digest, size = hashlib.sha256(), 0
        entry = zipfile.ZipInfo(name, (1980, 1, 1, 0, 0, 0))
        entry.compress_type = zipfile.ZIP_DEFLATED
        with self.archive.open(entry, "w", force_zip64=True) as out:
            while block := source.read(BLOCK):
                digest.update(block)
                size += len(block)
                out.write(block)
        self.files[name] = {"bytes": size, "sha256": digest.hexdigest()}

    def add_path(self, name: str, path: Path) -> bool:
        """``False``: the file went away while the backup was made."""
        try:
            with path.open("rb") as source:
                self.add(name, source)
        except FileNotFoundError:
            return False
        return True
