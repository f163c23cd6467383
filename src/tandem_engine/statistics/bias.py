"""Habit or dispute: is one rater generally higher, or is this thing seen differently?"""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
import numpy.typing as npt

from tandem_engine.words import Value, figure, said, word

#: P10 and P90 of a normal distribution lie so many standard deviations from its mean.
_Z90: Final = 1.2815515655446004
#: A profile likelihood's 80 % interval: chi-squared with one degree of freedom.
_CHI80: Final = _Z90**2
#: log(dispute variance / bias variance) is looked for between these.
_GRID: Final = np.linspace(-14.0, 14.0, 561)
#: Fewer things than this give no idea of what is usual.
FEWEST_THINGS: Final = 4
#: Of the things called disputed, at most this share is expected to be wrongly called so.
FALSE_SHARE: Final = 0.1

Array = npt.NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Voice:
    """One rater's habit: how much higher than the others, in the ratings' unit, with P10 and P90.

    The estimate is shrunk towards 0: the fewer ratings, the more.
    """

    rater: str
    bias: float
    low: float
    high: float
    ratings: int

    @property
    def is_sure(self) -> bool:
        """Whether the interval leaves 0 out."""
        return self.low > 0 or self.high < 0

    def sentence(self, unit: str) -> str:
        """The habit in words."""
        low, high = sorted((abs(self.low), abs(self.high)))
        numbers: dict[str, Value] = {
            "rater": self.rater,
            "bias": figure(abs(self.bias), ".0f"),
            "unit": word(unit),
            "low": figure(low, ".0f"),
            "high": figure(high, ".0f"),
        }
        if self.bias > 0:
            return said(
                "%(rater)s rates %(bias)s %(unit)s higher than the others (%(low)s to %(high)s). That "
                "moves every item alike and is no dispute.",
                **numbers,
            )
        return said(
            "%(rater)s rates %(bias)s %(unit)s lower than the others (%(low)s to %(high)s). That moves "
            "every item alike and is no dispute.",
            **numbers,
        )


@dataclass(frozen=True, slots=True)
class Seen:
    """How differently one thing is seen once everybody's habit is taken off.

    ``spread`` is the standard deviation of the ratings as given, ``dispute`` without the habits.
    ``p_value`` is the chance of so large a dispute where this thing is seen as differently as
    things usually are; ``is_disputed`` keeps the share of false alarms among all things at 10 %.
    ``highest`` and ``lowest`` name the raters at the ends, habits taken off.
    """

    thing: str
    spread: float
    dispute: float
    p_value: float
    is_disputed: bool
    highest: str
    lowest: str

    @property
    def sentence(self) -> str:
        """The dispute in words."""
        return said(
            "%(thing)s is seen differently beyond any habit: %(highest)s puts it highest, %(lowest)s "
            "lowest.",
            thing=self.thing,
            highest=self.highest,
            lowest=self.lowest,
        )


@dataclass(frozen=True)
class BiasAndDispute:
    """The split of a disagreement.

    ``bias_share`` (0-1) is the part of the variance between raters of the same thing that is
    habit, with P10 and P90 (profile likelihood); None when nobody disagrees. ``bias`` and
    ``dispute`` are the two standard deviations in the ratings' unit, ``usual`` the dispute of an
    ordinary thing. ``voices`` stand by falling bias, ``things`` by falling dispute. ``note`` says
    what could not be told.
    """

    bias_share: float | None
    share_low: float
    share_high: float
    bias: float
    dispute: float
    usual: float
    voices: tuple[Voice, ...]
    things: tuple[Seen, ...]
    note: str = ""

    @property
    def disputed(self) -> tuple[Seen, ...]:
        """The things that are seen more differently than things usually are."""
        return tuple(each for each in self.things if each.is_disputed)

    def sentences(self, unit: str = "points") -> tuple[str, ...]:
        """What was found, for a page."""
        if self.bias_share is None:
            return (self.note,)
        share = said(
            "%(habit)s of the disagreement is habit (some rate higher than others) and %(items)s is "
            "about particular items (habit between %(low)s and %(high)s).",
            habit=figure(self.bias_share, ".0%"),
            items=figure(1 - self.bias_share, ".0%"),
            low=figure(self.share_low, ".0%"),
            high=figure(self.share_high, ".0%"),
        )
        found: list[str] = [
            share,
            *(voice.sentence(unit) for voice in self.voices if voice.is_sure),
        ]
        found += [seen.sentence for seen in self.disputed]
        if self.note:
            found.append(self.note)
        return tuple(found)


