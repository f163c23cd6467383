"""Writing in the backlog's list: editing in the row, moving, creating."""

import json

import pytest

from tandem.backlog import operations as do
from tandem.backlog.models import Item, Status
from tandem.backlog.tests.list_page import (
    HTMX,
    cell_address,
    create,
    keys_of,
    mark,
    move,
    order,
    save,
)
from tandem.core.models import Event

# Editing in the row


@pytest.mark.parametrize(
    ("field", "value", "expected"),
    [
        ("title", "Book a seat or a cabin", {"title": "Book a seat or a cabin"}),
        ("kind", "bug", {"kind": "bug"}),
        ("status", "In progress", {"status__name": "In progress"}),
        ("assignee", "Dana Novak", {"assignee__user__name": "Dana Novak"}),
        ("estimate", "3", {"estimate_low": None, "estimate_likely": 3, "estimate_high": None}),
        (
            "estimate",
            "1/2,5 / 8",
            {"estimate_low": 1, "estimate_likely": 2.5, "estimate_high": 8},
        ),
    ],
)
def test_a_field_is_saved_in_its_row_and_can_be_taken_back(world, items, field, value, expected):
    before = Item.objects.filter(pk=items[0].pk).values(*expected).get()
    sent = {"status": {"In progress": Status.objects.filter(name=value)}}.get(field)
    if sent:
        value = str(sent[value].get().pk)
    if field == "assignee":
        value = str(world.developer.pk)
    response = save(world, items[0], field, value)
    assert response.status_code == 200
    assert keys_of(response) == ["FERRY-1"]
    assert Item.objects.filter(pk=items[0].pk).values(*expected).get() == expected
    assert json.loads(response["HX-Trigger"])["item-changed"]["key"] == "FERRY-1"
    event = Event.objects.latest("id")
    undo = f"/w/skerry/FERRY/undo/{event.pk}/"
    assert f'data-undo="{undo}"' in response.content.decode()
    assert world.client(world.owner).post(undo, **HTMX).status_code == 200
    assert Item.objects.filter(pk=items[0].pk).values(*expected).get() == before


def test_saving_what_stands_there_changes_nothing(world, items):
    events = Event.objects.count()
    response = save(world, items[0], "title", items[0].title)
    assert response.status_code == 200
    assert "data-undo" not in response.content.decode()
    assert Event.objects.count() == events


@pytest.mark.parametrize(
    ("field", "value", "said"),
    [
        ("title", "  ", "An item needs a title."),
        ("title", "x" * 301, "At most 300 characters"),
        ("kind", "novel", "novel is no kind"),
        ("status", "99999", "This status is gone"),
        ("assignee", "99999", "not in this workspace"),
        ("estimate", "5/3/8", "above the likely one"),
        ("estimate", "1/2", "three: low / likely / high"),
        ("estimate", "many", "many is no number"),
        ("estimate", "-1", "from 0 up"),
    ],
)
def test_a_refusal_stands_under_the_open_field_with_what_was_typed(
    world, items, field, value, said
):
    response = save(world, items[0], field, value)
    assert response.status_code == 422
    text = response.content.decode()
    assert said in text
    assert "data-inline-field" in text
    if field in ("title", "estimate"):
        assert f'value="{value}"' in text
    assert Item.objects.get(pk=items[0].pk).version == 1


def test_a_conflict_shows_who_changed_what_and_keeps_both(world, items):
    started = mark(world, items[0])
    do.item_update(by=world.technical, item=items[0], title="Book a cabin")
    response = save(world, items[0], "title", "Reserve a seat", mark=started)
    assert response.status_code == 409
    text = response.content.decode()
    assert "Tariq Aziz changed this to “Book a cabin” just now." in text
    assert 'value="Reserve a seat"' in text
    assert Item.objects.get(pk=items[0].pk).title == "Book a cabin"
    # Knowing it, the person saves again: the form that came back carries the new mark.
    renewed = text.split('name="mark" value="')[1].split('"')[0]
    assert save(world, items[0], "title", "Reserve a seat", mark=renewed).status_code == 200
    assert Item.objects.get(pk=items[0].pk).title == "Reserve a seat"


def test_a_change_of_another_field_is_no_conflict(world, items):
    started = mark(world, items[0])
    do.item_update(by=world.technical, item=items[0], kind="bug")
    assert save(world, items[0], "title", "Reserve a seat", mark=started).status_code == 200
    item = Item.objects.get(pk=items[0].pk)
    assert (item.title, item.kind) == ("Reserve a seat", "bug")


def test_a_form_without_its_mark_overwrites_nothing(world, items):
    response = save(world, items[0], "title", "Something else", mark="")
    assert response.status_code == 409
    assert Item.objects.get(pk=items[0].pk).title == "Book a seat"


