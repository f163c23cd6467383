"""Making a backup while people work: the database at one moment, then the files it names."""

import json
import tempfile
import zipfile
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from django.conf import settings
from django.db import connection
from django.db.migrations.recorder import MigrationRecorder
from django.utils import timezone

from tandem.core.backup import contents, postgres, sqlite
from tandem.core.files import whole_or_absent
from tandem.core.upgrade import DATA_VERSION
from tandem.core.version import version

Tell = Callable[[str], None]


@dataclass(frozen=True)
class Made:
    """``database``: how it was copied: ``sqlite``, ``dump`` (pg_dump) or ``rows``."""

    path: Path
    database: str
    files: int
    size: int

    def as_json(self) -> dict[str, Any]:
        return {
            "file": str(self.path),
            "database": self.database,
            "files": self.files,
            "bytes": self.size,
        }


def backup_make(path: Path, *, tell: Tell = lambda note: None) -> Made:
    """Write everything of this instance to ``path``; the file is whole or absent.

    Everything that was acknowledged before this began is in it, and the rows are of one moment.
    Files are copied after the rows that name them, so a row's file is there unless it was thrown
    away meanwhile. The file holds every secret of the instance; only its owner can read it.
    """
    data = Path(settings.DATA)
    with (
        whole_or_absent(path) as file,
        tempfile.TemporaryDirectory(dir=data) as folder,
        zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive,
    ):
        writer = contents.Writer(archive)
        tell("database")
        database, applied = _database(writer, Path(folder))
        count = 0
        for name, source in contents.data_files(data):
            if Path(folder) in source.parents:
                continue
            tell(name)
            count += writer.add_path(contents.FILES + name, source)
        manifest = {
            "tandem": "backup",
            "format": contents.FORMAT,
            "version": version(),
            "data_version": DATA_VERSION,
            "made_at": timezone.now().isoformat(timespec="seconds"),
            "database": database,
            "migrations": applied,
            "files": writer.files,
        }
        archive.writestr(contents.MANIFEST, json.dumps(manifest, indent=1))
    return Made(path, database, count, path.stat().st_size)


def _database(writer: contents.Writer, folder: Path) -> tuple[str, list[list[str]]]:
    """How the database was copied, and the migrations it has had."""
    if connection.vendor == "sqlite":
        copy = folder / contents.SQLITE
        sqlite.copy(copy)
        writer.add_path(contents.SQLITE, copy)
        copy.unlink()
        return "sqlite", _applied()
    applied = _applied()
    dump = folder / contents.DUMP
    if postgres.dump(dump):
        writer.add_path(contents.DUMP, dump)
        dump.unlink()
        return "dump", applied
    postgres.rows_write(writer, folder)
    return "rows", applied


def _applied() -> list[list[str]]:
    return sorted([app, name] for app, name in MigrationRecorder(connection).applied_migrations())
