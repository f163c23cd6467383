import datetime
import os

import pytest
from django.db import transaction
from django.utils import timezone
from django_tasks import default_task_backend
from django_tasks.base import TaskResultStatus
from django_tasks.exceptions import TaskResultDoesNotExist

from tandem.core.errors import Refused
from tandem.core.jobs import control, errors, notes, progress, running, worker
from tandem.core.jobs.backend import DatabaseBackend
from tandem.core.jobs.counts import counted
from tandem.core.models import Job, JobState
from tandem.core.tests.job_samples import fails, hello, stops_when_asked

DAY = datetime.timedelta(days=1)


@pytest.fixture
def enqueue(monkeypatch):
    """Puts a job on the own engine, also where the run's database has another one."""
    backend = DatabaseBackend("default", {"QUEUES": [], "OPTIONS": {}})
    monkeypatch.setattr(control, "_backend", lambda: backend)
    return lambda task, *args: backend.enqueue(task, args, {})


def the(result) -> Job:
    return Job.objects.get(pk=int(result.id))


@pytest.mark.django_db(transaction=True)
class TestWorking:
    def test_it_runs_what_is_due_the_urgent_first_and_once(self, enqueue):
        plain = enqueue(hello.using(priority=0), "plain")
        urgent = enqueue(hello, "urgent")
        later = enqueue(hello.using(run_after=timezone.now() + DAY), "tomorrow")
        assert worker.work(until_idle=True) == 2
        assert the(urgent).finished_at < the(plain).finished_at
        assert the(later).state == JobState.READY
        assert worker.work(until_idle=True) == 0

    def test_the_result_is_read_through_the_same_api(self, enqueue):
        asked = enqueue(hello, "Ada")
        assert DatabaseBackend("default", {}).get_result(asked.id).status == TaskResultStatus.READY
        worker.work(until_idle=True)
        found = hello.get_result(asked.id)
        assert (found.status, found.return_value) == (TaskResultStatus.SUCCESSFUL, "hello Ada")
        assert (found.attempts, found.args) == (1, ["Ada"])
        with pytest.raises(TaskResultDoesNotExist):
            default_task_backend.get_result("999999")

    def test_a_failing_job_waits_longer_each_time_and_then_is_dead(self, enqueue):
        asked = enqueue(fails, "dice")
        worker.work(until_idle=True)
        job = the(asked)
        assert (job.state, job.attempts) == (JobState.READY, 1)
        assert job.run_after > timezone.now() + datetime.timedelta(seconds=3)
        Job.objects.update(run_after=timezone.now())
        worker.work(until_idle=True)
        job.refresh_from_db()
        assert (job.state, job.attempts) == (JobState.DEAD, 2)
        assert job.reason == "ValueError: no luck with dice"
        found = fails.get_result(asked.id)
        assert found.status == TaskResultStatus.FAILED
        assert found.errors[0].exception_class is ValueError
        waits = [running.wait_before(attempt) for attempt in range(1, 9)]
        assert waits == sorted(waits)
        assert waits[-1] == datetime.timedelta(minutes=10)

    def test_a_worker_takes_only_the_queues_it_was_given(self, enqueue):
        asked = enqueue(hello, "post")
        assert worker.Worker(["other"]).work(until_idle=True) == 0
        assert worker.Worker(["mail"]).work(until_idle=True) == 1
        assert the(asked).state == JobState.DONE

    def test_a_job_of_a_silent_worker_runs_again_once_its_lease_ended(self, enqueue):
        asked = enqueue(hello, "again")
        assert worker.claim("gone").pk == the(asked).pk
        if not notes.is_shared():
            notes.write(worker.alive_key("gone"), {})
            assert worker.work(until_idle=True) == 0, "its worker says that it lives"
            old = timezone.now().timestamp() - 2 * worker.lease().total_seconds()
            os.utime(notes._path(worker.alive_key("gone")), (old, old))
        assert worker.work(until_idle=True) == 1
        assert the(asked).workers[0] == "gone"

    def test_a_job_that_ends_its_worker_each_time_is_dead_after_its_attempts(self, enqueue):
        asked = enqueue(fails, "power")
        for _ in range(2):
            assert worker.claim("gone").pk == the(asked).pk
        assert worker.claim("gone") is None
        assert the(asked).state == JobState.DEAD
        assert "The worker ended while this job ran, 2 times" in the(asked).error

    def test_a_worker_that_lost_its_job_does_not_write_the_outcome(self, enqueue):
        asked = enqueue(hello, "x")
        slow = worker.claim("slow")
        Job.objects.update(worker="other")
        assert running.run(slow) is running.Outcome.LOST
        assert the(asked).state == JobState.RUNNING

    def test_a_job_given_back_waits_without_having_counted(self, enqueue):
        asked = enqueue(hello, "x")
        job = worker.claim("stopping")
        stopping = worker.Worker()
        stopping._running.add(job.pk)
        stopping.give_back()
        assert worker.work(until_idle=True) == 1
        assert (the(asked).state, the(asked).attempts) == (JobState.DONE, 1)

    def test_a_job_of_a_change_that_is_taken_back_does_not_exist(self, enqueue):
        with pytest.raises(ZeroDivisionError), transaction.atomic():  # noqa: PT012
            enqueue(hello, "nobody")
            raise ZeroDivisionError
        assert not Job.objects.exists()

    def test_a_job_stops_where_it_looks_for_the_wish(self, enqueue):
        asked = enqueue(stops_when_asked, 3)
        job = worker.claim("w")
        control.ask_to_stop(job)
        assert running.run(job) is running.Outcome.CANCELLED
        assert the(asked).state == JobState.CANCELLED
        assert notes.read(progress.stop_key(job.pk)) is None
        notes.forget("sample-3")


