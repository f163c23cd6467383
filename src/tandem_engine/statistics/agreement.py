"""Agreement between raters beyond chance: Krippendorff's alpha."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Iterable, Sequence
from typing import Literal

import numpy as np
import numpy.typing as npt

Level = Literal["nominal", "ordinal", "interval", "ratio"]


def krippendorff_alpha(
    units: Iterable[Sequence[float]], *, level: Level = "interval"
) -> float | None:
    """How far raters agree beyond chance: 1 perfectly, 0 as by chance, below 0 worse than that.

    ``units`` holds, per rated thing, the values its raters gave, in any order; raters may be
    missing anywhere. ``level`` says what a difference means: ``nominal`` equal or not, ``ordinal``
    by rank, ``interval`` by distance, ``ratio`` by proportion. A unit with fewer than two values
    says nothing about agreement and is left out.

    Returns None where alpha is undefined: no unit with two values, or all values the same, so that
    nothing tells agreement from a habit. Raises ValueError for a value that is not a number, or
    below zero at the ratio level.

    K. Krippendorff, "Computing Krippendorff's Alpha-Reliability" (2011), part E.

    >>> krippendorff_alpha([(1, 1), (2, 2), (5, 5)])
    1.0
    >>> krippendorff_alpha([(1,), (2,)]) is None
    True
    """
    if level not in ("nominal", "ordinal", "interval", "ratio"):
        raise ValueError(f"unknown level {level!r}: nominal, ordinal, interval or ratio")
    counts = [Counter(values) for values in units if len(values) > 1]
    values = sorted({value for count in counts for value in count})
    if any(not math.isfinite(value) for value in values):
        raise ValueError("a rating is not a number")
    if level == "ratio" and values and values[0] < 0:
        raise ValueError(f"the ratio level starts at 0; {values[0]:g} is below")
    if len(values) < 2:
        return None
    column = {value: index for index, value in enumerate(values)}
    table = np.zeros((len(counts), len(values)))
    for row, count in enumerate(counts):
        for value, times in count.items():
            table[row, column[value]] = times
    raters = table.sum(axis=1, keepdims=True)
    totals = table.sum(axis=0)
    # Coincidences: ordered pairs of values inside a unit, each unit weighing as its raters.
    pairs = (table / (raters - 1)).T @ table - np.diag((table / (raters - 1)).sum(axis=0))
    distance = _squared_distances(np.array(values), totals, level)
    observed = float((pairs * distance).sum())
    expected = float((np.outer(totals, totals) * distance).sum()) / float(totals.sum() - 1)
    return 1.0 - observed / expected


def kendall_tau(first: Sequence[float], second: Sequence[float]) -> float | None:
    """Kendall's tau-b of two orders of the same things: 1 the same, 0 unrelated, -1 opposite.

    None where it is undefined: fewer than two things, or one side has them all equal. tau-b allows
    for ties (M. G. Kendall, "The treatment of ties in ranking problems", Biometrika 33 (1945)
    239-251). Raises ValueError for lists of different lengths.

    >>> kendall_tau([1, 2, 3], [10, 30, 20])
    0.3333333333333333
    """
    if len(first) != len(second):
        raise ValueError("both lists must hold the same things")
    if len(set(first)) < 2 or len(set(second)) < 2:
        return None
    # Here and not above: it costs every start of the command more than a second.
    from scipy.stats import kendalltau

    return float(kendalltau(first, second, variant="b").statistic)


def _squared_distances(
    values: npt.NDArray[np.float64], totals: npt.NDArray[np.float64], level: Level
) -> npt.NDArray[np.float64]:
    if level == "nominal":
        return 1.0 - np.eye(values.size)
    if level == "ordinal":
        # The ratings between two ranks, counting half of each end.
        middle = np.cumsum(totals) - totals / 2
        return np.subtract.outer(middle, middle) ** 2
    apart = np.subtract.outer(values, values)
    if level == "interval":
        return np.asarray(apart**2, dtype=np.float64)
    sums = np.add.outer(values, values)
    return np.asarray((apart / np.where(sums > 0, sums, 1.0)) ** 2, dtype=np.float64)
