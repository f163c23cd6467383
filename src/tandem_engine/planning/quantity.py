"""Efforts and capacities, counted in whole small units.

Whether five efforts of 0.1 fit into a capacity of 0.5, or three of 2/3 into 2, must not depend
on how floats add up. Every comparison of effort with capacity is therefore made on integers.
Values are never rounded.
"""

from math import ceil, floor

from tandem_engine.words import Figure, figure

#: Units in 1. Decimals to five places, thirds, sixths (three-point means) and eighths are whole.
UNITS = 1_800_000
#: Largest effort or capacity taken, so that its units are exact in a double.
LARGEST = 1e7
#: What float arithmetic may have added to or taken from a whole number of units.
_NOISE = 0.01


def effort_units(amount: float) -> int:
    """``amount`` (points, days) in units; what is no whole number of them is rounded up."""
    return max(0, ceil(amount * UNITS - _NOISE))


def capacity_units(amount: float) -> int:
    """``amount`` in units; what is no whole number of them is rounded down."""
    return max(0, floor(amount * UNITS + _NOISE))


def from_units(units: int) -> float:
    """The amount that ``units`` stand for."""
    return units / UNITS


def worth(value: float) -> str:
    """A sum of scores as a person reads it, rounded as everywhere: at most one decimal."""
    if abs(value) >= 0.05 or value == 0:
        return Figure(f"{value:,.1f}".removesuffix(".0"))
    return figure(value, ".1g")


def say(amount: float) -> str:
    """``amount`` as a person writes it: no trailing zeros, at most two decimals."""
    if abs(amount) >= 0.005 or amount == 0:
        return Figure(f"{amount:.2f}".rstrip("0").rstrip("."))
    return figure(amount, ".1g")
