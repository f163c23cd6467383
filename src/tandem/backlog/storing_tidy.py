"""Bytes without an attachment: removed when the last row that names them is erased; what a crash
leaves is found by its age and removed every night."""

import contextlib
import datetime
import itertools
from collections.abc import Iterable

from django.db import transaction
from django.utils import timezone

from tandem.accounts.models import Workspace
from tandem.backlog.models import Attachment
from tandem.core.errors import Refused
from tandem.core.storing import store

#: Younger bytes may belong to an upload that is under way.
AGE = datetime.timedelta(hours=6)
BATCH = 500


def tidy(now: datetime.datetime | None = None) -> int:
    """Returns how many were removed. Can run again at any time."""
    before = (now or timezone.now()) - AGE
    place, count = store(), 0
    old = (each.key for each in place.kept() if each.changed_at < before)
    while keys := list(itertools.islice(old, BATCH)):
        named = set(Attachment.objects.filter(key__in=keys).values_list("key", flat=True))
        for key in keys:
            if key not in named:
                place.remove(key)
                count += 1
    return count


def bytes_forget(workspace_id: int, keys: Iterable[str]) -> None:
    """When the caller's transaction is over, remove bytes that no attachment names any more."""
    wanted = sorted({key for key in keys if key})

    def sweep() -> None:
        with transaction.atomic():
            Workspace.objects.select_for_update().filter(pk=workspace_id).first()
            named = Attachment.objects.filter(key__in=wanted).values_list("key", flat=True)
            for key in set(wanted) - set(named):
                with contextlib.suppress(Refused, OSError):
                    store().remove(key)

    if wanted:
        transaction.on_commit(sweep)
