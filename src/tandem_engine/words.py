"""Sentences that carry what they are made of, so that they can be put into another language.

The engine speaks English: each sentence here is a ``str``, finished, as it stands in tests, in the
API and in a notebook. Whoever shows it in another language finds the text without its values
(:attr:`Said.text`, what a translation is looked up by) and the values themselves.

>>> sentence = said("It takes %(effort)s; %(most)s fit.", effort=figure(2.5, "g"), most=8)
>>> sentence
'It takes 2.5; 8 fit.'
>>> sentence.text, dict(sentence.values)["most"]
('It takes %(effort)s; %(most)s fit.', 8)
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Self

__all__ = [
    "Begun",
    "Figure",
    "Joined",
    "Said",
    "Value",
    "begun",
    "counted",
    "figure",
    "join",
    "kept",
    "named",
    "phrase",
    "said",
    "told",
    "word",
]

#: What may be put into a sentence; a ``str`` may itself be made of something.
Value = str | int | float


class Said(str):
    """A finished English sentence or phrase, with its text and what was put into it.

    ``many`` is the text for every count but 1, empty where nothing is counted; what is counted is
    the value ``count``.
    """

    text: str
    many: str
    values: tuple[tuple[str, Value], ...]

    def __new__(cls, text: str, values: dict[str, Value], many: str = "") -> Self:
        chosen = many if many and values["count"] != 1 else text
        made = super().__new__(cls, chosen % values)
        made.text, made.many, made.values = text, many, tuple(values.items())
        return made

    def __reduce__(self) -> tuple[object, ...]:
        return Said, (self.text, dict(self.values), self.many)


class Figure(str):
    """A number as written in English; another language has other marks."""

    def __reduce__(self) -> tuple[object, ...]:
        return Figure, (str(self),)


class Joined(str):
    """Words between signs that are the same in every language, such as a formula."""

    parts: tuple[str, ...]

    def __new__(cls, parts: Iterable[str]) -> Self:
        given = tuple(parts)
        made = super().__new__(cls, "".join(given))
        made.parts = given
        return made

    def __reduce__(self) -> tuple[object, ...]:
        return Joined, (self.parts,)


class Begun(str):
    """Words that English begins small inside a sentence, or large at its start.

    Other languages begin them as they stand where they are small here: German keeps its nouns.
    """

    words: str
    large: bool

    def __new__(cls, words: str, large: bool) -> Self:
        first = words[:1].upper() if large else words[:1].lower()
        made = super().__new__(cls, first + words[1:])
        made.words, made.large = words, large
        return made

    def __reduce__(self) -> tuple[object, ...]:
        return Begun, (self.words, self.large)


def said(text: str, /, **values: Value) -> Said:
    """A sentence with its values put in; ``text`` has a place ``%(name)s`` for each."""
    return Said(text, values)


def counted(one: str, many: str, /, *, count: int, **values: Value) -> Said:
    """A sentence about ``count`` things: ``one`` where it is 1, else ``many``."""
    return Said(one, {"count": count, **values}, many)


def phrase(text: str) -> str:
    """A text whose values come later, in :func:`said`; this is where translators find it."""
    return text


def figure(number: float, form: str = "g") -> Figure:
    """A number in one of Python's formats, such as ``.3g``, ``,.0f`` or ``.0%``."""
    return Figure(format(number, form))


def join(*parts: str) -> Joined:
    """Parts and the signs between them, as one."""
    return Joined(parts)


def begun(words: str, *, large: bool) -> Begun:
    """Words with a large first letter, or with a small one where the language begins them so."""
    return Begun(words, large)


def word(name: str) -> str:
    """A word of the data that may have a translation, such as a unit."""
    return Said(name.replace("%", "%%"), {}) if name else ""


def named(names: Iterable[str], most: int = 5) -> str:
    """Names as a phrase: ``A, B and C``; where more than one is beyond ``most`` these are counted."""
    listed = list(names)
    if len(listed) > most + 1:
        first = _with_commas(listed[:most])
        return said("%(names)s and %(count)s more", names=first, count=len(listed) - most)
    if len(listed) <= 1:
        return listed[0] if listed else ""
    return said("%(names)s and %(last)s", names=_with_commas(listed[:-1]), last=listed[-1])


def _with_commas(names: list[str]) -> str:
    return Joined(
        part for at, name in enumerate(names) for part in ((", ", name) if at else (name,))
    )


def kept(sentence: object) -> object:
    """The sentence as plain data for JSON; :func:`told` makes it again."""
    if isinstance(sentence, Said):
        values = {name: kept(value) for name, value in sentence.values}
        found: dict[str, object] = {"text": sentence.text, "values": values}
        return found | {"many": sentence.many} if sentence.many else found
    if isinstance(sentence, Figure):
        return {"figure": str(sentence)}
    if isinstance(sentence, Joined):
        return {"parts": [kept(part) for part in sentence.parts]}
    if isinstance(sentence, Begun):
        return {"begun": kept(sentence.words), "large": sentence.large}
    return sentence


def told(data: object) -> str:
    """The sentence that :func:`kept` made data of; a plain text stays as it is."""
    found = _told(data)
    return found if isinstance(found, str) else str(found)


def _told(data: object) -> Value:
    if isinstance(data, str | int | float):
        return data
    assert isinstance(data, dict)
    if "figure" in data:
        return Figure(data["figure"])
    if "begun" in data:
        return Begun(told(data["begun"]), data["large"])
    if "parts" in data:
        return Joined(told(part) for part in data["parts"])
    values = {name: _told(value) for name, value in data["values"].items()}
    return Said(data["text"], values, data.get("many", ""))
