"""What Django needs for a database that a URL or a path names. Imports no Django: settings use it."""

from importlib.util import find_spec
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl, unquote, urlsplit

FORM = "takes postgresql://user:password@host:port/name"
PRAGMAS = (
    "PRAGMA journal_mode=WAL;PRAGMA synchronous=NORMAL;PRAGMA foreign_keys=ON;"
    "PRAGMA mmap_size=134217728;PRAGMA cache_size=-20000;PRAGMA temp_store=MEMORY;"
    # 32 MB. Changing 500 items among 100,000 would move what it wrote into the file each time.
    "PRAGMA wal_autocheckpoint=8000;"
)


def sqlite(path: Path) -> dict[str, Any]:
    """One file. A write waits for its turn (up to 20 s) from its first statement on, so no
    transaction fails half-way because another one wrote."""
    return {
        "ENGINE": "tandem.core.sqlite",
        "NAME": path,
        "OPTIONS": {"transaction_mode": "IMMEDIATE", "timeout": 20, "init_command": PRAGMAS},
    }


def postgres(url: str, *, pool: int = 8) -> dict[str, Any]:
    """``postgresql://user:password@host:port/name?sslmode=require``; ``pool``: the most
    connections of a process, 0 for a new one each time. Raises ValueError with a clear line."""
    try:
        parts = urlsplit(url)
        port = parts.port
    except ValueError as error:
        raise ValueError(f"{FORM} ({error})") from error
    name = unquote(parts.path.lstrip("/"))
    if parts.scheme not in {"postgres", "postgresql"} or not name or "/" in name:
        raise ValueError(FORM)
    if find_spec("psycopg") is None:
        raise ValueError('PostgreSQL needs an extra: pip install "tandem-product[postgres]"')
    options: dict[str, Any] = {"connect_timeout": 10, "application_name": "tandem"}
    if pool:
        # A request takes a connection for as long as it lasts and gives it back.
        options["pool"] = {"min_size": 0, "max_size": pool, "timeout": 15}
        # A connection that stays plans a query it has met three times no more.
        options |= {"server_side_binding": True, "prepare_threshold": 3}
    return {
        "ENGINE": "django.db.backends.postgresql",
        "NAME": name,
        "USER": unquote(parts.username or ""),
        "PASSWORD": unquote(parts.password or ""),
        "HOST": unquote(parts.hostname or ""),
        "PORT": str(port or ""),
        # Under ASGI every request is a thread: kept connections would pile up. The pool keeps them.
        "CONN_MAX_AGE": 0,
        "CONN_HEALTH_CHECKS": True,
        "OPTIONS": {**options, **dict(parse_qsl(parts.query))},
    }


def of_url(url: str, *, pool: int = 8) -> dict[str, Any]:
    """PostgreSQL, or ``sqlite:PATH``. Raises ValueError with a clear line."""
    if url.startswith("sqlite:"):
        path = unquote(url.removeprefix("sqlite:"))
        path = path.removeprefix("//") if path.startswith("///") else path
        if not path:
            raise ValueError("sqlite: takes the path of a file")
        return sqlite(Path(path).expanduser())
    return postgres(url, pool=pool)


def shown(url: str) -> str:
    """The URL without its password, for messages."""
    parts = urlsplit(url)
    if not parts.password:
        return url
    return parts._replace(netloc=parts.netloc.replace(f":{parts.password}@", ":…@")).geturl()
