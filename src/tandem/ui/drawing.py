"""The geometry of small drawings: lengths set by data, as SVG attributes (never a style)."""

import math
from dataclasses import dataclass

__all__ = ["agreement", "overlap", "share", "whisker"]


def share(value: float | None, low: float, high: float) -> float:
    """Where ``value`` lies between ``low`` and ``high``, held to 0..1; 0 for no value."""
    if value is None or high <= low:
        return 0.0
    return min(1.0, max(0.0, (float(value) - low) / (high - low)))


@dataclass(frozen=True)
class Whisker:
    """A point with its interval on a line of ``width``: all in the drawing's units."""

    point: float
    start: float
    end: float


def whisker(
    value: float, start: float, end: float, *, low: float, high: float, width: float
) -> Whisker:
    """A value and its interval, placed on a scale from ``low`` to ``high``."""
    place = [round(share(each, low, high) * width, 1) for each in (value, start, end)]
    return Whisker(*place)


def overlap(part: float, radius: float) -> float:
    """The distance of two equal circles' centres at which ``part`` (0..1) of each is shared.

    The shared area of two circles of radius r at distance d is
    ``2 r² acos(d/2r) − (d/2) √(4r² − d²)``; solved for d by halving.
    """
    part = min(1.0, max(0.0, part))
    near, far = 0.0, 2 * radius
    for _ in range(40):
        middle = (near + far) / 2
        area = 2 * radius**2 * math.acos(middle / (2 * radius)) - middle / 2 * math.sqrt(
            4 * radius**2 - middle**2
        )
        if area / (math.pi * radius**2) > part:
            near = middle
        else:
            far = middle
    return (near + far) / 2


@dataclass(frozen=True)
class Agreement:
    """Two circles whose overlap shows how far two views agree; ``path`` is the shared lens."""

    left: float
    right: float
    radius: float
    height: float
    width: float
    path: str


def agreement(part: float, radius: float = 7.0) -> Agreement:
    """The mark, drawn to scale: more shared area means more agreement."""
    distance = overlap(part, radius)
    pad = 1.0
    middle, left = radius + pad, radius + pad
    right = left + distance
    half = math.sqrt(max(0.0, radius**2 - (distance / 2) ** 2))
    x, top, bottom = left + distance / 2, middle - half, middle + half
    path = (
        f"M{x:.2f} {top:.2f}A{radius:g} {radius:g} 0 0 1 {x:.2f} {bottom:.2f}"
        f"A{radius:g} {radius:g} 0 0 1 {x:.2f} {top:.2f}Z"
    )
    return Agreement(
        round(left, 2), round(right, 2), radius, 2 * middle, 4 * radius + 2 * pad, path
    )
