import json

import pytest
from django.test import Client
from django.utils import timezone

from tandem.accounts.operations import token_create
from tandem.core.models import Event
from tandem.planning.models import Forecast
from tandem.planning.tests.forecast_world import items_make, plan_make, record_make


@pytest.fixture
def record(world):
    return record_make(world, today=timezone.localdate())


def address(world):
    return f"/api/v1/products/{world.product.key}/forecasts"


def send(world, member, body, text=None):
    client = Client()
    headers = {}
    if member is not None:
        _, whole = token_create(by=member, name="test")
        headers = {"Authorization": f"Bearer {whole}"}
    return client.post(
        address(world),
        data=text if text is not None else json.dumps(body),
        content_type="application/json",
        headers=headers,
    )


def test_it_makes_lists_and_gives_forecasts(world, record):
    made = send(world, world.owner, {"items": 12})
    assert made.status_code == 201, made.content
    body = made.json()
    assert body["question"] == "when"
    assert list(body["percentiles"]) == ["50", "70", "85", "95"]
    assert body["fan"]["days"][0] == timezone.localdate().isoformat()
    assert body["made_by"] == world.owner.name
    assert Event.objects.get(verb="forecast.made").channel == "api"

    client = world.client(world.viewer)
    listed = client.get(address(world)).json()
    assert [row["id"] for row in listed["items"]] == [body["id"]]
    assert "fan" not in listed["items"][0]
    one = client.get(f"/api/v1/forecasts/{body['id']}").json()
    assert one == body


def test_the_list_pages_by_cursor(world, record):
    ids = [send(world, world.owner, {"items": number}).json()["id"] for number in (1, 2, 3)]
    client = world.client(world.owner)
    first = client.get(address(world), {"limit": 2}).json()
    second = client.get(address(world), {"limit": 2, "after": first["next"]}).json()
    assert [row["id"] for row in first["items"] + second["items"]] == ids[::-1]
    assert second["next"] is None
    assert client.get(address(world), {"after": "rubbish"}).status_code == 422


def test_without_a_question_it_asks_about_everything_open(world, record):
    items_make(world, 6)
    body = send(world, world.technical, {}).json()
    assert (body["question"], body["items"]) == ("when", 6)


def test_it_answers_how_many_and_when_a_plan_is_done(world, record):
    by = timezone.localdate() + timezone.timedelta(days=40)
    many = send(world, world.owner, {"by": by.isoformat()}).json()
    assert isinstance(many["percentiles"]["85"], int)
    plan = plan_make(world, {"Web": 5})
    done = send(world, world.owner, {"plan": plan.pk, "range": {"low": 1, "high": 3}}).json()
    assert (done["question"], done["plan"], done["items"]) == ("plan", plan.pk, 5)
    assert done["method"] == "range"


@pytest.mark.parametrize(
    ("body", "field"),
    [
        ({"items": 0}, "items"),
        ({"items": 10**9}, "items"),
        ({"items": "many"}, "items"),
        ({"by": "2001-01-01"}, "by_date"),
        ({"by": "soon"}, "by"),
        ({"items": 3, "by": "2099-01-01"}, "by"),
        ({"items": 3, "range": {"low": 5, "high": 2}}, "range"),
        ({"items": 3, "range": {"low": 1}}, "high"),
        ({"plan": 999}, "plan"),
        ({"plan": -1}, "plan"),
        ({"plan": 10**30}, "plan"),
        ({"items": 3, "seed": -1}, "seed"),
        ({"items": 3, "seed": 10**30}, "seed"),
    ],
)
def test_a_bad_field_is_a_problem_that_names_it(world, record, body, field):
    answer = send(world, world.owner, body)
    assert answer.status_code == 422
    assert answer["Content-Type"] == "application/problem+json"
    assert answer.json()["field"].split(".")[-1] == field
    assert not Forecast.objects.exists()


@pytest.mark.parametrize("text", ['{"items": NaN}', '{"range": {"low": 1, "high": Infinity}}', "{"])
def test_numbers_that_are_none_and_broken_bodies_are_problems(world, record, text):
    answer = send(world, world.owner, None, text=text)
    assert answer.status_code in (400, 422)
    assert "problem+json" in answer["Content-Type"]


def test_roles_and_workspaces_are_kept_apart(world, record):
    pk = send(world, world.developer, {"items": 3}).json()["id"]
    assert send(world, world.viewer, {"items": 4}).status_code == 403
    assert send(world, None, {"items": 4}).status_code == 401
    # The other workspace has a product of the same key: it sees its own, which has no record.
    assert send(world, world.outsider, {"items": 4}).json()["field"] == "range"
    other = world.client(world.outsider)
    assert other.get(address(world)).json()["items"] == []
    assert other.get(f"/api/v1/forecasts/{pk}").status_code == 404
    assert (
        world.client(world.owner).get("/api/v1/forecasts/99999999999999999999").status_code == 422
    )
    assert world.client(None).get(f"/api/v1/forecasts/{pk}").status_code == 401
