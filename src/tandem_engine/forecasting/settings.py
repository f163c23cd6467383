"""How a forecast is computed, apart from what it is about."""

from dataclasses import dataclass
from typing import Literal

from tandem_engine.forecasting.errors import ForecastError

Method = Literal["auto", "steady", "bootstrap"]

DEFAULT_PERCENTILES = (0.5, 0.7, 0.85, 0.95)
MOST_TRIALS = 200_000
MOST_HORIZON_WEEKS = 1_040


@dataclass(frozen=True, slots=True)
class Settings:
    """``auto`` is the steady model; ``widen`` applies what past forecasts taught.

    ``trials``: 100 to 200,000 imagined futures. ``horizon_weeks``: how far they are followed,
    1 to 1,040 weeks; what is not finished then is reported as beyond. ``percentiles``: the
    probabilities answered, each strictly between 0 and 1.
    """

    method: Method = "auto"
    trials: int = 10_000
    percentiles: tuple[float, ...] = DEFAULT_PERCENTILES
    horizon_weeks: int = 520
    widen: bool = True

    def __post_init__(self) -> None:
        if self.method not in ("auto", "steady", "bootstrap"):
            raise ForecastError(
                f"Unknown method “{self.method}”; choose auto, steady or bootstrap.", "method"
            )
        if not 100 <= self.trials <= MOST_TRIALS:
            raise ForecastError(f"Imagine 100 to {MOST_TRIALS:,} futures.", "trials")
        if not 1 <= self.horizon_weeks <= MOST_HORIZON_WEEKS:
            raise ForecastError(f"Look 1 to {MOST_HORIZON_WEEKS:,} weeks ahead.", "horizon_weeks")
        if not self.percentiles or not all(0 < each < 1 for each in self.percentiles):
            raise ForecastError(
                "Ask for percentiles strictly between 0 and 1, such as 0.85.", "percentiles"
            )
