"""Reading JSON that nobody has checked: one document, several behind each other, or one in each line."""

import json
import re
from collections.abc import Iterable, Iterator
from datetime import datetime
from typing import Any, NoReturn

from tandem_engine.words import figure, said

from .dates import DateReader
from .errors import ImportRefused
from .row_reader import Problems
from .source import Source

#: JSON is read whole, so its limit is lower than a table's, in bytes.
SIZE_LIMIT = 128 * 1024 * 1024
DEPTH_LIMIT = 64
_DIGIT_LIMIT = 40

_SPACE = re.compile(r"[ \t\r\n]*")
_UNSTORABLE = re.compile("[\x00\ud800-\udfff]")


class _Unusable(ValueError):
    """A value that JSON's grammar allows, or Python's reader, but no tracker writes."""


def load_documents(
    source: Source,
    *,
    encoding: str | None = None,
    size_limit: int = SIZE_LIMIT,
    depth_limit: int = DEPTH_LIMIT,
) -> list[Any]:
    """Every JSON value in the file, in order: usually one; several for JSON Lines and joined pages.

    Raises ImportRefused with line and column for broken syntax, and for values nested deeper than ``depth_limit``,
    numbers of more than 40 digits, NaN and Infinity.
    """
    if source.size > size_limit:
        raise ImportRefused(
            said(
                "The JSON file %(name)s has %(size)s bytes; the limit is %(size_limit)s.",
                name=source.name,
                size=figure(source.size, ","),
                size_limit=figure(size_limit, ","),
            )
        )
    with source.text(encoding) as stream:
        text = stream.read()
    decoder = json.JSONDecoder(
        parse_int=_integer, parse_float=_decimal, parse_constant=_refuse_constant
    )
    documents = []
    position = _SPACE.match(text).end()  # type: ignore[union-attr]
    if position == len(text):
        raise ImportRefused(
            said("The file %(name)s holds nothing but white space.", name=source.name)
        )
    while position < len(text):
        try:
            value, position = decoder.raw_decode(text, position)
        except json.JSONDecodeError as error:
            raise ImportRefused(
                said(
                    "The JSON is broken at column %(colno)s: %(msg)s.",
                    colno=error.colno,
                    msg=error.msg,
                ),
                error.lineno,
            ) from error
        except _Unusable as error:
            raise ImportRefused(said("The JSON holds %(error)s.", error=error.args[0])) from error
        except RecursionError:
            raise ImportRefused(
                said(
                    "The JSON is nested deeper than %(depth_limit)s levels.",
                    depth_limit=depth_limit,
                )
            ) from None
        _refuse_depth(value, depth_limit)
        documents.append(value)
        position = _SPACE.match(text, position).end()  # type: ignore[union-attr]
    return documents


def objects(value: Any) -> Iterator[dict[str, Any]]:
    """The objects in a list; nothing for anything else."""
    if isinstance(value, list):
        yield from (inner for inner in value if isinstance(inner, dict))


def text_of(value: Any) -> str:
    """A JSON value as one storable text: strings and numbers as they are, anything else as nothing.

    Characters that no database keeps (NUL, half of a surrogate pair) become U+FFFD.
    """
    if isinstance(value, str):
        return _UNSTORABLE.sub("\ufffd", value)
    if isinstance(value, int | float) and not isinstance(value, bool):
        return str(value)
    return ""


def first_text(values: Iterable[Any]) -> str:
    """The first value that is a text and not blank, stripped; empty when there is none."""
    for value in values:
        if text := text_of(value).strip():
            return text
    return ""


class Moments:
    """Reads the dates of JSON entries and says which could not be read. Set ``line`` before each entry."""

    def __init__(self, dates: DateReader) -> None:
        self.line = 0
        self.zone = dates.zone
        self.problems = Problems()
        self._dates = dates

    def read(self, name: str, value: Any) -> datetime | None:
        """The value as a UTC moment; None, with a warning unless there was nothing, for what is not a date."""
        if not (text := text_of(value).strip()):
            return None
        try:
            return self._dates.moment(text)
        except ValueError:
            self.problems.add(self.line, name, text, said("not a date; it was left empty"))
            return None

    def of(self, found: dict[str, Any], *names: str) -> datetime | None:
        """The first of the object's fields that holds something."""
        name = next((name for name in names if text_of(found.get(name)).strip()), "")
        return self.read(name, found.get(name)) if name else None


def _refuse_depth(value: Any, limit: int) -> None:
    level = [value]
    for _ in range(limit + 1):
        level = [inner for outer in level for inner in _members(outer)]
        if not level:
            return
    raise ImportRefused(said("The JSON is nested deeper than %(limit)s levels.", limit=limit))


def _members(value: Any) -> Iterable[Any]:
    if isinstance(value, dict):
        return value.values()
    return value if isinstance(value, list) else ()


def _integer(digits: str) -> int:
    if len(digits) > _DIGIT_LIMIT:
        raise _Unusable(
            said(
                "a number of %(count)s digits (%(value)s…)",
                count=figure(len(digits), ","),
                value=digits[:12],
            )
        )
    return int(digits)


def _decimal(digits: str) -> float:
    number = float(digits)
    if number in (float("inf"), float("-inf")):
        raise _Unusable(said("a number too large to keep (%(value)s)", value=digits[:20]))
    return number


def _refuse_constant(name: str) -> NoReturn:
    raise _Unusable(said("%(name)s, which is not a number", name=name))
