"""A solve that runs in a job: its board while it runs, and stopping it."""

import pytest
from django.utils.timezone import now

from tandem.core.jobs import control, notes, running, worker
from tandem.core.jobs.backend import DatabaseBackend
from tandem.planning import calculations_solved
from tandem.planning.models import Plan, PlanState
from tandem.planning.operations import plans as do
from tandem.planning.operations import scenarios
from tandem.planning.tasks import board_key, plan_solve, progress_key


@pytest.fixture
def asked(world, scenario, monkeypatch):
    """A plan whose job was taken up by a worker of the own engine, and that job."""
    backend = DatabaseBackend("default", {"QUEUES": [], "OPTIONS": {}})
    monkeypatch.setattr(control, "_backend", lambda: backend)
    scenarios.scenario_update(by=world.owner, scenario=scenario, sprints=1)
    plan = Plan.objects.create(scenario=scenario, asked_by=world.owner, asked_at=now())
    backend.enqueue(plan_solve.of(world.owner.workspace_id), (plan.pk,), {})
    return plan, worker.claim("w")


def solving(monkeypatch, during):
    """Solve as always, with ``during()`` called after every step that is told."""
    original = calculations_solved.solve

    def solve(problem, *, on_progress, **more):
        def hear(step):
            on_progress(step)
            during()

        return original(problem, on_progress=hear, **more)

    monkeypatch.setattr(calculations_solved, "solve", solve)


@pytest.mark.django_db(transaction=True)
def test_a_running_solve_that_is_stopped_keeps_the_best_plan_it_had(world, asked, monkeypatch):
    plan, job = asked
    key = board_key(progress_key(plan.pk))
    boards, pages = [], []

    def stop():
        if not boards:
            boards.append(notes.read(key))
            address = world.address(f"plan/?scenario={plan.scenario_id}&plan={plan.pk}")
            pages.append(world.client(world.owner).get(address).content.decode())
            do.plan_cancel(by=world.owner, plan=Plan.objects.get(pk=plan.pk))

    solving(monkeypatch, stop)
    assert running.run(job) is running.Outcome.DONE
    plan.refresh_from_db()
    assert (plan.state, plan.status) == (PlanState.SOLVED, "feasible")
    assert plan.details["notes"][0] == do.STOPPED
    first = {
        key for sprint in boards[0]["sprints"] for team in sprint["teams"] for key in team["items"]
    }
    assert first == {entry.item.key for entry in plan.entries.select_related("item__product")}
    assert boards[0]["value"] == pytest.approx(plan.value)
    assert all(key in pages[0] for key in first)
    assert "The best plan yet" in pages[0]
    assert notes.read(key) is None
