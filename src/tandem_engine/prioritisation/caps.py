"""MoSCoW's effort caps: whether the Musts leave room for something to give way.

DSDM's rule of thumb: Musts at most 60 % of the effort planned, about 20 % Coulds as contingency.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from math import sqrt

import numpy as np
import numpy.typing as npt
from scipy.special import ndtr

from tandem_engine.words import Value, figure, said, word

from .presets_custom import CLASSES, COULD_SHARE, MUST_CAP
from .quantiles import effort_tables
from .scale import FloatArray


@dataclass(frozen=True, slots=True)
class ClassEffort:
    """One class: how many items, their likely effort, and its share (0-1) of what is planned."""

    name: str
    items: int
    effort: float
    share: float


@dataclass(frozen=True, slots=True)
class EffortCaps:
    """``classes`` from Must to Won't; Won't is not planned and has no share.

    ``p_over`` is the probability (0-1) that the Musts take more than ``cap`` of the effort that is
    planned, with every effort's own range, as if efforts were independent.
    """

    classes: tuple[ClassEffort, ...]
    p_over: float
    unit: str
    cap: float = MUST_CAP

    @property
    def over(self) -> bool:
        return self.classes[0].share > self.cap

    @property
    def sentence(self) -> str:
        """For a page: the Musts' share, the cap, and how sure that is."""
        must, could = self.classes[0], self.classes[2]
        if not sum(each.effort for each in self.classes[:3]) > 0:
            return said("No Must, Should or Could is planned yet.")
        numbers: dict[str, Value] = {
            "share": figure(must.share, ".0%"),
            "effort": figure(must.effort, ".4g"),
            "unit": word(self.unit),
            "count": must.items,
            "cap": figure(self.cap, ".0%"),
            "chance": _percent(self.p_over),
            "could": figure(could.share, ".0%"),
            "usual": figure(COULD_SHARE, ".0%"),
        }
        if self.over:
            return said(
                "Musts are %(share)s of the effort planned (%(effort)s %(unit)s, %(count)s items); at "
                "most %(cap)s leaves room for something to give way. The probability of more than "
                "%(cap)s is %(chance)s. Coulds are %(could)s; about %(usual)s is usual.",
                **numbers,
            )
        return said(
            "Musts are %(share)s of the effort planned (%(effort)s %(unit)s, %(count)s items). The "
            "probability of more than %(cap)s is %(chance)s. Coulds are %(could)s; about %(usual)s is "
            "usual.",
            **numbers,
        )


def effort_caps(levels: Sequence[float], efforts: FloatArray, unit: str = "") -> EffortCaps:
    """The classes' efforts; ``levels`` are 0 (Won't) to 3 (Must), ``efforts`` (items, 3) low,
    likely and high, above zero, in ``unit``.

    P(M > c (M + R)) = P((1 - c) M - c R > 0), the left side taken as normal: the effort of many
    independent items is.
    """
    table = np.asarray(efforts, dtype=np.float64).reshape(-1, 3)
    chosen = np.round(np.asarray(levels, dtype=np.float64))
    planned = float(table[chosen > 0, 1].sum())
    classes = tuple(
        _class(name, chosen == level, table, planned if level > 0 else 0.0)
        for level, name in CLASSES
    )
    must, rest = _moments(table[chosen == 3]), _moments(table[(chosen > 0) & (chosen < 3)])
    mean = (1 - MUST_CAP) * must[0] - MUST_CAP * rest[0]
    spread = sqrt((1 - MUST_CAP) ** 2 * must[1] + MUST_CAP**2 * rest[1])
    over = float(ndtr(mean / spread)) if spread > 0 else float(mean > 0)
    return EffortCaps(classes, over, unit)


def _class(
    name: str, rows: npt.NDArray[np.bool_], table: FloatArray, planned: float
) -> ClassEffort:
    effort = float(table[rows, 1].sum())
    return ClassEffort(name, int(rows.sum()), effort, effort / planned if planned > 0 else 0.0)


def _moments(efforts: FloatArray) -> tuple[float, float]:
    """Mean and variance of the sum of independent efforts."""
    if not len(efforts):
        return 0.0, 0.0
    levels = effort_tables([(row[0], row[1], row[2]) for row in efforts.tolist()])
    # Between two levels the values are taken as even: the mean of the ends of each cell.
    cells = (levels[:, 1:] + levels[:, :-1]) / 2
    return float(cells.mean(axis=1).sum()), float(cells.var(axis=1).sum())


def _percent(share: float) -> str:
    if share < 0.01:
        return "below 1%"
    return "above 99%" if share > 0.99 else f"{share:.0%}"
