"""Sentences kept in English beside what they are made of, and read in the reader's language.

What the engine says is kept with plans, forecasts and frontiers as it stands in the API, in
English. ``said`` in the same details holds, by the English, the text and the values each sentence
was made of (see ``tandem_engine.words``).
"""

from collections.abc import Iterator
from typing import Any

from tandem.core.jobs import progress
from tandem.ui.filters import spoken
from tandem.ui.sayings import retold as reworded
from tandem.ui.sayings import retold_from, seen
from tandem_engine.words import Begun, Figure, Joined, Said, figure, join, kept, said

__all__ = [
    "PARTS", "Saying", "amounted", "figured", "plain", "reworded", "seen", "tell", "with_sayings",
]  # fmt: skip
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
                return retold_from(text, part["said"])
        return reworded(text)


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
