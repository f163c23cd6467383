"""The board's lanes by sprint."""

import datetime

import pytest

from tandem.backlog import operations as backlog
from tandem.backlog.models import Status
from tandem.delivery import operations as do
from tandem.delivery.models import SprintItem

HTMX = {"HTTP_HX_REQUEST": "true"}
MONDAY = datetime.date(2026, 1, 5)


@pytest.fixture
def sprints(world):
    """A finished, a running and a planned one, with FERRY-1 in the first two and FERRY-2 in none."""
    team = do.team_create(by=world.owner, product=world.product, name="Harbour")
    made = []
    for _ in range(3):
        start = made[-1].end_date if made else MONDAY
        made.append(do.sprint_create(by=world.owner, team=team, start_date=start))
    items = [
        backlog.item_create(by=world.owner, product=world.product, title=title)
        for title in ("Book", "Pay")
    ]
    for each in made[:2]:
        do.sprint_add(by=world.owner, sprint=each, item=items[0])
        do.sprint_start(by=world.owner, sprint=each)
        if each is made[0]:
            do.sprint_finish(by=world.owner, sprint=each)
    return made


def lanes_of(world, query="?group=sprint"):
    """``{lane's name: [keys]}`` as the page has them."""
    page = world.client(world.owner).get(world.address(f"board/{query}")).content.decode()
    found = {}
    for part in page.split('<section class="board-lane"')[1:]:
        name = part.split('class="board-lane-head"')[1].split(">")[1].split(" <span")[0]
        found[name] = [each.split('"')[0] for each in part.split('data-row="')[1:]]
    return found


def put(world, item, lane, member=None):
    status = Status.objects.filter(product=world.product, category="open").first()
    sent = {"item": item, "after": "", "group": "sprint", "lane": lane, "list": status.pk}
    client = world.client(member or world.owner)
    return client.post(world.address("backlog/moves/"), sent, **HTMX)


def held(number):
    rows = SprintItem.objects.filter(item__number=number)
    return sorted(rows.values_list("sprint__number", flat=True))


def test_the_sprints_that_are_not_over_have_lanes_with_or_without_cards(world, sprints):
    assert lanes_of(world) == {
        "Harbour sprint 2": ["FERRY-1"],
        "Harbour sprint 3": [],
        "In no running or planned sprint": ["FERRY-2"],
    }
    address = world.address("backlog/?group=sprint")
    assert ">Harbour sprint 2" in world.client(world.owner).get(address).content.decode()


def test_a_card_put_into_another_lane_goes_from_sprint_to_sprint_and_back(world, sprints):
    said = put(world, "FERRY-1", sprints[2].pk).content.decode()
    assert "FERRY-1: put the item into a sprint." in said
    assert held(1) == [1, 3]
    undo = said.split('data-undo="')[1].split('"')[0].replace("&amp;", "&")
    world.client(world.owner).post(undo, **HTMX)
    assert held(1) == [1, 2]
    assert put(world, "FERRY-2", sprints[1].pk).status_code == 200
    assert put(world, "FERRY-1", "").status_code == 200
    assert (held(1), held(2)) == ([1], [2])


def test_it_refuses_a_sprint_that_is_over_or_anothers_and_who_may_not(world, sprints):
    for lane in (sprints[0].pk, 99999, "luck"):
        assert put(world, "FERRY-2", lane).status_code == 422
    assert put(world, "FERRY-2", sprints[1].pk, world.viewer).status_code == 403
    do.sprint_add(by=world.owner, sprint=sprints[2], item=SprintItem.objects.first().item)
    refused = put(world, "FERRY-1", "")
    assert refused.status_code == 422
    assert "has “Harbour sprint 3”, too" in refused.content.decode()
    assert held(1) == [1, 2, 3]
