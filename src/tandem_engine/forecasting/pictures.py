"""The numbers behind a forecast's two pictures."""

from datetime import date

import numpy as np

from tandem_engine.forecasting.completion import Completion
from tandem_engine.forecasting.paths import DAYS, PARTS, Paths
from tandem_engine.forecasting.result import Band, CompletionWeek, Fan, Histogram, add_days

FAN_LEVELS = (0.05, 0.15, 0.5, 0.85, 0.95)
#: More points than this no chart shows.
MOST_WEEKS = 156


def fan_of(paths: Paths, today: date, *, weeks: int) -> Fan:
    """Items finished in all by the end of each week, from today with none."""
    last = min(weeks, paths.weeks, MOST_WEEKS)
    levels = np.quantile(paths.done[: last + 1] // PARTS, FAN_LEVELS, axis=1, method="inverted_cdf")
    return Fan(
        days=tuple(add_days(today, DAYS * week) for week in range(last + 1)),
        bands=tuple(
            Band(probability=level, items=tuple(int(items) for items in row))
            for level, row in zip(FAN_LEVELS, levels, strict=True)
        ),
    )


def histogram_of(completion: Completion, today: date) -> Histogram:
    """The chance of finishing in each week, from the first to the last that has one."""
    if not len(completion.days):
        return Histogram(weeks=(), later=1.0)
    first = max(1, -(-int(completion.days[0]) // DAYS))
    last = min(max(1, -(-int(completion.days[-1]) // DAYS)), first + MOST_WEEKS - 1)
    shown = []
    before = 0.0
    for week in range(first, last + 1):
        by_then = completion.chance_by(DAYS * week)
        shown.append(
            CompletionWeek(
                until=add_days(today, DAYS * week), share=by_then - before, by_then=by_then
            )
        )
        before = by_then
    return Histogram(weeks=tuple(shown), later=1.0 - before)
