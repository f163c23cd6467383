"""One CSV row seen through a mapping: fields instead of positions, values instead of texts."""

import re
from collections.abc import Callable, Iterator
from collections.abc import Mapping as AnyMapping
from dataclasses import dataclass, field
from datetime import date, datetime

from tandem_engine.words import figure, said

from .dates import DateReader
from .mapping import Mapping
from .record import Criterion, Extra, RowWarning
from .tables import Row
from .words import shortened

_NUMBER = re.compile(r"[+-]?\d{1,9}(?:[.,]\d{1,9})?$")
_TICK = re.compile(r"(?:[-*+•]|\d+[.)])?\s*\[([ xX✓]?)\]\s*(.*)$")
_BULLET = re.compile(r"(?:[-*+•]|\d+[.)])\s+(.*)$")
#: How many warnings of one sort about one column are given before the rest is summed up.
WARNINGS_PER_COLUMN = 20

Cells = tuple[tuple[str, tuple[int, ...]], ...]


@dataclass(slots=True)
class Plan:
    """Which cells hold which field: for every field its columns, best first, with the positions of their cells."""

    cells: AnyMapping[str, Cells]
    extra: Cells = ()

    @classmethod
    def of(
        cls, mapping: Mapping, places: AnyMapping[str, tuple[int, ...]], order: AnyMapping[str, int]
    ) -> "Plan":
        """``order`` ranks columns of one field; columns it does not name come first."""
        found: dict[str, list[tuple[str, tuple[int, ...]]]] = {}
        for name, indexes in places.items():
            for target in mapping.columns.get(name, ("extra",)):
                found.setdefault(target, []).append((name, indexes))
        for columns in found.values():
            columns.sort(key=lambda column: order.get(column[0], -1))
        return cls(
            {target: tuple(columns) for target, columns in found.items()},
            tuple(found.get("extra", ())),
        )


@dataclass(slots=True)
class Problems:
    """Warnings about cells, at most a few for each column, and at the end how many were left out."""

    waiting: list[RowWarning] = field(default_factory=list)
    counts: dict[tuple[str, str], int] = field(default_factory=dict)

    def add(self, line: int, column: str, text: str, what: str) -> None:
        key = (column, what)
        self.counts[key] = self.counts.get(key, 0) + 1
        if self.counts[key] <= WARNINGS_PER_COLUMN:
            self.waiting.append(
                RowWarning(
                    line,
                    said(
                        "column “%(column)s”: “%(text)s” is %(what)s",
                        column=column,
                        text=shortened(text),
                        what=what,
                    ),
                )
            )

    def take(self) -> list[RowWarning]:
        taken, self.waiting = self.waiting, []
        return taken

    def rest(self) -> Iterator[RowWarning]:
        for (column, what), count in self.counts.items():
            if count > WARNINGS_PER_COLUMN:
                yield RowWarning(
                    None,
                    said(
                        "column “%(column)s”: %(number)s more cells are %(what)s",
                        column=column,
                        number=figure(count - WARNINGS_PER_COLUMN, ","),
                        what=what,
                    ),
                )


class RowReader:
    """Reads fields of one row. What cannot be read is left empty, warned about, and kept under its column's name."""

    __slots__ = ("_cells", "_dates", "_kept", "_plan", "_problems", "line")

    def __init__(self, row: Row, plan: Plan, dates: DateReader, problems: Problems) -> None:
        self.line = row.line
        self._cells = row.cells
        self._plan = plan
        self._dates = dates
        self._problems = problems
        self._kept: dict[str, Extra] = {}

    def text(self, target: str) -> str:
        """The first text among the field's cells, stripped; empty when there is none."""
        return self._first(target)[1]

    def texts(self, target: str) -> tuple[str, ...]:
        """All texts among the field's cells, stripped, in the header's order."""
        cells = self._cells
        return tuple(
            text
            for _, indexes in self._plan.cells.get(target, ())
            for index in indexes
            if (text := cells[index].strip())
        )

    def columns(self, target: str) -> Iterator[tuple[str, tuple[str, ...]]]:
        """Each column of the field with its texts, leaving out columns without any."""
        cells = self._cells
        for name, indexes in self._plan.cells.get(target, ()):
            texts = tuple(text for index in indexes if (text := cells[index].strip()))
            if texts:
                yield name, texts

    def moment(self, target: str) -> datetime | None:
        """The field as a UTC moment."""
        column, text = self._first(target)
        if not text:
            return None
        try:
            return self._dates.moment(text)
        except ValueError:
            self._keep(column, text, said("not a date; it was left empty"))
            return None

    def day(self, target: str) -> date | None:
        """The field as a day in the file's time zone."""
        column, text = self._first(target)
        if not text:
            return None
        try:
            return self._dates.day(text)
        except ValueError:
            self._keep(column, text, said("not a date; it was left empty"))
            return None

    def amount(self, target: str) -> float | None:
        """The field as a number of at least 0; a decimal comma is read as one."""
        column, text = self._first(target)
        if not text:
            return None
        if not _NUMBER.match(text):
            self._keep(column, text, said("not a number; it was left empty"))
            return None
        value = float(text.replace(",", "."))
        if value < 0:
            self._keep(column, text, said("less than 0; it was left empty"))
            return None
        return value

    def criteria(self, markdown: Callable[[str], str] = str) -> tuple[Criterion, ...]:
        """Acceptance criteria: one for each line of each cell, ticked by ``[x]`` or by its state's column."""
        states = [state.casefold() for state in self.texts("criteria_state")]
        found = []
        for position, text in enumerate(self.texts("criteria")):
            done = position < len(states) and states[position] in ("completed", "done", "true", "x")
            for line in markdown(text).splitlines():
                if not (line := line.strip()):
                    continue
                if tick := _TICK.match(line):
                    found.append(Criterion(tick[2].strip(), tick[1] in ("x", "X", "✓")))
                else:
                    bullet = _BULLET.match(line)
                    found.append(Criterion(bullet[1] if bullet else line, done))
        return tuple(criterion for criterion in found if criterion.text)

    def extra(self) -> dict[str, Extra]:
        """The columns without a field, and what could not be read, under their names."""
        found: dict[str, Extra] = {}
        cells = self._cells
        for name, indexes in self._plan.extra:
            texts = tuple(text for index in indexes if (text := cells[index].strip()))
            if texts:
                found[name] = texts if len(indexes) > 1 else texts[0]
        found.update(self._kept)
        return found

    def keep(self, name: str, value: Extra) -> None:
        """Put something into :meth:`extra` that an adapter worked out."""
        if value:
            self._kept[name] = value

    def _first(self, target: str) -> tuple[str, str]:
        cells = self._cells
        for name, indexes in self._plan.cells.get(target, ()):
            for index in indexes:
                if text := cells[index].strip():
                    return name, text
        return "", ""

    def _keep(self, column: str, text: str, what: str) -> None:
        self._problems.add(self.line, column, text, what)
        self._kept[column] = text
