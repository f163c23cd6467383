"""``tandem doctor``: is this installation sound, and what to do if not."""

import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import click

from tandem.cli.base import answer, data_option, json_option


@dataclass(frozen=True)
class Finding:
    check: str
    ok: bool
    message: str


def _python() -> Finding:
    version = ".".join(map(str, sys.version_info[:3]))
    return Finding("python", sys.version_info >= (3, 11), f"Python {version} (3.11 or newer)")


def _sqlite() -> Finding:
    import sqlite3

    version = sqlite3.sqlite_version
    ok = tuple(map(int, version.split("."))) >= (3, 35, 0)
    return Finding("sqlite", ok, f"SQLite {version} (3.35 or newer)")


def _full_text() -> Finding:
    import sqlite3

    try:
        sqlite3.connect(":memory:").execute("CREATE VIRTUAL TABLE t USING fts5(a)")
    except sqlite3.Error:
        return Finding("search", False, "SQLite lacks FTS5: install a Python built with it")
    return Finding("search", True, "SQLite has full-text search")


def _data() -> Finding:
    from django.conf import settings

    mode = (settings.DATA / "secret.key").stat().st_mode & 0o777
    if mode & 0o077:
        return Finding("data", False, f"others can read {settings.DATA}/secret.key: chmod 600 it")
    return Finding("data", True, f"data folder {settings.DATA}")


def _database() -> Finding:
    from django.db import connection

    if connection.vendor != "sqlite":
        return Finding("database", True, f"{connection.vendor} answers")
    with connection.cursor() as cursor:
        cursor.execute("PRAGMA quick_check")
        result = cursor.fetchone()[0]
    return Finding("database", result == "ok", f"database integrity: {result}")


def _front_end() -> Finding:
    vendor = Path(__file__).resolve().parents[2] / "static" / "vendor"
    ok = vendor.exists() and any(vendor.iterdir())
    message = "front-end files are here" if ok else "front-end files are missing: run `make setup`"
    return Finding("front-end", ok, message)


def _solver() -> Finding:
    from importlib.metadata import version

    import highspy

    ok = hasattr(highspy, "Highs")
    return Finding("solver", ok, f"HiGHS {version('highspy')}")


CHECKS: tuple[Callable[[], Finding], ...] = (
    _python,
    _sqlite,
    _full_text,
    _data,
    _database,
    _front_end,
    _solver,
)


def findings() -> Iterator[Finding]:
    for check in CHECKS:
        try:
            yield check()
        except Exception as error:
            yield Finding(check.__name__.strip("_"), False, f"{type(error).__name__}: {error}")


@click.command()
@click.option("--integrity", is_flag=True, help="Also examine the rows and files.")
@json_option
@data_option
@click.pass_context
def doctor(context: click.Context, integrity: bool, as_json: bool) -> None:
    """Check the installation and say what to do.

    With --integrity, or when --data names a folder, what is kept there is examined too: the
    database's pages and keys, rows that hang in the air, ranks, history, files. That reads
    everything; people may keep working meanwhile.
    """
    named = context.meta.get("tandem.data_named", False)
    found = [
        {"check": each.check, "ok": each.ok, "message": each.message, "advice": ""}
        for each in findings()
    ]
    if integrity or named:
        from tandem.core.integrity import examined

        found += [each.as_json() for each in examined()]
    ok = all(each["ok"] for each in found)

    def text() -> None:
        for each in found:
            click.echo(f"{'ok ' if each['ok'] else 'NO '} {each['message']}")
            if each["advice"]:
                click.echo(f"    {each['advice']}")

    answer(as_json, {"ok": ok, "integrity": integrity or named, "checks": found}, text)
    if not ok:
        raise click.exceptions.Exit(1)
