"""Running one job that a worker has begun, and writing what became of it."""

import datetime
import enum
import logging

from django.utils import timezone
from django.utils.module_loading import import_string
from django_tasks.base import Task
from django_tasks.utils import normalize_json

from tandem.core import channel
from tandem.core.jobs import errors, notes, progress
from tandem.core.models import Job, JobState

log = logging.getLogger(__name__)

#: What is written when a job ends its worker each time it runs.
KILLED = "The worker ended while this job ran, {} times. The last attempt said nothing."


class Outcome(enum.Enum):
    DONE = "done"
    AGAIN = "again"
    DEAD = "dead"
    CANCELLED = "cancelled"
    #: The job went to another worker meanwhile, or was discarded: its outcome is not ours.
    LOST = "lost"


def wait_before(attempt: int) -> datetime.timedelta:
    """Back-off after the ``attempt``-th failure: 5 s, 25 s, 2 min, 10 min."""
    return datetime.timedelta(seconds=min(600, 5**attempt))


def used_up(job: Job) -> bool:
    """Whether a job whose worker is gone was begun often enough; then it is dead, unsaved."""
    if job.attempts < job.most_attempts:
        return False
    job.die("tandem.core.jobs.WorkerEnded", KILLED.format(job.attempts))
    return True


def run(job: Job) -> Outcome:
    """Run a begun job to its end. A failure is an outcome here, not an exception."""
    try:
        task: Task[..., object] = import_string(job.task)
        with channel.through("job"), progress.of_job(job.pk):
            result = normalize_json(task.call(*job.args, **job.kwargs))
    except progress.Cancelled:
        return _written(job, Outcome.CANCELLED, state=JobState.CANCELLED, error="")
    except Exception as error:
        return _failed(job, error)
    return _written(job, Outcome.DONE, state=JobState.DONE, error="", error_class="", result=result)


def _failed(job: Job, error: Exception) -> Outcome:
    text = errors.kept(error)
    log.error("job %s failed on attempt %s\n%s", job, job.attempts, text)
    told = {"error": text, "error_class": errors.class_of(error)[:200]}
    if progress_wanted_stop(job):
        return _written(job, Outcome.CANCELLED, state=JobState.CANCELLED, **told)
    if job.attempts >= job.most_attempts:
        return _written(job, Outcome.DEAD, state=JobState.DEAD, **told)
    again = timezone.now() + wait_before(job.attempts)
    return _written(job, Outcome.AGAIN, state=JobState.READY, run_after=again, **told)


def progress_wanted_stop(job: Job) -> bool:
    """A job that was to stop and fails instead is not tried again."""
    return notes.read(progress.stop_key(job.pk)) is not None


def _written(job: Job, outcome: Outcome, **fields: object) -> Outcome:
    """Write the outcome, unless the job went to another worker meanwhile."""
    if outcome is not Outcome.AGAIN:
        fields["finished_at"] = timezone.now()
    mine = Job.objects.filter(
        pk=job.pk, worker=job.worker, attempts=job.attempts, state=JobState.RUNNING
    )
    if not mine.update(**fields):
        return Outcome.LOST
    notes.forget(progress.stop_key(job.pk))
    return outcome
