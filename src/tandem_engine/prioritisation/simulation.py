"""Scores and their intervals for many items at once, by one set of shared random draws.

Every item is computed from the same draws, one stream per criterion keyed by ``(seed, slug)``.
Equal inputs therefore give equal intervals, adding or removing an item cannot touch another one's,
and two rankings with the same seed differ only where their inputs do (common random numbers).
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Final

import numpy as np
import numpy.typing as npt

from .field_tables import FieldTables, field_tables
from .formula import Leaf, evaluate
from .inputs import Effort, Signature
from .model import LENSES, Criterion, Lens, ScoringModel
from .quantiles import LEVELS, EffortReference, effort_tables, opinion_tables
from .scale import FloatArray

#: The ends of every interval, as shares of the draws: P10 and P90.
LOW_LEVEL: Final = 0.1
HIGH_LEVEL: Final = 0.9
#: Levels at which a score's distribution is kept for the simulation of ranks: 2^7 cells, so that
#: the top bits of a random word choose one.
SCORE_LEVELS: Final[FloatArray] = np.linspace(0.0, 1.0, 129)


#: Where P10 and P90 stand in a quantile table.
_ENDS: Final = {
    "low": int(np.searchsorted(LEVELS, LOW_LEVEL - 1e-9)),
    "high": int(np.searchsorted(LEVELS, HIGH_LEVEL - 1e-9)),
}


@dataclass(frozen=True, slots=True)
class Interval:
    """The likely value and its P10-P90 interval, which always contains it."""

    likely: float
    low: float
    high: float

    @property
    def width(self) -> float:
        return self.high - self.low

    def overlaps(self, other: Interval) -> bool:
        """Whether the two intervals share a value."""
        return self.low <= other.high and other.low <= self.high


@dataclass(frozen=True, slots=True)
class Outcome:
    """What one signature comes to; items with the same inputs share it.

    ``guesses`` are the slugs of criteria nobody answered; ``guess_share`` (0-1) is the share of
    the squared width of the score's interval that disappears when the guesses are taken as known.
    """

    score: Interval
    value_lens: Interval
    technical_lens: Interval
    gap: Interval
    guesses: tuple[str, ...]
    guess_share: float


@dataclass(frozen=True)
class CriterionTables:
    """One criterion's inputs for a block of signatures: quantile tables and likely values.

    ``table`` is (rows, levels) and ``likely`` (rows, 1): places on the scale for a rating, the
    team's unit for the effort. ``guessed`` marks the rows nobody answered.
    """

    criterion: Criterion
    table: FloatArray
    likely: FloatArray
    guessed: npt.NDArray[np.bool_]

    def likely_in(self, leaf: Leaf) -> FloatArray:
        """Likely values in the leaf's form, (rows, 1)."""
        if leaf.form in _ENDS:
            return self._end(leaf)
        return self._in_form(self.likely, leaf)

    def draws_in(self, leaf: Leaf, stream: Stream, room: Room) -> FloatArray:
        """Draws in the leaf's form, (rows, draws), straight between two levels of the table."""
        if leaf.form in _ENDS:
            return np.broadcast_to(self._end(leaf), (self.table.shape[0], stream.lower.size))
        table = self._in_form(self.table, leaf)
        # Not a matrix product: that rounds differently with the number of rows, and an item's
        # numbers must not depend on its company even in the last bit. One draw of all rows lies
        # together in memory, because it reads the same two levels.
        levels = np.ascontiguousarray(table.T)
        shape = (stream.lower.size, table.shape[0])
        drawn, lower = room.array(leaf.slug + leaf.form, shape), room.array("", shape)
        np.take(levels[1:] - levels[:-1], stream.lower, axis=0, out=drawn, mode="clip")
        drawn *= stream.across(table.shape[0])
        drawn += np.take(levels, stream.lower, axis=0, out=lower, mode="clip")
        return drawn.T

    def part(self, start: int, end: int) -> CriterionTables:
        """The rows from ``start`` up to ``end``."""
        return CriterionTables(
            self.criterion,
            self.table[start:end],
            self.likely[start:end],
            self.guessed[start:end],
        )

    def known(self) -> CriterionTables:
        """The same inputs with every guess taken as known to be its likely value."""
        table = np.where(self.guessed[:, None], self.likely, self.table)
        return CriterionTables(self.criterion, table, self.likely, self.guessed)

    def _end(self, leaf: Leaf) -> FloatArray:
        """P10 or P90 as a number of its own, (rows, 1): the same in every draw."""
        at = _ENDS[leaf.form]
        return self.table[:, at : at + 1]

    def _in_form(self, source: FloatArray, leaf: Leaf) -> FloatArray:
        scale = self.criterion.scale
        if self.criterion.kind == "effort":
            return 1.0 - scale.place(source) if leaf.form == "place" else source
        if leaf.form in ("raw", "share"):
            # The way to a place and back leaves 2.9999999999 of 3, and a formula may ask for >= 3.
            rated = np.round(scale.at(source), 9)
            return rated / 100.0 if leaf.form == "share" else rated
        place = 1.0 - source if self.criterion.direction == "lower" else source
        if leaf.form == "place":
            return place
        worth = scale.at(place)
        return worth / 100.0 if leaf.form == "fraction" else worth


