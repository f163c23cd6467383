"""The CSV of an Azure Boards query: flat, or a tree with a title column for each level."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import ClassVar

from django.utils.translation import gettext_noop as N_

from tandem.core.importing.adapter import Survey
from tandem.core.importing.record import Entry, Record
from tandem.core.importing.row_reader import RowReader
from tandem.core.importing.source import Source
from tandem.core.importing.words import plain

from .csv_table import CsvAdapter, header_names
from .html_text import html_to_markdown

_LEVEL = re.compile(r"title (\d{1,2})$")
_PERSON = re.compile(r"\s*<[^<>]*>\s*$")
#: Where :meth:`AzureAdapter.finish` leaves the level for ``entries``; no column can be called so.
_LEVEL_KEY = "\n level"


class AzureAdapter(CsvAdapter):
    """HTML texts, tags with semicolons, people with their address, and parents told by ``Title 1``, ``Title 2``."""

    keys_may_be_titles: ClassVar[bool] = False
    name: ClassVar[str] = "azure-csv"
    title: ClassVar[str] = "Azure Boards CSV"
    description: ClassVar[str] = N_("Azure Boards: a query's results, Export to CSV.")
    hours: ClassVar[tuple[str, ...]] = ("original estimate", "remaining work", "completed work")
    synonyms: ClassVar[Mapping[str, tuple[str, ...]]] = {
        "ref": ("id", "work item id"),
        "title": ("title",),
        "description": ("description", "repro steps"),
        "criteria": ("acceptance criteria",),
        "kind": ("work item type",),
        "status": ("state",),
        "resolution": ("reason", "resolved reason"),
        "labels": ("tags",),
        "assignee": ("assigned to",),
        "reporter": ("created by",),
        "priority": ("priority",),
        "created": ("created date",),
        "updated": ("changed date",),
        "started": ("activated date", "start date"),
        "finished": ("closed date", "resolved date"),
        "due": ("due date", "target date", "finish date"),
        "estimate": ("story points", "effort", "size"),
        "parent": ("parent",),
        "rank": (),
    }

    def accepts(self, head: bytes, filename: str) -> float:
        names = header_names(head)
        titled = "title" in names or "title 1" in names
        return 0.92 if titled and {"id", "work item type"} <= names else 0.0

    def field_of(self, name: str) -> tuple[str, int] | None:
        if level := _LEVEL.match(plain(name)):
            return "title", int(level[1])
        return super().field_of(name)

    def _suggested(self, names: Mapping[str, object]) -> dict[str, tuple[str, ...]]:
        # A row of a tree has its title in the column of its level, so all of them are the title.
        suggested = super()._suggested(names)
        return suggested | {name: ("title",) for name in names if _LEVEL.match(plain(name))}

    def kind_of(self, name: str) -> str:
        # A feature stands between epics and stories and is done when its stories are.
        return "epic" if plain(name) == "feature" else super().kind_of(name)

    def labels(self, text: str) -> list[str]:
        return [label for part in text.split(";") if (label := part.strip())]

    def markdown(self, text: str, people: Mapping[str, str]) -> str:
        return html_to_markdown(text)

    def finish(self, record: Record, row: RowReader) -> Record:
        column = next(row.columns("title"), ("",))[0]
        level = _LEVEL.match(plain(column))
        extra = {_LEVEL_KEY: level[1]} if level else {}
        reporter = _PERSON.sub("", record.reporter)
        return replace(record, reporter=reporter, extra=extra)

    def entries(self, source: Source, survey: Survey) -> Iterator[Entry]:
        above: dict[int, str] = {}
        for entry in super().entries(source, survey):
            if isinstance(entry, Record) and _LEVEL_KEY in entry.extra:
                extra = dict(entry.extra)
                level = int(str(extra.pop(_LEVEL_KEY)))
                above = {step: ref for step, ref in above.items() if step < level}
                parent = entry.parent_ref or (above[max(above)] if above else "")
                above[level] = entry.ref
                yield replace(entry, extra=extra, parent_ref=parent)
            else:
                yield entry
