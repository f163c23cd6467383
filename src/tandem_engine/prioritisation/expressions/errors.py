"""What is wrong with a formula, and at which character."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from tandem_engine.prioritisation.errors import ScoringError
from tandem_engine.words import said

#: Characters of a line that are shown with a caret.
_WIDE: Final = 100


@dataclass(frozen=True, slots=True)
class Span:
    """A piece of the formula's text, from ``start`` up to before ``end``."""

    start: int
    end: int

    def to(self, other: Span) -> Span:
        return Span(self.start, other.end)


def place_in(text: str, start: int) -> tuple[int, int]:
    """Line and character of a position, both counted from 1."""
    before = text[:start]
    return before.count("\n") + 1, start - (before.rfind("\n") + 1) + 1


def pointed(text: str, span: Span) -> str:
    """The line the piece stands in, and below it a caret under each of its characters.

    Of a long line only the surroundings are shown.
    """
    start = min(span.start, len(text))
    first = text.rfind("\n", 0, start) + 1
    last = text.find("\n", start)
    line = text[first:] if last < 0 else text[first:last]
    at, width = start - first, max(1, min(span.end - start, len(line) - (start - first)))
    if len(line) > _WIDE:
        cut = max(0, at - _WIDE // 2)
        line, at = line[cut : cut + _WIDE], at - cut
        width = min(width, _WIDE - at)
    return f"{line}\n{' ' * at}{'^' * max(1, width)}"


class FormulaError(ScoringError):
    """A formula that cannot be read. ``at`` counts characters from 0; ``pointed`` shows where."""

    def __init__(self, message: str, text: str, span: Span) -> None:
        line, character = place_in(text, span.start)
        if "\n" in text:
            where = said(
                "formula, line %(line)s, character %(character)s", line=line, character=character
            )
        else:
            where = said("formula, character %(character)s", character=character)
        super().__init__(message, where)
        self.text = text
        self.span = span
        self.at = span.start

    @property
    def pointed(self) -> str:
        return pointed(self.text, self.span)


@dataclass(frozen=True, slots=True)
class Warned:
    """Something that can be computed and is probably not meant; where in the text."""

    message: str
    span: Span
    text: str

    @property
    def pointed(self) -> str:
        return pointed(self.text, self.span)

    @property
    def where(self) -> str:
        line, character = place_in(self.text, self.span.start)
        if "\n" in self.text:
            return said("line %(line)s, character %(character)s", line=line, character=character)
        return said("character %(character)s", character=character)
