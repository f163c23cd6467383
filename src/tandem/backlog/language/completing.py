"""What may stand where somebody is typing a filter: fields first, then a field's values."""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop as N_

from tandem.backlog.language.fields import Asking, Field, Offer
from tandem.backlog.language.parsing import quoted

MOST = 12
#: A token that ends where the caret is: a sign, a field and operator, the values before, a part.
_CONDITION = re.compile(
    r'(-?)([^\W\d_][\w-]*)(:>=|:<=|:>|:<|:=|>=|<=|!=|:|>|<|=)((?:"[^"]*"|[^\s",]+|,)*?)("?[^",]*)$'
)
_START = re.compile(r'(?:^|\s)((?:[^\s"]|"[^"]*(?:"|$))*)$')
SORTS = {
    "rank": N_("Rank"),
    "-updated": N_("Last changed first"),
    "updated": N_("Longest unchanged first"),
    "-created": N_("Newest first"),
    "created": N_("Oldest first"),
    "-estimate": N_("Largest first"),
    "estimate": N_("Smallest first"),
    "due": N_("Due soonest first"),
    "-due": N_("Due latest first"),
    "key": N_("Key"),
    "-key": N_("Key, backwards"),
}
SORT = Field(
    "sort",
    N_("Order"),
    hint=N_("sort:-updated: the last changed first"),
    offers=lambda asking: [
        *(Offer(value, _(words)) for value, words in SORTS.items()),
        *(Offer(name, each.words) for name, each in asking.sorts.items()),
    ],
    order=95,
)


@dataclass(frozen=True)
class Completion:
    """What may replace the text from ``start`` to ``end``."""

    start: int
    end: int
    #: Text to put there, what it means, and whether the condition is complete with it.
    offers: tuple[tuple[str, str, bool], ...]


def ordered(asking: Asking) -> list[Field]:
    return sorted(
        [*asking.fields.values(), SORT.in_words()], key=lambda each: (each.order, each.name)
    )


def complete(text: str, at: int, asking: Asking) -> Completion:
    """What may stand at the caret ``at``; nothing inside a word that is no condition's."""
    head = text[: max(0, min(at, len(text)))]
    found = _START.search(head)
    token = found[1] if found else ""
    start = len(head) - len(token)
    condition = _CONDITION.fullmatch(token)
    if condition is None:
        return Completion(start, len(head), tuple(_fields(asking, token)))
    name, typed = condition[2].casefold(), condition[5].lstrip('"')
    field = SORT if name in ("sort", "order") else asking.aliases.get(name)
    if field is None:
        return Completion(start, len(head), ())
    begin = len(head) - len(condition[5])
    return Completion(begin, len(head), tuple(_values(field.offered(asking), typed)))


def _fields(asking: Asking, token: str) -> Sequence[tuple[str, str, bool]]:
    sign = "-" if token.startswith("-") else ""
    typed = token.removeprefix("-").casefold()
    if '"' in typed:
        return []
    known = ordered(asking)
    starts = [
        each
        for each in known
        if each.name.startswith(typed)
        or each.title.casefold().startswith(typed)
        or any(name.startswith(typed) for name in each.aliases)
    ]
    return [
        (f"{sign}{each.name}:", each.hint or each.title, False)
        for each in starts[: MOST if typed else 40]
    ]


def _values(offers: Sequence[Offer], typed: str) -> Sequence[tuple[str, str, bool]]:
    word = typed.casefold()
    fits = [each for each in offers if each.value.casefold().startswith(word)]
    fits += [
        each
        for each in offers
        if each not in fits
        and word
        and (word in each.value.casefold() or word in each.words.casefold())
    ]
    return [(quoted_range(each.value), each.words, True) for each in fits[:MOST]]


def quoted_range(text: str) -> str:
    """A value as it is typed; a distance like ``-7d`` and a range stay bare."""
    return text if re.fullmatch(r"[-+.\w]+", text) else quoted(text)
