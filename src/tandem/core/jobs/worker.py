"""The worker: leases one job after the other and runs it."""

import datetime
import logging
import os
import socket
import threading
import time
import traceback
from collections.abc import Callable

from django.db import close_old_connections, connection, transaction
from django.db.models import Q
from django.utils import timezone
from django.utils.module_loading import import_string
from django_tasks.base import Task

from tandem.core import channel
from tandem.core.models import Job, JobState

log = logging.getLogger(__name__)

LEASE = datetime.timedelta(seconds=60)
HEARTBEAT_SECONDS = 15.0
MOST_ATTEMPTS = 5
IDLE_SECONDS = 0.4


def wait_before(attempt: int) -> datetime.timedelta:
    """Back-off after the ``attempt``-th failure: 5 s, 25 s, 2 min, 10 min."""
    return datetime.timedelta(seconds=min(600, 5**attempt))


def claim(worker: str) -> Job | None:
    """Lease the oldest job that is due, or whose worker is gone."""
    now = timezone.now()
    due = Q(state=JobState.READY, run_after__lte=now) | Q(
        state=JobState.RUNNING, leased_until__lt=now
    )
    # Looking without a lock first keeps an idle worker from taking SQLite's write lock.
    if not Job.objects.filter(due).exists():
        return None
    with transaction.atomic():
        rows = Job.objects.filter(due).order_by("run_after")
        if connection.features.has_select_for_update_skip_locked:
            rows = rows.select_for_update(skip_locked=True)
        job = rows.first()
        if job is None:
            return None
        job.state = JobState.RUNNING
        job.worker = worker
        job.attempts += 1
        job.started_at = now
        job.leased_until = now + LEASE
        job.save()
        return job


def _finish(job: Job, **fields: object) -> None:
    """Write the outcome, unless the lease went to another worker meanwhile."""
    Job.objects.filter(pk=job.pk, worker=job.worker, state=JobState.RUNNING).update(**fields)


def run(job: Job) -> None:
    """Run a leased job to its end, renewing the lease while it works."""
    stopped = threading.Event()

    def renew() -> None:
        while not stopped.wait(HEARTBEAT_SECONDS):
            try:
                _finish(job, leased_until=timezone.now() + LEASE)
            except Exception:
                log.warning("could not renew the lease of %s", job, exc_info=True)
        connection.close()

    heartbeat = threading.Thread(target=renew, daemon=True)
    heartbeat.start()
    try:
        task: Task[..., object] = import_string(job.task)
        with channel.through("job"):
            task.call(*job.args, **job.kwargs)
    except Exception:
        error = traceback.format_exc()
        log.error("job %s failed on attempt %s\n%s", job.task, job.attempts, error)
        if job.attempts >= MOST_ATTEMPTS:
            _finish(job, state=JobState.DEAD, error=error, finished_at=timezone.now())
        else:
            again = timezone.now() + wait_before(job.attempts)
            _finish(job, state=JobState.READY, error=error, run_after=again, leased_until=None)
    else:
        _finish(job, state=JobState.DONE, error="", finished_at=timezone.now())
    finally:
        stopped.set()
        heartbeat.join(timeout=5)


def work(*, stop: Callable[[], bool] = lambda: False, until_idle: bool = False) -> int:
    """Work until ``stop()`` (or until nothing is due); returns how many jobs were run."""
    worker = f"{socket.gethostname()[:30]}-{os.getpid()}"
    done = 0
    while not stop():
        close_old_connections()
        job = claim(worker)
        if job is not None:
            run(job)
            done += 1
        elif until_idle:
            break
        else:
            time.sleep(IDLE_SECONDS)
    return done
