"""Rows pasted from a spreadsheet: text -> a table -> what its columns mean -> rows of items.

Columns are recognised by the words imports know. Unlike an import, which keeps what it cannot
read beside the item, every cell that cannot be read is told with its row and column, and nothing
is made while one is left.
"""

import csv
import datetime
import io
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop as N_

from tandem.accounts.models import Member, Product
from tandem.backlog import custom
from tandem.backlog.forms import OWN, own_slug
from tandem.backlog.models import CustomField, Status
from tandem.backlog.operations.bulk import MOST
from tandem.backlog.operations.creating import Created
from tandem.core.errors import Refused
from tandem.core.importing.dates import DateReader
from tandem.core.importing.words import plain
from tandem.integrations.adapters import vocabulary
from tandem.integrations.adapters.csv_table import SYNONYMS
from tandem.integrations.archive.export import RUN
from tandem.integrations.pasting_cells import Cells
from tandem.ui.filters import number
from tandem.ui.numbers import read_number

#: More characters are no paste but a file.
LONGEST = 2_000_000
MOST_COLUMNS = 100
#: What a column can be, as the page offers it.
TARGETS = {
    "title": N_("Title"),
    "kind": N_("Kind"),
    "status": N_("Status"),
    "assignee": N_("Assignee"),
    "labels": N_("Labels"),
    "estimate": N_("Estimate"),
    "estimate_low": N_("Low estimate"),
    "estimate_high": N_("High estimate"),
    "due": N_("Due day"),
    "parent": N_("Parent"),
    "description": N_("Description"),
    "criteria": N_("Acceptance criteria"),
    "story_role": N_("As a"),
    "story_want": N_("I want"),
    "story_benefit": N_("So that"),
    "ignore": N_("Leave out"),
}
#: Names of columns beyond those that imports know.
_OURS = {
    "estimate low": "estimate_low",
    "low": "estimate_low",
    "low estimate": "estimate_low",
    "estimate likely": "estimate",
    "likely": "estimate",
    "estimate high": "estimate_high",
    "high": "estimate_high",
    "high estimate": "estimate_high",
    "as a": "story_role",
    "role": "story_role",
    "i want": "story_want",
    "so that": "story_benefit",
    "benefit": "story_benefit",
}
#: What an item's field is called after the column it came from.
_COLUMN_OF = {"estimate_likely": "estimate", "due_date": "due"}
SEPARATORS = {"tab": "\t", "comma": ",", "semicolon": ";", "none": ""}


@dataclass(frozen=True)
class Trouble:
    """Why a row cannot become an item. ``row`` is the line of the table, the header counted."""

    row: int
    column: str
    message: str


@dataclass
class Pasted:
    """What was pasted, and what would become of it."""

    cells: list[list[str]]
    separator: str
    has_header: bool
    #: The header's names, or "Column 1" …
    names: list[str]
    #: What each column is: a name of ``TARGETS``, or ``field-<slug>``.
    targets: list[str]
    rows: list[dict[str, Any]] = field(default_factory=list)
    #: The table's line of each of ``rows``.
    lines: list[int] = field(default_factory=list)
    troubles: list[Trouble] = field(default_factory=list)

    @property
    def body(self) -> list[list[str]]:
        return self.cells[1:] if self.has_header else self.cells

    def troubles_of(self, tried: Created) -> list[Trouble]:
        """The reading's troubles and the operation's, in the table's order."""
        found = [*self.troubles]
        for problem in tried.problems:
            column = self.named(problem.field)
            found.append(Trouble(self.lines[problem.row], column, problem.message))
        return sorted(found, key=lambda each: each.row)

    def named(self, target: str) -> str:
        """The column that gave an item's field."""
        target = _COLUMN_OF.get(target, target)
        if target.startswith("fields."):
            target = f"{OWN}{target.removeprefix('fields.')}"
        place = self.targets.index(target) if target in self.targets else -1
        return self.names[place] if place >= 0 else ""


