"""Numbers as people write them, checked."""

import math
from typing import Any

from tandem.core.errors import Refused
from tandem.prioritisation.models import ScoringCriterion


def number_of(value: Any, field: str) -> float | None:
    """The number somebody wrote; ``None`` for nothing. Refuses what is no finite number."""
    if value in (None, ""):
        return None
    try:
        # People write 1 000 and 2,5.
        number = float("".join(str(value).split()).replace(",", "."))
    except (TypeError, ValueError):
        raise Refused(f"{value} is no number.", field=field) from None
    if not math.isfinite(number):
        raise Refused(f"{value} is no number on a scale.", field=field)
    return number


def on_scale(criterion: ScoringCriterion, value: float | None, field: str) -> float | None:
    """The value, if it lies on the criterion's scale; refuses it otherwise."""
    if value is not None and not criterion.low <= value <= criterion.high:
        unit = f" {criterion.unit}" if criterion.unit else ""
        raise Refused(
            f"{criterion.name} goes from {criterion.low:g} to {criterion.high:g}{unit}; "
            f"{value:g} lies outside.",
            field=field,
        )
    return value
