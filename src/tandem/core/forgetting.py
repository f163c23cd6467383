"""The one opening in the append-only history.

Events are added and read; nothing else can be done to them through the application. Here is what
may be, and only where ``tests/test_history_is_kept.py`` lists it with its reason: what was erased
must not live on in the history, what is older than a workspace keeps goes, an import taken back
never was, and the sample's past is invented.
"""

from typing import Any

from django.db import models

from tandem.core.models import Event


def forget(events: "models.QuerySet[Event]") -> int:
    """Delete these events; returns how many."""
    return _opened(events).delete()[0]


def reword(events: "models.QuerySet[Event]", **values: Any) -> int:
    """Write ``values`` over these events' own; returns how many."""
    return _opened(events).update(**values)


def _opened(events: "models.QuerySet[Event]") -> "models.QuerySet[Event]":
    """The same rows through a queryset that refuses nothing."""
    return models.QuerySet(Event, query=events.query.chain(), using=events.db)
