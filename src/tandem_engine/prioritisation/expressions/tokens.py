"""A formula's text as tokens."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Final, Literal

from tandem_engine.words import said

from .errors import FormulaError, Span

#: More than any formula that people still read.
LONGEST: Final = 2000

Kind = Literal["number", "name", "sign", "end of line", "end"]

#: What people type or paste, and what it means.
_SAME: Final = {"×": "*", "·": "*", "÷": "/", "−": "-", "–": "-", "≤": "<=", "≥": ">=", "≠": "!="}
_SAME_SIGNS: Final = {"==": "=", "<>": "!=", "**": "^"}
_SIGN: Final = re.compile(r"<=|>=|!=|==|<>|\*\*|[-+*/^(),=<>%]")
_NUMBER: Final = re.compile(r"(?:\d+(?:\.\d*)?|\.\d+)(?:[eE][+-]?\d+)?")
_NAME: Final = re.compile(r"[^\W\d]\w*(?:\.[^\W\d]\w*)*")
#: A line that ends or begins with one of these goes on.
_JOINING: Final = frozenset({"+", "-", "*", "/", "^", "<", ">", "<=", ">=", "!=", ",", "("})


@dataclass(frozen=True, slots=True)
class Token:
    kind: Kind
    text: str
    span: Span


def tokens_of(text: str) -> list[Token]:
    """The tokens, the last one ``end``. Line ends inside brackets and behind operators are left
    out; ``#`` starts a remark.

    Raises :class:`FormulaError` at the first character that belongs to nothing.
    """
    if len(text) > LONGEST:
        raise FormulaError(
            said(
                "the formula has %(count)s characters; at most %(longest)s are read",
                count=len(text),
                longest=LONGEST,
            ),
            text,
            Span(LONGEST, LONGEST + 1),
        )
    found: list[Token] = []
    depth = at = 0
    while at < len(text):
        char = _SAME.get(text[at], text[at])
        if char == "\n" or char == ";":
            if depth == 0:
                found.append(Token("end of line", char, Span(at, at + 1)))
            at += 1
            continue
        if char.isspace():
            at += 1
            continue
        if char == "#":
            end = text.find("\n", at)
            at = len(text) if end < 0 else end
            continue
        token = _token(text, at, char)
        if token.text == "(":
            depth += 1
        elif token.text == ")":
            depth = max(0, depth - 1)
        found.append(token)
        at = token.span.end
    found.append(Token("end", "", Span(len(text), len(text) + 1)))
    return _joined(found)


def _token(text: str, at: int, char: str) -> Token:
    if char != text[at]:
        return Token("sign", char, Span(at, at + 1))
    number = _NUMBER.match(text, at)
    if number:
        span = Span(at, number.end())
        following = text[number.end() : number.end() + 1]
        if following.isalpha() or following == "_":
            raise FormulaError(
                said("write × between %(number)s and what follows", number=number.group()),
                text,
                Span(at, number.end() + 1),
            )
        return Token("number", number.group(), span)
    name = _NAME.match(text, at)
    if name:
        return Token("name", name.group(), Span(at, name.end()))
    sign = _SIGN.match(text, at)
    if sign:
        written = sign.group()
        return Token("sign", _SAME_SIGNS.get(written, written), Span(at, sign.end()))
    raise FormulaError(
        said("“%(text)s” has no meaning in a formula", text=text[at]), text, Span(at, at + 1)
    )


def _joined(tokens: list[Token]) -> list[Token]:
    """Without the line ends behind or before an operator, and without empty lines."""
    found: list[Token] = []
    for place, token in enumerate(tokens):
        if token.kind == "end of line":
            after = next(each for each in tokens[place:] if each.kind != "end of line")
            goes_on = (
                not found
                or found[-1].kind == "end of line"
                or found[-1].text in _JOINING
                or (token.text == "\n" and after.text in _JOINING - {"("})
            )
            if goes_on or after.kind == "end":
                continue
        found.append(token)
    return found
