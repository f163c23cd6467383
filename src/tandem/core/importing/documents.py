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

#: What is read whole has a lower limit than what is read in pieces, in bytes.
SIZE_LIMIT = 128 * 1024 * 1024
DEPTH_LIMIT = 64
_DIGIT_LIMIT = 40

SPACE = re.compile(r"[ \t\r\n]*")
_UNSTORABLE = re.compile("[\x00\ud800-\udfff]")


class Unusable(ValueError):
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
    documents = []
    position = SPACE.match(text).end()  # type: ignore[union-attr]
    if position == len(text):
        raise only_space(source.name)
    while position < len(text):
        try:
            value, position = DECODER.raw_decode(text, position)
        except json.JSONDecodeError as error:
            raise broken(error.msg, error.lineno, error.colno) from error
        except Unusable as error:
            raise unusable(error) from error
        except RecursionError:
            raise too_deep(depth_limit) from None
        refuse_depth(value, depth_limit)
        documents.append(value)
        position = SPACE.match(text, position).end()  # type: ignore[union-attr]
    return documents


def only_space(name: str) -> ImportRefused:
    return ImportRefused(said("The file %(name)s holds nothing but white space.", name=name))


def broken(message: str, line: int, column: int) -> ImportRefused:
    return ImportRefused(
        said("The JSON is broken at column %(colno)s: %(msg)s.", colno=column, msg=message), line
    )


def unusable(error: Unusable) -> ImportRefused:
    return ImportRefused(said("The JSON holds %(error)s.", error=error.args[0]))


def too_deep(limit: int) -> ImportRefused:
    return ImportRefused(
        said("The JSON is nested deeper than %(depth_limit)s levels.", depth_limit=limit)
    )


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


def refuse_depth(value: Any, limit: int, above: int = 0) -> None:
    """Refuse a value nested deeper than ``limit`` levels, with those ``above`` it."""
    level = [value]
    for _ in range(limit + 1 - above):
        level = [inner for outer in level for inner in _members(outer)]
        if not level:
            return
    raise too_deep(limit)


def _members(value: Any) -> Iterable[Any]:
    if isinstance(value, dict):
        return value.values()
    return value if isinstance(value, list) else ()


def _integer(digits: str) -> int:
    _refuse_digits(digits)
    return int(digits)


def _decimal(digits: str) -> float:
    _refuse_digits(digits.partition(".")[0])
    number = float(digits)
    if number in (float("inf"), float("-inf")):
        raise Unusable(said("a number too large to keep (%(value)s)", value=digits[:20]))
    return number


def _refuse_digits(digits: str) -> None:
    if len(digits) > _DIGIT_LIMIT:
        raise Unusable(
            said(
                "a number of %(count)s digits (%(value)s…)",
                count=figure(len(digits), ","),
                value=digits[:12],
            )
        )


def _refuse_constant(name: str) -> NoReturn:
    raise Unusable(said("%(name)s, which is not a number", name=name))


DECODER = json.JSONDecoder(
    parse_int=_integer, parse_float=_decimal, parse_constant=_refuse_constant
)
