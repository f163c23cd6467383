"""Hints about what is no event: written by whoever notices it, read by every process's poller."""

import datetime
from dataclasses import dataclass
from typing import Final

from django.db import transaction
from django.utils import timezone

from tandem.core.models import Pulse

#: On PostgreSQL a transaction may commit after one with a higher number: so many are read again.
BACK: Final = 200
KEPT: Final = datetime.timedelta(hours=1)


@dataclass(frozen=True, slots=True)
class Beat:
    id: int
    kind: str
    product_id: int | None
    member_id: int | None
    object_id: int


def pulse(
    kind: str, *, product_id: int | None = None, member_id: int | None = None, object_id: int = 0
) -> None:
    """Tell the open pages of this member, or of this product, to look at something again."""
    from tandem.core.live.hub import hub

    Pulse.objects.create(kind=kind, product_id=product_id, member_id=member_id, object_id=object_id)
    transaction.on_commit(hub.wake)


class PulseReader:
    """Gives each pulse once, from now on."""

    def __init__(self) -> None:
        self._floor = Pulse.objects.order_by("-pk").values_list("pk", flat=True).first() or 0
        self._seen = set(
            Pulse.objects.filter(pk__gt=self._floor - BACK).values_list("pk", flat=True)
        )

    def read(self) -> list[Beat]:
        rows = Pulse.objects.filter(pk__gt=self._floor - BACK).order_by("pk")
        found = [
            Beat(*row)
            for row in rows.values_list("pk", "kind", "product_id", "member_id", "object_id")
        ]
        fresh = [each for each in found if each.id not in self._seen]
        if found:
            self._floor = max(self._floor, found[-1].id)
            self._seen = {each.id for each in found if each.id > self._floor - BACK}
        return fresh


def forget_old() -> int:
    return Pulse.objects.filter(at__lt=timezone.now() - KEPT).delete()[0]
