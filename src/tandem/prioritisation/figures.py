"""Numbers with no more digits than they deserve."""

import math

from tandem.ui.filters import number


def step_of(low: float, high: float) -> float:
    """The power of ten a value with this interval is rounded to.

    The first digit of half the interval's width is the last one that means anything: 41 with
    35 to 47 is written to ones, 412 with 250 to 530 to hundreds. Without a width three
    significant digits of the value are left, by the caller.
    """
    spread = abs(high - low) / 2
    return 10.0 ** math.floor(math.log10(spread)) if spread > 0 and math.isfinite(spread) else 0.0


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
