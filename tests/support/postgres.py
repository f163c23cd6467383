"""A PostgreSQL server of the tests' own: made in a temporary folder, stopped at the end.

``with database() as url:`` gives any test an empty database. The server starts with its first use
and is shared by the whole run, through ``TANDEM_TEST_SERVER`` by the processes of ``-n 2`` too.
"""

import atexit
import ctypes
import itertools
import os
import secrets
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import lru_cache
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit, urlunsplit

import psycopg
from psycopg import sql

USER = "tandem"
#: Nothing here outlives the run: what keeps a crash from losing data only costs time.
SPEED = {
    "fsync": "off",
    "synchronous_commit": "off",
    "full_page_writes": "off",
    "shared_buffers": "128MB",
    "max_connections": "100",
}
_numbers = itertools.count()


class Absent(Exception):
    """PostgreSQL is not installed here; the message says what to type."""


@dataclass
class Server:
    """A running server; ``url`` is that of its maintenance database."""

    url: str
    process: "subprocess.Popen[bytes] | None" = field(default=None, repr=False)
    folder: Path | None = field(default=None, repr=False)

    def url_of(self, name: str) -> str:
        return urlunsplit(urlsplit(self.url)._replace(path=f"/{name}"))

    def run(self, statement: Any) -> None:
        with psycopg.connect(self.url, autocommit=True) as connection:
            connection.execute(statement)

    def create(self, *, collation: str = "", template: str = "") -> str:
        """The URL of a new database: empty, or a copy of the one named ``template``.

        ``collation`` is an ICU locale such as ``en-US``.
        """
        name = f"t{os.getpid()}_{next(_numbers)}"
        made = sql.SQL("CREATE DATABASE {}").format(sql.Identifier(name))
        if template:
            made += sql.SQL(" TEMPLATE {}").format(sql.Identifier(template))
        if collation:
            made += sql.SQL(" TEMPLATE template0 LOCALE_PROVIDER icu ICU_LOCALE {}").format(
                sql.Literal(collation)
            )
        self.run(made)
        return self.url_of(name)

    def drop(self, url: str) -> None:
        name = urlsplit(url).path.lstrip("/")
        self.run(sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(sql.Identifier(name)))

    def stop(self) -> None:
        if self.process is not None and self.process.poll() is None:
            self.process.send_signal(signal.SIGQUIT)  # at once: its data goes with it
            self.process.wait(timeout=20)
        if self.folder is not None:
            shutil.rmtree(self.folder, ignore_errors=True)


@contextmanager
def database(*, collation: str = "", template: str = "") -> Iterator[str]:
    """The URL of a new database, dropped at the end. Raises ``Absent`` without PostgreSQL."""
    server = shared()
    url = server.create(collation=collation, template=template)
    try:
        yield url
    finally:
        server.drop(url)


@lru_cache(maxsize=1)
def shared() -> Server:
    """The run's server: the one ``TANDEM_TEST_SERVER`` names, else started now."""
    given = os.environ.get("TANDEM_TEST_SERVER")
    if given:
        return Server(given)
    server = start()
    os.environ["TANDEM_TEST_SERVER"] = server.url
    atexit.register(server.stop)
    return server


def binaries() -> Path:
    """The folder of ``initdb`` and ``postgres``: TANDEM_TEST_PG, else on PATH, else the newest."""
    named = os.environ.get("TANDEM_TEST_PG")
    if named:
        if not (Path(named) / "initdb").exists():
            raise Absent(f"TANDEM_TEST_PG: there is no initdb in {named}")
        return Path(named)
    on_path = shutil.which("initdb")
    if on_path:
        return Path(on_path).resolve().parent
    found = [p.parent for p in Path("/usr/lib/postgresql").glob("*/bin/initdb")]
    if not found:
        raise Absent("PostgreSQL is not here. Debian/Ubuntu: sudo apt install postgresql")
    return max(found, key=lambda folder: float(folder.parent.name))


def start() -> Server:
    """A new server on a free port of the loopback, with a password."""
    programs = binaries()
    folder = Path(tempfile.mkdtemp(prefix="tandem-pg-"))
    drop = _drop_rights(folder)
    password = secrets.token_hex(8)
    (folder / "password").write_text(password)
    if drop:
        shutil.chown(folder / "password", drop["user"], drop["group"])
    made = subprocess.run(
        [programs / "initdb", "--locale=C", "--encoding=UTF8", "--no-sync", "--username", USER,
         "--auth=scram-sha-256", "--pwfile", folder / "password", "-D", folder / "data"],
        capture_output=True, text=True, cwd=folder, check=False, **drop,
    )  # fmt: skip
    if made.returncode:
        shutil.rmtree(folder, ignore_errors=True)
        raise RuntimeError(f"initdb failed: {made.stderr}")
    for attempt in range(3):  # a port found free may be taken by the time it is used
        port = free_port()
        server = Server(
            f"postgresql://{USER}:{password}@127.0.0.1:{port}/postgres",
            _launch(programs, folder, port, drop),
            folder,
        )
        if _answers(server):
            return server
        if attempt == 2:
            log = (folder / "log").read_text(errors="replace")
            server.stop()
            raise RuntimeError(f"PostgreSQL did not start: {log}")
    raise AssertionError


def _drop_rights(folder: Path) -> dict[str, Any]:
    """PostgreSQL refuses root: what ``subprocess`` needs to run as somebody else."""
    if os.getuid() != 0:
        return {}
    for name in ("postgres", "nobody"):
        try:
            shutil.chown(folder, name)
        except LookupError:
            continue
        import pwd

        person = pwd.getpwnam(name)
        return {"user": person.pw_uid, "group": person.pw_gid, "extra_groups": []}
    raise Absent("PostgreSQL refuses root, and there is neither a user postgres nor nobody")


def _launch(
    programs: Path, folder: Path, port: int, drop: dict[str, Any]
) -> "subprocess.Popen[bytes]":
    settings = SPEED | {
        "listen_addresses": "127.0.0.1",
        "port": str(port),
        "unix_socket_directories": "",
    }
    options = [part for name, value in settings.items() for part in ("-c", f"{name}={value}")]
    with (folder / "log").open("ab") as log:
        return subprocess.Popen(
            [programs / "postgres", "-D", folder / "data", *options],
            stdout=log, stderr=log, cwd=folder, preexec_fn=_end_with_parent,  # noqa: PLW1509
            **drop,
        )  # fmt: skip


def _end_with_parent() -> None:
    """A run that is killed leaves no server behind (where the kernel can say so)."""
    if sys.platform == "linux":
        set_death_signal = 1
        ctypes.CDLL(None).prctl(set_death_signal, signal.SIGQUIT)


def _answers(server: Server, seconds: float = 30) -> bool:
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        assert server.process is not None
        if server.process.poll() is not None:
            return False
        try:
            psycopg.connect(server.url, connect_timeout=2).close()
            return True
        except psycopg.OperationalError:
            time.sleep(0.03)
    return False


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port
