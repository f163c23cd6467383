import pytest
from django.test import Client
from django.utils import timezone
from prometheus_client.parser import text_string_to_metric_families

from tandem.core.models import Job

BEARER = {"authorization": "Bearer s3cret-of-prometheus"}


@pytest.fixture
def token(settings):
    settings.METRICS_TOKEN = "s3cret-of-prometheus"


def scraped():
    answer = Client().get("/metrics", headers=BEARER)
    assert answer.status_code == 200
    families = text_string_to_metric_families(answer.content.decode())
    return {
        (sample.name, tuple(sorted(sample.labels.items()))): sample.value
        for family in families
        for sample in family.samples
    }


def test_nothing_is_there_while_it_is_closed():
    assert Client().get("/metrics").status_code == 404
    assert Client().get("/metrics", headers=BEARER).status_code == 404


@pytest.mark.parametrize("given", ["", "Bearer wrong", "s3cret-of-prometheus", "Bearer é"])
def test_without_the_token_nothing_is_told(token, given):
    answer = Client().get("/metrics", headers={"authorization": given})
    assert answer.status_code == 401
    assert b"tandem_" not in answer.content


def test_it_can_be_open_to_everybody(db, settings):
    settings.METRICS_OPEN = True
    assert Client().get("/metrics").status_code == 200


def test_requests_are_counted_by_route_and_status(world, token):
    where = (("method", "GET"), ("route", "w/<slug:workspace>/people/"))
    name = ("tandem_request_seconds_count", (*where, ("status", "200")))
    before = scraped().get(name, 0)
    for member in (world.owner, world.technical):
        world.client(member).get(f"/w/{member.workspace.slug}/people/")
    after = scraped()
    assert after[name] == before + 2
    assert after["tandem_request_database_seconds_total", where] > 0
    assert after["tandem_request_database_statements_total", where] >= 2
    everything = repr(after)
    assert world.owner.workspace.slug not in everything


def test_addresses_that_lead_nowhere_do_not_make_new_names(db, token):
    for number in range(3):
        Client().get(f"/nowhere-{number}/")
    assert "nowhere" not in repr(scraped())


def test_jobs_are_told_by_state_with_the_age_of_the_oldest(db, token):
    now = timezone.now()
    past = now - timezone.timedelta(seconds=90)
    Job.objects.create(task="a.b", run_after=past, enqueued_at=past)
    Job.objects.create(task="a.b", run_after=past, enqueued_at=past, state="dead")
    told = scraped()
    assert told["tandem_jobs", (("state", "ready"),)] == 1
    assert told["tandem_jobs", (("state", "dead"),)] == 1
    assert 89 < told["tandem_jobs_oldest_waiting_seconds", ()] < 200