@pytest.mark.django_db
class TestControl:
    def test_a_dead_job_runs_again_with_all_its_attempts(self, enqueue):
        asked = enqueue(hello, "again")
        Job.objects.update(state=JobState.DEAD, attempts=5, error="ValueError: x")
        control.run_again(the(asked))
        assert (the(asked).state, the(asked).attempts) == (JobState.READY, 0)
        with pytest.raises(Refused, match="only one that failed"):
            control.run_again(the(asked))

    def test_a_discarded_job_is_not_run(self, enqueue):
        asked = enqueue(hello, "never")
        control.discard(the(asked))
        assert worker.claim("w") is None
        with pytest.raises(Refused, match="waits or failed"):
            control.discard(the(asked))
        with pytest.raises(Refused, match="only a running one"):
            control.ask_to_stop(the(asked))

    def test_it_counts_by_state_and_says_how_long_the_oldest_has_been_due(self, enqueue):
        now = timezone.now()
        enqueue(hello.of(7), "a")
        enqueue(hello.using(run_after=now + DAY), "b")
        done = enqueue(hello, "c")
        Job.objects.filter(pk=int(done.id)).update(state=JobState.DONE)
        found = counted(now=now + datetime.timedelta(minutes=1))
        assert (found["ready"], found["done"], found["dead"]) == (2, 1, 0)
        assert 59 <= found.oldest_waiting <= 61
        assert counted(workspace_id=7)["ready"] == 1
        assert counted(workspace_id=8).oldest_waiting == 0


class TestErrors:
    @pytest.mark.parametrize(
        "text",
        [
            "cannot reach https://bot:hunter22@example.org/x",
            "Authorization: Bearer hunter22",
            "password=hunter22",
            "{'token': 'hunter22'}",
            "tdm_abc_hunter22",
        ],
    )
    def test_a_kept_error_holds_no_secret(self, text):
        kept = errors.kept(RuntimeError(text))
        assert "hunter22" not in kept
        assert "RuntimeError" in kept

    def test_the_installation_s_own_key_is_hidden(self, settings):
        assert settings.SECRET_KEY not in errors.cleaned(f"bad key {settings.SECRET_KEY}!")

    def test_a_long_error_keeps_its_end(self):
        kept = errors.kept(ValueError("x" * 50_000 + " at last"))
        assert len(kept) <= errors.MOST
        assert kept.rstrip().endswith("at last")


@pytest.mark.django_db(transaction=True)
class TestProgress:
    def test_it_is_told_and_forgotten(self):
        progress.tell("import-7", progress.Progress(250, 1000, "Reading"))
        assert progress.seen("import-7").percent == 25
        progress.over("import-7")
        assert progress.seen("import-7") is None

    def test_it_is_seen_although_the_work_s_transaction_is_taken_back(self):
        with pytest.raises(ZeroDivisionError), transaction.atomic():  # noqa: PT012
            Job.objects.create(task="x", run_after=timezone.now(), enqueued_at=timezone.now())
            progress.Teller("import-8")(5, 10, "Reading")
            raise ZeroDivisionError
        assert progress.seen("import-8").done == 5
        notes.forget("import-8")

    def test_it_is_written_at_most_twice_a_second(self):
        tell = progress.Teller("import-9")
        for done in range(100):
            tell(done, 100)
        assert progress.seen("import-9").done == 0
        progress.over("import-9")

    def test_it_refuses_a_name_that_could_leave_the_folder(self):
        with pytest.raises(ValueError, match="cannot name"):
            progress.seen("../secret")
