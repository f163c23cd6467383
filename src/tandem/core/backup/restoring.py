"""Restoring a backup into an empty place, or in place of what is there, after looking at all of it."""

import hashlib
import json
import os
import shutil
import tempfile
import zipfile
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from zlib import error as zlib_error

from tandem.core.backup import contents
from tandem.core.errors import Refused

Tell = Callable[[str], None]
SQLITE_HEADER = b"SQLite format 3\x00"


@dataclass(frozen=True)
class Restored:
    #: What was here before, when it was replaced.
    safety: Path | None
    database: str
    files: int
    made_at: str

    def as_json(self) -> dict[str, Any]:
        return {
            "database": self.database,
            "files": self.files,
            "made_at": self.made_at,
            "safety_backup": str(self.safety) if self.safety else None,
        }


def refuse(message: str) -> Refused:
    return Refused(message, field="file")


def unpacked(file: Path, folder: Path, tell: Tell = lambda note: None) -> dict[str, Any]:
    """The backup's entries as files of ``folder``, each with the sum the manifest says.

    Returns the manifest. A plain SQLite file (a copy made before an upgrade) counts as a backup
    of the database alone.
    """
    try:
        with file.open("rb") as opened:
            if opened.read(len(SQLITE_HEADER)) == SQLITE_HEADER:
                shutil.copyfile(file, folder / contents.SQLITE)
                return {"database": "sqlite", "files": {}, "made_at": "", "only_database": True}
        with zipfile.ZipFile(file) as archive:
            return _unpacked(archive, folder, tell)
    except OSError as error:
        raise refuse(f"Cannot read {file}: {error.strerror or error}.") from error
    except (zipfile.BadZipFile, EOFError, NotImplementedError, RuntimeError, zlib_error) as error:
        raise refuse(f"{file.name} is damaged: {error}. Take another backup.") from error


def _unpacked(archive: zipfile.ZipFile, folder: Path, tell: Tell) -> dict[str, Any]:
    names = [contents.checked_name(name) for name in archive.namelist()]
    if contents.MANIFEST not in names:
        raise refuse("This is no backup of Tandem: it has no manifest.")
    try:
        manifest = json.loads(archive.read(contents.MANIFEST))
        if manifest["tandem"] != "backup":
            raise refuse(
                "This is an archive, not a backup: tandem import tandem FILE brings it in."
            )
        if manifest["format"] > contents.FORMAT:
            raise refuse("A newer Tandem made this backup. Upgrade Tandem, then restore it.")
        sums = {str(name): str(each["sha256"]) for name, each in manifest["files"].items()}
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        raise refuse(f"{contents.MANIFEST} is damaged: {error}.") from error
    odd = set(names) ^ {*sums, contents.MANIFEST}
    if odd or len(names) != len(set(names)):
        raise refuse(
            f"The backup is damaged: its entries are not those of its manifest {sorted(odd)[:3]}."
        )
    for name, expected in sums.items():
        tell(name)
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        digest = hashlib.sha256()
        with archive.open(name) as source, path.open("wb") as out:
            while block := source.read(contents.BLOCK):
                digest.update(block)
                out.write(block)
        if digest.hexdigest() != expected:
            raise refuse(f"The backup is damaged: the SHA-256 of {name} is not the manifest's.")
    result: dict[str, Any] = manifest
    return result


def backup_restore(
    file: Path, data: Path, *, replace: bool = False, tell: Tell = lambda note: None
) -> Restored:
    """Bring a backup into ``data`` (and the database ``TANDEM_DATABASE_URL`` names).

    Refuses a place where something is, unless ``replace``: then what is there is backed up
    first. Everything is checked before anything is changed. Stop the server before replacing.
    """
    _refuse_full(data, replace)
    data.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=data, prefix=".restore-") as staged:
        folder = Path(staged)
        manifest = unpacked(file, folder, tell)
        _set_up(data)
        from tandem.core.backup import postgres, sqlite
        from tandem.core.upgrade import refuse_newer

        kind = manifest["database"]
        _refuse_other_database(kind)
        applied = (
            sqlite.migrations_in(folder / contents.SQLITE)
            if kind == "sqlite"
            else [(str(app), str(name)) for app, name in manifest["migrations"]]
        )
        refuse_newer(applied, what="This backup")
        if kind != "sqlite" and not replace and not postgres.is_empty():
            raise refuse(
                "The database is not empty. Name an empty one in TANDEM_DATABASE_URL, or say --replace."
            )
        safety = _safety(data, tell) if replace else None
        tell("database")
        count = 0
        if not manifest.get("only_database"):
            _old_files_removed(data)
            count = _files_moved(folder / contents.FILES, data)
        if kind == "sqlite":
            _sqlite_moved(folder, data)
        else:
            _postgres_restored(kind, folder, applied)
    return Restored(safety, kind, count, manifest["made_at"])


