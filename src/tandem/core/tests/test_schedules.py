import datetime

import pytest
from django.utils import timezone

from tandem.core.jobs import housekeeping, notes, schedules
from tandem.core.jobs.backend import DatabaseBackend
from tandem.core.models import Job, JobState, Schedule
from tandem.core.tests.job_samples import hello

NOON = datetime.datetime(2026, 11, 24, 12, 0, tzinfo=datetime.UTC)
HOUR = datetime.timedelta(hours=1)


@pytest.fixture
def asked(monkeypatch):
    """One schedule, hourly; gives the moments at which its job was asked for."""
    times = []

    class Recorded:
        module_path = "tandem.sample.hourly"

        def enqueue(self):
            times.append(timezone.now())

    plan = schedules.Plan(Recorded(), cron="0 * * * *")
    monkeypatch.setattr(schedules, "plans", lambda: [plan])
    return times


@pytest.mark.django_db
class TestSchedules:
    def test_one_tick_is_one_job_however_often_one_looks(self, asked):
        schedules.ask(NOON + HOUR / 2)
        assert asked == [], "the first look only learns where the schedule stands"
        assert [schedules.ask(NOON + HOUR) for _ in range(3)] == [1, 0, 0]
        assert len(asked) == 1

    def test_a_worker_that_read_before_another_took_the_tick_asks_for_nothing(self, asked):
        schedules.ask(NOON)
        plan = schedules.plans()[0]
        assert schedules._asked(plan, NOON + HOUR, NOON)
        assert not schedules._asked(plan, NOON + HOUR, NOON)
        assert len(asked) == 1

    def test_ticks_missed_while_nothing_ran_become_one_job(self, asked):
        schedules.ask(NOON)
        assert schedules.ask(NOON + 100 * HOUR) == 1
        assert Schedule.objects.get().slot == NOON + 100 * HOUR

    def test_an_interval_ticks_at_the_same_moments_for_every_worker(self):
        plan = schedules.Plan(hello, every=datetime.timedelta(minutes=15))
        assert plan.last_tick(NOON + datetime.timedelta(minutes=29)) == NOON + HOUR / 4

    def test_a_tick_that_is_now_counts(self):
        assert schedules.Plan(hello, cron="0 12 * * *").last_tick(NOON) == NOON

    @pytest.mark.parametrize(
        "wrong",
        [
            {},
            {"cron": "soon"},
            {"cron": "* * * * * *"},
            {"every": datetime.timedelta(milliseconds=5)},
            {"cron": "0 * * * *", "every": HOUR},
        ],
    )
    def test_it_refuses_a_schedule_that_says_no_time(self, wrong):
        with pytest.raises(ValueError, match=r"schedule|cron"):
            schedules.scheduled(**wrong)


@pytest.mark.django_db
def test_the_nightly_job_forgets_what_is_over_for_long(settings):
    now = timezone.now()
    old, young = now - datetime.timedelta(days=31), now - datetime.timedelta(days=1)
    common = {"task": hello.module_path, "run_after": old, "enqueued_at": old}
    for state, at in [("done", old), ("dead", old), ("done", young), ("ready", None)]:
        Job.objects.create(state=state, finished_at=at, **common)
    notes.write("import-5", {"done": 1, "total": 2})
    counts = housekeeping.prune()
    assert counts["tandem.core.jobs.housekeeping.finished_jobs"] == 2
    assert sorted(Job.objects.values_list("state", flat=True)) == [JobState.DONE, JobState.READY]
    assert notes.read("import-5") is not None
    notes.forget("import-5")


@pytest.mark.django_db
def test_housekeeping_is_scheduled_and_does_not_fail():
    from tandem.core.tasks import housekeeping as nightly

    assert nightly.module_path in {plan.name for plan in schedules.plans()}
    result = DatabaseBackend("default", {"QUEUES": [], "OPTIONS": {}}).enqueue(nightly, (), {})
    job = Job.objects.get(pk=int(result.id))
    from tandem.core.jobs import running

    job.begin("w")
    job.save()
    assert running.run(job) is running.Outcome.DONE
    job.refresh_from_db()
    assert "tandem.core.jobs.housekeeping.stale_notes" in job.result
