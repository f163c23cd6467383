"""What an adapter is, and what every adapter gets for nothing: accounting for rows, and the check."""

from abc import ABC, abstractmethod
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from typing import ClassVar

from tandem_engine.words import said

from .dates import DateEvidence, OrderFinding
from .errors import ImportRefused
from .mapping import Mapping
from .record import Entry, Record, Refusal, RowWarning
from .scratch import Lines
from .source import Source
from .words import shortened

SAMPLE_RECORDS = 5
LISTED_PROBLEMS = 200


@dataclass(frozen=True, slots=True)
class Column:
    """A header name, how often it stands there, how many rows fill it, some of their texts, and what it would become."""

    name: str
    repeated: int
    filled: int
    samples: tuple[str, ...]
    fields: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Found:
    """A name that occurs in the file (a status, a kind, a person), how often, and what it would become."""

    name: str
    count: int
    becomes: str = ""


@dataclass(frozen=True, slots=True)
class Check:
    """What a file holds, before anything is decided: everything a mapping form shows.

    ``rows`` counts records and refusals; ``records`` the rows that would be taken. ``mapping`` is the complete
    mapping the file would be read with. ``blocking`` says what has to be decided before it can be read at all.
    ``refusals`` and ``warnings`` are the first ones; the counts beside them are complete. ``dates.certain`` is false
    when the person has to be asked for the order of day and month.
    """

    adapter: str
    rows: int
    records: int
    columns: tuple[Column, ...]
    samples: tuple[Record, ...]
    mapping: Mapping
    statuses: tuple[Found, ...]
    kinds: tuple[Found, ...]
    people: tuple[Found, ...]
    dates: OrderFinding
    refusals: tuple[Refusal, ...] = ()
    refused: int = 0
    warnings: tuple[RowWarning, ...] = ()
    warned: int = 0
    blocking: str = ""


@dataclass(slots=True)
class Survey:
    """What an adapter saw on a first look over a file; ``check`` shows it, ``read`` relies on it."""

    mapping: Mapping
    columns: tuple[Column, ...] = ()
    dates: OrderFinding = field(default_factory=lambda: DateEvidence().decide())


class Adapter(ABC):
    """One format. A new format is a subclass with a name, ``accepts``, ``survey`` and ``entries``.

    ``name`` is what is typed on the command line. Adapters hold no state: one object serves any number of files.
    """

    name: ClassVar[str]
    title: ClassVar[str]
    description: ClassVar[str]
    extensions: ClassVar[tuple[str, ...]] = ()

    @abstractmethod
    def accepts(self, head: bytes, filename: str) -> float:
        """How surely a file is of this format, 0 (no) to 1 (nothing else looks like this), from its first bytes."""

    @abstractmethod
    def survey(self, source: Source, mapping: Mapping, *, full: bool) -> Survey:
        """A first look: the complete mapping, and with ``full`` what a person should see of the columns.

        Raises ImportRefused for a file that cannot be read or a mapping that does not fit it.
        """

    @abstractmethod
    def entries(self, source: Source, survey: Survey) -> Iterator[Entry]:
        """The file's rows in its order. May repeat a ``ref`` or leave a title empty; :meth:`read` sees to that."""

    def category_of_status(self, status: str) -> str | None:
        """The category to suggest for a status, or None for the one most of its rows have."""
        return None

    def read(self, source: Source, mapping: Mapping | None = None) -> Iterator[Entry]:
        """Every row of the file exactly once, as a Record or a Refusal, with warnings in between.

        Without a mapping, and for what it leaves open, the suggestion holds. A row whose ``ref`` came before and a
        row without a title are refused. Raises ImportRefused, and only that, for a file that cannot be read; a file
        can turn out broken after rows were given, so nothing may be kept before the end is reached.
        """
        survey = self.survey(source, mapping or Mapping(), full=False)
        yield from accounted(self.entries(source, survey))

    def check(self, source: Source, mapping: Mapping | None = None) -> Check:
        """What the file holds and how it would be read. Nothing is kept."""
        survey = self.survey(source, mapping or Mapping(), full=True)
        tally = _Tally()
        blocking = ""
        try:
            for entry in accounted(self.entries(source, survey)):
                tally.add(entry)
        except ImportRefused as refused:
            blocking = refused.sentence
        return tally.result(self, survey, blocking)


