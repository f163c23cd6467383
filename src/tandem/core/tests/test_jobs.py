import datetime

import pytest
from django.utils import timezone
from django_tasks import task

from tandem.core.jobs import progress, worker
from tandem.core.models import Job, JobState

RUNS: list[str] = []


@task()
def note_down(text: str) -> None:
    RUNS.append(text)


@task()
def always_fails() -> None:
    raise ValueError("no luck")


def enqueue(the_task, *args):
    return Job.objects.create(
        task=the_task.module_path,
        args=list(args),
        run_after=timezone.now(),
        enqueued_at=timezone.now(),
    )


@pytest.mark.django_db(transaction=True)
def test_a_worker_runs_what_is_due_in_order_and_once():
    RUNS.clear()
    enqueue(note_down, "first")
    enqueue(note_down, "second")
    later = enqueue(note_down, "tomorrow")
    Job.objects.filter(pk=later.pk).update(run_after=timezone.now() + datetime.timedelta(days=1))
    assert worker.work(until_idle=True) == 2
    assert RUNS == ["first", "second"]
    assert worker.work(until_idle=True) == 0


@pytest.mark.django_db(transaction=True)
def test_a_failing_job_waits_longer_each_time_and_then_is_dead():
    job = enqueue(always_fails)
    for attempt in range(1, worker.MOST_ATTEMPTS + 1):
        Job.objects.filter(pk=job.pk).update(run_after=timezone.now())
        worker.work(until_idle=True)
        job.refresh_from_db()
        assert job.attempts == attempt
    assert job.state == JobState.DEAD
    assert "no luck" in job.error


@pytest.mark.django_db(transaction=True)
def test_a_job_of_a_killed_worker_runs_again_once_its_lease_ended():
    RUNS.clear()
    job = enqueue(note_down, "again")
    claimed = worker.claim("a worker that is killed now")
    assert claimed.pk == job.pk
    assert worker.work(until_idle=True) == 0
    Job.objects.filter(pk=job.pk).update(
        leased_until=timezone.now() - datetime.timedelta(seconds=1)
    )
    assert worker.work(until_idle=True) == 1
    assert RUNS == ["again"]


@pytest.mark.django_db(transaction=True)
def test_a_worker_that_lost_its_lease_does_not_write_the_outcome():
    job = enqueue(note_down, "x")
    slow = worker.claim("slow")
    Job.objects.filter(pk=job.pk).update(worker="other")
    worker.run(slow)
    job.refresh_from_db()
    assert job.state == JobState.RUNNING


def test_progress_is_told_and_forgotten():
    progress.tell("import-7", progress.Progress(250, 1000, "Reading"))
    assert progress.seen("import-7").percent == 25
    progress.over("import-7")
    assert progress.seen("import-7") is None
