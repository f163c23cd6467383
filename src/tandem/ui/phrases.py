"""How phrases and units stand in sentences, in headings and beside numbers."""

from collections.abc import Mapping
from typing import Any

from django.utils.translation import get_language

from tandem.ui.filters import spoken, unit
from tandem_engine.words import Joined, Said, figure

__all__ = ["begun", "headed", "offered", "plain", "units"]


def plain(value: float, form: str = "g") -> str:
    """A number in one of Python's formats, with the language's marks: what somebody typed, as typed."""
    return str(spoken(figure(value, form)))


def units(name: str) -> str:
    """The unit of several: one that the engine composed, one that is known, or as it was written."""
    return str(spoken(name)) if isinstance(name, Said | Joined) else unit(2, name)


def offered(words: Mapping[str, str]) -> str:
    """The words that may be written, each with what it means where it does not say so itself."""
    return ", ".join(
        word if str(means).casefold() == word else f"{word} ({means})"
        for word, means in words.items()
    )


def headed(phrase: Any) -> str:
    """A phrase at the beginning of a sentence or a heading: its first letter is a large one."""
    words = str(phrase)
    return words[:1].upper() + words[1:]


def begun(phrase: str) -> str:
    """A phrase that goes on inside another: English begins it small, German keeps its capitals."""
    if get_language() in ("en", None):
        return f"{phrase[:1].lower()}{phrase[1:]}"
    return phrase
