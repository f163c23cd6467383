"""What an import did, row by row counted and the first rows named."""

import itertools
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any, ClassVar

from tandem.core.importing.scratch import Scratch
from tandem.integrations.models import ImportRun
from tandem.ui.sayings import made_of

#: How many refusals and warnings are kept with an import; the counts are always complete.
LISTED = 1000


class Refusals(list[dict[str, Any]]):
    """The refused rows in their order. To whoever writes them out they are a list; what they hold lies in
    a temporary file, for all rows of a long file may be refused."""

    def __init__(self) -> None:
        super().__init__()
        self._rows = Scratch("CREATE TABLE refusals (line INTEGER, reason TEXT)")

    def add(self, line: int, reason: str) -> None:
        self._rows.ask("INSERT INTO refusals VALUES (?, ?)", (line, reason))

    def first(self, count: int) -> list[dict[str, Any]]:
        return list(itertools.islice(self, count))

    def __iter__(self) -> Iterator[dict[str, Any]]:
        for line, reason in self._rows.ask("SELECT line, reason FROM refusals ORDER BY rowid"):
            yield {"line": line, "reason": reason}

    def __len__(self) -> int:
        found: int = self._rows.ask("SELECT count(*) FROM refusals").fetchone()[0]
        return found

    __hash__: ClassVar[None] = None

    def __eq__(self, other: object) -> bool:
        return list(self) == other


@dataclass
class Result:
    """``created + updated + unchanged + refused == rows``."""

    rows: int = 0
    created: int = 0
    updated: int = 0
    unchanged: int = 0
    refused: int = 0
    warned: int = 0
    refusals: Refusals = field(default_factory=Refusals)
    warnings: list[dict[str, Any]] = field(default_factory=list)
    #: Keys of the first items made, to look at.
    samples: list[dict[str, Any]] = field(default_factory=list)
    #: What the refusals and warnings listed consist of, by their English.
    said: dict[str, Any] = field(default_factory=dict)

    @classmethod
    def of(cls, run: ImportRun) -> "Result":
        """As an attempt before left it; refusals are read again from what it took."""
        return cls(
            rows=run.rows if run.taken else 0,
            created=run.created,
            updated=run.updated,
            unchanged=run.unchanged,
            warned=run.warned,
            warnings=list(run.warnings),
            said=dict(run.said or {}),
        )

    def keep_in(self, run: ImportRun) -> None:
        for name in (
            "rows",
            "created",
            "updated",
            "unchanged",
            "refused",
            "warned",
            "warnings",
            "said",
        ):
            setattr(run, name, getattr(self, name))

    def refuse(self, line: int, reason: str) -> None:
        self.refused += 1
        self.refusals.add(line, str(reason))
        if self.refused <= LISTED:
            self.said |= made_of(reason)

    def warn(self, line: int | None, message: str) -> None:
        self.warned += 1
        if len(self.warnings) < LISTED:
            self.warnings.append({"line": line, "message": str(message)})
            self.said |= made_of(message)

    def as_json(self) -> dict[str, Any]:
        """The documented object of ``tandem import --json``; every refusal is in it."""
        return {
            "rows": self.rows,
            "created": self.created,
            "updated": self.updated,
            "unchanged": self.unchanged,
            "refused": self.refusals,
            "warnings": self.warnings,
        }
