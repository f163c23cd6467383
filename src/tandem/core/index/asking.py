"""Finding: what was typed, as entries in the order of how well they fit.

Bands, the best first; within one the newest first. So a page is found through an index and the
next one behind a cursor, however much there is, and both databases say the same:

0  the row that was named (an item's key)
1  titles with every word as typed
2  titles with words that begin so
3  texts with every word as typed
4  texts with words that begin so
5  titles with words that resemble those typed, or hold them inside; only when little was found
6  texts with such words
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

from django.utils.translation import gettext as _

from tandem.core.errors import Refused
from tandem.core.index import find, words
from tandem.core.index.expressions import Choice, Wanted
from tandem.core.index.find import Entry, Scope
from tandem.core.index.typed import Term, Typed
from tandem.core.paging import decode, encode

#: So many titles are read at most; who gets as many looks for a word more.
MOST_TITLES = 500
#: Facets count so far; beyond it they say "100+".
COUNT_MOST = 100
#: With fewer than so many found, words that resemble those typed are looked for too.
FEW = 5
#: Beginnings: from so many letters on they are looked for in texts too.
SHORTEST_BEGINNING = 3
#: Beyond so many texts the commonest words that begin so stand for all that do.
MANY_TEXTS = 10_000
BEGINNINGS = 10
RESEMBLING = 6
#: The first band of what only resembles.
LIKE = 5
LAST_BAND = 6


@dataclass
class Answer:
    entries: list[Entry] = field(default_factory=list)
    next_cursor: str | None = None
    #: Words that were looked for beside those typed: typed -> the likeliest meant.
    meant: dict[str, str] = field(default_factory=dict)
    #: The words by which it was found, to be marked in the excerpts; each begins so.
    marked: tuple[str, ...] = ()


class Search:
    """One search in one scope."""

    def __init__(self, asked: Typed, scope: Scope, named: Sequence[tuple[str, int]] = ()) -> None:
        self.asked = asked
        self.scope = scope
        #: Rows that what was typed names: ``(kind, number)``.
        self.named = named
        #: Word -> those in use that resemble it, the likeliest first.
        self.near: dict[str, list[str]] = {}
        self.mended = False

    # What each band looks for

    def _whole(self, terms: Sequence[Term]) -> Wanted:
        return [[Choice(term.words)] for term in terms]

    @cached_property
    def _without(self) -> list[Wanted]:
        """Each of them alone is reason enough."""
        return [self._whole([term]) for term in self.asked.unwanted]

    @cached_property
    def _beginnings_in_titles(self) -> Wanted:
        """As in texts; the few letters with which a word begins are looked for only here."""
        return [
            [Choice(term.words, open_end=True)]
            if len(term.words[-1]) < SHORTEST_BEGINNING
            else begun
            for term, begun in zip(self.asked.wanted, self._beginnings, strict=True)
        ]

    @cached_property
    def _beginnings(self) -> Wanted:
        return [self._begun(term) for term in self.asked.wanted]

    def _begun(self, term: Term) -> list[Choice]:
        """Of a beginning that very many texts have, the commonest words are looked for instead:
        joining the lists of all words that begin so would take as long as the index is big."""
        last = term.words[-1]
        if len(last) < SHORTEST_BEGINNING:
            return [Choice(term.words)]
        known = words.beginning(self.scope.workspace_id, last, BEGINNINGS)
        if sum(docs for _, docs in known) <= MANY_TEXTS and len(known) < BEGINNINGS:
            return [Choice(term.words, open_end=True)]
        ends = dict.fromkeys([last, *(word for word, _ in known)])
        return [Choice((*term.words[:-1], word)) for word in ends]

    @cached_property
    def _resembling(self) -> Wanted | None:
        """``None``: nothing but what was typed already comes into question."""
        wanted: list[list[Choice]] = []
        for term, begun in zip(self.asked.wanted, self._beginnings, strict=True):
            choices = list(begun)
            for word in term.words if not term.is_phrase else ():
                near = []
                if not self._is_known(word):
                    near = words.resembling(self.scope.workspace_id, word, RESEMBLING)
                if near:
                    self.near[word] = near
                inside = (
                    words.holding(self.scope.workspace_id, word, BEGINNINGS)
                    if not near and len(word) >= words.SHORTEST_MENDED
                    else []
                )
                choices += [Choice((other,)) for other in dict.fromkeys([*near, *inside])]
            wanted.append(choices)
        return None if wanted == [list(each) for each in self._beginnings] else wanted

    def _is_known(self, word: str) -> bool:
        return bool(words.beginning(self.scope.workspace_id, word, 1))

    # Asking

    def page(self, *, after: str | None, limit: int, mend: bool = True) -> Answer:
        """Up to ``limit`` entries behind the cursor. ``mend``: whether words that resemble count."""
        if not self.asked.wanted or not self.scope.kinds:
            return Answer()
        band, last = _cursor(after)
        titles = self._titles()
        known = [number for numbers in titles.values() for number in numbers]
        found = [
            (each, number)
            for each, numbers in titles.items()
            for number in numbers
            if (each, -number) > (band, -last)
        ]
        if len(known) < MOST_TITLES:
            for each in (3, 4):
                if len(found) <= limit and each >= band:
                    asked = self._asked_in_texts(each)
                    behind = last if each == band else None
                    if asked is not None:
                        numbers = find.texts(self.scope, *asked, known, behind, limit + 1)
                        found += [(each, number) for number in numbers]
            if mend and len(found) <= limit and (band >= LIKE or (not after and len(found) < FEW)):
                found += self._alike(band, last, known, limit)
        more, found = len(found) > limit, found[:limit]
        answer = Answer(find.entries(found))
        answer.meant = self._meant(answer.entries)
        answer.next_cursor = encode(found[-1]) if more else None
        answer.marked = self._marked()
        return answer

    def _alike(self, band: int, last: int, known: list[int], limit: int) -> list[tuple[int, int]]:
        """What resembles: titles before texts. The titles are read anew for each page, so that
        the texts behind them leave the same ones out."""
        if self._resembling is None:
            return []
        without = [*self._without, self._beginnings]
        titles = find.titles(
            self.scope, self._resembling, None, without, known, MOST_TITLES - len(known)
        )
        found = [(LIKE, each) for each in titles if (LIKE, -each) > (band, -last)]
        if len(found) <= limit:
            behind = last if band == LAST_BAND else None
            numbers = find.texts(
                self.scope, self._resembling, without, [*known, *titles], behind, limit + 1
            )
            found += [(LAST_BAND, each) for each in numbers]
        self.mended = self.mended or bool(found)
        return found

    def widened(self, scope: Scope) -> "Search":
        """The same search elsewhere; whether words that resemble count is known from this one."""
        other = Search(self.asked, scope, self.named)
        other.mended, other.near = self.mended, self.near
        return other

    def counts(self) -> dict[str, int]:
        """How many entries of each kind fit, counted up to ``COUNT_MOST`` + 1; after ``page``."""
        if not self.asked.wanted or not self.scope.kinds:
            return {}
        wanted = (self._resembling if self.mended else None) or self._beginnings
        titles = self._beginnings_in_titles if wanted is self._beginnings else None
        return find.counts(self.scope, wanted, titles, self._without, COUNT_MOST + 1)

    def _titles(self) -> dict[int, list[int]]:
        """The numbers of bands 0 to 2, each the newest first."""
        named = find.named(self.scope, self.named)
        whole = self._whole(self.asked.wanted)
        first = find.titles(self.scope, whole, None, self._without, named, MOST_TITLES)
        left = MOST_TITLES - len(first)
        begun = find.titles(
            self.scope, self._beginnings_in_titles, whole, self._without, named, left
        )
        return {0: sorted(named, reverse=True), 1: first, 2: begun}

    def _asked_in_texts(self, band: int) -> tuple[Wanted, list[Any]] | None:
        """What the band looks for, and what it leaves to the bands before; ``None``: nothing more."""
        whole = self._whole(self.asked.wanted)
        if band == 3:
            return whole, [*self._without]
        if self._beginnings == whole:
            return None
        return self._beginnings, [*self._without, whole]

    def _meant(self, found: Sequence[Entry]) -> dict[str, str]:
        """The likeliest words that were found: none that stands only where one may not look."""
        if not self.mended or not self.near:
            return {}
        there = {
            word
            for each in found
            if each.band >= LIKE
            for word in words.words_of(f"{each.title} {each.body}")
        }
        meant = {}
        for word, near in self.near.items():
            first = next((other for other in near if other in there), None)
            if first is not None:
                meant[word] = first
        return meant

    def _marked(self) -> tuple[str, ...]:
        wanted = (self._resembling if self.mended else None) or self._whole(self.asked.wanted)
        return tuple(
            dict.fromkeys(word for choices in wanted for each in choices for word in each.words)
        )


def _cursor(after: str | None) -> tuple[int, int]:
    """The band and number behind which the page begins."""
    if not after:
        return -1, 0
    band, number = decode(after, 2)
    if not all(type(each) is int for each in (band, number)) or not 0 <= band <= LAST_BAND:
        raise Refused(
            _("This page's address is damaged. Start from the first page."), field="after"
        )
    return band, number
