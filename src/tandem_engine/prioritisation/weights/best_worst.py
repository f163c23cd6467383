"""Best-Worst Method: weights from comparing everything with the best and with the worst.

J. Rezaei, "Best-worst multi-criteria decision-making method: Some properties and a linear model",
Omega 64 (2016) 126-130.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np

from tandem_engine.prioritisation.errors import ScoringError
from tandem_engine.words import figure, said

#: The comparisons run from 1 (as important) to 9 (absolutely more important).
LARGEST: Final = 9.0
#: Above this the answers contradict each other enough to look at them again. The published
#: thresholds lie between 0.12 and 0.46 for three to nine criteria (F. Liang, M. Brunelli,
#: J. Rezaei, "Consistency issues in the best worst method", Omega 96 (2020) 102175).
DOUBTFUL: Final = 0.3


@dataclass(frozen=True, slots=True)
class BestWorstWeights:
    """``weights`` add up to 1. ``xi`` is the largest deviation left (0: all answers fit exactly).

    ``ratio`` is the input-based consistency ratio (0 to 1), which says how far the worst of the
    answers is off; ``worst`` is the position of that answer, None when all fit.
    """

    weights: tuple[float, ...]
    xi: float
    ratio: float
    worst: int | None

    @property
    def doubtful(self) -> bool:
        return self.ratio > DOUBTFUL


def best_worst_weights(
    best_to_others: Sequence[float], others_to_worst: Sequence[float]
) -> BestWorstWeights:
    """Weights by the linear model: min ξ with abs(w_B - a_Bj w_j) <= ξ, abs(w_j - a_jW w_W) <= ξ.

    ``best_to_others[j]`` says how many times the best is as important as j, ``others_to_worst[j]``
    how many times j is as important as the worst, each 1 to 9; the best and the worst are where a
    vector says 1 of themselves. Raises :class:`ScoringError` for numbers outside 1 to 9, and when
    the best or the worst cannot be told.
    """
    count = len(best_to_others)
    if count < 2 or len(others_to_worst) != count:
        raise ScoringError(said("compare two criteria or more, each with both"), "best-worst")
    for number in (*best_to_others, *others_to_worst):
        if not (math.isfinite(number) and 1 <= number <= LARGEST):
            raise ScoringError(
                said("a comparison lies between 1 and 9, not at %(number)s", number=figure(number)),
                "best-worst",
            )
    best, worst = _ends(best_to_others, others_to_worst)
    weights, xi = _solve(best_to_others, others_to_worst, best, worst)
    ratio, off = _consistency(best_to_others, others_to_worst, best, worst)
    return BestWorstWeights(tuple(weights), xi, ratio, off)


def _ends(to_others: Sequence[float], to_worst: Sequence[float]) -> tuple[int, int]:
    # The best is what the worst is furthest from, among those it says 1 of; and the other way.
    best = max(
        (j for j, a in enumerate(to_others) if a == 1), key=lambda j: to_worst[j], default=-1
    )
    worst = max(
        (j for j, a in enumerate(to_worst) if a == 1), key=lambda j: to_others[j], default=-1
    )
    if best < 0 or worst < 0:
        raise ScoringError(said("the best and the worst compare to themselves as 1"), "best-worst")
    if best == worst:
        raise ScoringError(said("the best and the worst are two criteria"), "best-worst")
    return best, worst


def _solve(
    to_others: Sequence[float], to_worst: Sequence[float], best: int, worst: int
) -> tuple[list[float], float]:
    # Here and not above: importing it costs every start of the command some tenths of a second.
    from scipy.optimize import linprog

    count = len(to_others)
    rows = []
    for j in range(count):
        for left, right, factor in ((best, j, to_others[j]), (j, worst, to_worst[j])):
            if left == right:
                continue
            row = np.zeros(count + 1)
            row[left] += 1.0
            row[right] -= factor
            for sign in (1.0, -1.0):
                signed = row * sign
                signed[-1] = -1.0
                rows.append(signed)
    found = linprog(
        c=np.append(np.zeros(count), 1.0),
        A_ub=np.array(rows),
        b_ub=np.zeros(len(rows)),
        A_eq=np.append(np.ones(count), 0.0)[None, :],
        b_eq=[1.0],
        bounds=[(0.0, None)] * (count + 1),
        method="highs",
    )
    # It always has an answer: any weights fit with a ξ that is large enough.
    assert found.x is not None
    weights = np.maximum(found.x[:-1], 0.0)
    return (weights / weights.sum()).tolist(), float(found.x[-1])


def _consistency(
    to_others: Sequence[float], to_worst: Sequence[float], best: int, worst: int
) -> tuple[float, int | None]:
    """max over j of abs(a_Bj a_jW - a_BW) / (a_BW^2 - a_BW), and where it is largest."""
    span = to_others[worst]
    if span == 1:
        return 0.0, None
    off = [
        0.0 if j in (best, worst) else abs(to_others[j] * to_worst[j] - span) / (span * span - span)
        for j in range(len(to_others))
    ]
    largest = max(range(len(off)), key=off.__getitem__)
    return off[largest], largest if off[largest] > 0 else None