def table_of(text: str, separator: str = "") -> tuple[list[list[str]], str]:
    """The cells, and what parted them: ``tab``, ``comma``, ``semicolon`` or ``none``.

    A spreadsheet gives tabs. Without one, commas or semicolons count only where they split every
    row alike: a list of sentences is one title a line.
    """
    if len(text) > LONGEST:
        raise Refused(
            _("At most %(most)s characters are pasted; these are %(count)s. Import a file.")
            % {"most": number(LONGEST), "count": number(len(text))},
            field="text",
        )
    text = text.replace("\x00", "").replace("\r\n", "\n").replace("\r", "\n").strip("\n")
    if not text.strip():
        raise Refused(_("Paste rows of a spreadsheet, or one title a line."), field="text")
    if separator and separator not in SEPARATORS:
        raise Refused(
            _("%(separator)s is none of %(names)s.")
            % {"separator": separator[:20], "names": ", ".join(SEPARATORS)},
            field="separator",
        )
    chosen = separator or _separator_of(text)
    cells = _split(text, SEPARATORS[chosen])
    cells = [row for row in cells if any(cell.strip() for cell in row)]
    width = max(map(len, cells))
    if width > MOST_COLUMNS:
        raise Refused(
            _("At most %(most)s columns; these are %(width)s.")
            % {"most": MOST_COLUMNS, "width": width},
            field="text",
        )
    return [row + [""] * (width - len(row)) for row in cells], chosen


def _separator_of(text: str) -> str:
    if "\t" in text:
        return "tab"
    for name in ("semicolon", "comma"):
        rows = _split(text, SEPARATORS[name])
        widths = {len(row) for row in rows if any(row)}
        if len(rows) > 1 and len(widths) == 1 and widths.pop() > 1:
            return name
    return "none"


def _split(text: str, mark: str) -> list[list[str]]:
    if not mark:
        return [[line.strip()] for line in text.split("\n")]
    try:
        read = csv.reader(io.StringIO(text), delimiter=mark, strict=True)
        return [[_undefused(cell.strip()) for cell in row] for row in read]
    except csv.Error:
        # Some spreadsheets copy a cell that begins with a quote as it is.
        return [
            [_undefused(cell.strip()) for cell in line.split(mark)] for line in text.split("\n")
        ]


def _undefused(cell: str) -> str:
    """A cell that was taken out of Tandem with an apostrophe before it, as it was."""
    return cell[1:] if cell[:1] == "'" and cell[1:2] in RUN and len(cell) > 1 else cell


def pasted(
    text: str,
    *,
    by: Member,
    product: Product,
    separator: str = "",
    header: bool | None = None,
    columns: Mapping[int, str] | None = None,
) -> Pasted:
    """Read what was pasted. ``header`` and ``columns`` (place -> target) are a person's decisions;
    what nobody decided is suggested."""
    cells, chosen = table_of(text, separator)
    fields = custom.fields_of(product)
    statuses = list(Status.objects.filter(product=product))
    has_header = _is_header(cells, fields) if header is None else header
    body = cells[1:] if has_header else cells
    if len(body) > MOST:
        raise Refused(
            _(
                "At most %(most)s rows are pasted at once; these are %(count)s. Save them as CSV and "
                "import the file: an import takes any number, in the background, and can be reverted."
            )
            % {"most": number(MOST), "count": number(len(body))},
            field="text",
            import_instead=True,
        )
    if not body:
        raise Refused(_("There is only a header. Paste rows below it, too."), field="text")
    names = [
        (cells[0][at] if has_header else "") or _("Column %(number)s") % {"number": at + 1}
        for at in range(len(cells[0]))
    ]
    suggested = (
        [_meaning(name, fields) or "ignore" for name in cells[0]]
        if has_header
        else _by_content(body, statuses)
    )
    for at, target in (columns or {}).items():
        if target not in TARGETS and custom.named(fields, own_slug(target) or "-") is None:
            raise Refused(
                _("A column cannot become “%(target)s”.") % {"target": target[:40]}, field="columns"
            )
        if 0 <= at < len(suggested):
            suggested[at] = target
    found = Pasted(cells, chosen, has_header, names, _once(suggested, columns or {}))
    if "title" not in found.targets:
        raise NoTitle(_("No column is the title. Choose the one that is."), found)
    _read(found, by, product, fields, statuses)
    return found


