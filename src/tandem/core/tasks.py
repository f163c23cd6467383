"""What the installation does for itself."""

from tandem.core.jobs import housekeeping as keep
from tandem.core.jobs.schedules import scheduled
from tandem.core.jobs.task import task


@scheduled(cron="15 3 * * *")
@task(attempts=3, priority=-50)
def housekeeping() -> dict[str, int]:
    """Forget finished jobs and stale notes, every night."""
    return keep.prune()