def _refuse_full(data: Path, replace: bool) -> None:
    if replace or not data.exists():
        return
    if any(entry.name not in {"secret.key"} for entry in data.iterdir()):
        raise Refused(
            f"{data} is not empty. Name an empty folder, or say --replace: what is there is backed up first.",
            field="--data",
        )


def _set_up(data: Path) -> None:
    os.environ["TANDEM_DATA"] = str(data)
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "tandem.config.settings")
    import django

    django.setup()


def _refuse_other_database(kind: str) -> None:
    from django.db import connection

    if (kind == "sqlite") != (connection.vendor == "sqlite"):
        there = "SQLite" if kind == "sqlite" else "PostgreSQL"
        way = "Unset" if kind == "sqlite" else "Set"
        raise refuse(
            f"This is a backup of {there}. {way} TANDEM_DATABASE_URL; to change databases, export the "
            "workspaces (tandem export --workspace) and import them there."
        )


def _safety(data: Path, tell: Tell) -> Path | None:
    """What is here now as a backup of its own; ``None`` when there is nothing."""
    from django.db import connection
    from django.utils import timezone

    from tandem.core.backup import postgres
    from tandem.core.backup.making import backup_make

    if connection.vendor == "sqlite":
        if not (data / contents.SQLITE).exists():
            return None
    elif postgres.is_empty():
        return None
    tell("backing up what is here")
    folder = data / "backups"
    folder.mkdir(mode=0o700, exist_ok=True)
    path = folder / f"before-restore-{timezone.now():%Y%m%dT%H%M%S%f}.zip"
    backup_make(path)
    connection.close()
    return path


def _old_files_removed(data: Path) -> None:
    for entry in data.iterdir():
        if entry.name in contents.NOT_FILES or entry.name.startswith(".restore-"):
            continue
        if entry.is_dir() and not entry.is_symlink():
            shutil.rmtree(entry)
        else:
            entry.unlink()


def _files_moved(source: Path, data: Path) -> int:
    count = 0
    for path in sorted(source.rglob("*")) if source.exists() else []:
        if not path.is_file():
            continue
        target = data / path.relative_to(source)
        target.parent.mkdir(parents=True, exist_ok=True)
        path.replace(target)
        target.chmod(0o600)
        count += 1
    return count


def _sqlite_moved(folder: Path, data: Path) -> None:
    from django.db import connection

    connection.close()
    for name in (f"{contents.SQLITE}-wal", f"{contents.SQLITE}-shm"):
        (data / name).unlink(missing_ok=True)
    (folder / contents.SQLITE).chmod(0o600)
    (folder / contents.SQLITE).replace(data / contents.SQLITE)


def _postgres_restored(kind: str, folder: Path, applied: list[tuple[str, str]]) -> None:
    from tandem.core.backup import postgres
    from tandem.core.index import tables

    postgres.emptied()
    if kind == "dump":
        postgres.restore_dump(folder / contents.DUMP)
        return
    _migrated_to(applied)
    postgres.rows_read(folder / contents.ROWS)
    # The index is no part of the backup; a newer one's form may need a later migration's tables.
    tables.ensure(anew=True)


def _migrated_to(applied: list[tuple[str, str]]) -> None:
    """The tables as they were when the backup was made, which may be an older version's."""
    from django.db import connection
    from django.db.migrations.executor import MigrationExecutor

    executor = MigrationExecutor(connection)
    wanted = set(applied)
    inner = {
        parent.key
        for key in wanted
        for parent in executor.loader.graph.node_map[key].parents
        if parent.key[0] == key[0]
    }
    executor.migrate(sorted(wanted - inner))