def bias_and_dispute(
    ratings: Iterable[tuple[str, str, float]], *, resolution: float = 1.0
) -> BiasAndDispute:
    """Split the disagreement in ``(thing, rater, value)`` into habit and dispute.

    The model is value = thing + habit of the rater + rest, with habit ~ N(0, s_b^2) and
    rest ~ N(0, s^2): a two-way layout with things fixed and raters random, gaps allowed. The
    variances are restricted maximum likelihood (H. D. Patterson and R. Thompson, "Recovery of
    inter-block information when block sizes are unequal", Biometrika 58 (1971) 545-554), the habits
    best linear unbiased predictions (C. R. Henderson, "Best linear unbiased estimation and
    prediction under a selection model", Biometrics 31 (1975) 423-447). bias_share =
    s_b^2 / (s_b^2 + s^2).

    A thing is disputed when its sum of squares without the habits is too large for the usual
    spread, which is the median over the things so that a few disputes do not pass for usual, and at
    least ``resolution``, the smallest difference anybody could have expressed (Y. Benjamini and
    Y. Hochberg, "Controlling the false discovery rate", JRSS B 57 (1995) 289-300). With fewer than
    four things nothing is called disputed.

    Things with one rater say nothing and are left out. Raises ValueError for a value that is no
    number and for two values of one rater for one thing.

    >>> found = bias_and_dispute(
    ...     [(f"item {n}", who, 10 * n + up) for n in range(6) for who, up in (("Ana", 4), ("Ben", 0))]
    ... )
    >>> [(voice.rater, round(voice.bias, 1)) for voice in found.voices]
    [('Ana', 2.0), ('Ben', -2.0)]
    """
    things, raters, thing_of, rater_of, values = _columns(ratings)
    if not things:
        return _nothing(
            said("Nothing has been rated by two people, so there is nothing to compare.")
        )
    cross, toward, total = _within(thing_of, rater_of, values, len(things), len(raters))
    freedom = values.size - len(things)
    if total <= 1e-12 * max(1.0, float(np.abs(values).max()) ** 2):
        return _nothing(
            said("Everybody gives every item the same value: there is no disagreement.")
        )
    ratio, low_share, high_share, noise = _variances(cross, toward, total, freedom)
    share = 1.0 / (1.0 + ratio)
    inverse = np.linalg.inv(cross + ratio * np.eye(len(raters)))
    habits = inverse @ toward
    spread = np.sqrt(np.maximum(0.0, noise * np.diag(inverse)))
    counts = np.bincount(rater_of, minlength=len(raters))
    voices = [
        Voice(name, float(habit), float(habit - _Z90 * sd), float(habit + _Z90 * sd), int(count))
        for name, habit, sd, count in zip(raters, habits, spread, counts, strict=True)
    ]
    seen, usual = _seen(things, raters, thing_of, rater_of, values, habits, resolution)
    note: str = ""
    if len(things) < FEWEST_THINGS:
        note = said(
            "%(count)s items rated by several are too few to tell which is unusual.",
            count=len(things),
        )
    return BiasAndDispute(
        share,
        low_share,
        high_share,
        math.sqrt(noise / ratio),
        math.sqrt(noise),
        usual,
        tuple(sorted(voices, key=lambda voice: (-voice.bias, voice.rater))),
        tuple(sorted(seen, key=lambda each: (-each.dispute, each.thing))),
        note,
    )


def _nothing(note: str) -> BiasAndDispute:
    return BiasAndDispute(None, 0.0, 0.0, 0.0, 0.0, 0.0, (), (), note)


def _columns(
    ratings: Iterable[tuple[str, str, float]],
) -> tuple[list[str], list[str], npt.NDArray[np.intp], npt.NDArray[np.intp], Array]:
    """Names and indices of what at least two raters rated."""
    by_thing: dict[str, dict[str, float]] = {}
    for thing, rater, value in ratings:
        if not math.isfinite(value):
            raise ValueError(f"{rater}'s rating of {thing} is not a number")
        given = by_thing.setdefault(thing, {})
        if rater in given:
            raise ValueError(f"{rater} rated {thing} twice; keep one")
        given[rater] = float(value)
    kept = {thing: given for thing, given in by_thing.items() if len(given) > 1}
    raters = sorted({rater for given in kept.values() for rater in given})
    column = {rater: place for place, rater in enumerate(raters)}
    rows = [
        (row, column[rater], value)
        for row, given in enumerate(kept.values())
        for rater, value in given.items()
    ]
    return (
        list(kept),
        raters,
        np.array([row[0] for row in rows], dtype=np.intp),
        np.array([row[1] for row in rows], dtype=np.intp),
        np.array([row[2] for row in rows], dtype=np.float64),
    )


