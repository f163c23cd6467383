"""Reading the events table as an outbox: hints in the order of their numbers, each once."""

import json
import time
from collections import OrderedDict
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from typing import Any, Final

from django.db import connection
from django.db.models import QuerySet

from tandem.core.models import Event
from tandem.core.prepared import prepared

#: Read at once; when more was added between two looks, pages are told to ask for everything.
MOST: Final = 1000
#: On PostgreSQL a transaction may commit later than one that took a higher number. So many
#: seconds after a number was seen, the lower ones are taken to be gone for good.
LATE: Final = 30.0


@dataclass(frozen=True, slots=True)
class Hint:
    """That something happened to a row of a product: what and to which, nothing about its values."""

    id: int
    product_id: int | None
    kind: str
    object_id: int
    verb: str
    member_id: int | None

    @property
    def stream(self) -> str:
        return f"{self.kind}:{self.object_id}"

    def frame(self) -> bytes:
        """As server-sent events are written."""
        data = {
            "kind": self.kind,
            "id": self.object_id,
            "verb": self.verb,
            "by": self.member_id,
        }
        return f"id: {self.id}\ndata: {json.dumps(data)}\n\n".encode()


_FIELDS = ("id", "product_id", "object_kind", "object_id", "verb", "member_id")


def newest() -> int:
    """The number of the newest event: from where a page that is drawn now goes on."""
    return next(iter(_newest()), 0)


@prepared
def _newest() -> QuerySet[Event, int]:
    return Event.objects.order_by("-pk").values_list("pk", flat=True)[:1]


def since(product_id: int, streams: Collection[str], after: int, limit: int) -> list[Hint]:
    """What happened on these streams after event number ``after``, at most ``limit`` and one."""
    rows = Event.objects.filter(product_id=product_id, pk__gt=after).order_by("pk")
    if "product" not in streams:
        rows = rows.filter(object_kind__in={each.partition(":")[0] for each in streams})
    found = (Hint(*row) for row in rows.values_list(*_FIELDS)[: MOST + 1])
    return [each for each in found if wanted(each, streams)][: limit + 1]


def wanted(hint: Hint, streams: Collection[str]) -> bool:
    return "product" in streams or hint.stream in streams


class Reader:
    """Gives each event once, also those whose transaction committed late."""

    def __init__(self) -> None:
        self._floor = newest()
        self._seen: OrderedDict[int, float] = OrderedDict()
        self._late = LATE if connection.vendor == "postgresql" else 0.0

    def read(self) -> tuple[list[Hint], bool]:
        """What is new, and whether so much was added that some of it was passed over."""
        rows = Event.objects.filter(pk__gt=self._floor).order_by("pk")
        found = [Hint(*row) for row in rows.values_list(*_FIELDS)[:MOST]]
        fresh = [each for each in found if each.id not in self._seen]
        overrun = len(found) == MOST
        self._remember(fresh, jump=newest() if overrun else None)
        return fresh, overrun

    def _remember(self, fresh: Iterable[Hint], jump: int | None) -> None:
        now = time.monotonic()
        for each in fresh:
            self._seen[each.id] = now
        if jump is not None:
            self._floor = max(self._floor, jump)
        while self._seen:
            first = min(self._seen)
            if self._floor < first and now - self._seen[first] < self._late:
                break
            # Everything up to here is settled.
            self._floor = max(self._floor, first)
            del self._seen[first]


def read_query(text: str) -> dict[str, Any]:
    """``on=ratingsession:5&on=product&after=12`` as names and a number; nothing for nonsense."""
    from urllib.parse import parse_qs

    asked = parse_qs(text, max_num_fields=20)
    after = asked.get("after", [""])[0]
    return {
        "streams": list(dict.fromkeys(asked.get("on", []))),
        "here": asked.get("here", [""])[0],
        "after": int(after) if after.isascii() and after.isdigit() and len(after) < 19 else None,
    }