Tables = CriterionTables | FieldTables


def tables_for(
    model: ScoringModel, signatures: Sequence[Signature], reference: EffortReference | None
) -> dict[str, Tables]:
    """The quantile tables of every criterion for these signatures, by slug, and the fields read.

    ``reference`` is needed when the model has an effort criterion.
    """
    found: dict[str, Tables] = {}
    for position, criterion in enumerate(model.ratings):
        opinions = [signature.opinions[position] for signature in signatures]
        table, likely = opinion_tables(opinions, criterion.scale)
        guessed = np.array([not given for given in opinions], dtype=np.bool_)
        found[criterion.slug] = CriterionTables(criterion, table, likely[:, None], guessed)
    if model.effort is not None:
        assert reference is not None
        efforts = [signature.effort for signature in signatures]
        found[model.effort.slug] = _effort_tables(model.effort, efforts, reference)
    for place, read in enumerate(model.fields_read):
        found[read.slug] = field_tables(read, [each.fields[place] for each in signatures])
    return found


def _effort_tables(
    criterion: Criterion, efforts: Sequence[Effort | None], reference: EffortReference
) -> CriterionTables:
    floor = criterion.scale.low
    guess = np.maximum(np.asarray(reference.quantiles, dtype=np.float64), floor)
    table = np.broadcast_to(guess, (len(efforts), LEVELS.size)).copy()
    likely = np.full((len(efforts), 1), max(reference.likely, floor))
    rows = [row for row, effort in enumerate(efforts) if effort is not None]
    if rows:
        given = [effort for effort in efforts if effort is not None]
        # A wide lower half may reach below the smallest effort that counts.
        table[rows] = np.maximum(effort_tables(given), floor)
        likely[rows, 0] = [effort[1] for effort in given]
    guessed = np.array([effort is None for effort in efforts], dtype=np.bool_)
    return CriterionTables(criterion, table, likely, guessed)


@dataclass(frozen=True)
class Stream:
    """Draws of one criterion: the level below each draw, and how far up to the next (0-1)."""

    lower: npt.NDArray[np.intp]
    upward: FloatArray
    _across: dict[int, FloatArray] = field(default_factory=dict)

    def across(self, rows: int) -> FloatArray:
        """``upward`` for so many rows, (draws, rows); kept, because all blocks but one ask alike.

        Multiplying by a column instead starts NumPy's loop anew for the few rows of each draw.
        """
        if rows not in self._across:
            self._across.clear()
            self._across[rows] = np.repeat(self.upward, rows).reshape(-1, rows)
        return self._across[rows]


@lru_cache(maxsize=64)
def stream_of(slug: str, seed: int, draws: int) -> Stream:
    """The draws of one criterion, the same for every item.

    They are stratified (one in each of ``draws`` equal slices, in random order: McKay, Beckman
    and Conover, "A comparison of three methods for selecting values of input variables",
    Technometrics 21 (1979) 239-245), which makes P10 and P90 steady with few draws.
    """
    key = int.from_bytes(hashlib.blake2b(slug.encode(), digest_size=8).digest(), "big")
    rng = np.random.Generator(np.random.PCG64(np.random.SeedSequence([seed, key])))
    place = (rng.permutation(draws) + rng.random(draws)) / draws * (LEVELS.size - 1)
    lower = np.minimum(place.astype(np.intp), LEVELS.size - 2)
    return Stream(lower, place - lower)


class Room:
    """Arrays by name that one block of draws after the other is computed in.

    Asking the system for them anew costs as much as what is computed in them.
    """

    def __init__(self) -> None:
        self._arrays: dict[str, FloatArray] = {}

    def array(self, name: str, shape: tuple[int, int]) -> FloatArray:
        """The array of this name, with whatever was left in it."""
        found = self._arrays.get(name)
        if found is None or found.shape != shape:
            found = self._arrays[name] = np.empty(shape)
        return found


