"""Sentences kept in English beside what they are made of, and read in the reader's language.

What the engine says is kept with plans, forecasts and frontiers as it stands in the API, in
English. ``said`` in the same details holds, by the English, the text and the values each sentence
was made of (see ``tandem_engine.words``).
"""

from collections.abc import Iterator
from dataclasses import replace
from typing import Any

from django.utils.translation import gettext as _

from tandem.core.jobs import progress
from tandem.ui.filters import spoken
from tandem_engine.words import Begun, Figure, Joined, Said, figure, join, kept, said, told

#: Parts of a row's details that keep sentences of their own, added after the others.
PARTS = ("prices", "agenda")


def with_sayings(details: dict[str, Any]) -> dict[str, Any]:
    """The details with what their sentences are made of."""
    found = {str(each): kept(each) for each in _sentences(details)}
    return details | {"said": found} if found else details


def _sentences(data: Any) -> Iterator[str]:
    if isinstance(data, Said | Joined | Begun):
        yield data
    elif isinstance(data, dict):
        for each in data.values():
            yield from _sentences(each)
    elif isinstance(data, list | tuple):
        for each in data:
            yield from _sentences(each)


class Saying:
    """A row whose ``details`` hold sentences."""

    details: Any

    def say(self, text: str | None) -> str:
        """One of the row's English sentences, in the reader's language."""
        for part in (self.details, *(self.details.get(name) or {} for name in PARTS)):
            if text in part.get("said", ()):
                return str(spoken(told(part["said"][text])))
        return reworded(text)


def reworded(text: str | None) -> str:
    """A stored sentence into which nothing is put."""
    return _(text) if text else ""


def figured(value: float, most: int = 1) -> Figure:
    """A number of a kept sentence, with at most ``most`` digits after the point."""
    text = f"{value:,.{most}f}".replace("-", "−")
    return Figure(text.rstrip("0").rstrip(".") if "." in text else text)


def amounted(value: float, unit: str) -> str:
    """The same with its unit in the right number: ``1 point``, ``2.5 points``."""
    number = figured(value)
    if number == "1" and unit.endswith("s") and not unit.endswith("ss"):
        unit = unit[:-1]
    return join(number, " ", said(unit.replace("%", "%%"))) if unit else number


def plain(number: float) -> str:
    """A number as it was typed, with the language's marks."""
    return str(spoken(figure(number)))


def tell(key: str, done: int, total: int, note: str) -> None:
    """How far long work is; the note is put into words by who reads it."""
    progress.tell(key, progress.Progress(done, total, str(note), kept(note)))


def seen(key: str) -> progress.Progress | None:
    """How far long work is, in the reader's language."""
    found = progress.seen(key)
    if found is None:
        return None
    note = spoken(told(found.made_of)) if isinstance(found.made_of, dict) else reworded(found.note)
    return replace(found, note=str(note))
