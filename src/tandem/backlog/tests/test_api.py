"""The backlog over REST: the same operations, problems and paging as documented."""

import pytest
from django.test import Client

from tandem.accounts import operations as accounts
from tandem.accounts.tests.caller import Caller
from tandem.backlog import operations as backlog
from tandem.backlog.models import Item
from tandem.core.models import Event


@pytest.fixture
def owner(world):
    return Caller(world.owner)


def test_an_item_goes_through_its_life(world, owner):
    made = owner(
        "POST", "/products/FERRY/items", {"title": "Book", "labels": ["web"], "estimate_likely": 5}
    )
    assert made.status_code == 201
    assert made.json()["key"] == "FERRY-1"
    changed = owner("PATCH", "/items/FERRY-1", {"version": 1, "status": "In progress"})
    assert changed.json()["category"] == "started"
    assert Event.objects.filter(verb="item.updated").get().channel == "api"
    criterion = owner("POST", "/items/FERRY-1/criteria", {"text": "It loads"}).json()
    checked = owner("PATCH", f"/items/FERRY-1/criteria/{criterion['id']}", {"met": True})
    assert checked.json()["met"] is True
    question = owner("POST", "/items/FERRY-1/questions", {"text": "Dogs?"}).json()
    path = f"/items/FERRY-1/questions/{question['id']}/answer"
    assert owner("PUT", path, {"answer": "Yes"}).json()["open"] is False
    assert owner("POST", "/items/FERRY-1/comments", {"text": "Good"}).status_code == 201
    full = owner("GET", "/items/FERRY-1").json()
    assert (len(full["criteria"]), len(full["questions"])) == (1, 1)
    assert len(owner("GET", "/items/FERRY-1/history").json()["items"]) == 7
    assert owner("DELETE", "/items/FERRY-1").status_code == 204
    assert owner("GET", "/items/FERRY-1").status_code == 404


def test_a_list_pages_by_cursor_in_rank_order(world, owner):
    for number in range(7):
        backlog.item_create(by=world.owner, product=world.product, title=f"Item {number}")
    seen, cursor = [], ""
    while cursor is not None:
        page = owner("GET", f"/products/FERRY/items?limit=3&after={cursor}").json()
        seen += [item["title"] for item in page["items"]]
        cursor = page["next"]
    assert seen == [f"Item {number}" for number in range(7)]


@pytest.mark.parametrize(
    ("method", "path", "body", "status", "field"),
    [
        ("POST", "/products/FERRY/items", {"title": " "}, 422, "title"),
        ("POST", "/products/FERRY/items", {"title": "x", "kind": "novel"}, 422, "kind"),
        ("POST", "/products/FERRY/items", {}, 422, "title"),
        ("POST", "/products/NOPE/items", {"title": "x"}, 404, None),
        ("PATCH", "/items/FERRY-1", {"estimate_likely": -1}, 422, "estimate_likely"),
        ("PATCH", "/items/FERRY-1", {"status": "Lost"}, 422, "status"),
        ("PATCH", "/items/FERRY-1", {"parent": "FERRY-99"}, 422, "parent"),
        ("PATCH", "/items/FERRY-1", {"version": 7, "title": "x"}, 409, None),
        ("POST", "/items/FERRY-1/move", {"after": "FERRY-99"}, 422, "after"),
        ("POST", "/items/FERRY-1/dependencies", {"kind": "blocks", "to": "FERRY-1"}, 422, "to"),
        ("GET", "/products/FERRY/items?after=!!", None, 422, "after"),
        ("GET", "/nothing", None, 404, None),
    ],
)
def test_what_is_wrong_is_a_problem_naming_the_field(
    world, owner, method, path, body, status, field
):
    backlog.item_create(by=world.owner, product=world.product, title="There")
    answer = owner(method, path, body)
    assert answer.status_code == status
    assert answer["Content-Type"].startswith("application/problem+json")
    assert answer.json().get("field") == field
    assert answer.json()["detail"]


