"""The adapter for anything that comes as a table: a new CSV format is a subclass with its words."""

import hashlib
from abc import abstractmethod
from collections.abc import Iterator
from collections.abc import Mapping as AnyMapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import ClassVar

from tandem_engine.words import counted, figure, phrase, said

from .adapter import Adapter, Column, Survey
from .dates import DateEvidence, DateReader, OrderFinding
from .errors import ImportRefused
from .mapping import MANY_VALUED, Mapping
from .record import Comment, Entry, Link, Record, RowWarning
from .row_reader import Plan, Problems, RowReader
from .scratch import Counts
from .source import Source
from .tables import Row, Table, open_table
from .words import first_of, plain, shortened

DATE_FIELDS = ("created", "updated", "started", "finished", "due")
LINK_FIELDS = ("blocks", "blocked_by", "relates", "duplicates", "duplicated_by")
#: Single-valued fields of which a file may have several columns: the first with a text counts.
FALLBACKS = {"estimate", "finished", "parent"}
_SAMPLES = 3


@dataclass(slots=True)
class TableSurvey(Survey):
    """The first look over a table. ``people`` gives account ids the name that stood beside them."""

    table: Table | None = None
    people: dict[str, str] = field(default_factory=dict)


class TableAdapter(Adapter):
    """Reads a CSV through a column mapping.

    A subclass gives ``synonyms`` (for each field the header names that mean it, best first) and translates words
    with :meth:`category_of` and :meth:`kind_of`. The other methods are there to be overridden where a format needs it.
    """

    synonyms: ClassVar[AnyMapping[str, tuple[str, ...]]]
    kinds: ClassVar[tuple[str, ...]]
    extensions = (".csv", ".tsv", ".txt")

    @abstractmethod
    def category_of(self, row: RowReader, finished: datetime | None, mapped: str) -> str:
        """The category of a row. ``mapped`` is what a person said its status means, or empty."""

    @abstractmethod
    def kind_of(self, name: str) -> str:
        """The kind a kind's name of the source means; for an empty name the usual kind."""

    def column_name(self, name: str) -> str:
        """The part of a header name that carries its meaning."""
        return name

    def field_of(self, name: str) -> tuple[str, int] | None:
        """The field a header name means and its place among the names for it (0 is best), or None."""
        return self._meanings().get(plain(self.column_name(name)))

    def markdown(self, text: str, people: AnyMapping[str, str]) -> str:
        """A description or comment as Markdown."""
        return text

    def labels(self, text: str) -> list[str]:
        """The labels in one cell."""
        return [label for part in text.replace(";", ",").split(",") if (label := part.strip())]

    def refs(self, text: str) -> list[str]:
        """The keys in one cell of a link or parent column."""
        parts = text.replace(";", ",").replace("\n", ",").split(",")
        return [ref for part in parts if (ref := part.strip().lstrip("#").strip())]

    def links(self, row: RowReader) -> tuple[Link, ...]:
        """Relations to other rows, from the columns whose field is one."""
        return tuple(
            Link(kind, ref)
            for kind in LINK_FIELDS
            for text in row.texts(kind)
            for ref in self.refs(text)
        )

    def people_columns(self, places: AnyMapping[str, tuple[int, ...]]) -> list[tuple[int, int]]:
        """Pairs of cell positions holding an account id and the name that belongs to it."""
        return []

    def comment(self, text: str, dates: DateReader, people: AnyMapping[str, str]) -> Comment:
        """One comment cell."""
        return Comment("", None, self.markdown(text, people))

    def finish(self, record: Record, row: RowReader) -> Record:
        """The last word on a record, for what only this format has."""
        return record

    def survey(self, source: Source, mapping: Mapping, *, full: bool) -> TableSurvey:
        mapping.validate(kinds=self.kinds)
        table = open_table(source, delimiter=mapping.delimiter, encoding=mapping.encoding)
        places = table.places()
        mapping.validate(columns=places)
        mapping = mapping.over(
            Mapping(columns=self._suggested(places), time_zone="UTC", delimiter=table.delimiter)
        )
        survey = TableSurvey(mapping=mapping, table=table)
        self._look(survey, table, places, full=full)
        if mapping.date_order:
            survey.dates = replace(survey.dates, order=mapping.date_order, certain=True)
        return survey

    def entries(self, source: Source, survey: Survey) -> Iterator[Entry]:
        assert isinstance(survey, TableSurvey)
        assert survey.table is not None
        mapping, table = survey.mapping, survey.table
        places = table.places()
        plan = Plan.of(mapping, places, self._preferences(places))
        if "title" not in plan.cells:
            raise ImportRefused(
                said(
                    "No column is the title. Map one column to “title”; the file has: %(names)s.",
                    names=first_of(list(places)),
                )
            )
        dates = DateReader(survey.dates.order, mapping.time_zone or "UTC")
        problems = Problems()
        yield from self._notes(source, survey, table)
        with Counts() as titles:
            refs = _Refs(bool(plan.cells.get("ref")), titles)
            for item in table.rows():
                if not isinstance(item, Row):
                    yield item
                    continue
                row = RowReader(item, plan, dates, problems)
                record = self._record(row, refs, survey, dates)
                yield from problems.take()
                yield record
            yield from problems.rest()
            yield from refs.notes()

    def _record(
        self, row: RowReader, refs: "_Refs", survey: TableSurvey, dates: DateReader
    ) -> Record:
        mapping, people = survey.mapping, survey.people
        title = " ".join(row.text("title").split())
        status, kind_name = row.text("status"), row.text("kind")
        finished = row.moment("finished")
        rule = mapping.statuses.get(status)
        category = self.category_of(row, finished, rule.category if rule else "")
        if category not in ("done", "dropped"):
            finished = None
        parents = self.refs(row.text("parent"))
        record = Record(
            line=row.line,
            ref=refs.of(row.text("ref"), title, row.line),
            title=title,
            aliases=row.texts("alias"),
            description=self.markdown(row.text("description"), people),
            kind=mapping.kinds.get(kind_name) or self.kind_of(kind_name),
            kind_name=kind_name,
            status=(rule.name if rule else "") or status,
            status_name=status,
            category=category,
            labels=tuple(
                dict.fromkeys(name for text in row.texts("labels") for name in self.labels(text))
            ),
            assignee=row.text("assignee"),
            reporter=row.text("reporter"),
            priority=row.text("priority"),
            created=row.moment("created"),
            updated=row.moment("updated"),
            started=row.moment("started"),
            finished=finished,
            due=row.day("due"),
            estimate=row.amount("estimate"),
            parent_ref=parents[0] if parents else "",
            links=self.links(row),
            comments=tuple(self.comment(text, dates, people) for text in row.texts("comments")),
            criteria=row.criteria(lambda text: self.markdown(text, people)),
            rank=row.text("rank"),
            url=row.text("url"),
        )
        record = self.finish(record, row)
        return replace(record, extra={**record.extra, **row.extra()})

    def _look(
        self, survey: TableSurvey, table: Table, places: dict[str, tuple[int, ...]], *, full: bool
    ) -> None:
        mapping = survey.mapping
        plan = Plan.of(mapping, places, {})
        dated = [i for f in DATE_FIELDS for _, cells in plan.cells.get(f, ()) for i in cells]
        people = self.people_columns(places)
        if not full and not people and (not dated or mapping.date_order):
            return
        evidence = DateEvidence()
        filled = dict.fromkeys(places, 0)
        samples: dict[str, list[str]] = {name: [] for name in places}
        for item in table.rows():
            if not isinstance(item, Row):
                continue
            cells = item.cells
            for index in dated:
                if cells[index]:
                    evidence.see(cells[index])
            for account, name in people:
                if cells[account]:
                    survey.people.setdefault(cells[account].strip(), cells[name].strip())
            if full:
                for column, indexes in places.items():
                    texts = [text for i in indexes if (text := cells[i].strip())]
                    filled[column] += bool(texts)
                    if texts and len(samples[column]) < _SAMPLES:
                        text = shortened(texts[0], 120)
                        if text not in samples[column]:
                            samples[column].append(text)
        survey.dates = evidence.decide()
        if full:
            survey.columns = tuple(
                Column(
                    name, len(indexes), filled[name], tuple(samples[name]), mapping.columns[name]
                )
                for name, indexes in places.items()
            )

    def _notes(self, source: Source, survey: TableSurvey, table: Table) -> Iterator[RowWarning]:
        encoding = source.encoding(survey.mapping.encoding)
        if encoding.warning:
            yield RowWarning(encoding.line, encoding.warning)
        yield from table.notes()
        yield from _date_notes(survey.dates, bool(survey.mapping.date_order))

    def _suggested(self, names: AnyMapping[str, object]) -> dict[str, tuple[str, ...]]:
        meanings = {name: self.field_of(name) for name in names}
        best: dict[str, int] = {}
        for meaning in meanings.values():
            if meaning:
                best[meaning[0]] = min(meaning[1], best.get(meaning[0], meaning[1]))
        suggested: dict[str, tuple[str, ...]] = {}
        given: set[str] = set()
        for name, meaning in meanings.items():
            if meaning is None:
                suggested[name] = ("extra",)
                continue
            target, place = meaning
            alone = target not in MANY_VALUED and target not in FALLBACKS
            if alone and (place != best[target] or target in given):
                suggested[name] = ("extra",)
            else:
                suggested[name] = (target,)
                given.add(target)
        return suggested

    def _preferences(self, names: AnyMapping[str, object]) -> dict[str, int]:
        return {name: meaning[1] for name in names if (meaning := self.field_of(name))}

    @classmethod
    def _meanings(cls) -> dict[str, tuple[str, int]]:
        cached = cls.__dict__.get("_meanings_of_class")
        if cached is None:
            cached = {}
            for target, names in cls.synonyms.items():
                for place, name in enumerate(names):
                    cached.setdefault(plain(name), (target, place))
            cls._meanings_of_class = cached  # type: ignore[attr-defined]
        return cached


