"""When what was paid once has been earned back week by week."""

import datetime
import math
from dataclasses import dataclass

#: Later days are not told: nobody plans that far.
_MOST_WEEKS = 520.0


@dataclass(frozen=True, slots=True)
class Payback:
    """``weeks`` until it is earned back, ``None`` for never; ``date`` the first day by which it is.

    The date is told when a start was given and it lies within ten years.
    """

    weeks: float | None
    date: datetime.date | None


def payback(cost: float, per_week: float, start: datetime.date | None = None) -> Payback:
    """Cost / what comes back a week, both in one unit; at once when it costs nothing.

    Simple payback, without a discount: the interest of debt is a cost of now.
    """
    if per_week <= 0:
        return Payback(None, None)
    weeks = max(cost, 0.0) / per_week
    if start is None or weeks > _MOST_WEEKS:
        return Payback(weeks, None)
    days = math.ceil(7 * weeks - 1e-9)
    return Payback(weeks, start + datetime.timedelta(days=days))