class Simulation:
    """A block of signatures simulated: any formula's likely values and draws.

    Blocks that share a ``room`` must not be read after the next one is begun.
    """

    def __init__(
        self,
        model: ScoringModel,
        tables: Mapping[str, Tables],
        *,
        seed: int,
        draws: int,
        room: Room | None = None,
    ) -> None:
        self.model = model
        self.tables = tables
        self.seed = seed
        self.draws = draws
        self._room = room or Room()
        self._drawn: dict[tuple[str, str], FloatArray] = {}

    def leaf(self, leaf: Leaf) -> FloatArray:
        """Draws of one criterion in one form, (rows, draws)."""
        # A criterion's place enters the score and its lens; it is drawn once.
        key = (leaf.slug, leaf.form)
        if key not in self._drawn:
            self._drawn[key] = self.tables[leaf.slug].draws_in(leaf, self._stream(leaf), self._room)
        return self._drawn[key]

    def likely_leaf(self, leaf: Leaf) -> FloatArray:
        """Likely values of one criterion in one form, (rows, 1)."""
        return self.tables[leaf.slug].likely_in(leaf)

    def known_leaf(self, leaf: Leaf) -> FloatArray:
        """As :meth:`leaf`, with every guess taken as known."""
        table = self.tables[leaf.slug]
        if not table.guessed.any():
            return self.leaf(leaf)
        return table.known().draws_in(leaf, self._stream(leaf), Room())

    def outcomes(self) -> tuple[list[Outcome], FloatArray]:
        """Each signature's outcome, and its score's distribution at :data:`SCORE_LEVELS`."""
        formula = self.model.formula
        likely = evaluate(formula, self.likely_leaf)[:, 0]
        ordered = np.sort(np.ascontiguousarray(evaluate(formula, self.leaf)), axis=1)
        ranks = np.ceil(SCORE_LEVELS * self.draws).astype(np.intp) - 1
        levels = ordered[:, np.maximum(ranks, 0)]
        score = bounds(likely, ordered, is_sorted=True)
        lens_draws = {lens: self._lens(lens, likely=False) for lens in LENSES}
        lens_likely = {lens: self._lens(lens, likely=True)[:, 0] for lens in LENSES}
        value, technical = (bounds(lens_likely[lens], lens_draws[lens]) for lens in LENSES)
        gap = bounds(
            lens_likely["value"] - lens_likely["technical"],
            lens_draws["value"] - lens_draws["technical"],
        )
        shares = self._guess_shares(likely, score)
        guesses = self._guesses()
        found = [
            Outcome(*parts)
            for parts in zip(score, value, technical, gap, guesses, shares, strict=True)
        ]
        return found, levels

    def _stream(self, leaf: Leaf) -> Stream:
        return stream_of(leaf.slug, self.seed, self.draws)

    def _lens(self, lens: Lens, *, likely: bool) -> FloatArray:
        return evaluate(self.model.lens_formula(lens), self.likely_leaf if likely else self.leaf)

    def _guesses(self) -> list[tuple[str, ...]]:
        slugs = [criterion.slug for criterion in self.model.criteria]
        marks = np.stack([self.tables[slug].guessed for slug in slugs], axis=1)
        return [
            tuple(slug for slug, mark in zip(slugs, row, strict=True) if mark)
            for row in marks.tolist()
        ]

    def _guess_shares(self, likely: FloatArray, score: Sequence[Interval]) -> list[float]:
        if not any(table.guessed.any() for table in self.tables.values()):
            return [0.0] * len(score)
        known = bounds(likely, evaluate(self.model.formula, self.known_leaf))
        shares = []
        for all_in, rest in zip(score, known, strict=True):
            left = (rest.width / all_in.width) ** 2 if all_in.width > 0 else 1.0
            shares.append(min(1.0, max(0.0, 1.0 - left)))
        return shares


def bounds(likely: FloatArray, drawn: FloatArray, *, is_sorted: bool = False) -> list[Interval]:
    """Nearest-rank P10 and P90 of draws, (rows, draws), widened to hold the likely value."""
    draws = drawn.shape[1]
    low_at, high_at = (int(np.ceil(level * draws)) - 1 for level in (LOW_LEVEL, HIGH_LEVEL))
    ends = drawn if is_sorted else np.partition(np.ascontiguousarray(drawn), (low_at, high_at))
    low = np.minimum(ends[:, low_at], likely).tolist()
    high = np.maximum(ends[:, high_at], likely).tolist()
    return [Interval(*numbers) for numbers in zip(likely.tolist(), low, high, strict=True)]
