"""Bringing a database up to date when Tandem starts, and refusing one that is ahead of it."""

from collections.abc import Iterable
from pathlib import Path

from django.conf import settings
from django.core.management import call_command
from django.db import connection
from django.db.migrations.executor import MigrationExecutor
from django.db.migrations.loader import MigrationLoader
from django.utils import timezone

from tandem.core import database
from tandem.core.errors import Refused
from tandem.core.index import tables
from tandem.core.version import version

#: Grows when the files of the data folder change their meaning (rows have migrations).
DATA_VERSION = 1
VERSION_FILE = "data-version"
BACKUPS_KEPT = 5
BEFORE = "before-upgrade-"
#: Apps that were taken out of Tandem: their migrations may stand in a database for ever.
FORGOTTEN_APPS: frozenset[str] = frozenset()


def bring_up_to_date() -> None:
    """Apply what is missing; costs two queries when nothing is.

    A database that has something in it is copied to ``backups/`` first. Refuses a database or a
    data folder that a newer Tandem has written.
    """
    executor = MigrationExecutor(connection)
    refuse_newer(executor.loader.applied_migrations)
    data = Path(settings.DATA)
    if executor.migration_plan(executor.loader.graph.leaf_nodes()):
        # Of several starts at once, one does it.
        with database.exclusive("migrate"):
            _upgrade(data)
    tables.ensure()
    _data_version_write(data)


def refuse_newer(applied: Iterable[tuple[str, str]], *, what: str = "This database") -> None:
    """Refuse when there is a migration, or a data version, that this Tandem does not know."""
    known = MigrationLoader(None).disk_migrations or {}
    ahead = sorted(
        f"{app}.{name}"
        for app, name in applied
        if (app, name) not in known and app not in FORGOTTEN_APPS
    )
    if ahead:
        raise Refused(
            f"{what} was written by a newer Tandem: this one ({version()}) does not know "
            f"{', '.join(ahead[:3])}{' …' if len(ahead) > 3 else ''}. Install the newer version again, or restore a "
            "backup that this version made (tandem restore)."
        )
    found = data_version(Path(settings.DATA))
    if found > DATA_VERSION:
        raise Refused(
            f"The data folder was written by a newer Tandem (data version {found}; this one, {version()}, "
            f"knows up to {DATA_VERSION}). Install the newer version again."
        )


def data_version(data: Path) -> int:
    try:
        return int((data / VERSION_FILE).read_text(encoding="ascii"))
    except FileNotFoundError:
        return 0
    except (OSError, ValueError) as error:
        raise Refused(
            f"{data / VERSION_FILE} cannot be read: {error}. It holds one number."
        ) from error


def _data_version_write(data: Path) -> None:
    if data_version(data) != DATA_VERSION:
        (data / VERSION_FILE).write_text(f"{DATA_VERSION}\n", encoding="ascii")


def _upgrade(data: Path) -> None:
    executor = MigrationExecutor(connection)
    if not executor.migration_plan(executor.loader.graph.leaf_nodes()):
        return
    copy = None
    if executor.loader.applied_migrations and settings.UPGRADE_BACKUP:
        copy = backup_before_upgrade(data)
    try:
        call_command("migrate", verbosity=0, interactive=False)
    except Exception as error:
        kept = (
            f" The database as it was before is {copy}: tandem restore {copy} --replace."
            if copy
            else ""
        )
        raise Refused(f"The upgrade of the database failed: {error}.{kept}") from error


def backup_before_upgrade(data: Path) -> Path:
    """Copy the database to ``backups/``; the oldest beyond five go.

    SQLite as the file it is, PostgreSQL as ``tandem backup`` makes it.
    """
    from tandem.core.backup import making, sqlite

    folder = data / "backups"
    folder.mkdir(mode=0o700, exist_ok=True)
    path = folder / f"{BEFORE}{timezone.now():%Y%m%dT%H%M%S%f}"
    if connection.vendor == "sqlite":
        path = path.with_suffix(".sqlite3")
        sqlite.copy(path)
    else:
        path = making.backup_make(path.with_suffix(".zip")).path
    for old in sorted(folder.glob(f"{BEFORE}*"))[:-BACKUPS_KEPT]:
        old.unlink()
    return path
