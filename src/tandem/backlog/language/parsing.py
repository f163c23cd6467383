"""Text into terms, each with its place in the text. Pure: knows neither fields nor database.

query  = { term }                     a space means "and"
term   = [ "-" ] ( field operator value { "," value } | word )
value  = bare | '"' text '"'          a comma means "or"; inside quotes \\" is a quote
"""

import re
from dataclasses import dataclass
from typing import NoReturn

from django.utils.translation import gettext as _

from tandem.core.errors import Refused

LONGEST = 1000
MOST_TERMS = 40
MOST_VALUES = 100

_FIELD = re.compile(r"(-?)([^\W\d_][\w-]*)(:>=|:<=|:>|:<|:=|>=|<=|!=|:|>|<|=)")
_BARE = re.compile(r"[^\s,]+")
_WORD = re.compile(r"\S+")
_PLAIN = re.compile(r'[^\s",:<>=!()-][^\s",]*')
_AS_WRITTEN = {":=": ":", "=": ":", "!=": ":"}


class FilterRefused(Refused):
    """A filter that cannot be read: the word, where it stands, and what to write instead."""

    def __init__(
        self, message: str, *, start: int, end: int, word: str = "", suggestion: str = ""
    ) -> None:
        super().__init__(
            message,
            field="q",
            position={"start": start, "end": end},
            word=word,
            suggestion=suggestion or None,
        )
        self.start, self.end = start, end
        self.word, self.suggestion = word, suggestion


@dataclass(frozen=True)
class Value:
    text: str
    start: int
    end: int
    quoted: bool = False

    def refuse(self, message: str, suggestion: str = "") -> NoReturn:
        """Say no to this word; ``suggestion``: what would be read instead."""
        raise FilterRefused(
            message, start=self.start, end=self.end, word=self.text, suggestion=suggestion
        )


@dataclass(frozen=True)
class Term:
    """One condition as it was written. Without a ``field`` it is a word that titles must hold."""

    start: int
    end: int
    source: str
    values: tuple[Value, ...]
    negated: bool = False
    field: str = ""
    #: ``:``, ``>``, ``>=``, ``<`` or ``<=``.
    operator: str = ":"
    #: Where the field's name stands.
    name: Value | None = None

    @property
    def value(self) -> Value:
        return self.values[0]


def quoted(text: str) -> str:
    """A value as the language writes it: bare where it can be."""
    if _PLAIN.fullmatch(text):
        return text
    return '"' + text.replace("\\", "\\\\").replace('"', '\\"') + '"'


def written(field: str, values: "list[str] | tuple[str, ...]", negated: bool = False) -> str:
    """A term as text: ``written("kind", ["story", "bug"])`` is ``kind:story,bug``."""
    return f"{'-' if negated else ''}{field}:{','.join(quoted(value) for value in values)}"


def _quoted(text: str, start: int) -> tuple[Value, int]:
    """The value in quotes that opens at ``start``, and where it ends."""
    found, at = [], start + 1
    while at < len(text):
        letter = text[at]
        if letter == "\\" and text[at + 1 : at + 2] in ('"', "\\"):
            found.append(text[at + 1])
            at += 2
            continue
        if letter == '"':
            return Value("".join(found), start, at + 1, quoted=True), at + 1
        found.append(letter)
        at += 1
    raise FilterRefused(
        _('The quote that opens here is not closed. Write a second " where its words end.'),
        start=start,
        end=len(text),
        word=text[start:],
        suggestion=text[start:] + '"',
    )


def _value(text: str, at: int, field: Value) -> tuple[Value, int]:
    if at >= len(text) or text[at].isspace() or text[at] == ",":
        raise FilterRefused(
            _("Nothing stands behind “%(text)s”. Write a value there, without a space in between.")
            % {"text": text[field.start : at]},
            start=field.start,
            end=at,
            word=text[field.start : at],
        )
    if text[at] == '"':
        value, at = _quoted(text, at)
        if at < len(text) and not text[at].isspace() and text[at] != ",":
            raise FilterRefused(
                _("Behind a closing quote stands a space or a comma."),
                start=value.start,
                end=at + 1,
                word=text[value.start : at + 1],
            )
        return value, at
    found = _BARE.match(text, at)
    assert found is not None
    return Value(found[0], at, found.end()), found.end()


def _condition(text: str, match: "re.Match[str]") -> Term:
    sign, name, operator = match.groups()
    named = Value(name, match.start(2), match.end(2))
    whole = Value(name, match.start(), match.end())
    values = []
    value, at = _value(text, match.end(), whole)
    values.append(value)
    while at < len(text) and text[at] == ",":
        value, at = _value(text, at + 1, Value(name, match.start(), at))
        values.append(value)
    operator = operator if operator in _AS_WRITTEN else operator.lstrip(":") or ":"
    negated = bool(sign) != (operator == "!=")
    operator = _AS_WRITTEN.get(operator, operator)
    if operator != ":" and len(values) > 1:
        values[1].refuse(
            _("“%(name)s%(operator)s” takes one value; a list is written %(name)s:a,b.")
            % {"name": name, "operator": operator}
        )
    if len(values) > MOST_VALUES:
        values[MOST_VALUES].refuse(_("A list has at most %(most)s values.") % {"most": MOST_VALUES})
    return Term(
        start=match.start(),
        end=at,
        source=text[match.start() : at],
        values=tuple(values),
        negated=negated,
        field=name.casefold(),
        operator=operator,
        name=named,
    )


def _word(text: str, at: int) -> Term:
    negated = text[at] == "-" and at + 1 < len(text) and not text[at + 1].isspace()
    start = at + 1 if negated else at
    if text[start] == '"':
        value, end = _quoted(text, start)
        if not value.text.strip():
            value.refuse(_("Nothing stands between these quotes."))
        if end < len(text) and not text[end].isspace():
            value.refuse(_("Behind a closing quote stands a space."))
    else:
        found = _WORD.match(text, start)
        assert found is not None
        value, end = Value(found[0], start, found.end()), found.end()
    return Term(at, end, text[at:end], (value,), negated=negated)


def parse(text: str) -> tuple[Term, ...]:
    """The terms of a filter. Refuses broken quotes and missing values, pointing at the place."""
    if len(text) > LONGEST:
        raise FilterRefused(
            _("A filter has at most %(most)s characters; this has %(count)s.")
            % {"most": LONGEST, "count": len(text)},
            start=LONGEST,
            end=len(text),
        )
    terms: list[Term] = []
    at = 0
    while at < len(text):
        if text[at].isspace():
            at += 1
            continue
        match = _FIELD.match(text, at)
        # An address is a word: https://example.org
        if match is not None and not text.startswith("//", match.end()):
            term = _condition(text, match)
        else:
            term = _word(text, at)
        terms.append(term)
        at = term.end
    if len(terms) > MOST_TERMS:
        terms[MOST_TERMS].value.refuse(
            _("A filter has at most %(most)s conditions.") % {"most": MOST_TERMS}
        )
    if any(term.field for term in terms):
        for term in terms:
            if term.source in ("OR", "AND", "NOT") and not term.field:
                term.value.refuse(
                    _(
                        "%(word)s is no word of the filter: a space means and, a comma between values "
                        "means or (kind:story,bug), a minus means not (-label:ux). To look for the "
                        'word, write "%(word)s".'
                    )
                    % {"word": term.source}
                )
    return tuple(terms)