def accounted(entries: Iterator[Entry]) -> Iterator[Entry]:
    """The same entries, with repeated refs and missing titles turned into refusals that name the lines."""
    with Lines() as lines:
        for entry in entries:
            if isinstance(entry, Record):
                if (first := lines.note(entry.ref, entry.line)) is not None:
                    yield Refusal(
                        entry.line,
                        said(
                            "the key %(ref)s is in line %(value)s already; the second one is not taken",
                            ref=shortened(entry.ref),
                            value=first,
                        ),
                    )
                    continue
                if not entry.title.strip():
                    yield Refusal(entry.line, said("the title is empty"))
                    continue
            yield entry


@dataclass(slots=True)
class _Tally:
    records: int = 0
    samples: list[Record] = field(default_factory=list)
    refused: int = 0
    refusals: list[Refusal] = field(default_factory=list)
    warned: int = 0
    warnings: list[RowWarning] = field(default_factory=list)
    statuses: dict[str, Counter[str]] = field(default_factory=dict)
    kinds: dict[str, Counter[str]] = field(default_factory=dict)
    people: Counter[str] = field(default_factory=Counter)

    def add(self, entry: Entry) -> None:
        if isinstance(entry, Record):
            self.records += 1
            if len(self.samples) < SAMPLE_RECORDS:
                self.samples.append(entry)
            self.statuses.setdefault(entry.status_name, Counter())[entry.category] += 1
            self.kinds.setdefault(entry.kind_name, Counter())[entry.kind] += 1
            people = {entry.assignee, entry.reporter, *(c.author for c in entry.comments)}
            people |= {change.author for change in entry.changes}
            self.people.update(people - {""})
        elif isinstance(entry, Refusal):
            self.refused += 1
            if len(self.refusals) < LISTED_PROBLEMS:
                self.refusals.append(entry)
        else:
            self.warned += 1
            if len(self.warnings) < LISTED_PROBLEMS:
                self.warnings.append(entry)

    def result(self, adapter: Adapter, survey: Survey, blocking: str) -> Check:
        return Check(
            adapter=adapter.name,
            rows=self.records + self.refused,
            records=self.records,
            columns=survey.columns,
            samples=tuple(self.samples),
            mapping=survey.mapping,
            statuses=tuple(
                replace(found, becomes=self._suggestion(adapter, survey, found))
                for found in _found(self.statuses)
            ),
            kinds=_found(self.kinds),
            people=tuple(Found(name, count) for name, count in self.people.most_common()),
            dates=survey.dates,
            refusals=tuple(self.refusals),
            refused=self.refused,
            warnings=tuple(self.warnings),
            warned=self.warned,
            blocking=blocking,
        )

    def _suggestion(self, adapter: Adapter, survey: Survey, found: Found) -> str:
        if rule := survey.mapping.statuses.get(found.name):
            return rule.category
        return adapter.category_of_status(found.name) or found.becomes


def _found(names: dict[str, Counter[str]]) -> tuple[Found, ...]:
    found = [
        Found(name, counts.total(), counts.most_common(1)[0][0]) for name, counts in names.items()
    ]
    return tuple(sorted(found, key=lambda f: (-f.count, f.name)))


def detect(source: Source, adapters: Sequence[Adapter]) -> Adapter:
    """The adapter that is surest about the file. Raises ImportRefused when none accepts it."""
    head = source.head()
    surest = max(adapters, key=lambda adapter: adapter.accepts(head, source.name))
    if surest.accepts(head, source.name) <= 0:
        known = ", ".join(adapter.title for adapter in adapters)
        raise ImportRefused(
            said(
                "No format recognises %(name)s. Known formats: %(known)s.",
                name=source.name,
                known=known,
            )
        )
    return surest
