"""Reading CSV as people's tools really write it, row by row, without guessing where a cell belongs."""

import csv
from collections.abc import Generator, Iterator
from contextlib import closing
from dataclasses import dataclass, field
from functools import partial
from itertools import islice

from tandem_engine.words import counted, figure, said

from .errors import ImportRefused
from .record import Refusal, RowWarning
from .source import Source
from .words import shortened

#: The longest cell that is taken, in characters.
CELL_LIMIT = 1_000_000
#: The most columns a header may have.
COLUMN_LIMIT = 5_000
DELIMITERS = {",": "comma", ";": "semicolon", "\t": "tab", "|": "bar"}

_HEADER_SEARCH = 20  # rows looked at for a header below a title, a URL or spacer rows
_SAMPLE_ROWS = 40
# The csv module's own limit belongs to the whole process. It only bounds what an unclosed quote can swallow; the
# limit on cells is checked here, where the column is known.
_HARD_LIMIT = 16 * 1024 * 1024
csv.field_size_limit(max(_HARD_LIMIT, csv.field_size_limit()))


@dataclass(frozen=True, slots=True)
class Row:
    """The cells of one row. ``line`` is where it starts; there are exactly as many cells as header names."""

    line: int
    cells: list[str]


@dataclass(slots=True)
class Table:
    """A CSV file with its header read. :meth:`rows` can be called again for another pass.

    ``names`` are the header's cells on one line each; a repeated name is one column with several values (see
    :meth:`places`). ``blank_rows`` and ``short_rows`` are those of the last complete pass.
    """

    source: Source
    names: tuple[str, ...]
    header_line: int
    delimiter: str
    encoding: str | None
    cell_limit: int = CELL_LIMIT
    skipped: tuple[str, ...] = ()
    blank_rows: int = field(default=0, init=False)
    short_rows: int = field(default=0, init=False)

    def places(self) -> dict[str, tuple[int, ...]]:
        """Each distinct header name with the positions of its cells, in the header's order."""
        found: dict[str, list[int]] = {}
        for index, name in enumerate(self.names):
            found.setdefault(name or f"column {index + 1}", []).append(index)
        return {name: tuple(indexes) for name, indexes in found.items()}

    def rows(self) -> Iterator[Row | Refusal | RowWarning]:
        """Every row once, as a Row or a Refusal, and after the last one the warnings about the file.

        A row with no text in any cell is not a row: it is skipped and counted. A row one cell short is taken, with
        an empty last cell, and one warning for all of them. Any other width is refused, for nobody can tell which
        cell is missing or too many. Raises ImportRefused for a quote that is never closed.
        """
        self.blank_rows = self.short_rows = 0
        width = len(self.names)
        needed = width
        while needed > 1 and not self.names[needed - 1]:
            needed -= 1
        first_short: int | None = None
        with closing(_parsed(self.source, self.encoding, self.delimiter)) as parsed:
            for item in parsed:
                if isinstance(item, Refusal):
                    yield item
                    continue
                line, cells, size = item
                if line <= self.header_line:
                    continue
                if not any(cells) or not any(map(str.strip, cells)):
                    self.blank_rows += 1
                    continue
                if size > self.cell_limit and (refusal := self._too_long(line, cells)):
                    yield refusal
                    continue
                if len(cells) != width:
                    missing = needed - len(cells)
                    if len(cells) > width or missing > 1:
                        yield Refusal(line, _width_reason(len(cells), width))
                        continue
                    if missing == 1:
                        self.short_rows += 1
                        first_short = first_short or line
                    cells.extend([""] * (width - len(cells)))
                yield Row(line, cells)
        if self.short_rows:
            yield RowWarning(
                first_short,
                counted(
                    "1 row is one cell short of the header (first: line %(line)s); the last cell was taken as empty.",
                    "%(number)s rows are one cell short of the header (first: line %(line)s); the last cell was taken as empty.",
                    count=self.short_rows,
                    number=figure(self.short_rows, ","),
                    line=first_short or 0,
                ),
            )
        if self.blank_rows:
            yield RowWarning(
                None,
                counted(
                    "1 row is blank; blank rows are skipped.",
                    "%(number)s rows are blank; blank rows are skipped.",
                    count=self.blank_rows,
                    number=figure(self.blank_rows, ","),
                ),
            )

    def notes(self) -> Iterator[RowWarning]:
        """What happened before the first row: lines above the header that were passed over."""
        if self.skipped:
            texts = ", ".join(f"“{shortened(text)}”" for text in self.skipped[:3])
            yield RowWarning(
                1,
                said(
                    "The header was found in line %(header_line)s; above it stood %(texts)s, which was not read.",
                    header_line=self.header_line,
                    texts=texts,
                ),
            )

    def _too_long(self, line: int, cells: list[str]) -> Refusal | None:
        for index, cell in enumerate(cells):
            if len(cell) > self.cell_limit:
                name = self.names[index] if index < len(self.names) else ""
                return Refusal(
                    line,
                    said(
                        "the cell in column %(number)s (“%(name)s”) has %(count)s characters; the limit is %(cell_limit)s",
                        number=index + 1,
                        name=name,
                        count=figure(len(cell), ","),
                        cell_limit=figure(self.cell_limit, ","),
                    ),
                )
        return None


