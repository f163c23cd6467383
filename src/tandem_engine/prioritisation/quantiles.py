"""Every uncertain input as a quantile table: its values at 41 fixed levels between 0 and 1.

A table is all the simulation needs, whatever the input was: one rating, ten raters who disagree,
an estimate, or a guess. Drawing from it is going straight between two levels.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from statistics import NormalDist
from typing import Final, Literal

import numpy as np
import numpy.typing as npt

from .inputs import Effort, Estimate, Opinion, effort_numbers
from .model import Criterion
from .scale import FloatArray, Scale

#: 0, 2.5 %, 5 % ... 100 %; P10, P50 and P90 are among them.
LEVELS: Final[FloatArray] = np.linspace(0.0, 1.0, 41)
#: Below this many estimated items the prior fills the product's own distribution up.
FULL_REFERENCE: Final = 5
#: The lognormal's endless tails are cut half a percent from either end.
_TAIL: Final = 0.005
# Not SciPy's: importing it takes longer than starting all the rest, and every process pays it.
_normal: Final = NormalDist().inv_cdf
_Z: Final[FloatArray] = np.asarray([_normal(min(max(each, _TAIL), 1 - _TAIL)) for each in LEVELS])
_Z90: Final = _normal(0.9)
#: Each level stands for the values half a step to both sides; the ends for half as much.
_CELLS: Final[FloatArray] = np.concatenate(([0.5], np.ones(LEVELS.size - 2), [0.5])) / (
    LEVELS.size - 1
)

#: Up to so many distinct answers a voice, putting all their values in order once is quicker.
_FEW: Final = 4
#: Mixtures made at once, so that their arrays stay in a cache.
_ROWS: Final = 24

Source = Literal["estimates", "estimates and prior", "prior"]


@dataclass(frozen=True, slots=True)
class EffortReference:
    """What the effort of an item nobody estimated may be: the product's own distribution.

    ``quantiles`` are efforts at :data:`LEVELS`, in the team's unit; ``count`` is the number of
    estimated items behind them. Keep one reference fixed while comparing rankings: it is the only
    way in which other items reach an item's score.
    """

    quantiles: tuple[float, ...]
    count: int
    source: Source

    @property
    def likely(self) -> float:
        """The median effort."""
        return self.quantiles[len(self.quantiles) // 2]

    @classmethod
    def prior(cls, effort: Criterion) -> EffortReference:
        """Knowing nothing: every order of magnitude of the effort's scale is equally likely."""
        return cls(tuple(_log_uniform(effort.scale).tolist()), 0, "prior")

    @classmethod
    def from_estimates(
        cls, estimates: Iterable[Estimate], effort: Criterion, where: str = "effort reference"
    ) -> EffortReference:
        """Pool the items' estimates, each with its own spread and one voice.

        With fewer than :data:`FULL_REFERENCE` estimates the missing ones are counted as the prior,
        so that a single estimate doesn't pretend to know the whole product.
        """
        floor = effort.scale.low
        return cls.from_efforts((effort_numbers(e, floor, where) for e in estimates), effort)

    @classmethod
    def from_efforts(cls, efforts: Iterable[Effort], effort: Criterion) -> EffortReference:
        """As :meth:`from_estimates`, from numbers that are already checked."""
        counts = Counter(efforts)
        total = sum(counts.values())
        if total == 0:
            return cls.prior(effort)
        known = sorted(counts)
        tables = effort_tables(known)
        voices = np.array([counts[numbers] for numbers in known], dtype=np.float64)
        source: Source = "estimates"
        if total < FULL_REFERENCE:
            tables = np.vstack((tables, _log_uniform(effort.scale)))
            voices = np.append(voices, FULL_REFERENCE - total)
            source = "estimates and prior"
        pooled = pool(tables[None, :, :], voices[None, :])[0]
        return cls(tuple(pooled.tolist()), total, source)


def effort_tables(efforts: Sequence[Effort]) -> FloatArray:
    """Two-piece lognormal tables, one row per estimate, through its P10, P50 and P90.

    The logarithm is normal on either side of the median with the spread that side states
    (K. F. Wallis, "The two-piece normal, binormal, or double Gaussian distribution",
    Statistical Science 29 (2014) 106-112, with the median as the join).
    """
    logs = np.log(np.asarray(efforts, dtype=np.float64).reshape(-1, 3))
    low, likely, high = logs[:, :1], logs[:, 1:2], logs[:, 2:]
    spread = np.where(_Z < 0, likely - low, high - likely)
    return np.asarray(np.exp(likely + _Z / _Z90 * spread), dtype=np.float64)


