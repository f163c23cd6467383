"""Linear's CSV export, and the CSV its importer reads."""

from collections.abc import Mapping
from typing import ClassVar

from django.utils.translation import gettext_noop as N_

from tandem.core.importing.record import Record
from tandem.core.importing.row_reader import RowReader

from .csv_table import CsvAdapter, given_up_when_archived, header_names

_OWN = {"cycle number", "project milestone", "triaged", "sla status", "cycle start"}


class LinearAdapter(CsvAdapter):
    """Keys like ``ENG-42``, Markdown, relations in columns, and a date for each way an issue can end."""

    keys_may_be_titles: ClassVar[bool] = False
    name: ClassVar[str] = "linear-csv"
    title: ClassVar[str] = "Linear CSV"
    description: ClassVar[str] = N_("Linear: Settings, Import and export, Export CSV.")
    synonyms: ClassVar[Mapping[str, tuple[str, ...]]] = {
        "ref": ("id",),
        "alias": ("uuid",),
        "title": ("title",),
        "description": ("description", "issue description"),
        "status": ("status",),
        "estimate": ("estimate",),
        "priority": ("priority",),
        "reporter": ("creator",),
        "assignee": ("assignee",),
        "labels": ("labels",),
        "created": ("created",),
        "updated": ("updated",),
        "started": ("started",),
        "finished": ("completed", "canceled"),
        "due": ("due date",),
        "parent": ("parent issue",),
        "relates": ("related to",),
        "blocked_by": ("blocked by",),
        "blocks": ("blocks",),
        "duplicates": ("duplicate of",),
        "ignore": ("project id", "project milestone id"),
    }

    def accepts(self, head: bytes, filename: str) -> float:
        names = header_names(head)
        return 0.9 if {"title", "status"} <= names and _OWN & names else 0.0

    def finish(self, record: Record, row: RowReader) -> Record:
        return given_up_when_archived(record, row)