def open_table(
    source: Source,
    *,
    delimiter: str | None = None,
    encoding: str | None = None,
    cell_limit: int = CELL_LIMIT,
) -> Table:
    """The table in a file: delimiter sniffed among comma, semicolon, tab and bar unless given, header found.

    The header is the first row with two or more texts among the first rows (titles and spacer rows may stand above
    it), or the first row with text when all have one column. Raises ImportRefused when there is no row with text.
    """
    if delimiter and (len(delimiter) != 1 or delimiter in '"\r\n\x00 '):
        raise ImportRefused(
            said(
                "“%(delimiter)s” cannot separate cells. Use one character: a comma, semicolon, tab or bar.",
                delimiter=delimiter,
            )
        )
    chosen = delimiter or sniff_delimiter(source, encoding)
    above: list[str] = []
    first: tuple[int, list[str]] | None = None
    first_above = 0
    with closing(_parsed(source, encoding, chosen)) as parsed:
        for count, item in enumerate(parsed):
            if count >= _HEADER_SEARCH:
                break
            if isinstance(item, Refusal):
                if first is None:
                    raise ImportRefused(
                        said("The header cannot be read: %(reason)s.", reason=item.reason),
                        item.line,
                    )
                break
            line, cells, _ = item
            texts = [cell for cell in cells if cell.strip()]
            if not texts or (line == 1 and _declares_delimiter(cells, chosen)):
                continue
            if len(texts) >= 2:
                first = (line, cells)
                first_above = len(above)
                break
            if first is None:
                first = (line, cells)
            above.append(texts[0])
    if first is None:
        raise ImportRefused(said("The file has no row with text in it."))
    line, cells = first
    if len(cells) > COLUMN_LIMIT:
        raise ImportRefused(
            said(
                "The header has %(count)s columns; the limit is %(column_limit)s.",
                count=figure(len(cells), ","),
                column_limit=figure(COLUMN_LIMIT, ","),
            ),
            line,
        )
    for index, cell in enumerate(cells):
        if len(cell) > 10_000:
            raise ImportRefused(
                said(
                    "The name of column %(number)s has %(count)s characters: this is no header.",
                    number=index + 1,
                    count=figure(len(cell), ","),
                ),
                line,
            )
    names = tuple(" ".join(cell.split()) for cell in cells)
    return Table(source, names, line, chosen, encoding, cell_limit, tuple(above[:first_above]))


def sniff_delimiter(source: Source, encoding: str | None = None) -> str:
    """The character that splits the first rows most evenly into most cells; a comma when none splits them."""
    with source.text(encoding) as stream:
        sample = stream.read(64 * 1024)
    first_line = sample.lstrip().split("\n", 1)[0].strip()
    if first_line.lower().startswith("sep=") and first_line[4:5] in DELIMITERS:
        return first_line[4:5]
    best, best_score = ",", (0.0, 1)
    for candidate in DELIMITERS:
        widths = _widths(sample, candidate)
        width = max(set(widths), key=lambda w: (w > 1, widths.count(w), w)) if widths else 1
        if width < 2:
            continue
        score = (round(widths.count(width) / len(widths), 1), width)
        if score > best_score:
            best, best_score = candidate, score
    return best


