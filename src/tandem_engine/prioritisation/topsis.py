"""TOPSIS: closeness to an ideal item. A second opinion only, because it compares within a set.

C.-L. Hwang, K. Yoon, *Multiple Attribute Decision Making* (1981). Its numbers depend on which
items are in the set, so they are never a score of Tandem's; the order is worth a look beside ours.
"""

from __future__ import annotations

import math
from collections.abc import Sequence

import numpy as np

from tandem_engine.words import said

from .errors import ScoringError
from .model import Direction


def topsis(
    rows: Sequence[Sequence[float]], weights: Sequence[float], directions: Sequence[Direction]
) -> tuple[float, ...]:
    """Each row's closeness to the ideal, 0 to 1: distance to the worst / (to the worst + to the best).

    Columns are divided by their Euclidean length and weighted. Rows that are all alike have 0.5.
    Raises :class:`ScoringError` for numbers that are none, or weights without any above 0.
    """
    columns = len(weights)
    if len(directions) != columns or any(len(row) != columns for row in rows):
        raise ScoringError(said("every row has a number for every weight and direction"), "TOPSIS")
    if any(not math.isfinite(w) or w < 0 for w in weights) or not sum(weights) > 0:
        raise ScoringError(said("weights are 0 or more, one of them above 0"), "TOPSIS")
    if not rows:
        return ()
    matrix = np.array(rows, dtype=np.float64)
    if not np.isfinite(matrix).all():
        raise ScoringError(said("every number must be given"), "TOPSIS")
    length = np.sqrt((matrix**2).sum(axis=0))
    shares = np.array(weights) / sum(weights)
    scaled = matrix / np.where(length > 0, length, 1.0) * shares
    signs = np.array([1.0 if each == "higher" else -1.0 for each in directions])
    best, worst = (scaled * signs).max(axis=0), (scaled * signs).min(axis=0)
    to_best = np.sqrt(((scaled * signs - best) ** 2).sum(axis=1))
    to_worst = np.sqrt(((scaled * signs - worst) ** 2).sum(axis=1))
    total = to_best + to_worst
    found = np.where(total > 0, to_worst / np.where(total > 0, total, 1.0), 0.5)
    return tuple(found.tolist())
