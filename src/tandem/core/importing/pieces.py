"""Reading JSON piece by piece: the entries of its lists one at a time, in memory that does not grow with the file."""

import json
from collections.abc import Collection, Iterator
from typing import Any, NamedTuple, TextIO

from tandem_engine.words import figure, said

from .documents import (
    DECODER,
    DEPTH_LIMIT,
    SPACE,
    Unusable,
    broken,
    only_space,
    refuse_depth,
    too_deep,
    unusable,
)
from .errors import ImportRefused
from .source import Source

#: How much text is read at a time, in characters.
WINDOW = 256 * 1024
#: The longest entry, in characters: what one takes in memory is about six times as much.
ENTRY_LIMIT = 16 * 1024 * 1024
#: Further from the end of what was read, a fault is one; nearer it may be a name or sign that was cut.
_CUT = 16

#: Where a piece stands: by itself, in a list without a name, or around the lists of an object.
ALONE, LISTED, AROUND = "", "[]", "{}"


class Piece(NamedTuple):
    """A value, and where it stands: ``ALONE``, ``LISTED``, ``AROUND``, or the name of its list."""

    value: Any
    place: str


def pieces(
    source: Source,
    *,
    encoding: str | None = None,
    lists: tuple[str, ...] = (),
    window: int = WINDOW,
    entry_limit: int = ENTRY_LIMIT,
) -> Iterator[Piece]:
    """The file's values in its order, be it one document, several behind each other, or lines.

    Lists are opened, also lists of lists. So are objects that have a list of one of the names ``lists``
    (answers of a search), unless they stand in such a list: after its entries comes what else the object
    holds, with an empty list under the name, as ``AROUND``. A name that comes twice counts twice when it
    is such a list, else the last time.

    Raises ImportRefused for what :func:`~tandem.core.importing.documents.load_documents` does, and for an
    entry longer than ``entry_limit`` characters; the pieces before it were given by then.
    """
    with source.text(encoding) as stream:
        reader = _Reader(stream, frozenset(lists), window, entry_limit)
        if not reader.next():
            raise only_space(source.name)
        while reader.next():
            yield from reader.piece(ALONE, 0)


class _Reader:
    """The text from where reading has come to, as far as it was read from the file."""

    def __init__(
        self, stream: TextIO, lists: frozenset[str], window: int, entry_limit: int
    ) -> None:
        self.stream = stream
        self.lists = lists
        self.window = window
        self.entry_limit = entry_limit
        self.text = ""
        self.at = 0
        #: Lines and columns of the file before the text.
        self.lines = 0
        self.columns = 0

    def more(self) -> bool:
        """Read on, at least as much as is left, and let go of what was taken; False at the file's end."""
        read = self.stream.read(max(self.window, len(self.text) - self.at))
        if not read:
            return False
        self.lines, self.columns = self.line(self.at) - 1, self.column(self.at) - 1
        self.text = self.text[self.at :] + read
        self.at = 0
        return True

    def next(self) -> str:
        """Go to the next character that is no white space; empty at the file's end."""
        while True:
            self.at = SPACE.match(self.text, self.at).end()  # type: ignore[union-attr]
            if self.at < len(self.text):
                return self.text[self.at]
            if not self.more():
                return ""

    def piece(self, place: str, depth: int) -> Iterator[Piece]:
        """What begins here, as pieces."""
        opening = self.next()
        if opening == "[":
            yield from self.listed(place or LISTED, depth + 1)
        elif opening == "{":
            # One that fits and has no such list is taken at once, any other member by member.
            lists = self.lists if place in (ALONE, LISTED) else ()
            found = self.decoded(depth, self.window)
            if found is None or any(isinstance(found[0].get(name), list) for name in lists):
                yield from self.members(place, depth + 1, lists)
            else:
                self.at = found[1]
                yield Piece(found[0], place)
        else:
            yield Piece(self.value(depth), place)

    def listed(self, place: str, depth: int) -> Iterator[Piece]:
        if depth > DEPTH_LIMIT:
            raise too_deep(DEPTH_LIMIT)
        self.at += 1
        following = self.next() != "]" or self.separated("]")
        while following:
            yield from self.piece(place, depth)
            following = self.separated("]")

    def members(self, place: str, depth: int, lists: Collection[str]) -> Iterator[Piece]:
        around: dict[str, Any] = {}
        opened = False
        left = self.entry_limit
        self.at += 1
        following = self.next() != "}" or self.separated("}")
        while following:
            if self.next() != '"':
                raise self.broken("Expecting property name enclosed in double quotes")
            name = self.value(depth)
            if self.next() != ":":
                raise self.broken("Expecting ':' delimiter")
            self.at += 1
            if self.next() == "[" and name in lists:
                opened = True
                around[name] = []
                yield from self.listed(name, depth + 1)
            else:
                around[name], length = self.measured(depth, left)
                left -= length
            following = self.separated("}")
        yield Piece(around, AROUND if opened else place)

    def separated(self, closing: str) -> bool:
        """Go over a comma; False when it is the closing bracket."""
        found = self.next()
        if found != "," and found != closing:
            raise self.broken("Expecting ',' delimiter")
        self.at += 1
        return found == ","

    def value(self, depth: int) -> Any:
        return self.measured(depth, self.entry_limit)[0]

    def measured(self, depth: int, most: int) -> tuple[Any, int]:
        """The value that begins here, gone over, and its length."""
        found = self.decoded(depth, most)
        if found is None or found[1] - self.at > most:
            raise ImportRefused(
                said(
                    "The entry at column %(colno)s of the JSON has more than %(limit)s characters.",
                    limit=figure(self.entry_limit, ","),
                    colno=self.column(self.at),
                ),
                self.line(self.at),
            )
        value, end = found
        length, self.at = end - self.at, end
        return value, length

    def decoded(self, depth: int, most: int) -> tuple[Any, int] | None:
        """The value that begins here and where it ends; None when ``most`` characters do not hold all of it."""
        while True:
            try:
                value, end = DECODER.raw_decode(self.text, self.at)
            except json.JSONDecodeError as error:
                if not self.may_be_cut(error):
                    raise self.broken(error.msg, error.pos) from error
                if len(self.text) - self.at > most:
                    return None
                if not self.more():
                    raise self.broken(error.msg, error.pos) from error
            except Unusable as error:
                raise unusable(error) from error
            except RecursionError:
                raise too_deep(DEPTH_LIMIT) from None
            else:
                # A number near the end may go on: 1E is 1 and a fault, or the beginning of 1E3.
                if end + _CUT < len(self.text) or not self.more():
                    refuse_depth(value, DEPTH_LIMIT, depth)
                    return value, end

    def may_be_cut(self, error: json.JSONDecodeError) -> bool:
        """Whether the fault may be that the text ends there."""
        return error.pos + _CUT >= len(self.text) or error.msg.startswith("Unterminated string")

    def broken(self, message: str, at: int | None = None) -> ImportRefused:
        at = self.at if at is None else at
        return broken(message, self.line(at), self.column(at))

    def line(self, at: int) -> int:
        return self.lines + self.text.count("\n", 0, at) + 1

    def column(self, at: int) -> int:
        newline = self.text.rfind("\n", 0, at)
        return at - newline if newline >= 0 else self.columns + at + 1
