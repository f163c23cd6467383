"""What the installation does for itself."""

import datetime

from tandem.core.index import words
from tandem.core.jobs import housekeeping as keep
from tandem.core.jobs.schedules import scheduled
from tandem.core.jobs.task import task
from tandem.core.live.presence import forget_gone
from tandem.core.live.pulses import forget_old


@scheduled(every=datetime.timedelta(minutes=5))
@task(attempts=1, priority=-40)
def words_learn() -> int:
    """Count the words written lately: searches know their beginnings and what resembles them."""
    words.relearn()
    return words.learn()


@scheduled(cron="15 3 * * *")
@task(attempts=3, priority=-50)
def housekeeping() -> dict[str, int]:
    """Forget finished jobs and stale notes, every night."""
    return keep.prune()


@keep.prunes
def old_pulses(before: datetime.datetime) -> int:
    """Hints that every page has heard by now."""
    return forget_old() + forget_gone()
