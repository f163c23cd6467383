"""Numbers with no more digits than they deserve."""

import math

from tandem.ui.filters import number


def step_of(spread: float) -> float:
    """The power of ten a value that may be off by ``spread`` is rounded to; 0 for no spread.

    Two digits of the spread mean something when they are 10 to 35, one when they are more (the
    rule of the Particle Data Group, "Review of Particle Physics", introduction 5.3). So 41.27 that
    may be off by 6 is written 41, and by 0.18 it is 41.27.
    """
    if not (spread > 0 and math.isfinite(spread)):
        return 0.0
    power = math.floor(math.log10(spread))
    two_digits = spread / 10.0**power < 3.55
    return 10.0 ** (power - 1 if two_digits else power)


def honest(value: float, low: float, high: float) -> tuple[str, str, str]:
    """Value, P10 and P90 as text, rounded by half the interval's width.

    Where that would leave nothing of the value, as of 44 between 2 and 1,512, it and the nearer
    end are rounded by the distance between these two. Without an interval three digits are left.
    """
    far = step_of((high - low) / 2)
    if far == 0:
        far = 10.0 ** (math.floor(math.log10(abs(value))) - 2) if value else 1.0
    near = far
    if abs(value) < far:
        near = step_of(min((each for each in (value - low, high - value) if each > 0), default=0))
        near = min(near or far, far)
    first, last = (near, far) if value - low <= high - value else (far, near)
    return _rounded(value, near), _rounded(low, first), _rounded(high, last)


def _rounded(value: float, step: float) -> str:
    digits = min(6, max(0, -math.floor(math.log10(step) + 1e-9)))
    return number(round(value / step) * step + 0.0, digits)


def percent(share: float) -> str:
    """A probability from a simulation: never 0 % or 100 %, which it cannot show."""
    if share < 0.01:
        return "< 1 %"
    if share > 0.99:
        return "> 99 %"
    return f"{share * 100:.0f} %"
