"""Recording events: called once by every operation, inside its transaction."""

import datetime
from collections.abc import Callable, Iterable, Sequence
from decimal import Decimal
from typing import Any, Protocol

from django.db import models
from django.utils import timezone

from tandem.core import bulk, channel
from tandem.core.belonging import workspace_of
from tandem.core.errors import Elsewhere
from tandem.core.models import Event
from tandem_engine.words import Begun, Joined, Said, kept

#: Beside what changed: what the sentences among the values are made of, by their English.
SAID = "said"


class Acting(Protocol):
    """Who acts: a member of a workspace."""

    @property
    def pk(self) -> Any: ...
    @property
    def name(self) -> str: ...

    workspace_id: int


#: Told of events inside the transaction that writes them.
Follower = Callable[[Sequence[Event]], None]
_followers: list[Follower] = []


def follow(follower: Follower) -> None:
    """Tell ``follower`` of every event, once, inside the transaction that writes it.

    A follower only writes rows, such as a job that does the rest after the commit: those rows
    exist exactly when the event does, also after a crash or a rolled back savepoint.
    """
    if follower not in _followers:
        _followers.append(follower)


def _tell(events: Sequence[Event]) -> None:
    for follower in _followers:
        follower(events)


def plain(value: Any) -> Any:
    """A value as JSON keeps it: days and moments as ISO text, rows by their label."""
    if isinstance(value, datetime.datetime | datetime.date):
        return value.isoformat()
    if isinstance(value, Decimal):
        return float(value)
    if isinstance(value, models.Model):
        return str(value)
    if isinstance(value, list | tuple | set | frozenset):
        return [plain(each) for each in value]
    if isinstance(value, dict):
        return {str(key): plain(each) for key, each in value.items()}
    return value


def with_parts(changes: dict[str, Any], label: str = "") -> dict[str, Any]:
    """The changes, and under ``said`` what those that are sentences are made of.

    So they stay plain English for programs, and are read in the reader's language.
    """
    values = [label, *changes.values()]
    for value in changes.values():
        if isinstance(value, list | tuple):
            values += value
    made_of = {str(each): kept(each) for each in values if isinstance(each, Said | Joined | Begun)}
    found = {name: plain(value) for name, value in changes.items()}
    return found | {SAID: made_of} if made_of else found


def told(event: Event) -> dict[str, Any]:
    """What an event changed, as programs read it."""
    return {name: value for name, value in event.changes.items() if name != SAID}


def build(
    *,
    by: Acting,
    verb: str,
    obj: models.Model,
    label: str = "",
    changes: dict[str, Any] | None = None,
    product_id: int | None = None,
    at: datetime.datetime | None = None,
) -> Event:
    """An event not yet written, for operations that write many at once.

    Refuses a row of another workspace, and with it the whole operation: reads start from the
    member, so only a mistake of ours gets here.
    """
    if workspace_of(obj) not in (None, by.workspace_id):
        raise Elsewhere()
    return Event(
        workspace_id=by.workspace_id,
        product_id=product_id if product_id is not None else getattr(obj, "product_id", None),
        member_id=by.pk,
        member_name=by.name[:200],
        channel=channel.current(),
        verb=verb,
        object_kind=obj._meta.model_name or "",
        object_id=obj.pk,
        object_label=(label or str(obj))[:300],
        changes=with_parts(changes or {}, label),
        at=at or timezone.now(),
    )


def record(**named: Any) -> Event:
    """Write one event; takes what ``build`` takes."""
    event = build(**named)
    event.save(force_insert=True)
    _tell([event])
    return event


def record_many(events: Iterable[Event]) -> list[Event]:
    """Write events made by ``build`` at once; followers are told of them together."""
    written = bulk.insert(events)
    if written:
        _tell(written)
    return written


def keep_past(events: Iterable[Event]) -> list[Event]:
    """Write what happened elsewhere before, with its own moments; followers are told of news only."""
    return bulk.insert(events)
