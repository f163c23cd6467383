"""A forecast as plain values: what the command prints and the API answers with."""

from typing import Any

from tandem.planning.models import Forecast

DETAILS = ("fan", "histogram", "teams", "parameters")


def forecast_payload(forecast: Forecast, *, whole: bool = False) -> dict[str, Any]:
    """Documented in ``docs/using/forecast.md``; ``whole`` adds the pictures' figures.

    ``percentiles`` holds ISO days ("when", "plan") or numbers of items ("how_many"). A day that
    lies beyond the ten years imagined is ``null``; ``beyond`` then names the last day imagined.
    """
    details, asked = forecast.details, forecast.asked
    payload = {
        "question": forecast.question,
        "items": asked.get("items"),
        "by": asked.get("by"),
        "plan": forecast.plan_id,
        "range": asked.get("range"),
        "today": asked.get("today"),
        "percentiles": forecast.percentiles,
        "beyond": details.get("beyond"),
        "seed": forecast.seed,
        "method": forecast.method,
        "history": history_payload(forecast),
        "trials": details.get("trials"),
        "calibration": details.get("checked"),
        "notes": details.get("notes", []),
        "explanation": details.get("explanation", []),
        "fingerprint": forecast.fingerprint,
        "engine_version": forecast.engine_version,
    }
    if whole:
        payload |= {name: details.get(name) for name in DETAILS}
    return payload


def history_payload(forecast: Forecast) -> dict[str, Any]:
    """The weeks looked back on; zero weeks where a range was entered or teams differ."""
    found = forecast.details.get("history")
    return found or {
        "weeks": 0,
        "finished": 0,
        "per_week": None,
        "first_week": None,
        "until": None,
        "counts": [],
        "active_days": 0,
        "enough": False,
    }
