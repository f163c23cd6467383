"""Pairwise comparison: how items stand by "which first?", and the pair worth asking next.

The model is Bradley and Terry's with a normal prior: item *i* goes before *j* with probability
``p = 1 / (1 + exp(-(s_i - s_j)))``, and every strength ``s`` is normal around 0 before anything is
asked (R. A. Bradley and M. E. Terry, "Rank analysis of incomplete block designs", Biometrika 39
(1952) 324-345). The prior keeps strengths finite where an item never lost. The posterior is taken
as normal at its peak (Laplace's method).
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
import numpy.typing as npt

from tandem_engine.words import counted, said

from .errors import ScoringError

FloatArray = npt.NDArray[np.float64]
#: One standard deviation of a strength before anything is asked: between two unknown items, odds
#: of 8 to 1 for either are nothing strange.
PRIOR_SPREAD: Final = 1.5
#: The standard normal's 90 % point: from P10 to P90.
_Z90: Final = 1.2815515655446004
_STEPS: Final = 50


@dataclass(frozen=True, slots=True)
class Comparison:
    """One answer: ``result`` is 1 when ``first`` goes first, 0 when ``second``, 0.5 when alike."""

    first: str
    second: str
    result: float


@dataclass(frozen=True, slots=True)
class Standing:
    """An item's strength on the log-odds scale (0 is the middle) with P10 and P90, and its place;
    equal strengths share a place."""

    key: str
    strength: float
    low: float
    high: float
    place: int


@dataclass(frozen=True, slots=True)
class Standings:
    """The items in order, the strongest first; ``note`` says where too little is known."""

    standings: tuple[Standing, ...]
    comparisons: int
    note: str


@dataclass(frozen=True, slots=True)
class Pair:
    """A pair to ask: the probability that ``first`` goes first, as far as is known, and the gain
    in nats of what one answer tells about the strengths."""

    first: str
    second: str
    probability: float
    gain: float


def standings(
    keys: Sequence[str], comparisons: Iterable[Comparison], *, prior_spread: float = PRIOR_SPREAD
) -> Standings:
    """How the items stand by these answers, however few: without any, all alike and wide.

    >>> found = standings(["a", "b"], [Comparison("a", "b", 1.0)] * 3)
    >>> [each.key for each in found.standings]
    ['a', 'b']
    """
    answers = tuple(comparisons)
    strength, covariance = _posterior(keys, answers, prior_spread)
    spread = np.sqrt(np.diag(covariance)) if len(keys) else np.zeros(0)
    order = sorted(range(len(keys)), key=lambda at: (-round(float(strength[at]), 9), at))
    found: list[Standing] = []
    for index, at in enumerate(order):
        value = float(strength[at])
        same = found and abs(found[-1].strength - value) < 1e-9
        place = found[-1].place if same else index + 1
        half = _Z90 * float(spread[at])
        found.append(Standing(keys[at], value, value - half, value + half, place))
    asked = {key for each in answers for key in (each.first, each.second)}
    silent = sum(key not in asked for key in keys)
    note: str = ""
    if not answers:
        note = said("Nothing has been compared yet.")
    elif silent:
        note = counted(
            "%(count)s of %(all)s stands in no comparison yet.",
            "%(count)s of %(all)s stand in no comparison yet.",
            count=silent,
            all=len(keys),
        )
    return Standings(tuple(found), len(answers), note)


def next_pair(
    keys: Sequence[str],
    comparisons: Iterable[Comparison],
    *,
    asked: Collection[tuple[str, str]] = (),
    prior_spread: float = PRIOR_SPREAD,
) -> Pair | None:
    """The pair whose answer tells most; None when all are ``asked`` (in either order).

    An answer adds ``p (1 - p) x xT`` to the information about the strengths, with ``x`` the
    difference of the two. Its variance ``p (1 - p)`` is greatest where the outcome is open, and
    what it tells grows with how little is known about the difference, ``v = Var(s_i - s_j)``: the
    determinant of the information grows by ``1 + p (1 - p) v``, and the gain is its logarithm
    (D-optimal design; M. E. Glickman and S. T. Jensen, "Adaptive paired comparison design",
    Journal of Statistical Planning and Inference 127 (2005) 279-293). Of equal gains the pair that
    stands first in ``keys`` is taken.
    """
    if len(keys) < 2:
        return None
    strength, covariance = _posterior(keys, tuple(comparisons), prior_spread)
    own = np.diag(covariance)
    variance = own[:, None] + own[None, :] - 2 * covariance
    p = _sigmoid(strength[:, None] - strength[None, :])
    gain = np.log1p(p * (1 - p) * np.maximum(variance, 0.0))
    gain[np.tril_indices(len(keys))] = -1.0
    index = {key: at for at, key in enumerate(keys)}
    for first, second in asked:
        if first in index and second in index:
            low, high = sorted((index[first], index[second]))
            gain[low, high] = -1.0
    best = int(np.argmax(np.round(gain, 12)))
    i, j = divmod(best, len(keys))
    if gain[i, j] < 0:
        return None
    return Pair(keys[i], keys[j], float(p[i, j]), float(gain[i, j]))


def _posterior(
    keys: Sequence[str], comparisons: Sequence[Comparison], prior_spread: float
) -> tuple[FloatArray, FloatArray]:
    """The strengths at the posterior's peak, by Newton's method, and their covariance there."""
    index = {key: at for at, key in enumerate(keys)}
    if len(index) != len(keys):
        raise ScoringError(said("a key stands twice"), "pairs")
    if not prior_spread > 0:
        raise ScoringError(said("the prior's spread must be above zero"), "pairs")
    for each in comparisons:
        if each.first == each.second or each.first not in index or each.second not in index:
            raise ScoringError(
                said("a comparison names two of the items"), f"{each.first} / {each.second}"
            )
        if each.result not in (0.0, 0.5, 1.0):
            raise ScoringError(said("the result is 1, 0.5 or 0"), f"{each.first} / {each.second}")
    size = len(keys)
    prior = np.eye(size) / prior_spread**2
    strength = np.zeros(size)
    if not comparisons:
        return strength, np.eye(size) * prior_spread**2
    one = np.array([index[each.first] for each in comparisons])
    two = np.array([index[each.second] for each in comparisons])
    result = np.array([each.result for each in comparisons])
    information = prior
    for _ in range(_STEPS):
        p = _sigmoid(strength[one] - strength[two])
        slope = -strength / prior_spread**2
        np.add.at(slope, one, result - p)
        np.add.at(slope, two, p - result)
        information = _information(prior, one, two, p * (1 - p))
        step = np.linalg.solve(information, slope)
        # The posterior is log-concave; a long step is shortened so that it never overshoots.
        longest = float(np.abs(step).max())
        strength = strength + step * min(1.0, 2.0 / longest if longest > 0 else 1.0)
        if longest < 1e-10:
            break
    return strength, np.asarray(np.linalg.inv(information), dtype=np.float64)


def _information(
    prior: FloatArray, one: npt.NDArray[np.intp], two: npt.NDArray[np.intp], weight: FloatArray
) -> FloatArray:
    found = prior.copy()
    np.add.at(found, (one, one), weight)
    np.add.at(found, (two, two), weight)
    np.add.at(found, (one, two), -weight)
    np.add.at(found, (two, one), -weight)
    return found


def _sigmoid(x: FloatArray) -> FloatArray:
    return np.asarray(1.0 / (1.0 + np.exp(-x)), dtype=np.float64)
