"""The worker's own engine, for SQLite: claims one job after the other and runs it."""

import datetime
import logging
import os
import secrets
import socket
import threading
import time
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor

from django.conf import settings
from django.db import close_old_connections, connection, connections, transaction
from django.db.models import Q
from django.utils import timezone

from tandem.core.jobs import notes, running, schedules
from tandem.core.models import Job, JobState

log = logging.getLogger(__name__)

IDLE_SECONDS = 0.4


def name() -> str:
    """This process among all workers, also after its number was given to another process."""
    host = "".join(each for each in socket.gethostname() if each.isalnum())[:30]
    return f"{host}-{os.getpid()}-{secrets.token_hex(3)}"


def lease() -> datetime.timedelta:
    """How long a worker may be silent before its jobs are given to another."""
    return datetime.timedelta(seconds=settings.JOB_LEASE_SECONDS)


def alive_key(worker: str) -> str:
    return f"alive-{worker}"


def claim(worker: str, queues: Sequence[str] = ()) -> Job | None:
    """Take the most urgent job that is due, or whose worker is gone.

    A worker says that it lives by a note that is never older than the lease, not in the job's row:
    work that changes many rows in one transaction holds SQLite's write lock, and its heartbeat
    could not be written for as long.
    """
    now = timezone.now()
    alive = [key.removeprefix("alive-") for key in notes.fresh("alive-", lease().total_seconds())]
    left = Q(state=JobState.RUNNING) & ~Q(worker__in=alive)
    due = Job.objects.filter(Q(state=JobState.READY, run_after__lte=now) | left)
    if queues:
        due = due.filter(queue__in=queues)
    # Looking without a lock first keeps an idle worker from taking SQLite's write lock.
    if not due.exists():
        return None
    with transaction.atomic():
        for job in due.order_by("-priority", "run_after", "pk")[:50]:
            if job.state == JobState.RUNNING and not _was_given_back(job) and running.used_up(job):
                job.save()
                continue
            job.begin(worker)
            job.save()
            return job
    return None


def _back_key(number: int) -> str:
    return f"back-{number}"


def _was_given_back(job: Job) -> bool:
    """Its worker was asked to stop: that attempt does not count."""
    if notes.read(_back_key(job.pk)) is None:
        return False
    notes.forget(_back_key(job.pk))
    job.attempts = max(0, job.attempts - 1)
    return True


class Worker:
    """Runs up to ``concurrency`` jobs of the given queues (none: all) at once."""

    def __init__(self, queues: Sequence[str] = (), concurrency: int = 1) -> None:
        self.queues = tuple(queues)
        self.concurrency = concurrency
        self.name = name()
        self._ended = threading.Event()
        self._running: set[int] = set()
        self._done = 0
        self._lock = threading.Lock()

    def work(self, *, stop: Callable[[], bool] = lambda: False, until_idle: bool = False) -> int:
        """Work until ``stop()`` (or until nothing is due); returns how many jobs were run."""
        self._say_alive()
        heart = threading.Thread(target=self._beat, daemon=True)
        heart.start()
        try:
            if self.concurrency == 1:
                self._loop(stop, until_idle)
            else:
                with ThreadPoolExecutor(self.concurrency) as pool:
                    each = [
                        pool.submit(self._thread, stop, until_idle) for _ in range(self.concurrency)
                    ]
                    for future in each:
                        future.result()
        finally:
            self._ended.set()
            heart.join(timeout=5)
            notes.forget(alive_key(self.name))
        return self._done

    def give_back(self) -> None:
        """Let the next worker have the jobs that run here: this process ends now. Said by notes,
        since a job in mid-transaction holds the write lock until the process is gone."""
        with self._lock:
            for number in self._running:
                notes.write(_back_key(number), {})
        self._ended.set()
        notes.forget(alive_key(self.name))

    def _thread(self, stop: Callable[[], bool], until_idle: bool) -> None:
        try:
            self._loop(stop, until_idle)
        finally:
            connections.close_all()

    def _loop(self, stop: Callable[[], bool], until_idle: bool) -> None:
        while not stop():
            # Inside a caller's transaction the connection is the caller's.
            if not connection.in_atomic_block:
                close_old_connections()
            schedules.tick()
            job = claim(self.name, self.queues)
            if job is not None:
                self._run(job)
            elif until_idle:
                break
            else:
                time.sleep(IDLE_SECONDS)

    def _run(self, job: Job) -> None:
        with self._lock:
            self._running.add(job.pk)
        try:
            running.run(job)
        finally:
            with self._lock:
                self._running.discard(job.pk)
                self._done += 1

    def _beat(self) -> None:
        while not self._ended.wait(lease().total_seconds() / 4):
            try:
                self._say_alive()
            except Exception:
                log.warning("could not say that the worker lives", exc_info=True)

    def _say_alive(self) -> None:
        notes.write(alive_key(self.name), {})


def work(*, stop: Callable[[], bool] = lambda: False, until_idle: bool = False) -> int:
    """One worker for all queues, until ``stop()`` or until nothing is due."""
    return Worker().work(stop=stop, until_idle=until_idle)
