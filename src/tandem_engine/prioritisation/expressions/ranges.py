"""What values a piece of a formula can take, from the scales alone: interval arithmetic.

R. E. Moore, *Interval Analysis* (1966). The bounds hold for every item there ever will be, so a
division that can meet a zero is known when the formula is written, not when it happens.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from tandem_engine.words import figure, said


@dataclass(frozen=True, slots=True)
class Range:
    """From ``low`` to ``high``, both included."""

    low: float
    high: float

    def holds(self, value: float) -> bool:
        return self.low <= value <= self.high

    def __str__(self) -> str:
        return str(self.words)

    @property
    def words(self) -> str:
        """The range in words."""
        if math.isinf(self.low) and math.isinf(self.high):
            return said("any number")
        if math.isinf(self.high):
            return said("%(number)s or more", number=figure(self.low))
        if math.isinf(self.low):
            return said("%(number)s or less", number=figure(self.high))
        return said("%(low)s to %(high)s", low=figure(self.low), high=figure(self.high))


ANY: Final = Range(-math.inf, math.inf)
TRUTH: Final = Range(0.0, 1.0)


def range_of(operator: str, parts: Sequence[Range]) -> Range:
    """The range of an operation's result; :data:`ANY` where bounding it takes more than corners."""
    match operator, parts:
        case "+", _:
            return _made([sum(p.low for p in parts), sum(p.high for p in parts)])
        case "-", [left, right]:
            return _made([left.low - right.high, left.high - right.low])
        case "negative", [part]:
            return Range(-part.high, -part.low)
        case "*", [first, *rest]:
            found = first
            for part in rest:
                found = _made([_times(a, b) for a in _ends(found) for b in _ends(part)])
            return found
        case "/", [left, right]:
            if right.holds(0.0):
                return ANY
            return _made([_over(a, b) for a in _ends(left) for b in _ends(right)])
        case "^", [base, power]:
            return _power(base, power)
        case "min", _:
            return Range(min(p.low for p in parts), min(p.high for p in parts))
        case "max", _:
            return Range(max(p.low for p in parts), max(p.high for p in parts))
        case "abs", [part]:
            ends = [abs(part.low), abs(part.high)]
            return Range(0.0 if part.holds(0.0) else min(ends), max(ends))
        case "sqrt", [part]:
            return Range(math.sqrt(max(0.0, part.low)), math.sqrt(max(0.0, part.high)))
        case "log", [part]:
            if part.high <= 0:
                return ANY
            low = math.log(part.low) if part.low > 0 else -math.inf
            return Range(low, math.log(part.high) if part.high < math.inf else math.inf)
        case "if", [_, yes, no]:
            return Range(min(yes.low, no.low), max(yes.high, no.high))
        case ("round", [part]):
            return Range(part.low - 0.5, part.high + 0.5)
        case (("<" | "<=" | ">" | ">=" | "=" | "!=" | "and" | "or" | "not"), _):
            return TRUTH
    return ANY


def _power(base: Range, power: Range) -> Range:
    if base.low < 0 or not math.isfinite(base.high) or not math.isfinite(power.low):
        return ANY
    if base.low == 0 and power.low < 0:
        return ANY
    try:
        return _made([a**b for a in _ends(base) for b in _ends(power)])
    except OverflowError:
        return ANY


def _ends(part: Range) -> tuple[float, float]:
    return part.low, part.high


def _times(a: float, b: float) -> float:
    # An endless end times nothing is nothing: 0 stands for every number near it.
    return 0.0 if a == 0 or b == 0 else a * b


def _over(a: float, b: float) -> float:
    return 0.0 if math.isinf(b) else a / b


def _made(values: Sequence[float]) -> Range:
    if any(math.isnan(value) for value in values):
        return ANY
    return Range(min(values), max(values))
