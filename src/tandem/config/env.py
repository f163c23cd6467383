"""Typed readers of the environment: a bad value stops the start with one clear line."""

import os
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from tandem.core import database_url

if TYPE_CHECKING:
    from tandem.core.outgoing.addresses import Allowed


class BadSetting(SystemExit):
    """A setting that cannot be used; the message names it and says what it takes."""

    def __init__(self, name: str, message: str) -> None:
        super().__init__(f"{name}: {message}")


def text(name: str, default: str = "") -> str:
    """The variable's value, or the content of the file that ``<name>_FILE`` names."""
    path = os.environ.get(f"{name}_FILE")
    if path:
        try:
            return Path(path).read_text(encoding="utf-8").strip()
        except OSError as error:
            raise BadSetting(f"{name}_FILE", f"cannot read {path}: {error.strerror}") from error
    return os.environ.get(name, default)


def flag(name: str, default: bool = False) -> bool:
    value = text(name)
    if not value:
        return default
    if value.lower() in {"1", "true", "yes", "on"}:
        return True
    if value.lower() in {"0", "false", "no", "off"}:
        return False
    raise BadSetting(name, f"takes yes or no, not {value!r}")


def number(name: str, default: int, *, low: int = 0, high: int = 2**31) -> int:
    value = text(name)
    if not value:
        return default
    try:
        result = int(value)
    except ValueError:
        raise BadSetting(name, f"takes a whole number, not {value!r}") from None
    if not low <= result <= high:
        raise BadSetting(name, f"takes a number from {low} to {high}, not {result}")
    return result


def choice(name: str, values: tuple[str, ...]) -> str:
    """One of ``values``; the first when nothing is set."""
    value = text(name).lower()
    if not value:
        return values[0]
    if value not in values:
        raise BadSetting(
            name, f"takes {' or '.join(each for each in values if each)}, not {value!r}"
        )
    return value


def words(name: str, default: tuple[str, ...] = ()) -> list[str]:
    value = text(name)
    return [word.strip() for word in value.split(",") if word.strip()] if value else list(default)


def addresses_allowed(name: str) -> "Allowed":
    """Hosts and networks that requests to given addresses may reach besides the internet."""
    from tandem.core.outgoing.addresses import Allowed

    try:
        return Allowed.of(words(name))
    except ValueError as error:
        raise BadSetting(name, str(error)) from error


def attachments(data: Path) -> str:
    """Where attachments lie, as ``core/storing/place.py`` reads it."""
    from tandem.core.storing.place import Place

    name = "TANDEM_ATTACHMENTS"
    given = text(name)
    try:
        Place.of(given, data)
    except ValueError as error:
        raise BadSetting(name, str(error)) from error
    return given


def data_folder() -> Path:
    """Where everything lives: ``TANDEM_DATA``, else the user's data folder. Made when missing."""
    import platformdirs

    chosen = os.environ.get("TANDEM_DATA")
    folder = Path(chosen).expanduser() if chosen else platformdirs.user_data_path("tandem")
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise BadSetting(
            "TANDEM_DATA", f"cannot make the folder {folder}: {error.strerror}"
        ) from error
    if not os.access(folder, os.W_OK):
        raise BadSetting("TANDEM_DATA", f"the folder {folder} cannot be written to")
    return folder.resolve()


def secret_key(folder: Path) -> str:
    """The installation's secret, made on first use, readable by its owner only."""
    import contextlib
    import secrets

    given = text("TANDEM_SECRET_KEY")
    if given:
        return given
    path = folder / "secret.key"
    if not path.exists():
        # Whole or absent, also when two processes start at once: the first one's stays.
        part = folder / f".secret.key.{os.getpid()}"
        descriptor = os.open(part, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
        with os.fdopen(descriptor, "w") as file:
            file.write(secrets.token_urlsafe(50))
        with contextlib.suppress(FileExistsError):
            os.link(part, path)
        part.unlink()
    return path.read_text(encoding="ascii").strip()


def database(folder: Path) -> dict[str, Any]:
    """SQLite in the data folder, or PostgreSQL when ``TANDEM_DATABASE_URL`` says so."""
    url = text("TANDEM_DATABASE_URL")
    if not url:
        return database_url.sqlite(folder / "tandem.sqlite3")
    try:
        return database_url.postgres(url, pool=number("TANDEM_DATABASE_POOL", 8, high=200))
    except ValueError as error:
        raise BadSetting("TANDEM_DATABASE_URL", str(error)) from error


def cache(engine: object) -> dict[str, Any]:
    """What web processes share for a while: Redis when ``TANDEM_CACHE_URL`` names one, else the
    PostgreSQL they share; one process on SQLite remembers it itself."""
    from importlib.util import find_spec

    url = text("TANDEM_CACHE_URL")
    if url:
        if urlsplit(url).scheme not in {"redis", "rediss"}:
            raise BadSetting("TANDEM_CACHE_URL", "takes redis://host:6379/0")
        if find_spec("redis") is None:
            raise BadSetting(
                "TANDEM_CACHE_URL", 'Redis needs an extra: pip install "tandem-product[cache]"'
            )
        return {"BACKEND": "django.core.cache.backends.redis.RedisCache", "LOCATION": url}
    if engine == "django.db.backends.postgresql":
        return {
            "BACKEND": "django.core.cache.backends.db.DatabaseCache",
            "LOCATION": "core_cache",
            "OPTIONS": {"MAX_ENTRIES": 20_000},
        }
    return {"BACKEND": "django.core.cache.backends.locmem.LocMemCache"}