def _widths(sample: str, delimiter: str) -> list[int]:
    widths = []
    try:
        for cells in csv.reader(sample.splitlines(keepends=True), delimiter=delimiter):
            if any(map(str.strip, cells)):
                widths.append(len(cells))
            if len(widths) >= _SAMPLE_ROWS:
                return widths
    except csv.Error:
        return widths
    # The sample may end inside a row; its width says nothing.
    return widths[:-1] if len(sample) >= 64 * 1024 and len(widths) > 1 else widths


def _declares_delimiter(cells: list[str], delimiter: str) -> bool:
    return delimiter.join(cells).strip().lower() == f"sep={delimiter}"


def _parsed(
    source: Source, encoding: str | None, delimiter: str
) -> Generator[tuple[int, list[str], int] | Refusal, None, None]:
    """Rows as (line they start in, cells, characters in them). The csv module reads the lines itself, for speed."""
    with source.text(encoding) as stream:
        reader = csv.reader(
            iter(partial(stream.readline, _HARD_LIMIT), ""), delimiter=delimiter, strict=True
        )
        while True:
            start = reader.line_num + 1
            try:
                cells = next(reader)
            except StopIteration:
                return
            except csv.Error as error:
                reason = str(error)
                opened = _open_quote(source, encoding, start, reader.line_num)
                if "unexpected end of data" in reason or ("field limit" in reason and opened):
                    raise ImportRefused(
                        said(
                            "A quote is opened in this line and never closed, so the end of its cell cannot be told. Close the quote, or double it if it belongs to the text."
                        ),
                        opened or start,
                    ) from error
                yield Refusal(start, _quote_reason(start, reader.line_num, reason))
                continue
            except UnicodeError as error:  # the file changed since its encoding was tried
                raise ImportRefused(
                    said("The file changed while it was read: %(error)s.", error=str(error)), start
                ) from error
            size = sum(map(len, cells))
            # A line cut at the limit above has at least a quarter of it in cells (the rest are quotes and delimiters).
            if size + len(cells) >= _HARD_LIMIT // 4:
                raise ImportRefused(
                    said(
                        "The row has more than %(number)s characters.",
                        number=figure(_HARD_LIMIT // 4, ","),
                    ),
                    start,
                )
            yield start, cells, size


def _open_quote(source: Source, encoding: str | None, first: int, last: int) -> int | None:
    """The line whose quote is still open after the lines from ``first`` to ``last``, or None.

    In well-formed CSV a cell is open exactly while its row so far has an odd number of quotes, and doubled quotes do
    not change that.
    """
    is_open, opened = False, first
    with source.text(encoding) as stream:
        for number, line in enumerate(islice(stream, last), 1):
            if number < first or '"' not in line:
                continue
            if marks := line.replace('""', "").count('"'):
                is_open ^= marks % 2 == 1
                if is_open:
                    opened = number
    return opened if is_open else None


def _quote_reason(first: int, last: int, reason: str) -> str:
    if "field limit" in reason:
        return said(
            "a cell has more than %(hard_limit)s characters", hard_limit=figure(_HARD_LIMIT, ",")
        )
    if last > first:
        return said(
            "lines %(first)s to %(last)s cannot be split into cells: text follows a closing quote in line %(last)s; a quote opened before it is probably not closed",
            first=first,
            last=last,
        )
    return said("text follows a closing quote; double the quotes that belong to a cell's text")


def _width_reason(found: int, expected: int) -> str:
    if found > expected:
        return said(
            "the row has %(found)s cells and the header %(expected)s; which one is too many cannot be told",
            found=found,
            expected=expected,
        )
    return said(
        "the row has only %(found)s of the header's %(expected)s cells; which ones are missing cannot be told",
        found=found,
        expected=expected,
    )