class NoTitle(Refused):
    """The table was read, and nobody can say yet what its titles are."""

    def __init__(self, message: str, table: Pasted) -> None:
        super().__init__(message, field="columns")
        self.table = table


def _once(targets: list[str], decided: Mapping[int, str]) -> list[str]:
    """A target but labels and criteria belongs to one column: a decided one, else the first."""
    given = {target for at, target in decided.items() if at < len(targets)}
    found = []
    for at, target in enumerate(targets):
        many = target in ("labels", "criteria", "ignore", "description")
        if not many and (target in found or (target in given and at not in decided)):
            target = "ignore"
        found.append(target)
    return found


def _meaning(name: str, fields: Sequence[CustomField]) -> str:
    """What a header's name means; an own field's name goes before the words imports know, but not
    before what the page itself calls a column: a field called *Status* takes no column's statuses."""
    for target, title in TARGETS.items():
        if target != "ignore" and name.strip().casefold() in (
            title.casefold(),
            _(title).casefold(),
        ):
            return target
    if (own := custom.named(fields, name)) is not None:
        return f"{OWN}{own.slug}"
    word = plain(name)
    if word in _OURS:
        return _OURS[word]
    for target, names in SYNONYMS.items():
        if word in map(plain, names):
            return target if target in TARGETS else "ignore"
    return ""


def _is_header(cells: Sequence[Sequence[str]], fields: Sequence[CustomField]) -> bool:
    """Whether the first row names columns: a title's name, or two names, and no other words twice as often."""
    first = [cell for cell in cells[0] if cell]
    meanings = [_meaning(cell, fields) for cell in first]
    known = sum(map(bool, meanings))
    return len(cells) > 1 and ("title" in meanings or known > 1) and known * 3 >= len(first)


def _by_content(body: Sequence[Sequence[str]], statuses: Sequence[Status]) -> list[str]:
    """Without a header: what every cell of a column is tells; the longest texts are titles."""
    known = {name.casefold() for each in statuses for name in (each.name, *each.former)}
    targets = []
    for at in range(len(body[0])):
        texts = [row[at] for row in body if row[at]]
        if texts and all(text.casefold() in known for text in texts):
            targets.append("status")
        elif texts and all(vocabulary.known_kind(text) for text in texts):
            targets.append("kind")
        elif texts and all(_is_number(text) for text in texts):
            targets.append("estimate")
        elif texts and all(_is_day(text) for text in texts):
            targets.append("due")
        else:
            targets.append("")
    if "" in targets:
        targets[targets.index("")] = "title"
    return [target or "ignore" for target in targets]


def _is_number(text: str) -> bool:
    try:
        return read_number(text) >= 0
    except ValueError:
        return False


def _is_day(text: str) -> bool:
    try:
        DateReader().day(text)
    except ValueError:
        return False
    return not _is_number(text)


def _read(
    found: Pasted,
    by: Member,
    product: Product,
    fields: Sequence[CustomField],
    statuses: Sequence[Status],
) -> None:
    reading = Cells(found.body, found.targets, by, product, fields, statuses)
    first = 2 if found.has_header else 1
    for line, cells in enumerate(found.body, first):
        row: dict[str, Any] = {}
        for at, target in enumerate(found.targets):
            if target == "ignore" or not cells[at]:
                continue
            try:
                reading.take(row, target, cells[at])
            except Refused as refusal:
                found.troubles.append(Trouble(line, found.names[at], refusal.message))
        found.rows.append(row)
        found.lines.append(line)


def shown(value: Any) -> str:
    """A read value as the preview shows it."""
    if isinstance(value, datetime.date):
        return value.isoformat()
    return str(value)
