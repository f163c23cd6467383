"""What the engine refuses, told to whoever can mend it."""

from typing import Any

from django.utils.translation import gettext as _

from tandem.core.errors import Refused
from tandem.ui.filters import spoken
from tandem_engine.prioritisation import ScoringError


def refused(error: ScoringError, **more: Any) -> Refused:
    """The engine's refusal with the place it is about."""
    where, message = spoken(error.where), spoken(error.message)
    return Refused(_("%(where)s: %(message)s.") % {"where": where, "message": message}, **more)
