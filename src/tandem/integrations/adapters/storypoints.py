"""Story-point research data: ``issuekey,title,description,storypoint``, as published with Deep-SE and its successors."""

from collections.abc import Mapping
from typing import ClassVar

from django.utils.translation import gettext_noop as N_

from tandem.core.importing.words import plain

from .csv_table import CsvAdapter
from .wiki import to_markdown


class StoryPointsAdapter(CsvAdapter):
    """Issues with points and without status; they come in the order they were created in."""

    keys_may_be_titles: ClassVar[bool] = False
    name: ClassVar[str] = "storypoints-csv"
    title: ClassVar[str] = "Story-point CSV"
    description: ClassVar[str] = N_("Four columns: issuekey, title, description, storypoint.")
    synonyms = {
        "ref": ("issuekey",),
        "title": ("title",),
        "description": ("description",),
        "estimate": ("storypoint", "storypoints"),
    }

    def accepts(self, head: bytes, filename: str) -> float:
        first_line = head.split(b"\n", 1)[0].decode("utf-8", "replace")
        return (
            0.95 if plain(first_line).startswith("issuekey title description storypoint") else 0.0
        )

    def markdown(self, text: str, people: Mapping[str, str]) -> str:
        # A missing description was written as the database's NULL when the data were gathered.
        return "" if text == "NULL" else to_markdown(text)
