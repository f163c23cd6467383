"""Bradley-Terry: strengths from answers to "which of the two?".

P(i before j) = 1 / (1 + exp(b_j - b_i)); R. A. Bradley, M. E. Terry, "Rank analysis of incomplete
block designs", Biometrika 39 (1952) 324-345. A small ridge keeps strengths finite when one wins
everything, and comparable when the comparisons do not connect all (it then says so).
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

import numpy as np
import numpy.typing as npt

from tandem_engine.prioritisation.errors import ScoringError
from tandem_engine.prioritisation.scale import FloatArray
from tandem_engine.words import figure, said

#: The ridge on strengths: a prior with standard deviation 10, so faint that 78 games of baseball
#: move by less than 0.001.
RIDGE: Final = 0.01
_Z90: Final = 1.2815515655446004
_MOST_STEPS: Final = 100


@dataclass(frozen=True, slots=True)
class PairFit:
    """Strengths with mean 0 and their covariance.

    ``groups`` are the sets that comparisons connect; more than one means that nothing said how
    they compare. ``one_sided`` is True when some part never lost to the rest, so that by how much
    it is stronger rests on the ridge and not on answers (L. R. Ford, 1957).
    """

    strengths: tuple[float, ...]
    covariance: FloatArray
    groups: tuple[tuple[int, ...], ...]
    one_sided: bool
    answers: float

    @property
    def weights(self) -> tuple[float, ...]:
        """exp(strength) as shares of 1: j counts w_i / w_j times less often than i is preferred."""
        found = _shares(np.array(self.strengths))
        return tuple(found.tolist())

    @property
    def intervals(self) -> tuple[tuple[float, float], ...]:
        """P10 to P90 of each weight, by the delta method on its logarithm."""
        weights = np.array(self.weights)
        found = []
        for place, weight in enumerate(weights):
            slope = -weights
            slope[place] += 1.0
            spread = _Z90 * math.sqrt(max(0.0, float(slope @ self.covariance @ slope)))
            found.append(
                (float(weight * math.exp(-spread)), min(1.0, float(weight * math.exp(spread))))
            )
        return tuple(found)

    def standard_error(self, one: int, other: int) -> float:
        """Of the difference of two strengths."""
        cov = self.covariance
        return math.sqrt(max(0.0, float(cov[one, one] + cov[other, other] - 2 * cov[one, other])))

    def probability(self, one: int, other: int) -> float:
        """That the first is preferred to the second."""
        return 1.0 / (1.0 + math.exp(self.strengths[other] - self.strengths[one]))

    @property
    def note(self) -> str:
        """What the answers do not say; empty when they say enough."""
        if not self.answers:
            return said("Nothing has been compared yet, so all count the same.")
        if len(self.groups) > 1:
            return said(
                "The comparisons fall into %(count)s groups that were never compared with each other; "
                "between groups the weights are a guess.",
                count=len(self.groups),
            )
        if self.one_sided:
            return said(
                "Some won every comparison with the others, so by how much they weigh more is not "
                "known; compare them once more."
            )
        return ""


def fit_pairs(
    count: int, wins: Mapping[tuple[int, int], float], *, ridge: float = RIDGE
) -> PairFit:
    """Strengths of ``count`` things from ``wins[i, j]``: how often i was preferred to j.

    A tie counts half for either. Newton's method on the penalised likelihood, which is strictly
    concave: there is one answer. Raises :class:`ScoringError` for a negative number or a thing
    compared with itself.
    """
    if count < 2:
        raise ScoringError(said("compare two things or more"), "pairs")
    won = np.zeros((count, count))
    for (i, j), number in wins.items():
        if i == j or not (0 <= i < count and 0 <= j < count):
            raise ScoringError(said("a pair is two of the things"), "pairs")
        if not (math.isfinite(number) and number >= 0):
            raise ScoringError(
                said("a number of answers is 0 or more, not %(number)s", number=figure(number)),
                "pairs",
            )
        won[i, j] += number
    met = won + won.T
    strengths = np.zeros(count)
    curve = np.eye(count)
    for _ in range(_MOST_STEPS):
        chance = 1.0 / (1.0 + np.exp(strengths[None, :] - strengths[:, None]))
        slope = (won - met * chance).sum(axis=1) - ridge * strengths
        inside = met * chance * (1.0 - chance)
        curve = np.diag(inside.sum(axis=1) + ridge) - inside
        step = np.linalg.solve(curve, slope)
        # Far from the answer a full step can overshoot.
        step *= min(1.0, 2.0 / max(1e-12, float(np.abs(step).max())))
        strengths = strengths + step
        if float(np.abs(step).max()) < 1e-10:
            break
    return PairFit(
        tuple((strengths - strengths.mean()).tolist()),
        np.asarray(np.linalg.inv(curve), dtype=np.float64),
        _groups(met > 0),
        bool(met.any()) and len(_groups(met > 0)) == 1 and not _mutual(won > 0),
        float(won.sum()),
    )


def next_pair(fit: PairFit, asked: Mapping[tuple[int, int], float]) -> tuple[int, int] | None:
    """The pair whose answer would say most: p (1 - p) times the variance of the difference.

    Pairs never asked come before those asked already in equal circumstances; None for one thing.
    """
    count = len(fit.strengths)
    best, found = -1.0, None
    for i in range(count):
        for j in range(i + 1, count):
            chance = fit.probability(i, j)
            told = asked.get((i, j), 0.0) + asked.get((j, i), 0.0)
            worth = chance * (1 - chance) * fit.standard_error(i, j) ** 2 / (1.0 + told)
            if worth > best + 1e-12:
                best, found = worth, (i, j)
    return found


def _shares(strengths: FloatArray) -> FloatArray:
    raised = np.exp(strengths - strengths.max())
    return np.asarray(raised / raised.sum(), dtype=np.float64)


def _groups(met: npt.NDArray[np.bool_]) -> tuple[tuple[int, ...], ...]:
    left = set(range(len(met)))
    found = []
    while left:
        group = _reached(met, min(left))
        found.append(tuple(sorted(group)))
        left -= group
    return tuple(found)


def _mutual(beat: npt.NDArray[np.bool_]) -> bool:
    """Whether everyone can be reached from everyone along wins, which makes strengths finite."""
    everyone = len(beat)
    return len(_reached(beat, 0)) == everyone and len(_reached(beat.T, 0)) == everyone


def _reached(edges: npt.NDArray[np.bool_], start: int) -> set[int]:
    found, open_ = {start}, [start]
    while open_:
        for place in np.flatnonzero(edges[open_.pop()]).tolist():
            if place not in found:
                found.add(place)
                open_.append(place)
    return found
