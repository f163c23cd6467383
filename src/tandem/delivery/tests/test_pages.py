"""The page of teams and sprints through the client."""

import datetime

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from tandem.core.models import Event
from tandem.delivery import operations as do
from tandem.delivery.models import Sprint, Team

MONDAY = datetime.date(2026, 1, 5)
SPRINT = {"start_date": "2026-01-05", "end_date": "2026-01-19", "capacity": "18", "goal": "Scan"}


@pytest.fixture
def team(world):
    return do.team_create(by=world.technical, product=world.product, name="Harbour", capacity=21)


@pytest.fixture
def sprint(world, team):
    return do.sprint_create(by=world.technical, team=team, start_date=MONDAY, goal="Scan")


def post(world, who, rest, **data):
    return world.client(who).post(world.address(rest), data)


def test_everybody_sees_teams_and_only_those_who_steer_change_them(world, sprint):
    for who in (world.viewer, world.developer, world.owner):
        body = world.client(who).get(world.address("teams/")).content.decode()
        assert "Harbour" in body
        assert ("New team" in body) == (who is world.owner)
    team = {"name": "Deck", "capacity": "9", "sprint_days": "7"}
    assert post(world, world.developer, "teams/", **team).status_code == 403
    assert post(world, world.owner, "teams/", **team).status_code == 302
    assert set(Team.objects.values_list("name", flat=True)) == {"Harbour", "Deck"}


def test_a_team_is_renamed_and_its_capacity_changed(world, team):
    fields = {"name": "Quay", "capacity": "12.5", "sprint_days": "10"}
    assert post(world, world.owner, f"teams/{team.pk}/", **fields).status_code == 302
    team.refresh_from_db()
    assert (team.name, team.capacity, team.sprint_days) == ("Quay", 12.5, 10)


@pytest.mark.parametrize(
    ("field", "value", "told"),
    [
        ("name", "", "A team needs a name"),
        ("capacity", "0", "Capacity is a number above 0"),
        ("sprint_days", "0", "1 to 120 days"),
    ],
)
def test_a_refused_team_says_why_beside_the_field_and_keeps_what_was_typed(
    world, team, field, value, told
):
    sent = {"name": "Quay", "capacity": "13", "sprint_days": "10", field: value}
    answer = post(world, world.owner, f"teams/{team.pk}/", **sent)
    body = answer.content.decode()
    assert answer.status_code == 422
    assert told in body
    assert f'data-dialog-open-now="team-{team.pk}"' in body
    assert body.count('value="13"') == (field != "capacity")


def test_a_sprint_is_planned_changed_started_and_finished(world, team):
    assert post(world, world.developer, f"teams/{team.pk}/sprints/", **SPRINT).status_code == 302
    sprint = Sprint.objects.get()
    assert (sprint.number, sprint.capacity, sprint.goal) == (1, 18, "Scan")
    changed = {**SPRINT, "capacity": "15"}
    assert post(world, world.developer, f"sprints/{sprint.pk}/", **changed).status_code == 302
    assert Event.objects.get(verb="sprint.updated").changes == {"capacity": [18.0, 15.0]}
    for act, state in (("start", "running"), ("finish", "finished")):
        assert post(world, world.developer, f"sprints/{sprint.pk}/{act}/").status_code == 302
        sprint.refresh_from_db()
        assert sprint.state == state
    refused = post(world, world.developer, f"sprints/{sprint.pk}/", **SPRINT)
    assert refused.status_code == 422
    assert "is finished" in refused.content.decode()


@pytest.mark.parametrize(
    ("fields", "told"),
    [
        ({"start_date": "soon"}, "The first day is a day"),
        ({"end_date": "2026-01-05"}, "A sprint ends after it starts"),
        ({"capacity": "0"}, "Capacity is a number above 0"),
    ],
)
def test_a_sprint_that_cannot_be_is_refused_in_words(world, sprint, fields, told):
    answer = post(world, world.owner, f"sprints/{sprint.pk}/", **{**SPRINT, **fields})
    assert answer.status_code == 422
    assert told in answer.content.decode()
    assert not Event.objects.filter(verb="sprint.updated").exists()


def test_a_second_running_sprint_is_refused_on_the_page(world, team, sprint):
    do.sprint_start(by=world.owner, sprint=sprint)
    second = do.sprint_create(by=world.owner, team=team, start_date=sprint.end_date)
    answer = post(world, world.owner, f"sprints/{second.pk}/start/")
    assert answer.status_code == 422
    assert "Sprint 1 still runs" in answer.content.decode()


@pytest.mark.parametrize(
    "rest", ["teams/", "teams/{t}/", "teams/{t}/sprints/", "sprints/{s}/", "sprints/{s}/start/"]
)
def test_for_outsiders_nothing_is_there(world, team, sprint, rest):
    address = world.address(rest.format(t=team.pk, s=sprint.pk))
    assert world.client(world.outsider).post(address, SPRINT).status_code == 404
    assert "/sign-in/" in world.client(None).post(address, SPRINT)["Location"]


def test_another_products_team_is_not_found(world, team):
    other = do.team_create(by=world.outsider, product=world.foreign_product, name="Elsewhere")
    assert post(world, world.owner, f"teams/{other.pk}/", name="Mine").status_code == 404


def test_the_page_takes_the_same_number_of_queries_for_many_sprints(world, team, sprint):
    def count():
        with CaptureQueriesContext(connection) as seen:
            assert world.client(world.owner).get(world.address("teams/")).status_code == 200
        return len(seen)

    before = count()
    for number in range(1, 8):
        start = MONDAY + datetime.timedelta(14 * number)
        do.sprint_create(by=world.owner, team=team, start_date=start)
    assert count() == before


@pytest.mark.parametrize("place", ["teams/{team}/", "teams/{team}/sprints/", "sprints/{sprint}/"])
def test_the_address_of_a_refused_form_leads_back_to_the_page(world, team, sprint, place):
    rest = place.format(team=team.pk, sprint=sprint.pk)
    assert post(world, world.technical, rest, capacity="none").status_code == 422
    answer = world.client(world.technical).get(world.address(rest))
    assert (answer.status_code, answer.url) == (302, world.address("teams/"))
    assert world.client(world.technical).put(world.address(rest)).status_code == 405
    assert world.client(world.outsider).get(world.address(rest)).status_code == 404
