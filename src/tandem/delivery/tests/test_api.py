"""Teams and sprints over REST."""

import pytest

from tandem.accounts.tests.caller import Caller
from tandem.backlog import operations as backlog


@pytest.fixture
def owner(world):
    backlog.item_create(by=world.owner, product=world.product, title="Book")
    return Caller(world.owner)


def test_a_team_is_made_changed_and_given_an_item(owner):
    made = owner("POST", "/products/FERRY/teams", {"name": "Deck", "capacity": 20})
    path = f"/products/FERRY/teams/{made.json()['id']}"
    assert owner("PATCH", path, {"capacity": 25}).json()["capacity"] == 25
    assert owner("GET", path).json()["name"] == "Deck"
    assert owner("PUT", "/items/FERRY-1/team", {"team": "deck"}).json()["team"] == "Deck"
    assert owner("GET", "/items/FERRY-1/team").json() == {"item": "FERRY-1", "team": "Deck"}
    assert owner("PUT", "/items/FERRY-1/team", {"team": None}).json()["team"] is None


def test_a_sprint_goes_through_its_life(owner):
    owner("POST", "/products/FERRY/teams", {"name": "Deck", "capacity": 20})
    made = owner("POST", "/products/FERRY/sprints", {"team": "Deck", "start_date": "2026-11-02"})
    assert made.status_code == 201
    assert (made.json()["end_date"], made.json()["capacity"]) == ("2026-11-16", 20)
    path = f"/products/FERRY/sprints/{made.json()['id']}"
    assert owner("PUT", f"{path}/items/FERRY-1").json()["items"] == ["FERRY-1"]
    assert owner("PATCH", path, {"goal": "Sail"}).json()["goal"] == "Sail"
    assert owner("POST", f"{path}/start").json()["state"] == "running"
    assert owner("DELETE", f"{path}/items/FERRY-1").status_code == 204
    assert owner("GET", path).json()["items"] == []
    assert owner("POST", f"{path}/finish").json()["state"] == "finished"
    listed = owner("GET", "/products/FERRY/sprints?state=finished&team=Deck").json()["items"]
    assert [each["number"] for each in listed] == [1]


@pytest.mark.parametrize(
    ("method", "path", "body", "field"),
    [
        ("POST", "/products/FERRY/sprints", {"team": "No", "start_date": "2026-11-02"}, "team"),
        ("POST", "/products/FERRY/sprints", {"team": "No", "start_date": "soon"}, "start_date"),
        ("GET", "/products/FERRY/sprints?state=lost", None, "state"),
        ("GET", "/products/FERRY/sprints?team=lost", None, "team"),
        ("PUT", "/items/FERRY-1/team", {"team": "No"}, "team"),
        ("POST", "/products/FERRY/teams", {"name": "Deck", "capacity": 0}, "capacity"),
    ],
)
def test_what_is_wrong_names_the_field(owner, method, path, body, field):
    answer = owner(method, path, body)
    assert answer.status_code == 422
    assert answer.json()["field"] == field


def test_no_other_workspace_sees_a_sprint(world, owner):
    owner("POST", "/products/FERRY/teams", {"name": "Deck", "capacity": 20})
    made = owner("POST", "/products/FERRY/sprints", {"team": "Deck", "start_date": "2026-11-02"})
    path = f"/products/FERRY/sprints/{made.json()['id']}"
    outsider = Caller(world.outsider)
    assert outsider("GET", path).status_code == 404
    assert outsider("POST", f"{path}/start").status_code == 404
    assert Caller(world.viewer)("POST", f"{path}/start").status_code == 403
