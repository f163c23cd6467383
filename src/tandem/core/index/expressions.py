"""A search as each database's full-text language writes it.

A term is any of its ``Choice``s: words as typed, beginnings of words, words that resemble them.
Every word consists of letters and digits only, so nothing typed can be read as an operator.
"""

from collections.abc import Sequence
from dataclasses import dataclass


@dataclass(frozen=True)
class Choice:
    words: tuple[str, ...]
    #: The last word may go on.
    open_end: bool = False


#: All of the terms, each any of its choices.
Wanted = Sequence[Sequence[Choice]]


def _fts5(choice: Choice) -> str:
    return '"' + " ".join(choice.words) + '"' + (" *" if choice.open_end else "")


def _fts5_any(choices: Sequence[Choice]) -> str:
    return "(" + " OR ".join(map(_fts5, choices)) + ")"


def _fts5_all(wanted: Wanted) -> str:
    return " AND ".join(map(_fts5_any, wanted))


def fts5(
    wanted: Wanted,
    without: Sequence[Wanted],
    columns: str,
    places: Sequence[str],
    kinds: Sequence[str],
) -> str:
    """``columns``: "title" or "title body". ``places`` and ``kinds``: words of the scope, any of;
    without any, everywhere."""
    parts = []
    if places:
        parts.append(f"{{scope}} : ({' OR '.join(places)})")
    if kinds:
        parts.append(f"{{scope}} : ({' OR '.join(kinds)})")
    parts.append(f"{{{columns}}} : ({_fts5_all(wanted)})")
    return but(" AND ".join(f"({part})" for part in parts), without, columns)


def but(asked: str, without: Sequence[Wanted], columns: str) -> str:
    for each in without:
        asked = f"({asked}) NOT ({{{columns}}} : ({_fts5_all(each)}))"
    return asked


def _ts(choice: Choice) -> str:
    # Quoted, though letters and digits need no quotes.
    words = [f"'{word}'" for word in choice.words]
    if choice.open_end:
        words[-1] += ":*"
    return "(" + " <-> ".join(words) + ")"


def _ts_all(wanted: Wanted) -> str:
    return " & ".join("(" + " | ".join(map(_ts, choices)) + ")" for choices in wanted)


def tsquery(wanted: Wanted, without: Sequence[Wanted]) -> str:
    return " & ".join([_ts_all(wanted), *(f"!({_ts_all(each)})" for each in without)])