def test_nobody_and_no_other_workspace_gets_anything(world):
    backlog.item_create(by=world.owner, product=world.product, title="Mine")
    assert Client().get("/api/v1/items/FERRY-1").status_code == 401
    outsider = Caller(world.outsider)
    assert outsider("GET", "/items/FERRY-1").status_code == 404
    assert outsider("PATCH", "/items/FERRY-1", {"title": "Theirs"}).status_code == 404
    assert outsider("GET", "/products/FERRY/items").json()["items"] == []


def test_a_viewer_reads_and_changes_nothing(world):
    backlog.item_create(by=world.owner, product=world.product, title="There")
    viewer = Caller(world.viewer)
    assert viewer("GET", "/items/FERRY-1").status_code == 200
    refused = viewer("PATCH", "/items/FERRY-1", {"title": "Mine"})
    assert refused.status_code == 403
    assert Item.objects.get().title == "There"


def test_a_revoked_token_opens_nothing(world, owner):
    for token in world.owner.api_tokens.all():
        accounts.token_revoke(by=world.owner, token=token)
    assert owner("GET", "/products").status_code == 401


def test_a_deleted_item_and_a_change_can_be_taken_back(world, owner):
    owner("POST", "/products/FERRY/items", {"title": "Book"})
    owner("PATCH", "/items/FERRY-1", {"title": "Pay"})
    owner("DELETE", "/items/FERRY-1")
    assert owner("POST", "/items/FERRY-1/restore").json()["title"] == "Pay"
    change = next(
        each
        for each in owner("GET", "/items/FERRY-1/history").json()["items"]
        if each["verb"] == "item.updated"
    )
    assert change["undoable"] is True
    undo = f"/items/FERRY-1/history/{change['id']}/undo"
    assert owner("POST", undo).json()["title"] == "Book"
    assert owner("POST", undo).status_code == 409
    assert Caller(world.outsider)("POST", undo).status_code == 404


def test_what_hangs_on_an_item_is_listed(world, owner):
    for title in ("Book", "Pay"):
        owner("POST", "/products/FERRY/items", {"title": title, "labels": ["web"]})
    criterion = owner("POST", "/items/FERRY-1/criteria", {"text": "It loads"}).json()
    assert owner("GET", f"/items/FERRY-1/criteria/{criterion['id']}").json() == criterion
    assert owner("GET", "/items/FERRY-1/criteria").json() == [criterion]
    question = owner("POST", "/items/FERRY-1/questions", {"text": "Dogs?"}).json()
    assert owner("GET", "/items/FERRY-1/questions").json() == [question]
    joined = {"kind": "blocks", "to": "FERRY-2"}
    dependency = owner("POST", "/items/FERRY-1/dependencies", joined).json()
    assert owner("GET", "/items/FERRY-2/dependencies").json() == [dependency]
    comment = owner("POST", "/items/FERRY-1/comments", {"text": "Godo"}).json()
    own = f"/items/FERRY-1/comments/{comment['id']}"
    assert owner("PATCH", own, {"text": "Good", "before": "Godo"}).json()["text"] == "Good"
    assert owner("PATCH", own, {"text": "Late", "before": "Godo"}).status_code == 409
    assert owner("GET", own).json()["text"] == "Good"
    path = f"/items/FERRY-1/comments/{comment['id']}"
    assert Caller(world.technical)("DELETE", path).status_code == 403
    assert owner("DELETE", path).status_code == 204
    assert owner("GET", "/items/FERRY-1/comments").json()["items"] == []
    assert owner("POST", f"{path}/restore").json()["text"] == "Good"


