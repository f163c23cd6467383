"""Connections by page and API."""

import json

import pytest

from tandem.accounts.tests.caller import Caller
from tandem.backlog import operations as backlog
from tandem.backlog.models import Item, Status
from tandem.integrations.connections.syncing import sync
from tandem.integrations.models import Connection, ConnectionConflict


def place(world, rest=""):
    return f"/w/{world.owner.workspace.slug}/FERRY/connections/{rest}"


def text(answer):
    return answer.content.decode()


def form(tracker, **more):
    return {
        "kind": "github",
        "project": "https://github.com/club/sea",
        "token": "good",
        "base_url": tracker.url,
    } | more


def test_an_owner_connects_a_project_sees_its_secret_once_and_never_the_token(world, tracker):
    client = world.client(world.owner)
    assert "keep each other up to date" in text(client.get(place(world)))
    shown = text(client.post(place(world), form(tracker)))
    row = Connection.objects.get()
    assert (row.project, f"/calls/{row.address_key}/" in shown) == ("club/sea", True)
    sync(row.pk)
    page = text(client.get(place(world, f"{row.pk}/")))
    assert "Connected" in page
    assert 'value="closed: not planned"' in page
    assert "call-secret" in shown
    assert "call-secret" not in page
    assert row.token not in shown + page
    assert "club/sea" in text(client.get(place(world)))


@pytest.mark.parametrize(
    ("given", "words"),
    [
        ({"project": "sea"}, "written owner/name"),
        ({"token": " "}, "Give the token"),
        ({"token": "töken"}, "This is no token"),
        ({"kind": "svn"}, "Kinds of connections"),
        ({"base_url": "http://10.0.0.1"}, "not on the public internet"),
        ({"rule": "dice"}, "One of ours"),
    ],
)
def test_what_cannot_be_connected_is_told(world, tracker, given, words):
    answer = world.client(world.owner).post(place(world), form(tracker, **given))
    assert answer.status_code == 422
    assert words in text(answer)
    assert not Connection.objects.exists()


def test_the_same_project_is_connected_once(world, connection, tracker):
    answer = world.client(world.owner).post(place(world), form(tracker))
    assert "is connected already" in text(answer)


def test_the_field_map_is_changed_and_counts(world, connection, tracker):
    client = world.client(world.owner)
    ready, doing = (
        Status.objects.get(product=world.product, name=name) for name in ("Ready", "In progress")
    )
    given = {
        "title_way": "off",
        "status_way": "both",
        "rule": "ours",
        "in-0": ready.pk,
        f"out-{doing.pk}": "closed",
    }
    assert client.post(place(world, f"{connection.pk}/map/"), given).status_code == 302
    connection.refresh_from_db()
    assert (connection.title_way, connection.rule, connection.inwards["open"]) == (
        "off",
        "ours",
        ready.pk,
    )
    backlog.item_update(by=world.owner, item=Item.objects.get(connected__number="1"), title="Only here", status=doing)  # fmt: skip
    sync(connection.pk)
    (sent,) = tracker.changes()
    assert sent.body == {"state": "closed", "state_reason": "completed"}
    wrong = client.post(place(world, f"{connection.pk}/map/"), {"in-0": 999_999})
    assert wrong.status_code == 422
    assert "This status is gone" in text(wrong)


def test_a_stopped_connection_says_why_and_goes_on_with_a_new_token(world, connection, tracker):
    tracker.token = "another"
    Connection.objects.update(next_at=None)
    sync(connection.pk)
    client = world.client(world.owner)
    page = text(client.get(place(world, f"{connection.pk}/")))
    assert "does not take the token" in page
    assert "Nothing is lost" in page
    assert (
        client.post(place(world, f"{connection.pk}/token/"), {"token": "another"}).status_code
        == 302
    )
    connection.refresh_from_db()
    assert connection.is_active
    assert client.post(place(world, f"{connection.pk}/state/"), {"active": "no"}).status_code == 302
    refused = client.post(place(world, f"{connection.pk}/sync/"))
    assert refused.status_code == 422


def test_a_conflict_is_shown_and_decided_on_the_page(world, connection, tracker):
    backlog.item_update(by=world.owner, item=Item.objects.get(connected__number="1"), title="Ours")
    tracker.issues["1"].update(title="Theirs", updated_at=tracker.later())
    sync(connection.pk)
    client = world.client(world.developer)
    page = text(client.get(place(world, f"{connection.pk}/")))
    assert "To decide" in page
    assert "Theirs" in page
    conflict = ConnectionConflict.objects.get()
    client.post(place(world, f"{connection.pk}/conflicts/{conflict.pk}/"), {"choice": "theirs"})
    assert Item.objects.get(connected__number="1").title == "Theirs"
    again = client.post(
        place(world, f"{connection.pk}/conflicts/{conflict.pk}/"), {"choice": "ours"}
    )
    assert again.status_code == 422


def test_disconnecting_forgets_the_token_and_keeps_the_items(world, connection, tracker):
    world.client(world.owner).post(place(world, f"{connection.pk}/end/"))
    assert not Connection.objects.exists()
    assert Item.objects.of(world.product).count() == 3
    world.client(world.owner).post(place(world), form(tracker))
    sync(Connection.objects.get().pk)
    assert Item.objects.of(world.product).count() == 3
    assert Connection.objects.get().items.count() == 3


def test_the_page_asks_the_same_few_questions_however_many_items_there_are(
    world, connection, tracker, django_assert_max_num_queries
):
    client = world.client(world.owner)
    with django_assert_max_num_queries(24):
        client.get(place(world, f"{connection.pk}/"))


def test_everything_is_done_over_the_api_and_the_token_never_comes_out(world, tracker):
    owner = Caller(world.owner)
    body = {"kind": "github", "project": "club/sea", "token": "good", "base_url": tracker.url}
    made = owner("POST", "/products/FERRY/connections", body).json()
    here = f"/products/FERRY/connections/{made['connection']['id']}"
    sync(made["connection"]["id"])
    row = owner("GET", here).json()
    assert (row["items"], row["waiting"], row["complete"], row["state"]) == (3, 0, True, "active")
    assert "token" not in row
    assert made["secret"] not in json.dumps(row)
    assert owner("PATCH", here, {"rule": "theirs", "active": False}).json()["state"] == "paused"
    assert owner("PUT", f"{here}/token", {"token": "good"}).status_code == 200
    assert owner("POST", f"{here}/sync").status_code == 422
    assert owner("GET", f"{here}/conflicts").json()["items"] == []
    assert owner("POST", f"{here}/secret").json()["secret"] != made["secret"]
    assert owner("DELETE", here).status_code == 204
    assert owner("GET", "/products/FERRY/connections").json() == []
