"""Formulas as trees: the same tree computes a score, its draws and its derivation."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np

from tandem_engine.words import figure, join

from .computed import Computed, Constant
from .scale import FloatArray

#: How an input enters a formula: ``worth`` is a criterion's value in its unit (mirrored on the
#: scale when lower is better; the effort as it is), ``fraction`` its worth / 100, ``place`` its
#: place between the worse end (0) and the better end (1) of its scale; ``raw`` its value as rated,
#: ``share`` that / 100; ``low`` and ``high`` P10 and P90 of the effort; ``field`` a further input.
Form = Literal["worth", "fraction", "place", "raw", "share", "low", "high", "field"]


@dataclass(frozen=True, slots=True)
class Leaf:
    """One criterion, read in one form."""

    label: str
    unit: str
    slug: str
    form: Form
    parts: tuple[Formula, ...] = ()

    def combine(self, values: Sequence[FloatArray]) -> FloatArray:
        raise TypeError("a leaf is read from the inputs, not combined")

    def text(self) -> str:
        return self.label


@dataclass(frozen=True, slots=True)
class Divided:
    """First part / second part. The engine keeps the second above zero (the effort's floor)."""

    label: str
    unit: str
    parts: tuple[Formula, ...]

    def combine(self, values: Sequence[FloatArray]) -> FloatArray:
        return np.asarray(values[0] / values[1], dtype=np.float64)

    def text(self) -> str:
        return join(self.parts[0].label, " ÷ ", self.parts[1].label)


@dataclass(frozen=True, slots=True)
class Multiplied:
    """The product of all parts."""

    label: str
    unit: str
    parts: tuple[Formula, ...]

    def combine(self, values: Sequence[FloatArray]) -> FloatArray:
        found = values[0]
        for value in values[1:]:
            found = found * value
        return found

    def text(self) -> str:
        return _with(" × ", [part.label for part in self.parts])


@dataclass(frozen=True, slots=True)
class WeightedSum:
    """Σ weight × part."""

    label: str
    unit: str
    parts: tuple[Formula, ...]
    weights: tuple[float, ...]

    def combine(self, values: Sequence[FloatArray]) -> FloatArray:
        return _sum(values, self.weights)

    def text(self) -> str:
        parts = zip(self.parts, self.weights, strict=True)
        return _with(" + ", [_weighted(part, weight) for part, weight in parts])


@dataclass(frozen=True, slots=True)
class WeightedPlaces:
    """100 × Σ weight × place / Σ weight: 0 when every part is at its worst end, 100 at its best."""

    label: str
    unit: str
    parts: tuple[Formula, ...]
    weights: tuple[float, ...]

    def combine(self, values: Sequence[FloatArray]) -> FloatArray:
        return _sum(values, self.weights) * (100.0 / sum(self.weights))

    def text(self) -> str:
        parts = zip(self.parts, self.weights, strict=True)
        words = _with(" + ", [join(figure(weight), " × ", part.label) for part, weight in parts])
        return join("100 × (", words, ") ÷ ", figure(sum(self.weights)))


def _with(sign: str, parts: Sequence[str]) -> str:
    """The parts with a sign between them."""
    return join(
        *(each for at, part in enumerate(parts) for each in ((sign, part) if at else (part,)))
    )


def _weighted(part: Formula, weight: float) -> str:
    return part.label if weight == 1 else join(figure(weight), " × ", part.label)


Formula = Leaf | Divided | Multiplied | WeightedSum | WeightedPlaces | Constant | Computed


def evaluate(formula: Formula, read: Callable[[Leaf], FloatArray]) -> FloatArray:
    """The formula's value, reading each criterion with ``read``; arrays of equal shape."""
    if isinstance(formula, Leaf):
        return read(formula)
    return formula.combine([evaluate(part, read) for part in formula.parts])


def _sum(values: Sequence[FloatArray], weights: tuple[float, ...]) -> FloatArray:
    found = values[0] * weights[0]
    for value, weight in zip(values[1:], weights[1:], strict=True):
        # In place where it can be: blocks of draws are what a ranking's time goes into.
        part = value if weight == 1 else value * weight
        found = np.add(found, part, out=found if found.shape == value.shape else None)
    return found
