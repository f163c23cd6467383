"""The workspace's jobs as administrators see them, on the page, over the API and in the shell."""

import json

import pytest
from django.test import Client
from django.utils import timezone

from tandem.accounts import operations
from tandem.core.jobs import notes, progress
from tandem.core.models import Event, Job


def made(workspace_id, state="dead", **more):
    now = timezone.now()
    values = {"error": "Trace\nValueError: the file is broken", "attempts": 3, **more}
    return Job.objects.create(
        task="tandem.core.tests.job_samples.hello", args=["Ada"], workspace_id=workspace_id,
        state=state, run_after=now, enqueued_at=now, **values,
    )  # fmt: skip


@pytest.fixture
def dead(world):
    return made(world.admin.workspace_id)


def test_an_administrator_sees_the_reason_and_runs_it_again(world, dead):
    client = world.client(world.admin)
    body = client.get("/w/skerry/jobs/").content.decode()
    assert "ValueError: the file is broken" in body
    assert " style=" not in body
    answer = client.post(f"/w/skerry/jobs/{dead.pk}/again/")
    assert answer.status_code == 302
    dead.refresh_from_db()
    assert (dead.state, dead.attempts) == ("ready", 0)
    event = Event.objects.get(verb="job.run_again")
    assert (event.object_id, event.changes["state"]) == (dead.pk, ["dead", "ready"])


def test_it_discards_and_refuses_what_is_over(world, dead):
    client = world.client(world.admin)
    client.post(f"/w/skerry/jobs/{dead.pk}/discard/")
    dead.refresh_from_db()
    assert dead.state == "discarded"
    assert client.post(f"/w/skerry/jobs/{dead.pk}/discard/").status_code == 422
    assert Event.objects.filter(verb="job.discarded").count() == 1


def test_a_running_job_shows_its_progress_and_is_asked_to_stop(world):
    job = made(world.admin.workspace_id, "running", progress_key="sample-77")
    progress.tell("sample-77", progress.Progress(30, 40, "Reading"))
    client = world.client(world.admin)
    assert "30 of 40" in client.get("/w/skerry/jobs/?state=running").content.decode()
    client.post(f"/w/skerry/jobs/{job.pk}/cancel/")
    assert notes.read(progress.stop_key(job.pk)) is not None
    notes.forget(progress.stop_key(job.pk))
    notes.forget("sample-77")


def test_others_do_not_see_jobs(world, dead):
    elsewhere = made(world.outsider.workspace_id)
    everybody = made(None)
    client = world.client(world.admin)
    for hidden in (elsewhere, everybody):
        assert client.post(f"/w/skerry/jobs/{hidden.pk}/again/").status_code == 404
    assert world.client(world.owner).get("/w/skerry/jobs/").status_code == 403
    assert world.client(world.owner).post(f"/w/skerry/jobs/{dead.pk}/again/").status_code == 403
    assert world.client(world.outsider).get("/w/skerry/jobs/").status_code == 404


def test_the_api_lists_and_acts_for_administrators(world, dead):
    hidden = made(world.outsider.workspace_id)

    def call(member, method, path):
        _, token = operations.token_create(by=member, name="test")
        headers = {"Authorization": f"Bearer {token}"}
        return Client().generic(method, f"/api/v1{path}", headers=headers)

    found = json.loads(call(world.admin, "GET", "/jobs?state=dead").content)["items"]
    assert [(each["id"], each["reason"]) for each in found] == [
        (dead.pk, "ValueError: the file is broken")
    ]
    assert call(world.admin, "POST", f"/jobs/{dead.pk}/retry").json()["state"] == "ready"
    assert call(world.admin, "POST", f"/jobs/{dead.pk}/retry").status_code == 422
    assert call(world.admin, "POST", f"/jobs/{dead.pk}/discard").json()["state"] == "discarded"
    assert call(world.admin, "GET", f"/jobs/{hidden.pk}").status_code == 404
    assert call(world.owner, "GET", "/jobs").status_code == 403
