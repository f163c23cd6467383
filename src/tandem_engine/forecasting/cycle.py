"""How long one item takes, from the items that finished and those that have not yet."""

import math
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

import numpy as np

from tandem_engine.forecasting.errors import ForecastError
from tandem_engine.forecasting.settings import DEFAULT_PERCENTILES


@dataclass(frozen=True, slots=True)
class CyclePercentile:
    """``finished_only``: days within which this share of the finished items took.

    ``days`` also counts the items still open, by Kaplan and Meier's estimate; None when so many
    are open that the share is not reached. The first is shorter where old work lies about.
    """

    probability: float
    finished_only: int
    days: int | None


@dataclass(frozen=True, slots=True)
class CycleTimes:
    """Days items take, the first and the last day included: started and finished today is 1."""

    finished: int
    open: int
    percentiles: tuple[CyclePercentile, ...]
    #: Days and the share of items that take longer (Kaplan-Meier), a falling staircase.
    survival: tuple[tuple[int, float], ...]

    def chance_longer(self, than: int, *, age: int = 0) -> float | None:
        """The chance that an item open for ``age`` days takes longer than ``than`` days.

        None when no item has ever been watched that long, so nothing is known.
        """
        reached = self._share_longer(age)
        return self._share_longer(max(than, age)) / reached if reached > 0 else None

    def _share_longer(self, days: int) -> float:
        share = 1.0
        for day, longer in self.survival:
            if day > days:
                break
            share = longer
        return share


def cycle_times(
    items: Iterable[tuple[date, date | None]],
    *,
    today: date,
    percentiles: tuple[float, ...] = DEFAULT_PERCENTILES,
) -> CycleTimes:
    """Cycle time percentiles (nearest rank) from the (started, finished) days of items.

    An item without a finish is open: it has taken at least as long as it is old. Leaving these
    out would make the team look quicker the more it leaves lying (Kaplan & Meier 1958, JASA 53).
    """
    done: list[int] = []
    still: list[int] = []
    for started, finished in items:
        end = today if finished is None else finished
        if end < started:
            raise ForecastError(
                f"An item started on {started} and ended on {end}, before it started. "
                "Correct its dates.",
                "items",
            )
        (still if finished is None else done).append((end - started).days + 1)
    if not done:
        raise ForecastError(
            "No item was started and finished yet, so there is no cycle time.", "items"
        )
    # Here and not above: it takes longer to load than all the rest of Tandem.
    from scipy.stats import CensoredData, ecdf

    sample = CensoredData(uncensored=np.asarray(done, float), right=np.asarray(still, float))
    curve = ecdf(sample).sf
    survival = tuple(
        (int(day), float(longer))
        for day, longer in zip(curve.quantiles, curve.probabilities, strict=True)
    )
    ordered = sorted(done)
    return CycleTimes(
        finished=len(done),
        open=len(still),
        percentiles=tuple(
            CyclePercentile(
                probability=each,
                finished_only=ordered[math.ceil(each * len(ordered) - 1e-9) - 1],
                days=next((day for day, longer in survival if 1 - longer >= each - 1e-9), None),
            )
            for each in percentiles
        ),
        survival=survival,
    )
