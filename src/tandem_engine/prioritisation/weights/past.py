"""Weights implied by past choices: what was chosen over what was left out.

A conditional logit: at every occasion each chosen thing was preferred to those left out with
P(c) = exp(b.x_c) / (exp(b.x_c) + sum over left out of exp(b.x)), where x are the places of the criteria (0 worse
end, 1 better end). D. McFadden, "Conditional logit analysis of qualitative choice behavior", in
Frontiers in Econometrics (1974). A ridge on b keeps it finite; the Hessian gives the intervals.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np

from tandem_engine.prioritisation.errors import ScoringError
from tandem_engine.prioritisation.scale import FloatArray
from tandem_engine.words import said

#: A prior with standard deviation 3: a place from worst to best then rarely multiplies the odds
#: by more than a thousand.
RIDGE: Final = 1 / 9
#: Below so many chosen things per criterion the answer is the prior's, not the past's.
FEWEST_PER_CRITERION: Final = 3
_DRAWS: Final = 4000
_MOST_STEPS: Final = 100


@dataclass(frozen=True, slots=True)
class Choice:
    """One occasion: the chosen and the left-out things, each a row of places from 0 to 1."""

    chosen: tuple[tuple[float, ...], ...]
    left_out: tuple[tuple[float, ...], ...]


@dataclass(frozen=True, slots=True)
class ImpliedWeights:
    """``weights`` add up to 1 (all 0 when nothing spoke for a choice), with P10 and P90.

    ``slopes`` are b: above 0 when a better place was chosen more often. ``chosen`` and
    ``occasions`` say what it rests on; ``enough`` whether that is worth showing, ``note`` why not.
    """

    weights: tuple[float, ...]
    low: tuple[float, ...]
    high: tuple[float, ...]
    slopes: tuple[float, ...]
    occasions: int
    chosen: int
    enough: bool
    note: str = ""


def implied_weights(
    choices: Sequence[Choice], *, criteria: int, controls: int = 0, seed: int = 0
) -> ImpliedWeights:
    """The weights under which the choices would have been the most likely.

    The rows have ``criteria`` places, and behind them ``controls`` further ones (such as effort)
    which explain choices and take no share of the weights. A criterion whose slope is below 0
    weighs 0. Raises :class:`ScoringError` for rows of another length.
    """
    width = criteria + controls
    if criteria < 1:
        raise ScoringError(said("weights need a criterion"), "past choices")
    used: list[FloatArray] = []
    occasions = 0
    for choice in choices:
        if any(len(row) != width for row in (*choice.chosen, *choice.left_out)):
            raise ScoringError(said("a row has %(width)s places", width=width), "past choices")
        if choice.chosen and choice.left_out:
            occasions += 1
            left = np.array(choice.left_out, dtype=np.float64)
            used += [left - np.array(row, dtype=np.float64) for row in choice.chosen]
    nothing = (0.0,) * criteria
    if not used:
        return ImpliedWeights(
            nothing, nothing, (1.0,) * criteria, (0.0,) * width, 0, 0, False,
            said("There is no occasion yet at which something was chosen and something else left out."),
        )  # fmt: skip
    slopes, covariance = _fit(used, width)
    rng = np.random.Generator(np.random.PCG64(seed))
    drawn = rng.multivariate_normal(slopes, covariance, size=_DRAWS, method="eigh")
    shares = _shares(drawn[:, :criteria])
    low, high = np.quantile(shares, (0.1, 0.9), axis=0)
    weights = _shares(slopes[None, :criteria])[0]
    wanted = FEWEST_PER_CRITERION * width
    differing = [bool(np.any([np.ptp(row[:, k]) + np.abs(row[:, k]).max() for row in used]))
                 for k in range(criteria)]  # fmt: skip
    note: str = ""
    if len(used) < wanted:
        note = said(
            "%(count)s chosen things are too few to tell %(criteria)s weights apart; %(wanted)s or "
            "more are needed.",
            count=len(used),
            criteria=criteria,
            wanted=wanted,
        )
    elif not any(differing):
        note = said("What was chosen and what was left out were rated alike.")
    return ImpliedWeights(
        tuple(weights.tolist()),
        tuple(np.minimum(low, weights).tolist()),
        tuple(np.maximum(high, weights).tolist()),
        tuple(slopes.tolist()),
        occasions,
        len(used),
        not note,
        note,
    )


def _fit(used: list[FloatArray], width: int) -> tuple[FloatArray, FloatArray]:
    """Newton's method on the penalised likelihood: strictly concave, so there is one answer."""
    slopes = np.zeros(width)
    curve = np.eye(width)
    for _ in range(_MOST_STEPS):
        slope = -RIDGE * slopes
        curve = RIDGE * np.eye(width)
        for behind in used:
            # Rows are left out minus chosen; the chosen one itself is the row of zeros.
            score = behind @ slopes
            top = max(0.0, float(score.max()))
            odds = np.exp(score - top)
            odds /= odds.sum() + np.exp(-top)
            mean = odds @ behind
            slope = slope - mean
            curve += (behind * odds[:, None]).T @ behind - np.outer(mean, mean)
        step = np.linalg.solve(curve, slope)
        step *= min(1.0, 2.0 / max(1e-12, float(np.abs(step).max())))
        slopes = slopes + step
        if float(np.abs(step).max()) < 1e-9:
            break
    return slopes, np.asarray(np.linalg.inv(curve), dtype=np.float64)


def _shares(slopes: FloatArray) -> FloatArray:
    positive = np.maximum(slopes, 0.0)
    total = positive.sum(axis=1, keepdims=True)
    return np.asarray(np.divide(positive, total, where=total > 0, out=np.zeros_like(positive)))
