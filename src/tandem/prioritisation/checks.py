"""Numbers as people write them, checked."""

import math
from dataclasses import dataclass
from typing import Any, Final

from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop as N_

from tandem.core.errors import Refused
from tandem.prioritisation.models import ScoringCriterion
from tandem.ui.filters import unit
from tandem.ui.numbers import read_number
from tandem.ui.phrases import plain

LONGEST_NOTE: Final = 500
NOTE_TOO_LONG: Final = N_("A note has at most %(count)s characters.")
REASON_TOO_LONG: Final = N_("A reason has at most %(count)s characters.")


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
        raise Refused(_("Effort comes from the item's estimate: change it there."), field="value")
    likely = on_scale(criterion, number_of(value, "value"), "value")
    if likely is None:
        raise Refused(_("Give a value."), field="value")
    lowest = on_scale(criterion, number_of(low, "low"), "low")
    highest = on_scale(criterion, number_of(high, "high"), "high")
    range_checked(lowest, likely, highest)
    return Said(likely, lowest, highest, share_of(confidence), note_of(note))


def range_checked(low: float | None, likely: float, high: float | None) -> None:
    """Refuses half a range, and one out of order."""
    if (low is None) != (high is None):
        raise Refused(
            _("A range needs its low and its high end."), field="low" if low is None else "high"
        )
    if low is not None and high is not None and not low <= likely <= high:
        raise Refused(_("Write a range as low, likely, high."), field="low")


def share_of(confidence: Any) -> float | None:
    sure = number_of(confidence, "confidence")
    if sure is not None and not 0 <= sure <= 1:
        raise Refused(_("A confidence lies between 0 and 1."), field="confidence")
    return sure


def note_of(text: str, field: str = "note", too_long: str = NOTE_TOO_LONG) -> str:
    """One line of text as it is kept; refuses one that is too long."""
    note = " ".join(str(text or "").replace("\x00", "").split())
    if len(note) > LONGEST_NOTE:
        raise Refused(_(too_long) % {"count": LONGEST_NOTE}, field=field)
    return note


def number_of(value: Any, field: str) -> float | None:
    """The number somebody wrote; ``None`` for nothing. Refuses what is no finite number."""
    if value in (None, ""):
        return None
    try:
        # People write 1 000, too.
        number = read_number("".join(value.split()) if isinstance(value, str) else value)
    except (TypeError, ValueError):
        raise Refused(_("%(value)s is no number.") % {"value": value}, field=field) from None
    if not math.isfinite(number):
        raise Refused(_("%(value)s is no number on a scale.") % {"value": value}, field=field)
    return number


def on_scale(criterion: ScoringCriterion, value: float | None, field: str) -> float | None:
    """The value, if it lies on the criterion's scale; refuses it otherwise."""
    if value is not None and not criterion.low <= value <= criterion.high:
        high = plain(criterion.high)
        if criterion.unit:
            high = f"{high} {unit(2, criterion.unit)}"
        raise Refused(
            _("%(criterion)s goes from %(low)s to %(high)s; %(value)s lies outside.")
            % {
                "criterion": criterion.name,
                "low": plain(criterion.low),
                "high": high,
                "value": plain(value),
            },
            field=field,
        )
    return value