def _within(
    thing_of: npt.NDArray[np.intp],
    rater_of: npt.NDArray[np.intp],
    values: Array,
    things: int,
    raters: int,
) -> tuple[Array, Array, float]:
    """Z'MZ, Z'My and y'My, where M takes off each thing's mean."""
    sizes = np.bincount(thing_of, minlength=things)
    means = np.bincount(thing_of, values, minlength=things) / sizes
    apart = values - means[thing_of]
    marks = np.zeros((things, raters))
    marks[thing_of, rater_of] = 1.0
    cross = np.diag(marks.sum(axis=0)) - (marks / sizes[:, None]).T @ marks
    toward = np.bincount(rater_of, apart, minlength=raters)
    return cross, np.asarray(toward, dtype=np.float64), float(apart @ apart)


def _variances(
    cross: Array, toward: Array, total: float, freedom: int
) -> tuple[float, float, float, float]:
    """The ratio s^2 / s_b^2 of highest likelihood, the share's P10 and P90, and s^2."""
    roots, vectors = np.linalg.eigh(cross)
    roots = np.maximum(roots, 0.0)
    power = (vectors.T @ toward) ** 2
    floor = 1e-9 * total

    def rest(ratio: Array) -> Array:
        explained = (power / (roots + ratio[:, None])).sum(axis=1)
        return np.asarray(np.maximum(total - explained, floor), dtype=np.float64)

    def deviance(ratio: Array) -> Array:
        return np.asarray(
            freedom * np.log(rest(ratio)) + np.log1p(roots / ratio[:, None]).sum(axis=1),
            dtype=np.float64,
        )

    grid = np.exp(_GRID)
    scores = deviance(grid)
    best = int(scores.argmin())
    fine = np.exp(np.linspace(_GRID[max(0, best - 1)], _GRID[min(grid.size - 1, best + 1)], 201))
    finer = deviance(fine)
    ratio = float(fine[int(finer.argmin())])
    inside = grid[scores <= float(finer.min()) + _CHI80]
    low, high = (float(inside.max()), float(inside.min())) if inside.size else (ratio, ratio)
    # Beyond the grid's ends the likelihood is flat: the share is 0 or 1 as far as anybody can say.
    low_share = 0.0 if low >= grid[-1] else 1.0 / (1.0 + low)
    high_share = 1.0 if high <= grid[0] else 1.0 / (1.0 + high)
    return ratio, low_share, high_share, float(rest(np.array([ratio]))[0]) / freedom


def _seen(
    things: Sequence[str],
    raters: Sequence[str],
    thing_of: npt.NDArray[np.intp],
    rater_of: npt.NDArray[np.intp],
    values: Array,
    habits: Array,
    resolution: float,
) -> tuple[list[Seen], float]:
    from scipy.special import chdtrc, chdtri

    count = len(things)
    sizes = np.bincount(thing_of, minlength=count)

    def squares(numbers: Array) -> Array:
        means = np.bincount(thing_of, numbers, minlength=count) / sizes
        apart = (numbers - means[thing_of]) ** 2
        return np.asarray(np.bincount(thing_of, apart, minlength=count), dtype=np.float64)

    level = values - habits[rater_of]
    before, after = squares(values), squares(level)
    freedom = (sizes - 1).astype(np.float64)
    usual = max(float(np.median(after / chdtri(freedom, 0.5))), resolution**2)
    chances = chdtrc(freedom, after / usual)
    called = _discoveries(chances) if count >= FEWEST_THINGS else np.zeros(count, dtype=bool)
    found = []
    order = np.lexsort((rater_of, level, thing_of))
    ends = np.cumsum(sizes)
    for row, thing in enumerate(things):
        first, last = order[ends[row] - sizes[row]], order[ends[row] - 1]
        found.append(
            Seen(
                thing,
                math.sqrt(before[row] / freedom[row]),
                math.sqrt(after[row] / freedom[row]),
                float(chances[row]),
                bool(called[row]),
                raters[rater_of[last]],
                raters[rater_of[first]],
            )
        )
    return found, math.sqrt(usual)


def _discoveries(chances: Array) -> npt.NDArray[np.bool_]:
    """The step-up rule of Benjamini and Hochberg at :data:`FALSE_SHARE`."""
    order = np.argsort(chances, kind="stable")
    bars = FALSE_SHARE * np.arange(1, chances.size + 1) / chances.size
    below = np.flatnonzero(chances[order] <= bars)
    called = np.zeros(chances.size, dtype=bool)
    if below.size:
        called[order[: below[-1] + 1]] = True
    return called
