"""The audit log of a workspace."""

import json

import pytest

from tandem.backlog.operations import item_create, item_update
from tandem.core.models import Event
from tandem.prioritisation.operations import criterion_update, weight_set
from tandem.prioritisation.tests.rated_world import criterion, make_model

ADDRESS = "/w/skerry/audit/"


@pytest.fixture
def happened(world):
    item = item_create(by=world.owner, product=world.product, title="=cmd|' /C calc'!A0")
    item.product = world.product
    item_update(by=world.technical, item=item, title="Book a seat")
    return item


def test_it_tells_who_changed_what_from_what_to_what(world, happened):
    body = world.client(world.admin).get(ADDRESS).content.decode()
    assert "Tariq Aziz" in body
    assert "Book a seat" in body


def test_its_filters_stand_in_the_address(world, happened):
    client = world.client(world.admin)
    got = client.get(ADDRESS, {"who": world.technical.pk, "kind": "item", "q": "seat"})
    assert "Petra Holm</td>" not in got.content.decode()
    rows = client.get(f"{ADDRESS}jsonl/", {"who": world.technical.pk}).getvalue().decode()
    assert [json.loads(row)["verb"] for row in rows.splitlines()] == ["item.updated"]
    assert client.get(ADDRESS, {"since": "2090-01-01"}).status_code == 200
    assert client.get(ADDRESS, {"since": "soon"}).status_code == 422
    assert client.get(ADDRESS, {"channel": "smoke"}).status_code == 422


def test_a_spreadsheet_reads_its_cells_as_text(world, happened):
    rows = world.client(world.admin).get(f"{ADDRESS}csv/").getvalue().decode()
    assert "\n=cmd" not in rows
    assert ",=cmd" not in rows
    assert "cmd|" in rows


def test_pages_follow_each_other_without_gap_or_repetition(world, happened):
    caller_pages, after = [], None
    client = world.client(world.admin)
    while True:
        query = {"limit": 2, **({"after": after} if after else {})}
        page = client.get("/api/v1/audit", query).json()
        caller_pages += [row["id"] for row in page["items"]]
        after = page["next"]
        if after is None:
            break
    events = Event.objects.in_workspace(world.admin.workspace_id).order_by("-id")
    assert caller_pages == list(events.values_list("pk", flat=True))


def test_only_administrators_read_it(world, happened):
    for member in (world.owner, world.viewer):
        assert world.client(member).get(ADDRESS).status_code == 403
    assert world.client(world.outsider).get(ADDRESS).status_code == 404


def test_it_speaks_german_and_calls_criteria_by_their_names(world):
    make_model(world)
    urgency = criterion(world, "urgency")
    criterion_update(by=world.owner, criterion=urgency, name="Rush")
    weight_set(by=world.owner, criterion=urgency, weight=2)
    client, german = world.client(world.admin), {"Accept-Language": "de"}
    body = client.get(ADDRESS, headers=german).content.decode()
    assert "Rush: 1 → 2" in body
    assert "Rush, Name: Urgency → Rush" in body
    assert ">Bewertungsmodell</option>" in body
    assert "Rush: 1 → 2" in client.get(f"{ADDRESS}csv/").getvalue().decode()
    refused = client.get(ADDRESS, {"channel": "smoke"}, headers=german).content.decode()
    assert "page (Seite)" in refused