@pytest.mark.parametrize(("query", "grips"), [("", 1), ("?still=1", 0)])
def test_a_saved_row_has_a_grip_only_where_rows_can_be_moved(world, items, query, grips):
    client = world.client(world.owner)
    address = cell_address(world, items[0], "title") + query
    form = client.get(address, **HTMX).content.decode()
    assert f'hx-post="{address}"' in form
    sent = {"title": "Reserve a seat", "mark": mark(world, items[0])}
    row = client.post(address, sent, **HTMX).content.decode()
    assert row.count("data-reorder-handle") == grips


def test_a_row_of_nothing_is_not_found(world, items):
    client = world.client(world.owner)
    for rest in ("FERRY-99/", "OTHER-1/", "FERRY-1/description/", "FERRY-99/title/"):
        assert client.get(world.address(f"backlog/rows/{rest}")).status_code == 404


# Moving


def test_a_row_moves_behind_the_one_it_was_dropped_under(world, items):
    response = move(world, item="FERRY-1", after="FERRY-3")
    assert response.status_code == 200
    assert order(world) == ["Pay", "Cancel", "Book", "Show"]
    assert "FERRY-1 moved behind FERRY-3." in response.content.decode()


@pytest.mark.parametrize(
    ("fields", "expected"),
    [
        ({"item": "FERRY-3", "after": ""}, ["Cancel", "Book", "Pay", "Show"]),
        ({"item": "FERRY-3", "to": "top"}, ["Cancel", "Book", "Pay", "Show"]),
        ({"item": "FERRY-1", "to": "end"}, ["Pay", "Cancel", "Show", "Book"]),
        ({"item": "FERRY-4", "to": "end"}, ["Book", "Pay", "Cancel", "Show"]),
    ],
)
def test_it_moves_to_the_top_and_to_the_end(world, items, fields, expected):
    assert move(world, **fields).status_code == 200
    assert order(world) == expected


def test_a_move_is_taken_back_by_its_toast(world, items):
    text = move(world, item="FERRY-4", after="FERRY-1").content.decode()
    undo = text.split('data-undo="')[1].split('"')[0].replace("&amp;", "&")
    assert order(world) == ["Book", "Show", "Pay", "Cancel"]
    assert world.client(world.owner).post(undo, **HTMX).status_code == 200
    assert order(world) == ["Book", "Pay", "Cancel", "Show"]


def test_a_move_under_a_filter_needs_nothing_of_the_hidden_rows(world, items):
    # FERRY-2 and FERRY-3 are hidden by a filter; FERRY-4 is dropped right under FERRY-1.
    move(world, item="FERRY-4", after="FERRY-1")
    assert order(world) == ["Book", "Show", "Pay", "Cancel"]


@pytest.mark.parametrize(
    "fields",
    [
        {},
        {"item": "FERRY-99", "after": ""},
        {"item": "OTHER-1", "after": ""},
        {"item": "FERRY-1", "after": "FERRY-99"},
        {"item": "FERRY-1", "after": "", "list": "99999"},
        {"item": "FERRY-1", "after": "", "list": "x"},
        {"item": "FERRY-1", "to": "middle"},
    ],
)
def test_a_move_that_cannot_be_is_refused_and_changes_nothing(world, items, fields):
    response = move(world, **fields)
    assert response.status_code == 422
    assert 'class="toast-text"' in response.content.decode()
    assert order(world) == ["Book", "Pay", "Cancel", "Show"]


def test_nobody_takes_back_what_happened_elsewhere(world, items):
    move(world, item="FERRY-4", after="FERRY-1")
    event = Event.objects.latest("id")
    stranger = world.client(world.outsider)
    answer = stranger.post(f"/w/other-works/FERRY/backlog/moves/undo/?event={event.pk}", **HTMX)
    assert answer.status_code == 404
    assert order(world) == ["Book", "Show", "Pay", "Cancel"]


# Creating


def test_it_creates_and_gives_the_empty_form_for_the_next_one(world, items):
    response = create(world, title="Change a date", kind="bug", place="end")
    assert response.status_code == 200
    assert order(world)[-1] == "Change"
    text = response.content.decode()
    assert "FERRY-5" in text
    assert 'name="title" value=""' in text
    detail = json.loads(response["HX-Trigger"])["item-created"]
    assert detail == {"target": "body", "key": "FERRY-5", "place": "end"}
    create(world, title="At the top", place="top")
    assert order(world)[0] == "At"


def test_creating_works_as_a_plain_form_too(world, items):
    response = create(world, htmx=False, title="Change a date")
    assert response.status_code == 302
    assert order(world)[-1] == "Change"


@pytest.mark.parametrize(
    ("fields", "said"), [({"title": " "}, "needs a title"), ({"title": "x", "kind": "y"}, "kind")]
)
def test_a_refused_item_keeps_what_was_typed(world, items, fields, said):
    response = create(world, **fields)
    assert response.status_code == 422
    assert said in response.content.decode()
    assert Item.objects.count() == 4
