"""The sample's past as events, written in the order they happened."""

import datetime
from typing import Any

from django.db import models

from tandem.accounts.models import Member
from tandem.core import events
from tandem.core.models import Event


class Ledger:
    """Collects the events that operations would have recorded, then writes them sorted by moment.

    A feed reads events by their number, so the past has to be written in its own order and not
    item by item.
    """

    def __init__(self) -> None:
        self._events: list[Event] = []

    def tell(
        self,
        by: Member,
        verb: str,
        obj: models.Model,
        *,
        at: datetime.datetime,
        changes: dict[str, Any] | None = None,
    ) -> None:
        self._events.append(events.build(by=by, verb=verb, obj=obj, at=at, changes=changes))

    def write(self) -> int:
        """How many were written."""
        self._events.sort(key=lambda event: event.at)
        return len(Event.objects.bulk_create(self._events, batch_size=500))
