"""Numbers with no more digits than they deserve."""

import math

from tandem.ui.filters import number


def step_of(low: float, high: float) -> float:
    """The power of ten a value with this interval is rounded to.

    Half the interval's width decides: two of its digits mean something when they are 10 to 35,
    one when they are more (the rule of the Particle Data Group, "Review of Particle Physics",
    introduction 5.3). So 41.27 with a half width of 6 is written 41, and with 0.18 it is 41.27.
    0 for an interval without a width.
    """
    spread = abs(high - low) / 2
    if not (spread > 0 and math.isfinite(spread)):
        return 0.0
    power = math.floor(math.log10(spread))
    two_digits = spread / 10.0**power < 3.55
    return 10.0 ** (power - 1 if two_digits else power)


def honest(value: float, low: float, high: float) -> tuple[str, str, str]:
    """Value, P10 and P90 as text, rounded alike."""
    step = step_of(low, high)
    if step == 0:
        step = 10.0 ** (math.floor(math.log10(abs(value))) - 2) if value else 1.0
    digits = min(6, max(0, -math.floor(math.log10(step) + 1e-9)))
    found = [number(round(each / step) * step, digits) for each in (value, low, high)]
    return (found[0], found[1], found[2])


def percent(share: float) -> str:
    """A probability from a simulation: never 0 % or 100 %, which it cannot show."""
    if share < 0.01:
        return "< 1 %"
    if share > 0.99:
        return "> 99 %"
    return f"{share * 100:.0f} %"