def test_a_product_tells_its_statuses_labels_and_activity(world, owner):
    owner("POST", "/products/FERRY/items", {"title": "Book", "labels": ["web", "app"]})
    statuses = owner("GET", "/products/FERRY/statuses").json()
    assert [each["name"] for each in statuses][:2] == ["Backlog", "Ready"]
    labels = owner("GET", "/products/FERRY/labels").json()["items"]
    assert [each["name"] for each in labels] == ["app", "web"]
    activity = owner("GET", "/products/FERRY/activity?limit=1").json()
    assert activity["items"][0]["verb"] == "item.created"
    assert activity["next"]
    outside = Caller(world.outsider)("GET", "/products/FERRY/activity").json()["items"]
    assert "item.created" not in {each["verb"] for each in outside}


def test_many_items_are_made_changed_and_moved_at_once(world, owner):
    owner("POST", "/products/FERRY/items", {"title": "First"})
    body = {
        "create": [{"title": "Second"}, {"title": "Third", "kind": "bug"}],
        "update": [{"key": "FERRY-1", "version": 1, "status": "Ready"}],
        "move": [{"key": "FERRY-1", "after": None}, {"key": "FERRY-3"}],
    }
    done = owner("POST", "/products/FERRY/items/bulk", body).json()
    assert [each["key"] for each in done["created"]] == ["FERRY-2", "FERRY-3"]
    assert [each["status"] for each in done["updated"]] == ["Ready"]
    order = [each["key"] for each in owner("GET", "/products/FERRY/items").json()["items"]]
    assert order == ["FERRY-3", "FERRY-1", "FERRY-2"]


@pytest.mark.parametrize(
    ("body", "status", "field"),
    [
        ({"create": [{"title": "x"}, {"title": " "}]}, 422, "create.1.title"),
        ({"create": [{"title": "x"}, {"kind": "bug"}]}, 422, "create.1.title"),
        ({"create": [{"title": "x"}], "update": [{"key": "FERRY-9"}]}, 422, "update.0.key"),
        (
            {"create": [{"title": "x"}], "move": [{"key": "FERRY-1", "after": "No"}]},
            422,
            "move.0.after",
        ),
        (
            {"update": [{"key": "FERRY-1", "title": "x"}, {"key": "FERRY-1", "version": 1}]},
            409,
            "update.1",
        ),
        ({"create": [{"title": "x"}] * 501}, 422, "create"),
    ],
)
def test_of_many_items_all_are_done_or_none(world, owner, body, status, field):
    backlog.item_create(by=world.owner, product=world.product, title="There")
    answer = owner("POST", "/products/FERRY/items/bulk", body)
    assert (answer.status_code, answer.json()["field"]) == (status, field)
    assert [item.title for item in Item.objects.all()] == ["There"]


def test_the_list_takes_the_address_of_the_backlog_page(world, owner):
    for title, kind, status in [
        ("Book", "story", "Backlog"),
        ("Pay", "bug", "Done"),
        ("Sail", "bug", "In progress"),
    ]:
        body = {"title": title, "kind": kind, "status": status, "labels": [title]}
        owner("POST", "/products/FERRY/items", body)

    def titles(query):
        found = owner("GET", f"/products/FERRY/items?{query}").json()["items"]
        return [each["title"] for each in found]

    assert titles("") == ["Book", "Sail"]
    assert titles("category=all&sort=-key") == ["Sail", "Pay", "Book"]
    assert titles("kind=bug&kind=story&category=done") == ["Pay"]
    assert titles("status=Done&label=Pay") == ["Pay"]
    assert titles("q=ai&assignee=none&estimate=missing") == ["Sail"]
    page = owner("GET", "/products/FERRY/items?sort=-key&category=all&limit=1").json()
    assert titles(f"sort=-key&category=all&limit=1&after={page['next']}") == ["Pay"]


@pytest.mark.parametrize(
    "name", ["kind", "category", "status", "label", "assignee", "estimate", "sort", "limit"]
)
def test_a_filter_it_does_not_know_is_named(world, owner, name):
    answer = owner("GET", f"/products/FERRY/items?{name}=nonsense")
    assert (answer.status_code, answer.json()["field"]) == (422, name)
