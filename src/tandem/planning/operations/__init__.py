"""Every write of planning: scenarios, plans and forecasts."""

from tandem.planning.operations.forecasts import (
    ForecastSummary,
    forecast_for_plan,
    forecast_make,
    forecast_summary,
)

__all__ = [
    "ForecastSummary",
    "forecast_for_plan",
    "forecast_make",
    "forecast_summary",
]
