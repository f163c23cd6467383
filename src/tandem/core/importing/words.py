"""Comparing names people wrote: headers, statuses, kinds."""

import difflib
import re
import unicodedata
from collections.abc import Iterable
from functools import lru_cache

from tandem_engine.words import said

_APOSTROPHES = re.compile("['’‘`´]")
_SEPARATORS = re.compile(r"[\W_]+")


def plain(text: str) -> str:
    """The name without case, accents, apostrophes and punctuation: ``Won’t  Do`` and ``wont_do`` become ``wont do``."""
    return _plain(text) if len(text) <= 200 else _plain.__wrapped__(text)


@lru_cache(maxsize=4096)
def _plain(text: str) -> str:
    decomposed = unicodedata.normalize("NFKD", text.casefold())
    letters = "".join(c for c in decomposed if not unicodedata.combining(c))
    return _SEPARATORS.sub(" ", _APOSTROPHES.sub("", letters)).strip()


def nearest(name: str, known: Iterable[str], count: int = 3) -> list[str]:
    """Up to ``count`` of the known names that look most like ``name``, best first; empty when none does."""
    by_plain: dict[str, str] = {}
    for candidate in known:
        by_plain.setdefault(plain(candidate[:100]), candidate)
    matches = difflib.get_close_matches(plain(name[:100]), list(by_plain), n=count, cutoff=0.5)
    return [by_plain[match] for match in matches]


def did_you_mean(name: str, known: Iterable[str]) -> str:
    """A sentence naming what exists: the nearest names, or the first of all when nothing is near."""
    names = list(known)
    close = nearest(name, names)
    if close:
        return said("Did you mean %(names)s?", names=_quoted(close))
    if not names:
        return said("There are none.")
    return said("There are: %(names)s.", names=first_of(names))


def first_of(names: list[str]) -> str:
    """The first names in quotation marks, and how many there are besides."""
    if len(names) <= 12:
        return _quoted(names)
    return said("%(names)s and %(count)s more", names=_quoted(names[:12]), count=len(names) - 12)


def shortened(text: str, length: int = 60) -> str:
    """The text on one line, cut to ``length`` characters, for quoting in a message."""
    line = " ".join(text.split())
    return line if len(line) <= length else line[: length - 1] + "…"


def _quoted(names: Iterable[str]) -> str:
    return ", ".join(f"“{shortened(name)}”" for name in names)
