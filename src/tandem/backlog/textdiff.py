"""Two texts compared word by word, and the short excerpt of what changed."""

import difflib
import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

_WORD = re.compile(r"\s+|\w+|[^\w\s]")
#: Above this many words on both sides a passage is compared by lines only: comparing is quadratic.
_WORDS_MOST = 3_000
_LINES_MOST = 4_000
#: Where fewer of a passage's words stayed, old and new read better apart than woven together.
_KEPT_LEAST = 0.35
#: Characters of unchanged text kept around a change in the excerpt, and changes shown there.
_AROUND = 40
_CHANGED_MOST = 160
_HUNKS = 3


@dataclass(frozen=True)
class Piece:
    """A passage: ``same``, ``del`` (gone), ``ins`` (new), or ``gap`` (left out of an excerpt)."""

    kind: Literal["same", "del", "ins", "gap"]
    text: str


def _joined(pieces: Sequence[Piece]) -> list[Piece]:
    """Neighbours of one kind become one piece; empty ones go."""
    found: list[Piece] = []
    for piece in pieces:
        if not piece.text:
            continue
        if found and found[-1].kind == piece.kind:
            found[-1] = Piece(piece.kind, found[-1].text + piece.text)
        else:
            found.append(piece)
    return found


def _by_words(before: str, after: str) -> list[Piece]:
    """Words compared; what both texts begin and end with is set aside first, which is cheap and
    leaves little to compare in a long passage where one word changed."""
    old, new = _WORD.findall(before), _WORD.findall(after)
    shorter = min(len(old), len(new))
    head = next((n for n in range(shorter) if old[n] != new[n]), shorter)
    most = shorter - head
    tail = next((n for n in range(most) if old[-1 - n] != new[-1 - n]), most)
    start, end = "".join(old[:head]), "".join(old[len(old) - tail :])
    old, new = old[head : len(old) - tail], new[head : len(new) - tail]
    return [Piece("same", start), *_between(old, new), Piece("same", end)]


def _words(tokens: list[str]) -> int:
    """How many are words: signs and spaces stay in any two texts."""
    return sum(1 for token in tokens if token[0].isalnum())


def _between(old: list[str], new: list[str]) -> list[Piece]:
    if len(old) + len(new) > _WORDS_MOST:
        return [Piece("del", "".join(old)), Piece("ins", "".join(new))]
    pieces: list[Piece] = []
    kept = 0
    matcher = difflib.SequenceMatcher(None, old, new, autojunk=False)
    for tag, i, j, m, n in matcher.get_opcodes():
        if tag == "equal":
            pieces.append(Piece("same", "".join(old[i:j])))
            kept += _words(old[i:j])
        else:
            pieces += [Piece("del", "".join(old[i:j])), Piece("ins", "".join(new[m:n]))]
    if kept < _KEPT_LEAST * min(_words(old), _words(new)):
        return [Piece("del", "".join(old)), Piece("ins", "".join(new))]
    return pieces


def words_changed(before: str, after: str) -> list[Piece]:
    """``before`` and ``after`` as one run of pieces.

    The pieces other than ``ins`` spell ``before``, those other than ``del`` spell ``after``.
    Lines are matched first, words only inside lines that differ, so that a long text stays quick.
    """
    old, new = before.splitlines(keepends=True), after.splitlines(keepends=True)
    if len(old) + len(new) > _LINES_MOST:
        return _joined([Piece("del", before), Piece("ins", after)])
    pieces: list[Piece] = []
    matcher = difflib.SequenceMatcher(None, old, new, autojunk=False)
    for tag, i, j, m, n in matcher.get_opcodes():
        if tag == "equal":
            pieces.append(Piece("same", "".join(old[i:j])))
        else:
            pieces += _by_words("".join(old[i:j]), "".join(new[m:n]))
    return _joined(pieces)


def _shortened(text: str, *, head: bool, tail: bool) -> list[Piece]:
    """Unchanged text, cut to what stands next to a change on the side(s) asked for."""
    kept = _AROUND * (head + tail)
    if len(text) <= kept + 3:
        return [Piece("same", text)]
    found = [Piece("same", text[:_AROUND])] if head else []
    found.append(Piece("gap", "…"))
    if tail:
        found.append(Piece("same", text[-_AROUND:]))
    return found


def excerpt(pieces: Sequence[Piece]) -> tuple[tuple[Piece, ...], bool]:
    """The first changes with a little text around them, and whether anything was left out."""
    found: list[Piece] = []
    hunks, cut = 0, False
    if len(pieces) == 1 and pieces[0].kind == "same":
        text = pieces[0].text
        return (Piece("same", text[:_CHANGED_MOST]),), len(text) > _CHANGED_MOST
    for number, piece in enumerate(pieces):
        if piece.kind == "same":
            if hunks >= _HUNKS:
                cut = cut or number < len(pieces)
                found.append(Piece("gap", "…"))
                break
            short = _shortened(piece.text, head=number > 0, tail=number + 1 < len(pieces))
            found += short
            continue
        hunks += number == 0 or pieces[number - 1].kind == "same"
        if len(piece.text) > _CHANGED_MOST:
            found += [Piece(piece.kind, piece.text[:_CHANGED_MOST]), Piece("gap", "…")]
            cut = True
        else:
            found.append(piece)
    return tuple(found), cut or any(piece.kind == "gap" for piece in found)
