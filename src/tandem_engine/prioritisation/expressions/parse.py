"""From tokens to a syntax tree: precedence climbing, with limits on depth and size.

lines      = { name "=" expression newline } expression
expression = or;  or = and { "or" and };  and = not { "and" not };  not = "not" not | compare
compare    = sum [ ("<" | "<=" | ">" | ">=" | "=" | "!=") sum ]
sum        = product { ("+" | "-") product };  product = sign { ("*" | "/") sign }
sign       = "-" sign | power;  power = atom [ "^" sign ]
atom       = number [ "%" ] | name | name "(" expression { "," expression } ")" | "(" expression ")"
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Final

from tandem_engine.words import said

from .errors import FormulaError, Span
from .tokens import Token, tokens_of

#: Brackets, calls and signs inside each other.
DEEPEST: Final = 40

COMPARISONS: Final = frozenset({"<", "<=", ">", ">=", "=", "!="})
WORDS: Final = frozenset({"and", "or", "not"})
_CHAINS: Final = frozenset({"+", "*", "and", "or"})


@dataclass(frozen=True, slots=True)
class Number:
    value: float
    span: Span


@dataclass(frozen=True, slots=True)
class Name:
    name: str
    span: Span


@dataclass(frozen=True, slots=True)
class Operation:
    """``operator`` is a sign, a word, or a function's name; ``sign`` is where it stands."""

    operator: str
    parts: tuple[Syntax, ...]
    span: Span
    sign: Span
    called: bool = False


Syntax = Number | Name | Operation


@dataclass(frozen=True, slots=True)
class Definition:
    name: str
    body: Syntax
    span: Span


@dataclass(frozen=True, slots=True)
class Program:
    """The named parts, by name, and the expression that is the score."""

    text: str
    parts: dict[str, Definition]
    score: Syntax


def parse(text: str) -> Program:
    """The formula's syntax. Raises :class:`FormulaError` at the character that cannot be read."""
    return _Parser(text).program()


