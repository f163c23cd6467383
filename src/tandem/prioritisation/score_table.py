"""A ranking as columns: what pages, commands and plans read, a row or a hundred at a time.

A hundred thousand scores are some twenty arrays here instead of two million Python objects, so
the table is kept in memory and in a file, sorted and filtered without touching the database.
"""

import io
import json
import zipfile
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any, Final

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float64]
Integers = npt.NDArray[np.int64]
Flags = npt.NDArray[np.bool_]

#: Grows when the columns change; an older file is then computed anew.
FORMAT: Final = 2

#: A number with its P10-P90 interval takes three columns.
_SPANS: Final = ("score", "value", "technical", "gap", "effort")
_FLOATS: Final = (
    *(f"{name}{end}" for name in _SPANS for end in ("", "_low", "_high")),
    "p_top",
    "guess_share",
)
_INTEGERS: Final = ("ids", "numbers", "rank", "rank_low", "rank_high", "guess_bits")
_FLAGS: Final = ("value_heard", "technical_heard")
COLUMNS: Final = (*_INTEGERS, *_FLOATS, *_FLAGS)


@dataclass(frozen=True, slots=True)
class Span:
    """A likely value between its P10 and P90."""

    likely: float
    low: float
    high: float


@dataclass(frozen=True, slots=True)
class ScoreRow:
    """One item's place in a ranking, as :class:`tandem_engine.prioritisation.Score` says it.

    ``guesses`` are the slugs of criteria nobody answered. ``effort`` is what the formula divides
    by: the estimate, or the product's own distribution when there is none; its numbers are 0 in a
    model without effort. A lens is ``heard`` when somebody rated the item under it.
    """

    item_id: int
    number: int
    rank: int
    rank_low: int
    rank_high: int
    score: Span
    value: Span
    technical: Span
    gap: Span
    effort: Span
    p_top: float
    guesses: tuple[str, ...]
    guess_share: float
    value_heard: bool
    technical_heard: bool

    @property
    def disagreement(self) -> float:
        """By how many points of 100 the lenses differ with 90 % probability; 0: not for sure."""
        return max(0.0, self.gap.low, -self.gap.high)

    @property
    def ranked(self) -> bool:
        """Items outside the plannable ones have a score, but no place among them (rank 0)."""
        return self.rank > 0


@dataclass(frozen=True)
class ScoreTable:
    """The plannable items of a product in rank order, one column per number.

    ``key`` says which state of the product it was computed from; ``meta`` holds what belongs to
    the whole ranking: unit, seed, draws, engine version, inputs' fingerprint, the effort
    reference, the sentence on guesses, and where the lenses differ.
    """

    key: str
    meta: dict[str, Any]
    columns: dict[str, npt.NDArray[Any]]

    def __len__(self) -> int:
        return int(self.columns["ids"].size)

    def __getitem__(self, name: str) -> npt.NDArray[Any]:
        return self.columns[name]

    @property
    def slugs(self) -> list[str]:
        """The criteria in the order of ``guess_bits``."""
        slugs: list[str] = self.meta["slugs"]
        return slugs

    @cached_property
    def disagreement(self) -> Floats:
        """By how many points the lenses differ for sure, for every row."""
        found: Floats = np.maximum(0.0, np.maximum(self["gap_low"], -self["gap_high"]))
        return found

    @cached_property
    def _by_id(self) -> Integers:
        return np.argsort(self["ids"], kind="stable")

    def positions(self, item_ids: Iterable[int]) -> dict[int, int]:
        """Where these items stand, counted from 0; items it does not rank are left out."""
        wanted = np.fromiter(item_ids, dtype=np.int64)
        if not wanted.size or not len(self):
            return {}
        ordered = self["ids"][self._by_id]
        at = np.minimum(np.searchsorted(ordered, wanted), len(self) - 1)
        hit = ordered[at] == wanted
        places = self._by_id[at]
        return dict(zip(wanted[hit].tolist(), places[hit].tolist(), strict=True))

    def mask_of(self, item_ids: Iterable[int]) -> Flags:
        """True at the rows of these items."""
        return np.isin(self["ids"], np.fromiter(item_ids, dtype=np.int64))

    def guesses_of(self, bits: int) -> tuple[str, ...]:
        return tuple(slug for place, slug in enumerate(self.slugs) if bits >> place & 1)

    def rows(self, positions: Sequence[int]) -> list[ScoreRow]:
        """The rows at these positions, in their order."""
        places = np.asarray(positions, dtype=np.int64)
        cut = {name: column[places].tolist() for name, column in self.columns.items()}

        def span(name: str, row: int) -> Span:
            return Span(cut[name][row], cut[f"{name}_low"][row], cut[f"{name}_high"][row])

        return [
            ScoreRow(
                item_id=cut["ids"][row],
                number=cut["numbers"][row],
                rank=cut["rank"][row],
                rank_low=cut["rank_low"][row],
                rank_high=cut["rank_high"][row],
                score=span("score", row),
                value=span("value", row),
                technical=span("technical", row),
                gap=span("gap", row),
                effort=span("effort", row),
                p_top=cut["p_top"][row],
                guesses=self.guesses_of(cut["guess_bits"][row]),
                guess_share=cut["guess_share"][row],
                value_heard=cut["value_heard"][row],
                technical_heard=cut["technical_heard"][row],
            )
            for row in range(places.size)
        ]

    def rows_of(self, item_ids: Iterable[int]) -> dict[int, ScoreRow]:
        """The rows of these items by item; items it does not rank are left out."""
        places = self.positions(item_ids)
        return {row.item_id: row for row in self.rows(list(places.values()))}


def made(key: str, meta: dict[str, Any], columns: Mapping[str, Sequence[Any]]) -> ScoreTable:
    """A table from plain lists, each column in its own type."""
    kinds: dict[str, Any] = (
        dict.fromkeys(_INTEGERS, np.int64)
        | dict.fromkeys(_FLOATS, np.float64)
        | dict.fromkeys(_FLAGS, np.bool_)
    )
    return ScoreTable(
        key, meta, {name: np.asarray(columns[name], dtype=kinds[name]) for name in COLUMNS}
    )


def written(table: ScoreTable) -> bytes:
    """The table as the bytes of a file; ``read`` takes them back."""
    about = json.dumps({"format": FORMAT, "key": table.key, "meta": table.meta})
    out = io.BytesIO()
    columns: dict[str, Any] = {"about": np.frombuffer(about.encode(), dtype=np.uint8)}
    columns |= table.columns
    np.savez(out, **columns)
    return out.getvalue()


def read(path: Path) -> ScoreTable | None:
    """The table in a file; ``None`` when there is none, or none of this format."""
    try:
        with np.load(path, allow_pickle=False) as found:
            about = json.loads(bytes(found["about"]).decode())
            if about["format"] != FORMAT:
                return None
            columns = {name: found[name] for name in COLUMNS}
    except (OSError, ValueError, KeyError, EOFError, zipfile.BadZipFile):
        # A file that was cut short or is none of ours: computing again mends it.
        return None
    return ScoreTable(about["key"], about["meta"], columns)
