"""The ``django_tasks`` backend for PostgreSQL: Procrastinate decides which job runs when.

The row of ``Job`` is what people see, and what a job is; Procrastinate's row says that it is to be
run. Both are written in the caller's transaction, through Django's connection.
"""

import datetime
from typing import Any

from django.db import connection, transaction
from django.utils import timezone
from procrastinate import App, JobContext, RetryDecision
from procrastinate.contrib.django.django_connector import DjangoConnector
from procrastinate.jobs import Job as Ticket
from procrastinate.manager import JobManager
from procrastinate.retry import BaseRetryStrategy

from tandem.core.jobs import running
from tandem.core.jobs.backend import DatabaseBackend
from tandem.core.models import OVER, Job

#: The one task Procrastinate knows: run the job of this number.
TASK = "tandem.job"


def manager() -> JobManager:
    """Procrastinate on Django's own connection and transaction, also inside a worker."""
    return JobManager(DjangoConnector())


class ProcrastinateBackend(DatabaseBackend):
    def hand_over(self, job: Job) -> None:
        """A ticket for the job, in the open transaction."""
        ticket = manager().defer_job(
            Ticket(
                id=None,
                queue=job.queue,
                lock=None,
                queueing_lock=None,
                task_name=TASK,
                priority=job.priority,
                task_kwargs={"number": job.pk},
                scheduled_at=job.run_after if job.run_after > timezone.now() else None,
            )
        )
        Job.objects.filter(pk=job.pk).update(engine_id=ticket.id)
        job.engine_id = ticket.id

    def take_back(self, job: Job) -> None:
        if job.engine_id is not None:
            manager().cancel_job_by_id(job.engine_id)

    def forget(self, engine_ids: list[int]) -> None:
        """Erase the tickets and what is told of them, in the open transaction."""
        with connection.cursor() as cursor:
            # Its events go with it.
            cursor.execute("DELETE FROM procrastinate_jobs WHERE id = ANY(%s)", [engine_ids])


class Again(Exception):
    """The job failed and is to be tried again after a while."""

    def __init__(self, wait: datetime.timedelta) -> None:
        super().__init__(f"again in {wait.total_seconds():.0f} s")
        self.wait = wait


class Dead(Exception):
    """The job failed for the last time; its row says why."""


class _Retry(BaseRetryStrategy):
    def get_retry_decision(self, *, exception: BaseException, job: Ticket) -> RetryDecision | None:
        if isinstance(exception, Dead):
            return None
        # Anything else that gets here is trouble with the database, not with the job.
        wait = exception.wait if isinstance(exception, Again) else datetime.timedelta(seconds=5)
        return RetryDecision(retry_in={"seconds": max(1, round(wait.total_seconds()))})


def register(app: App) -> None:
    """Called by Procrastinate's Django app when it is ready."""
    app.task(name=TASK, pass_context=True, retry=_Retry())(perform)


def perform(context: JobContext, number: int) -> None:
    """Run job ``number``, in a thread of the worker."""
    worker = str(context.additional_context.get("worker", ""))
    job = _begun(number, context.job.id, worker)
    if job is None:
        return
    outcome = running.run(job)
    if outcome is running.Outcome.AGAIN:
        raise Again(running.wait_before(job.attempts)) from None
    if outcome is running.Outcome.DEAD:
        raise Dead(f"job {number} is dead; see tandem jobs list") from None


@transaction.atomic
def _begun(number: int, ticket: Any, worker: str) -> Job | None:
    """The job as begun by this worker; none if this ticket is not (or no longer) the job's."""
    job = Job.objects.select_for_update().filter(pk=number, engine_id=ticket).first()
    if job is None or job.state in OVER:
        return None
    if running.used_up(job):
        job.save()
        return None
    job.begin(worker)
    job.save()
    return job