class _Parser:
    def __init__(self, text: str) -> None:
        self.text = text
        self.tokens = tokens_of(text)
        self.at = 0
        self.depth = 0

    @property
    def now(self) -> Token:
        return self.tokens[self.at]

    def error(self, message: str, span: Span | None = None) -> FormulaError:
        return FormulaError(message, self.text, span or self.now.span)

    def took(self, *texts: str) -> Token | None:
        token = self.now
        if token.kind in ("sign", "name") and token.text in texts:
            self.at += 1
            return token
        return None

    def _at(self, kind: str) -> bool:
        return self.now.kind == kind

    def program(self) -> Program:
        if self._at("end"):
            raise self.error(said("the formula is empty"))
        parts: dict[str, Definition] = {}
        while self._defines():
            name = self.now
            self.at += 2
            if name.text in parts:
                raise self.error(said("%(text)s is defined twice", text=name.text), name.span)
            parts[name.text] = Definition(name.text, self.expression(), name.span)
            if self._at("end"):
                raise self.error(
                    said("the last line must be the score itself, without a name and =")
                )
            self._line_ends()
        score = self.expression()
        if not self._at("end"):
            if self._at("end of line"):
                raise self.error(
                    said("only the last line is the score; give this one a name: name = …"),
                    score.span,
                )
            raise self._unexpected()
        return Program(self.text, parts, score)

    def _defines(self) -> bool:
        following = self.tokens[min(self.at + 1, len(self.tokens) - 1)]
        return self.now.kind == "name" and following.text == "="

    def _line_ends(self) -> None:
        if self.now.kind != "end of line":
            raise self._unexpected()
        self.at += 1

    def _unexpected(self) -> FormulaError:
        token = self.now
        if token.kind == "end":
            return self.error(said("the formula ends too early"))
        if token.kind == "end of line":
            return self.error(said("the line ends too early"))
        if token.text == ")":
            return self.error(said("this ) closes nothing"))
        if token.text == ",":
            return self.error(
                said("a comma separates only what a function is given; decimals have a point")
            )
        before = self.tokens[self.at - 1] if self.at else None
        ended = before is not None and (before.kind in ("number", "name") or before.text == ")")
        if ended and (token.kind in ("number", "name") or token.text == "("):
            return self.error(said("an operator is missing before “%(text)s”", text=token.text))
        return self.error(said("“%(text)s” is not expected here", text=token.text))

    def _deeper(self) -> None:
        self.depth += 1
        if self.depth > DEEPEST:
            raise self.error(
                said(
                    "the formula is too deep: at most %(deepest)s levels are read", deepest=DEEPEST
                )
            )

    def expression(self) -> Syntax:
        self._deeper()
        found = self._or()
        self.depth -= 1
        return found

    def _or(self) -> Syntax:
        found = self._and()
        while sign := self.took("or"):
            found = _joined("or", found, self._and(), sign)
        return found

    def _and(self) -> Syntax:
        found = self._not()
        while sign := self.took("and"):
            found = _joined("and", found, self._not(), sign)
        return found

    def _not(self) -> Syntax:
        if sign := self.took("not"):
            self._deeper()
            part = self._not()
            self.depth -= 1
            return Operation("not", (part,), sign.span.to(part.span), sign.span)
        return self._compare()

    def _compare(self) -> Syntax:
        found = self._sum()
        if sign := self.took(*COMPARISONS):
            found = _joined(sign.text, found, self._sum(), sign)
            if self.now.text in COMPARISONS:
                raise self.error(said("compare two things at a time: a < b and b < c"))
        return found

    def _sum(self) -> Syntax:
        found = self._product()
        while sign := self.took("+", "-"):
            found = _joined(sign.text, found, self._product(), sign)
        return found

    def _product(self) -> Syntax:
        found = self._sign()
        while sign := self.took("*", "/"):
            found = _joined(sign.text, found, self._sign(), sign)
        return found

    def _sign(self) -> Syntax:
        if sign := self.took("-", "+"):
            self._deeper()
            part = self._sign()
            self.depth -= 1
            if sign.text == "+":
                return part
            return Operation("negative", (part,), sign.span.to(part.span), sign.span)
        return self._power()

    def _power(self) -> Syntax:
        found = self._atom()
        if sign := self.took("^"):
            self._deeper()
            found = _joined("^", found, self._sign(), sign)
            self.depth -= 1
        return found

    def _atom(self) -> Syntax:
        token = self.now
        if token.kind == "number":
            self.at += 1
            return self._number(token)
        if token.kind == "name" and token.text not in WORDS:
            self.at += 1
            opening = self.took("(")
            return self._call(token) if opening else Name(token.text, token.span)
        if self.took("("):
            found = self.expression()
            if not self.took(")"):
                raise self._unclosed(token)
            return found
        raise self._unexpected()

    def _number(self, token: Token) -> Syntax:
        value = float(token.text)
        if not math.isfinite(value):
            raise self.error(said("this number is too large"), token.span)
        percent = self.took("%")
        if percent:
            return Number(value / 100, token.span.to(percent.span))
        return Number(value, token.span)

    def _call(self, name: Token) -> Syntax:
        parts = [self.expression()]
        while self.took(","):
            parts.append(self.expression())
        closing = self.took(")")
        if not closing:
            raise self._unclosed(name)
        return Operation(
            name.text, tuple(parts), name.span.to(closing.span), name.span, called=True
        )

    def _unclosed(self, opening: Token) -> FormulaError:
        if self.now.kind in ("end", "end of line"):
            return self.error(said("a ) is missing for this"), opening.span)
        return self._unexpected()


def _joined(operator: str, left: Syntax, right: Syntax, sign: Token) -> Operation:
    if operator in _CHAINS and isinstance(left, Operation) and left.operator == operator:
        # a + b + c is one sum of three: flat to read, and no deeper than it looks.
        return Operation(operator, (*left.parts, right), left.span.to(right.span), left.sign)
    return Operation(operator, (left, right), left.span.to(right.span), sign.span)
