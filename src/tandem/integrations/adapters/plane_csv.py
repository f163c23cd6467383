"""Plane's CSV export of work items."""

from collections.abc import Mapping
from dataclasses import replace
from typing import ClassVar

from django.utils.translation import gettext_noop as N_

from tandem.core.importing.record import Record
from tandem.core.importing.row_reader import RowReader

from .csv_table import CsvAdapter, given_up_when_archived, header_names
from .html_text import html_to_markdown

_OWN = {"module name", "cycle start date", "state", "target date"}


class PlaneAdapter(CsvAdapter):
    """States, modules and cycles; descriptions in HTML; identifiers that are only unique within a project."""

    keys_may_be_titles: ClassVar[bool] = False
    name: ClassVar[str] = "plane-csv"
    title: ClassVar[str] = "Plane CSV"
    description: ClassVar[str] = N_("Plane: Workspace settings, Exports, CSV.")
    synonyms: ClassVar[Mapping[str, tuple[str, ...]]] = {
        "ref": ("id", "identifier"),
        "title": ("name",),
        "description": ("description", "description html"),
        "kind": ("type", "work item type"),
        "status": ("state", "state name"),
        "category": ("state group",),
        "estimate": ("estimate", "estimate point"),
        "priority": ("priority",),
        "reporter": ("created by",),
        "assignee": ("assignee", "assignees"),
        "labels": ("labels",),
        "created": ("created at",),
        "updated": ("updated at",),
        "started": ("start date",),
        "finished": ("completed at",),
        "due": ("target date",),
        "parent": ("parent",),
        "blocks": ("blocking",),
        "blocked_by": ("blocked by",),
        "relates": ("relates to",),
        "duplicates": ("duplicate of", "duplicate"),
    }

    def accepts(self, head: bytes, filename: str) -> float:
        names = header_names(head)
        return 0.9 if {"name", "state"} <= names and len(_OWN & names) >= 3 else 0.0

    def markdown(self, text: str, people: Mapping[str, str]) -> str:
        return html_to_markdown(text)

    def finish(self, record: Record, row: RowReader) -> Record:
        people = [name for part in record.assignee.split(",") if (name := part.strip())]
        if len(people) > 1:
            row.keep("Assignees", tuple(people))
            record = replace(record, assignee=people[0])
        return given_up_when_archived(record, row)
