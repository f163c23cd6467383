"""Formula nodes of custom formulas: numbers, operators and functions over whole arrays.

A result that does not exist (a division by 0, the logarithm of 0, the root of a negative number)
is NaN, and so is everything computed from it, unless ``if`` chooses the other branch. The root
turns it into 0, the score of an item whose formula has no result.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import reduce
from typing import TYPE_CHECKING, Final

import numpy as np

from tandem_engine.words import said

from .scale import FloatArray

if TYPE_CHECKING:
    from .formula import Formula

#: What a formula without result counts as.
UNDEFINED_SCORE: Final = 0.0


@dataclass(frozen=True, slots=True)
class Constant:
    """A number of the formula, or a criterion's weight."""

    label: str
    unit: str
    value: float
    parts: tuple[Formula, ...] = ()

    def combine(self, values: Sequence[FloatArray]) -> FloatArray:
        return np.asarray(self.value, dtype=np.float64)

    def text(self) -> str:
        return self.label


@dataclass(frozen=True, slots=True)
class Computed:
    """An operation on its parts; ``words`` says it with their labels.

    ``is_root``: no result counts as :data:`UNDEFINED_SCORE`.
    """

    label: str
    unit: str
    parts: tuple[Formula, ...]
    operation: str
    words: str
    is_root: bool = False

    def combine(self, values: Sequence[FloatArray]) -> FloatArray:
        with np.errstate(all="ignore"):
            found = np.asarray(_WAYS[self.operation](values), dtype=np.float64)
        if self.is_root:
            return np.where(np.isfinite(found), found, UNDEFINED_SCORE)
        return found

    def text(self) -> str:
        return self.words

    def missing_reason(self, values: Sequence[float]) -> str:
        """Why there is no result for these numbers, in a sentence."""
        if any(not np.isfinite(value) for value in values):
            return said("One of its parts has no result.")
        match self.operation:
            case "/":
                return said(
                    "%(name)s is 0, and nothing can be divided by 0.", name=self.parts[1].label
                )
            case "log":
                return said("Only a number above 0 has a logarithm.")
            case "sqrt":
                return said("A number below 0 has no square root.")
            case "^":
                return said("This power is no number.")
        return said("The result is too large.")


def _known(found: FloatArray) -> FloatArray:
    """Endless counts as no result: nothing sensible follows from it."""
    return np.where(np.isfinite(found), found, np.nan)


def _missing(values: Sequence[FloatArray]) -> FloatArray:
    return reduce(np.logical_or, [np.isnan(value) for value in values])


def _truth(holds: FloatArray, values: Sequence[FloatArray]) -> FloatArray:
    return np.where(_missing(values), np.nan, holds)


def _if(values: Sequence[FloatArray]) -> FloatArray:
    condition, yes, no = values
    return np.where(np.isnan(condition), np.nan, np.where(condition != 0, yes, no))


def _log(values: Sequence[FloatArray]) -> FloatArray:
    found = np.log(values[0])
    return _known(found if len(values) == 1 else found / np.log(values[1]))


def _comparison(
    compare: Callable[[FloatArray, FloatArray], FloatArray],
) -> Callable[[Sequence[FloatArray]], FloatArray]:
    return lambda values: _truth(compare(values[0], values[1]), values)


_WAYS: Final[dict[str, Callable[[Sequence[FloatArray]], FloatArray]]] = {
    "same": lambda v: v[0],
    "+": lambda v: reduce(np.add, v),
    "-": lambda v: np.subtract(v[0], v[1]),
    "*": lambda v: reduce(np.multiply, v),
    "/": lambda v: _known(np.divide(v[0], v[1])),
    "^": lambda v: _known(np.power(v[0], v[1])),
    "negative": lambda v: np.negative(v[0]),
    "min": lambda v: reduce(np.minimum, v),
    "max": lambda v: reduce(np.maximum, v),
    "abs": lambda v: np.abs(v[0]),
    "sqrt": lambda v: _known(np.sqrt(v[0])),
    "log": _log,
    "round": lambda v: np.floor(v[0] + 0.5),
    "if": _if,
    "<": _comparison(np.less),
    "<=": _comparison(np.less_equal),
    ">": _comparison(np.greater),
    ">=": _comparison(np.greater_equal),
    "=": _comparison(np.equal),
    "!=": _comparison(np.not_equal),
    "and": lambda v: _truth(reduce(np.logical_and, [x != 0 for x in v]), v),
    "or": lambda v: _truth(reduce(np.logical_or, [x != 0 for x in v]), v),
    "not": lambda v: _truth(v[0] == 0, v),
}
