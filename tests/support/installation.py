"""An installation as people have it: a data folder and a database, and ``tandem`` run on them.

Its database is a copy of the run's migrated one, so a test does not wait for migrations.
"""

import json
import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from support.migrated import migrated_database, migrated_file
from support.postgres import database
from tandem.core.database import other
from tandem.core.database_url import postgres, sqlite

#: Runs commands one after the other in one process: a line of JSON in, one out.
RUNNER = """
import contextlib, io, json, os, shutil, sys
from tandem.cli.main import main
for line in sys.stdin:
    asked = json.loads(line)
    for folder in asked["remove"]:
        shutil.rmtree(folder)
    out, err, code = io.StringIO(), io.StringIO(), 0
    with contextlib.redirect_stdout(out), contextlib.redirect_stderr(err):
        try:
            sys.argv = ["tandem", *asked["arguments"]]
            main()
        except SystemExit as end:
            code = end.code or 0
    told = {"code": code, "out": out.getvalue(), "err": err.getvalue()}
    print(json.dumps(told), flush=True)
"""


@dataclass(frozen=True)
class Installation:
    """``url`` is empty where the database is the file in the data folder."""

    data: Path
    url: str = ""

    @property
    def environment(self) -> dict[str, str]:
        return {**os.environ, "TANDEM_DATA": str(self.data), "TANDEM_DATABASE_URL": self.url}

    @property
    def settings(self) -> dict[str, Any]:
        return postgres(self.url, pool=0) if self.url else sqlite(self.data / "tandem.sqlite3")

    def tandem(self, *words: Any, **more: Any) -> "subprocess.CompletedProcess[str]":
        """Run the command in a process of its own until it ends."""
        return subprocess.run(
            [sys.executable, "-m", "tandem", *map(str, words)],
            capture_output=True,
            text=True,
            env=self.environment | more.pop("environment", {}),
            check=False,
            timeout=more.pop("timeout", 240),
            **more,
        )

    def tandems(
        self, *commands: Any, environment: dict[str, str] | None = None, remove: Any = ()
    ) -> list[dict[str, Any]]:
        """Run commands one after the other in one process of their own: ``code``, ``out`` and
        ``err`` of each; before the last one the folders to ``remove`` go."""
        asked: list[dict[str, Any]] = [
            {"arguments": list(map(str, each)), "remove": []} for each in commands
        ]
        asked[-1]["remove"] = list(map(str, remove))
        done = subprocess.run(
            [sys.executable, "-c", RUNNER],
            input="\n".join(map(json.dumps, asked)),
            env=self.environment | (environment or {}),
            capture_output=True, text=True, check=False, timeout=240,
        )  # fmt: skip
        assert done.returncode == 0, done.stderr
        told = [json.loads(line) for line in done.stdout.splitlines()]
        assert len(told) == len(commands), done.stderr
        return told

    def start(self, *words: Any, **more: Any) -> "subprocess.Popen[str]":
        """Start the command; the caller ends it."""
        return subprocess.Popen(
            [sys.executable, "-m", "tandem", *map(str, words)],
            text=True,
            env=self.environment | more.pop("environment", {}),
            **more,
        )

    def count(self, table: str) -> int:
        """How many rows a table has, read from outside."""
        with other(self.settings) as connection, connection.cursor() as cursor:
            cursor.execute(f"SELECT count(*) FROM {table}")
            found: int = cursor.fetchone()[0]
            return found


@contextmanager
def installed(data: Path, *, on_postgres: bool, empty: bool = False) -> Iterator[Installation]:
    """An installation in the folder ``data``; ``empty``: nothing was ever started there."""
    if not on_postgres:
        if not empty:
            shutil.copy(migrated_file(), data / "tandem.sqlite3")
        yield Installation(data)
        return
    with database(template="" if empty else migrated_database()) as url:
        yield Installation(data, url)
