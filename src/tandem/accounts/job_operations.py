"""What an administrator does with the background work of the workspace."""

from django.db import transaction

from tandem.accounts.models import Member
from tandem.accounts.permissions import require
from tandem.core import events
from tandem.core.jobs import control
from tandem.core.models import Job


@transaction.atomic
def job_run_again(*, by: Member, job: Job) -> Job:
    """Let a job that failed, was cancelled or discarded wait anew."""
    require(by, "job.manage")
    control.run_again(job)
    return _recorded(by, job, "job.run_again")


@transaction.atomic
def job_discard(*, by: Member, job: Job) -> Job:
    """Put a job aside that waits or failed: nobody will run it."""
    require(by, "job.manage")
    control.discard(job)
    return _recorded(by, job, "job.discarded")


def job_cancel(*, by: Member, job: Job) -> Job:
    """Ask a running job to stop. The wish comes before the transaction: on SQLite the event can
    only be written when the job has let go of the write lock."""
    require(by, "job.manage")
    control.ask_to_stop(job)
    with transaction.atomic():
        return _recorded(by, job, "job.cancel_asked")


def _recorded(by: Member, job: Job, verb: str) -> Job:
    before = job.state
    job.refresh_from_db()
    changes = {"state": [before, job.state], "task": job.task}
    events.record(by=by, verb=verb, obj=job, label=job.name, changes=changes)
    return job
