"""Numbers as people write them, checked."""

import math
from dataclasses import dataclass
from typing import Any, Final

from tandem.core.errors import Refused
from tandem.prioritisation.models import ScoringCriterion

LONGEST_NOTE: Final = 500


@dataclass(frozen=True)
class Said:
    """An answer on a scale, checked. ``low``/``high`` are P10/P90; ``confidence`` is 0 to 1."""

    value: float
    low: float | None
    high: float | None
    confidence: float | None
    note: str


def said_on(
    criterion: ScoringCriterion,
    *,
    value: Any,
    low: Any = None,
    high: Any = None,
    confidence: Any = None,
    note: str = "",
) -> Said:
    """What somebody said, if it is an answer to the criterion; refuses it otherwise."""
    if criterion.kind == "effort":
        raise Refused("Effort comes from the item's estimate: change it there.", field="value")
    likely = on_scale(criterion, number_of(value, "value"), "value")
    if likely is None:
        raise Refused("Give a value.", field="value")
    lowest = on_scale(criterion, number_of(low, "low"), "low")
    highest = on_scale(criterion, number_of(high, "high"), "high")
    range_checked(lowest, likely, highest)
    return Said(likely, lowest, highest, share_of(confidence), note_of(note))


def range_checked(low: float | None, likely: float, high: float | None) -> None:
    """Refuses half a range, and one out of order."""
    if (low is None) != (high is None):
        raise Refused(
            "A range needs its low and its high end.", field="low" if low is None else "high"
        )
    if low is not None and high is not None and not low <= likely <= high:
        raise Refused("Write a range as low, likely, high.", field="low")


def share_of(confidence: Any) -> float | None:
    sure = number_of(confidence, "confidence")
    if sure is not None and not 0 <= sure <= 1:
        raise Refused("A confidence lies between 0 and 1.", field="confidence")
    return sure


def note_of(text: str, field: str = "note", what: str = "note") -> str:
    """One line of text as it is kept; refuses one that is too long."""
    note = " ".join(str(text or "").replace("\x00", "").split())
    if len(note) > LONGEST_NOTE:
        raise Refused(f"A {what} has at most {LONGEST_NOTE} characters.", field=field)
    return note


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
