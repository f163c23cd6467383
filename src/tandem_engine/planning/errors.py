"""What is said when no plan can be made from an input, and how numbers are checked for it."""

import math

from tandem_engine.planning.quantity import LARGEST, say


class ProblemError(ValueError):
    """An input no plan can be made from.

    ``message`` is a sentence a person reads: what is wrong and what to do. ``where`` names the
    input at fault (``"items.PAY-3.effort"``, ``"teams.Web.capacity"``, ``"rules.2"``), so that
    a form can show the sentence beside its field.
    """

    def __init__(self, message: str, where: str) -> None:
        super().__init__(message)
        self.message = message
        self.where = where


def is_number(value: object) -> bool:
    """A finite int or float; a truth value is none."""
    return isinstance(value, (int, float)) and not isinstance(value, bool) and math.isfinite(value)


def is_amount(value: object) -> bool:
    """A number from 0 to the largest effort or capacity taken."""
    return is_number(value) and 0 <= value <= LARGEST  # type: ignore[operator]


def shown(value: object) -> str:
    """A wrong value as the sentence about it names it."""
    if value is None:
        return "missing"
    return say(value) if isinstance(value, (int, float)) and math.isfinite(value) else str(value)
