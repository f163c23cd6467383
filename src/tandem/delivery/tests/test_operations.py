import datetime

import pytest

from tandem.backlog import operations as backlog
from tandem.core.errors import PermissionRefused, Refused
from tandem.delivery import operations as do
from tandem.delivery.models import Assignment

MONDAY = datetime.date(2026, 1, 5)


@pytest.fixture
def team(world):
    return do.team_create(by=world.technical, product=world.product, name="Harbour", capacity=21)


def test_it_refuses_a_sprint_that_overlaps(world, team):
    first = do.sprint_create(by=world.technical, team=team, start_date=MONDAY)
    with pytest.raises(Refused, match="overlaps sprint 1"):
        do.sprint_create(by=world.technical, team=team, start_date=MONDAY + datetime.timedelta(13))
    second = do.sprint_create(by=world.technical, team=team, start_date=first.end_date)
    assert (second.number, second.capacity) == (2, 21)


@pytest.mark.parametrize("capacity", [0, -3, "much", float("nan"), float("inf"), None])
def test_it_refuses_a_capacity_nothing_can_be_planned_with(world, capacity):
    with pytest.raises(Refused) as refusal:
        do.team_create(by=world.owner, product=world.product, name="Deck", capacity=capacity)
    assert refusal.value.field == "capacity"


def test_it_refuses_two_teams_of_one_name(world, team):
    with pytest.raises(Refused, match="already"):
        do.team_create(by=world.owner, product=world.product, name=" harbour ")


def test_only_one_sprint_of_a_team_runs(world, team):
    first = do.sprint_create(by=world.owner, team=team, start_date=MONDAY)
    second = do.sprint_create(by=world.owner, team=team, start_date=first.end_date)
    do.sprint_start(by=world.owner, sprint=first)
    with pytest.raises(Refused, match="still runs"):
        do.sprint_start(by=world.owner, sprint=second)
    do.sprint_finish(by=world.owner, sprint=first)
    do.sprint_start(by=world.owner, sprint=second)


def test_a_finished_sprint_stays_as_it_was(world, team):
    item = backlog.item_create(by=world.owner, product=world.product, title="Pay")
    sprint = do.sprint_create(by=world.owner, team=team, start_date=MONDAY)
    do.sprint_add(by=world.owner, sprint=sprint, item=item)
    do.sprint_finish(by=world.owner, sprint=sprint)
    with pytest.raises(Refused, match="finished"):
        do.sprint_remove(by=world.owner, sprint=sprint, item=item)
    assert list(sprint.items.all()) == [item]


def test_an_item_is_meant_for_one_team_or_for_any(world, team):
    item = backlog.item_create(by=world.owner, product=world.product, title="Pay")
    do.team_assign(by=world.owner, item=item, team=team)
    assert Assignment.objects.get(item=item).team == team
    do.team_assign(by=world.owner, item=item, team=None)
    assert not Assignment.objects.filter(item=item).exists()


def test_a_stakeholder_changes_no_team(world, team):
    with pytest.raises(PermissionRefused):
        do.team_update(by=world.stakeholder, team=team, capacity=99)
