import pytest

from tandem.accounts.tests.caller import Caller
from tandem.backlog import operations as do
from tandem.backlog.filters import ItemFilter
from tandem.backlog.models import Item, Status
from tandem.backlog.tests.list_page import HTMX
from tandem.core.errors import PermissionRefused, Refused
from tandem.core.models import Event


def names(world):
    return [each.name for each in Status.objects.filter(product=world.product)]


def status(world, name):
    return Status.objects.get(product=world.product, name=name)


def found(world, text):
    wanted = ItemFilter.read(text, world.product, world.owner)
    return [i.number for i in wanted.apply(Item.objects.of(world.product)).order_by("number")]


def test_a_status_stands_behind_its_category_or_where_it_is_put(world, items):
    do.status_add(by=world.owner, product=world.product, name="Testing", category="started")
    do.status_add(by=world.owner, product=world.product, name="Idea", category="open", position=0)
    assert names(world) == [
        "Idea", "Backlog", "Ready", "In progress", "In review", "Testing", "Done", "Dropped",
    ]  # fmt: skip
    made = do.item_create(by=world.owner, product=world.product, title="A rope")
    assert made.status.name == "Idea"


@pytest.mark.parametrize(
    ("sent", "words"),
    [
        ({"name": "ready"}, "a status “ready” already"),
        ({"name": " "}, "needs a name"),
        ({"name": "All"}, "means every status"),
        ({"category": "busy"}, "none of open"),
        ({"limit": "0"}, "whole number from 1"),
        ({"lane_limit": "many"}, "whole number from 1"),
    ],
)
def test_it_refuses_what_no_status_can_be(world, items, sent, words):
    with pytest.raises(Refused, match=words):
        do.status_update(by=world.owner, status=status(world, "Backlog"), **sent)


def test_only_those_who_steer_change_statuses(world, items):
    with pytest.raises(PermissionRefused):
        do.status_update(by=world.developer, status=status(world, "Ready"), name="Next")


def test_a_renamed_status_is_found_by_the_name_it_had(world, items):
    do.item_update(by=world.owner, item=items[0], status=status(world, "Ready"))
    do.status_update(by=world.owner, status=status(world, "Ready"), name="Up next")
    assert found(world, "status:ready") == found(world, 'status:"up next"') == [1]
    said = Caller(world.owner)("PATCH", "/items/FERRY-2", {"status": "ready"}).json()
    assert said["status"] == "Up next"
    do.status_add(by=world.owner, product=world.product, name="Ready", category="open")
    assert found(world, "status:ready") == []


def test_another_category_counts_for_the_items_in_it_at_once(world, items):
    review = status(world, "In review")
    do.item_update(by=world.owner, item=items[0], status=review)
    do.status_update(by=world.owner, status=review, category="done")
    item = Item.objects.get(pk=items[0].pk)
    assert item.started_at
    assert item.finished_at
    do.status_update(by=world.owner, status=review, category="open")
    assert Item.objects.get(pk=items[0].pk).finished_at is None


def test_the_only_done_status_stays(world, items):
    with pytest.raises(Refused, match="only done status"):
        do.status_update(by=world.owner, status=status(world, "Done"), category="dropped")
    with pytest.raises(Refused, match="only done status"):
        do.status_remove(by=world.owner, status=status(world, "Done"), to=status(world, "Ready"))


def test_removing_a_status_moves_its_items_and_its_name(world, items):
    for item in items[:2]:
        do.item_update(by=world.owner, item=item, status=status(world, "In review"))
    do.item_delete(by=world.owner, item=items[1])
    with pytest.raises(Refused, match="1 item is in “In review”"):
        do.status_remove(by=world.owner, status=status(world, "In review"))
    foreign = do.statuses_ensure(world.foreign_product)[0]
    with pytest.raises(Refused, match="of this product"):
        do.status_remove(by=world.owner, status=status(world, "In review"), to=foreign)
    done = status(world, "Done")
    do.status_remove(by=world.owner, status=status(world, "In review"), to=done)
    item = Item.objects.get(pk=items[0].pk)
    assert item.status == done
    assert item.finished_at
    assert Item.objects.get(pk=items[1].pk).status == done
    assert found(world, 'status:"in review"') == [1]
    event = Event.objects.of("item", item.pk).first()
    assert event.changes["status"] == ["In review", "Done"]
    assert [each.position for each in Status.objects.filter(product=world.product)] == [*range(5)]


def test_the_page_orders_renames_and_asks_before_removing(world, items):
    client = world.client(world.owner)
    ready, backlog = status(world, "Ready"), status(world, "Backlog")
    at = world.address("setup/statuses/")
    sent = {"item": ready.pk, "after": ""}
    assert client.post(f"{at}place/", sent, **HTMX).status_code == 204
    assert names(world)[:2] == ["Ready", "Backlog"]
    client.post(f"{at}{ready.pk}/", {"to": "down"})
    assert names(world)[:2] == ["Backlog", "Ready"]
    wrong = client.post(f"{at}{ready.pk}/", {"name": "Done", "category": "open"})
    assert wrong.status_code == 422
    assert "a status “Done” already" in wrong.content.decode()
    asked = client.post(f"{at}{backlog.pk}/removal/")
    assert "4 items are in “Backlog”" in asked.content.decode()
    client.post(f"{at}{backlog.pk}/removal/", {"to": ready.pk})
    assert names(world)[0] == "Ready"
    page = world.client(world.viewer).get(at).content.decode()
    assert "Also found as" not in page
    assert "4 items" in page


def test_the_api_changes_limits_and_merges(world, items):
    api = Caller(world.owner)
    at = "/products/FERRY/statuses"
    made = api("POST", at, {"name": "Testing", "category": "started"}).json()
    said = api("PATCH", f"{at}/{made['id']}", {"limit": 3, "limit_refuses": True}).json()
    assert (said["limit"], said["limit_refuses"], said["former"]) == (3, True, [])
    assert api("PATCH", f"{at}/{made['id']}", {"limit": None}).json()["limit"] is None
    assert api("DELETE", f"{at}/{made['id']}").status_code == 204
    first = api("GET", at).json()[0]["id"]
    refused = api("DELETE", f"{at}/{first}")
    assert refused.status_code == 422
    assert refused.json()["field"] == "to"
