"""What must be remembered of a file's rows while it is read, without memory that grows with the file."""

import sqlite3
from types import TracebackType
from typing import Self

#: In KiB. What is more lies on disk.
_CACHE = 2_000


class Scratch:
    """A database of its own that nobody else sees: small ones stay in memory, larger ones go to a temporary file.

    It is gone when it is closed, also when the process is killed.
    """

    def __init__(self, tables: str) -> None:
        self.database = sqlite3.connect("", isolation_level=None)
        self.database.executescript(
            f"PRAGMA cache_size = -{_CACHE}; PRAGMA journal_mode = OFF; PRAGMA synchronous = OFF; {tables}; BEGIN"
        )
        self.ask = self.database.execute

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()

    def close(self) -> None:
        self.database.close()


class Lines(Scratch):
    """The line in which each name came first."""

    def __init__(self) -> None:
        super().__init__(
            "CREATE TABLE lines (name TEXT PRIMARY KEY, line INTEGER NOT NULL) WITHOUT ROWID"
        )

    def note(self, name: str, line: int) -> int | None:
        """Remember the name's first line; gives it when the name came before."""
        if self.ask("INSERT OR IGNORE INTO lines VALUES (?, ?)", (name, line)).rowcount:
            return None
        found: int = self.ask("SELECT line FROM lines WHERE name = ?", (name,)).fetchone()[0]
        return found


class Counts(Scratch):
    """How often each name came."""

    def __init__(self) -> None:
        super().__init__(
            "CREATE TABLE counts (name TEXT PRIMARY KEY, count INTEGER NOT NULL) WITHOUT ROWID"
        )

    def add(self, name: str) -> int:
        """Count the name once more; gives how often it came by now."""
        self.ask(
            "INSERT INTO counts VALUES (?, 1) ON CONFLICT (name) DO UPDATE SET count = count + 1",
            (name,),
        )
        found: int = self.ask("SELECT count FROM counts WHERE name = ?", (name,)).fetchone()[0]
        return found
