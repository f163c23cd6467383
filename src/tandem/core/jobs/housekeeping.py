"""What may be forgotten after a while. An app adds its own with ``prunes``; one job a night does it.

@prunes
def old_notices(before: datetime.datetime) -> int: ...   # deletes, returns how many
"""

import datetime
import logging
from collections.abc import Callable

from django.conf import settings
from django.utils import timezone

from tandem.core.jobs import notes
from tandem.core.models import OVER, Job

log = logging.getLogger(__name__)

Pruner = Callable[[datetime.datetime], int]
_pruners: list[Pruner] = []

#: Rows deleted in one transaction: SQLite's one writer is not held for long.
BATCH = 2_000


def prunes(function: Pruner) -> Pruner:
    """Have ``function`` called every night with the moment before which things are old."""
    if function not in _pruners:
        _pruners.append(function)
    return function


def prune() -> dict[str, int]:
    """Call every pruner; one that fails does not keep the others from their work."""
    before = timezone.now() - datetime.timedelta(days=settings.KEEP_JOBS_DAYS)
    found: dict[str, int] = {}
    failed: Exception | None = None
    for pruner in _pruners:
        try:
            found[f"{pruner.__module__}.{pruner.__name__}"] = pruner(before)
        except Exception as error:
            log.exception("could not prune with %s", pruner)
            failed = error
    if failed is not None:
        raise failed
    return found


@prunes
def finished_jobs(before: datetime.datetime) -> int:
    """Jobs that are over. Failed ones are kept as long: nobody looks at them after that."""
    deleted = 0
    while True:
        old = list(
            Job.objects.filter(state__in=OVER, finished_at__lt=before).values_list("pk", flat=True)[
                :BATCH
            ]
        )
        if not old:
            return deleted
        deleted += Job.objects.filter(pk__in=old).delete()[0]


@prunes
def stale_notes(before: datetime.datetime) -> int:
    """Progress of work that ended without a word."""
    return notes.prune((timezone.now() - before) / datetime.timedelta(days=1))
