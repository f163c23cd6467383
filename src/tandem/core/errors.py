"""What an operation says no with. A person reads the message: what, where, what to do now."""

from typing import Any

from django.utils.translation import gettext as _


class Refused(Exception):
    """An expected failure: nothing was changed. ``field`` names the input it is about."""

    status = 422

    def __init__(self, message: str, *, field: str | None = None, **details: Any) -> None:
        super().__init__(message)
        self.message = message
        self.field = field
        self.details = details


class PermissionRefused(Refused):
    """The member's role may not do this."""

    status = 403


class Busy(Refused):
    """The database did not get to this in time; the same request may do a moment later."""

    status = 503

    def __init__(self) -> None:
        super().__init__(
            _(
                "Tandem is still writing something large, such as an import. Nothing was saved by "
                "this; try again in a moment."
            )
        )


class Elsewhere(Refused):
    """The row belongs to another workspace: to this member it does not exist."""

    status = 404

    def __init__(self) -> None:
        super().__init__(_("Nothing is here, or it belongs to another workspace."))


class Conflict(Refused):
    """Somebody else changed the row since it was read; ``current`` is what it is now.

    ``yours``: the version the change started from.
    """

    status = 409

    def __init__(
        self,
        message: str,
        *,
        current: Any = None,
        field: str | None = None,
        yours: int | None = None,
    ) -> None:
        super().__init__(message, field=field)
        self.current = current
        self.yours = yours
