"""What was typed into a search, as the words, phrases and exclusions it means."""

import re
from dataclasses import dataclass

from django.utils.translation import gettext as _

from tandem.core.errors import Refused
from tandem.core.index.words import words_of

LONGEST = 200
MOST_WORDS = 12
PART = re.compile(r'(-?)(?:"([^"]*)"?|(\S+))')


@dataclass(frozen=True)
class Term:
    """One word, or several that stand in this order; ``without``: what holds it is left out."""

    words: tuple[str, ...]
    without: bool = False

    @property
    def is_phrase(self) -> bool:
        return len(self.words) > 1

    @property
    def word(self) -> str:
        return self.words[0]


@dataclass(frozen=True)
class Typed:
    text: str
    terms: tuple[Term, ...] = ()

    @property
    def wanted(self) -> list[Term]:
        return [term for term in self.terms if not term.without]

    @property
    def unwanted(self) -> list[Term]:
        return [term for term in self.terms if term.without]


def typed(text: str) -> Typed:
    """``two words``, ``"a phrase"``, ``-without``. Refuses what is longer than people type."""
    text = " ".join(text.replace("\x00", " ").split())
    if len(text) > LONGEST:
        raise Refused(
            _("At most %(most)s characters; this has %(count)s.")
            % {"most": LONGEST, "count": len(text)},
            field="q",
        )
    terms: list[Term] = []
    for minus, phrase, word in PART.findall(text):
        words = tuple(words_of(phrase or word))
        if not words:
            continue
        # A word with a hyphen or a dot in it is its parts, standing together.
        terms.append(Term(words, bool(minus)))
    if sum(len(term.words) for term in terms) > MOST_WORDS:
        raise Refused(
            _("At most %(most)s words; look for those that only this has.") % {"most": MOST_WORDS},
            field="q",
        )
    return Typed(text, tuple(terms))
