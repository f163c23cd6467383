"""A worker on PostgreSQL: Procrastinate's, with rescue of what killed workers left and schedules."""

import asyncio
import logging
import threading
from collections.abc import Callable, Sequence
from functools import partial
from typing import Any

from asgiref.sync import async_to_sync
from django.db import connection, connections, transaction
from django.db.models import Exists, OuterRef
from django_tasks import task_backends
from procrastinate.contrib.django import app as procrastinate_app
from procrastinate.contrib.django import connector_params
from procrastinate.contrib.django.models import ProcrastinateJob
from procrastinate.psycopg_connector import PsycopgConnector

from tandem.core.jobs import schedules
from tandem.core.jobs.procrastinate import ProcrastinateBackend, manager
from tandem.core.jobs.worker import lease, name
from tandem.core.models import Job, JobState

log = logging.getLogger(__name__)

#: One rescuer at a time; the number only has to be nobody else's.
_RESCUE_LOCK = 7_402_131


class Worker:
    """Runs up to ``concurrency`` jobs of the given queues (none: all) at once."""

    def __init__(self, queues: Sequence[str] = (), concurrency: int = 1) -> None:
        self.queues = tuple(queues)
        self.concurrency = concurrency
        self.name = name()
        self._ended = threading.Event()
        self._stop: Callable[[], Any] = lambda: None

    def work(self, *, stop: Callable[[], bool] = lambda: False, until_idle: bool = False) -> int:
        """Work until ``stop()`` (or until nothing is due); returns how many jobs were run."""
        before = self._run_here()
        look_after()
        keeper = threading.Thread(target=self._keep, args=(stop,), daemon=True)
        connections.close_all()
        try:
            asyncio.run(self._serve(until_idle, keeper))
        finally:
            self._ended.set()
            if keeper.is_alive():
                keeper.join(timeout=5)
        return self._run_here() - before

    def give_back(self) -> None:
        """Let the jobs that run here wait for another worker: this process ends now."""
        mine = Job.objects.filter(worker=self.name, state=JobState.RUNNING)
        with transaction.atomic():
            for job in mine.select_for_update():
                job.state, job.worker = JobState.READY, ""
                # The attempt does not count: the job has not failed.
                job.attempts = max(0, job.attempts - 1)
                job.save(update_fields=["state", "worker", "attempts"])
                _wait_anew(job.engine_id)

    def _run_here(self) -> int:
        return Job.objects.filter(worker=self.name).exclude(state=JobState.RUNNING).count()

    async def _serve(self, until_idle: bool, keeper: threading.Thread) -> None:
        seconds = lease().total_seconds()
        with procrastinate_app.replace_connector(
            PsycopgConnector(kwargs=connector_params())
        ) as app:
            async with app.open_async():
                options: dict[str, Any] = {"queues": list(self.queues)} if self.queues else {}
                serving = asyncio.create_task(
                    app.run_worker_async(
                        **options,
                        name=self.name,
                        concurrency=self.concurrency,
                        wait=not until_idle,
                        fetch_job_polling_interval=1.0,
                        update_heartbeat_interval=seconds / 4,
                        stalled_worker_timeout=seconds,
                        additional_context={"worker": self.name},
                        install_signal_handlers=False,
                    )
                )
                loop = asyncio.get_running_loop()
                self._stop = partial(loop.call_soon_threadsafe, serving.cancel)
                keeper.start()
                # Cancelled means: asked to stop, with the running jobs finished.
                await asyncio.wait([serving])
                if not serving.cancelled():
                    serving.result()

    def _keep(self, stop: Callable[[], bool]) -> None:
        """Beside the jobs: hear the wish to stop, ask for what is due, rescue what was left."""
        every = max(1.0, lease().total_seconds() / 4)
        waited = 0.0
        try:
            while not self._ended.wait(0.2):
                waited += 0.2
                if stop():
                    self._stop()
                    return
                if waited >= every:
                    waited = 0.0
                    try:
                        look_after()
                    except Exception:
                        log.warning("could not look after jobs", exc_info=True)
                        connection.close()
        finally:
            connections.close_all()


def look_after() -> None:
    """Ask for what the schedules want, and let wait anew what nobody works on any more."""
    schedules.tick()
    with transaction.atomic():
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_try_advisory_xact_lock(%s)", [_RESCUE_LOCK])
            if not cursor.fetchone()[0]:
                return
        _rescue()
        _hand_over_again()


def _rescue() -> None:
    """Jobs whose worker is silent for longer than the lease."""
    stalled = async_to_sync(manager().get_stalled_jobs)(
        seconds_since_heartbeat=lease().total_seconds()
    )
    for ticket in stalled:
        job = Job.objects.select_for_update().filter(engine_id=ticket.id).first()
        if job is not None and job.state == JobState.RUNNING:
            log.warning("the worker of job %s is gone; the job waits anew", job)
            job.state, job.worker = JobState.READY, ""
            job.save(update_fields=["state", "worker"])
        _wait_anew(ticket.id)


def _hand_over_again() -> None:
    """Jobs without a live ticket: those that came from another database, and the end of races."""
    backend: Any = task_backends["default"]
    if not isinstance(backend, ProcrastinateBackend):
        return
    live = ProcrastinateJob.objects.filter(id=OuterRef("engine_id"), status__in=["todo", "doing"])
    lost = Job.objects.unfinished().filter(~Exists(live))
    for job in lost.select_for_update()[:500]:
        job.state, job.worker = JobState.READY, ""
        job.save(update_fields=["state", "worker"])
        backend.hand_over(job)


def _wait_anew(ticket: int | None) -> None:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT procrastinate_retry_job_v2(id, now(), NULL, NULL, NULL)"
            " FROM procrastinate_jobs WHERE id = %s AND status = 'doing'",
            [ticket],
        )
