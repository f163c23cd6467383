"""When is it finished, how many by then, and how often were such answers right.

:func:`forecast_when`, :func:`forecast_how_many` and :func:`forecast_plan` answer from a team's
finish dates; :func:`cycle_times` says how long one item takes. See
``docs/algorithms/forecasting.md``.
"""

from tandem_engine.forecasting.calibration import Calibration, Coverage, PastForecast
from tandem_engine.forecasting.cycle import CyclePercentile, CycleTimes, cycle_times
from tandem_engine.forecasting.errors import ForecastError
from tandem_engine.forecasting.forecast import (
    TeamWork,
    forecast_how_many,
    forecast_plan,
    forecast_when,
    items_in,
)
from tandem_engine.forecasting.history import History, Range, Sufficiency
from tandem_engine.forecasting.result import Forecast, Percentile, Question
from tandem_engine.forecasting.settings import Settings

__all__ = [
    "Calibration",
    "Coverage",
    "CyclePercentile",
    "CycleTimes",
    "Forecast",
    "ForecastError",
    "History",
    "PastForecast",
    "Percentile",
    "Question",
    "Range",
    "Settings",
    "Sufficiency",
    "TeamWork",
    "cycle_times",
    "forecast_how_many",
    "forecast_plan",
    "forecast_when",
    "items_in",
]
