"""Analytic hierarchy process: weights from comparing every criterion with every other.

T. L. Saaty, *The Analytic Hierarchy Process* (1980). Weights are the geometric means of the rows
(G. Crawford, C. Williams, "A note on the analysis of subjective judgment matrices", Journal of
Mathematical Psychology 29 (1985) 387-405), which unlike the eigenvector are the same whether one
asks for importance or for unimportance.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from itertools import combinations
from typing import Final

import numpy as np

from tandem_engine.prioritisation.errors import ScoringError
from tandem_engine.words import figure, said

LARGEST: Final = 9.0
#: Saaty's mean consistency index of random matrices, for 1, 2, … 10 criteria.
RANDOM_INDEX: Final = (0.0, 0.0, 0.58, 0.90, 1.12, 1.24, 1.32, 1.41, 1.45, 1.49)
#: Above this ratio Saaty asks to look at the comparisons again.
DOUBTFUL: Final = 0.1


@dataclass(frozen=True, slots=True)
class AhpWeights:
    """``weights`` add up to 1. ``ratio`` is the consistency ratio, ``lambda_max`` the principal
    eigenvalue's estimate; ``circle`` are three criteria whose comparisons fit each other least."""

    weights: tuple[float, ...]
    lambda_max: float
    ratio: float
    circle: tuple[int, int, int] | None

    @property
    def doubtful(self) -> bool:
        return self.ratio > DOUBTFUL


def ahp_weights(count: int, comparisons: Mapping[tuple[int, int], float]) -> AhpWeights:
    """Weights of ``count`` criteria from ``comparisons[i, j]``: i is so many times as important.

    Every pair once, in either direction, between 1/9 and 9; CR = ((λmax - n) / (n - 1)) / RI with
    :data:`RANDOM_INDEX`. Raises :class:`ScoringError` for a pair missing, twice, or out of range.
    """
    if not 2 <= count <= len(RANDOM_INDEX):
        raise ScoringError(said("compare 2 to %(count)s criteria", count=len(RANDOM_INDEX)), "AHP")
    matrix = np.ones((count, count))
    seen: set[frozenset[int]] = set()
    for (i, j), number in comparisons.items():
        pair = frozenset((i, j))
        if len(pair) < 2 or not pair <= set(range(count)) or pair in seen:
            raise ScoringError(said("each pair of criteria is compared once"), "AHP")
        if not (math.isfinite(number) and 1 / LARGEST - 1e-9 <= number <= LARGEST):
            raise ScoringError(
                said(
                    "a comparison lies between 1/9 and 9, not at %(number)s", number=figure(number)
                ),
                "AHP",
            )
        seen.add(pair)
        matrix[i, j], matrix[j, i] = number, 1.0 / number
    missing = count * (count - 1) // 2 - len(seen)
    if missing:
        raise ScoringError(
            said("%(missing)s of the pairs are not compared yet", missing=missing), "AHP"
        )
    weights = np.exp(np.log(matrix).mean(axis=1))
    weights /= weights.sum()
    lambda_max = float(((matrix @ weights) / weights).mean())
    index = (lambda_max - count) / (count - 1)
    random = RANDOM_INDEX[count - 1]
    ratio = max(0.0, index / random) if random else 0.0
    return AhpWeights(tuple(weights.tolist()), lambda_max, ratio, _circle(matrix))


def _circle(
    matrix: np.ndarray[tuple[int, int], np.dtype[np.float64]],
) -> tuple[int, int, int] | None:
    """The three whose way round multiplies to the number furthest from 1."""
    logs = np.log(matrix)
    worst, found = 1e-9, None
    for i, j, k in combinations(range(len(matrix)), 3):
        off = abs(logs[i, j] + logs[j, k] + logs[k, i])
        if off > worst:
            worst, found = off, (i, j, k)
    return found