def opinion_tables(
    opinions: Sequence[Sequence[Opinion]], scale: Scale
) -> tuple[FloatArray, FloatArray]:
    """Tables of places on the scale (0-1), one row per input, and each input's likely place.

    No opinion gives the whole scale with its middle as likely place. Several raters are pooled as
    a mixture with weights equal to their confidences (M. Stone's linear opinion pool, "The opinion
    pool", Annals of Mathematical Statistics 32 (1961) 1339-1342), so that raters who disagree
    widen the table; averaging them would hide it. The likely place is their mean by confidence.
    """
    tables = np.broadcast_to(LEVELS, (len(opinions), LEVELS.size)).copy()
    likely = np.full(len(opinions), 0.5)
    by_size: dict[int, list[int]] = {}
    number_of: dict[Opinion, int] = {}
    for row, given in enumerate(opinions):
        if given:
            by_size.setdefault(len(given), []).append(row)
    # Raters say the same again and again: each distinct answer is spread out once.
    answered = {
        size: np.array(
            [[number_of.setdefault(each, len(number_of)) for each in opinions[row]] for row in rows]
        )
        for size, rows in by_size.items()
    }
    if not answered:
        return tables, likely
    distinct = np.array(list(number_of), dtype=np.float64)
    singles = _single_tables(distinct, scale)
    places = scale.place(distinct[:, 1])
    for size, rows in by_size.items():
        which = answered[size]
        if size == 1:
            tables[rows], likely[rows] = singles[which[:, 0]], places[which[:, 0]]
            continue
        voices = _voices(distinct[which])
        if len(distinct) <= size * _FEW:
            tables[rows] = _pool_of_few(singles, which, voices)
        else:
            tables[rows] = pool(singles[which], voices)
        likely[rows] = (places[which] * voices).sum(axis=1) / voices.sum(axis=1)
    return tables, likely


def pool(tables: FloatArray, weights: FloatArray) -> FloatArray:
    """The mixture's tables: (rows, voices, levels) and (rows, voices) to (rows, levels).

    Nearest-rank quantiles of the pooled values; raising any value never lowers the result.
    """
    rows, voices, levels = tables.shape
    values = tables.reshape(rows, voices * levels)
    masses = (weights[:, :, None] * _CELLS).reshape(rows, voices * levels)
    order = np.argsort(values, axis=1)
    values = np.take_along_axis(values, order, axis=1)
    index = _reaching(np.take_along_axis(masses, order, axis=1), levels)
    return np.take_along_axis(values, index, axis=1)


def _pool_of_few(
    singles: FloatArray, which: npt.NDArray[np.int64], weights: FloatArray
) -> FloatArray:
    """As :func:`pool` of ``singles[which]``, where few distinct answers make up many mixtures.

    All their values are put in order once; a row then says how much each of them weighs.
    """
    answers, levels = singles.shape
    order = np.argsort(singles, axis=None)
    values, owner, cells = singles.ravel()[order], order // levels, _CELLS[order % levels]
    found = np.empty((len(which), levels))
    for start in range(0, len(which), _ROWS):
        part = which[start : start + _ROWS]
        slot = part + np.arange(len(part))[:, None] * answers
        said = np.bincount(
            slot.ravel(), weights[start : start + _ROWS].ravel(), minlength=len(part) * answers
        )
        masses = said.reshape(-1, answers).take(owner, axis=1)
        masses *= cells
        found[start : start + _ROWS] = values[_reaching(masses, levels)]
    # Answers that nobody of this row gave weigh nothing, and must not be its least value either.
    found[:, 0] = singles[:, 0][which].min(axis=1)
    return found


def _reaching(masses: FloatArray, levels: int) -> npt.NDArray[np.intp]:
    """Which of the values, in order, is the first to reach each level: (rows, levels)."""
    rows, count = masses.shape
    reached = np.cumsum(masses, axis=1)
    reached /= reached[:, -1:]
    # One row above the other is one rising line, in which all are looked up at once. The tolerance
    # keeps a level that falls exactly between two voices on the lower one.
    row = np.arange(rows)[:, None]
    reached += 2.0 * row
    wanted = np.linspace(0.0, 1.0, levels) - 1e-9 + 2.0 * row
    index = np.searchsorted(reached.ravel(), wanted.ravel()).reshape(rows, levels)
    return np.asarray(np.minimum(index - row * count, count - 1), dtype=np.intp)


def _single_tables(numbers: FloatArray, scale: Scale) -> FloatArray:
    """Tables of single ratings: (..., 4) to (..., levels)."""
    low = scale.place(numbers[..., :1])
    likely = scale.place(numbers[..., 1:2])
    high = scale.place(numbers[..., 2:3])
    trust = numbers[..., 3:]
    below = LEVELS < 0.5
    # A range states P10 and P90: the straight line through them goes on to the ends.
    stated = likely + np.where(below, likely - low, high - likely) * (LEVELS - 0.5) / 0.4
    whole = likely + np.where(below, likely, 1 - likely) * (LEVELS - 0.5) / 0.5
    return np.asarray(trust * np.clip(stated, 0, 1) + (1 - trust) * whole, dtype=np.float64)


def _voices(numbers: FloatArray) -> FloatArray:
    """The raters' weights: their confidences, or one each when nobody has any."""
    trust = numbers[..., 3]
    # Less than that is nobody's confidence, and vanishes when it is shared out.
    return np.where(trust.sum(axis=-1, keepdims=True) > 1e-12, trust, 1.0)


def _log_uniform(scale: Scale) -> FloatArray:
    return np.asarray(scale.low * (scale.high / scale.low) ** LEVELS, dtype=np.float64)