class _Refs:
    """Gives every row a lasting name: its key, or one made from its title when it has none."""

    def __init__(self, has_column: bool, titles: Counts) -> None:
        self._has_column = has_column
        self._titles = titles
        self._made = 0
        self._first = 0

    def of(self, key: str, title: str, line: int) -> str:
        if key:
            return key
        if not title:
            return f"row:{line}"
        self._made += 1
        self._first = self._first or line
        made = "title:" + hashlib.sha256(plain(title).encode()).hexdigest()[:16]
        count = self._titles.add(made)
        return made if count == 1 else f"{made}#{count}"

    def notes(self) -> Iterator[RowWarning]:
        if not self._made:
            return
        if not self._has_column:
            yield RowWarning(
                None,
                said(
                    "No column is the key, so rows are recognised by their titles in a later import; a changed title makes a new item."
                ),
            )
            return
        yield RowWarning(
            self._first,
            counted(
                "Without a key: 1 row. They are recognised by their titles in a later import; a changed title makes a new item.",
                "Without a key: %(number)s rows. They are recognised by their titles in a later import; a changed title makes a new item.",
                count=self._made,
                number=figure(self._made, ","),
            ),
        )


def _date_notes(dates: OrderFinding, decided: bool) -> Iterator[RowWarning]:
    if not dates.certain:
        yield RowWarning(
            None,
            said(
                "Dates like “%(example)s” (%(undecided)s of them) read both ways and nothing in the file settles it; the day was taken first. Say in the mapping which comes first.",
                example=dates.example,
                undecided=figure(dates.undecided, ","),
            ),
        )
    elif dates.against and not decided:
        text = (
            phrase(
                "Most dates have the day first, but %(against)s cannot be read so; those are left empty."
            )
            if dates.order == "dmy"
            else phrase(
                "Most dates have the month first, but %(against)s cannot be read so; those are left empty."
            )
        )
        yield RowWarning(
            None,
            said(text, against=figure(dates.against, ",")),
        )
