"""What notices leave to the background."""

import datetime

from tandem.core.jobs.housekeeping import BATCH, prunes
from tandem.core.jobs.schedules import scheduled
from tandem.core.jobs.task import task
from tandem.notices import mail, spreading
from tandem.notices.models import Notice, NoticeEntry

#: What happened longer ago is in no inbox any more.
KEPT = datetime.timedelta(days=180)


@task(attempts=5, priority=20)
def notices_spread(numbers: list[int]) -> int:
    """Tell everybody concerned of these events."""
    told = spreading.spread(numbers)
    if mail.is_possible() and mail.is_due():
        mails_send.enqueue()
    return told


@scheduled(every=datetime.timedelta(minutes=1))
@task(attempts=3)
def mails_send() -> int:
    """Send the mails that are due."""
    return mail.send_due()


@prunes
def old_notices(before: datetime.datetime) -> int:
    """Notices of things that nothing happened to for half a year."""
    from django.utils import timezone

    deleted = 0
    long_ago = timezone.now() - KEPT
    for model in (NoticeEntry, Notice):
        while old := list(
            model.objects.filter(at__lt=long_ago).values_list("pk", flat=True)[:BATCH]
        ):
            deleted += model.objects.filter(pk__in=old).delete()[0]
    return deleted
