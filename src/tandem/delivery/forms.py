"""Reading the days and numbers of a sprint's form."""

import datetime
from typing import Any

from django.utils.translation import gettext as _

from tandem.core.errors import Refused


def day_of(sent: Any, field: str, words: str) -> datetime.date:
    """A day written as browsers send it, ``2026-11-30``."""
    try:
        return datetime.date.fromisoformat(str(sent.get(field, "")).strip())
    except ValueError:
        raise Refused(
            _("%(name)s is a day, like 2026-11-30.") % {"name": words}, field=field
        ) from None


def sprint_fields(sent: Any) -> dict[str, Any]:
    return {
        "start_date": day_of(sent, "start_date", _("The first day")),
        "end_date": day_of(sent, "end_date", _("The end")),
        "capacity": sent.get("capacity", ""),
        "goal": sent.get("goal", ""),
    }
