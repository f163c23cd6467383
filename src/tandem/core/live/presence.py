"""Who looks at what: each open stream that says where it is has a row, kept fresh by its process.

A process that dies takes nobody with it: rows that are not kept fresh do not count.
"""

import datetime
import uuid
from collections.abc import Collection
from typing import Final

from django.utils import timezone

from tandem.core.live.pulses import pulse
from tandem.core.models import Presence

#: Seconds between two signs of life, and after which nobody is there any more.
BEAT: Final = 20.0
GONE: Final = datetime.timedelta(seconds=50)
#: Places that are no row's.
PLACES: Final = frozenset({"backlog", "board", "calendar", "prioritise"})


def is_place(place: str, streams: Collection[str]) -> bool:
    """A page is where one of its streams is, or at a place of the whole product."""
    return place in PLACES or (":" in place and place in streams)


def enter(member_id: int, product_id: int, place: str) -> str:
    line = uuid.uuid4().hex
    known = _there(product_id, place)
    Presence.objects.create(
        line=line,
        member_id=member_id,
        product_id=product_id,
        place=place,
        seen_at=timezone.now(),
    )
    if member_id not in known:
        pulse("presence", product_id=product_id)
    return line


def leave(line: str) -> None:
    row = Presence.objects.filter(line=line).first()
    if row is None:
        return
    row.delete()
    if row.member_id not in _there(row.product_id, row.place):
        pulse("presence", product_id=row.product_id)


def beat(lines: Collection[str]) -> None:
    """These pages are still open."""
    Presence.objects.filter(line__in=list(lines)).update(seen_at=timezone.now())


def _there(product_id: int, place: str) -> set[int]:
    rows = Presence.objects.filter(product_id=product_id, place=place)
    rows = rows.filter(seen_at__gt=timezone.now() - GONE)
    return set(rows.values_list("member_id", flat=True))


def who(product_id: int, place: str) -> set[int]:
    """The members who look at this place now."""
    return _there(product_id, place)


def forget_gone() -> int:
    return Presence.objects.filter(seen_at__lt=timezone.now() - 10 * GONE).delete()[0]
