"""The item's page through the client, as everybody who may or may not be there."""

import json

import pytest
from django.test.utils import CaptureQueriesContext

from tandem.backlog import operations as do
from tandem.backlog.models import Comment, Criterion, Item, Label
from tandem.backlog.tests.item_page import (
    EVERYBODY,
    HTMX,
    MAKERS,
    make_comments,
    mark,
    page,
    send,
)
from tandem.core import panels
from tandem.core.models import Event
from tandem.core.panels import Panel

# --- who sees what -------------------------------------------------------------------------


@pytest.mark.parametrize("who", EVERYBODY)
def test_every_member_sees_the_item(world, item, who):
    response = world.client(getattr(world, who)).get(page(world, item))
    assert response.status_code == 200
    text = response.content.decode()
    assert "Book a seat" in text
    assert "<strong>every</strong>" in text


@pytest.mark.parametrize("who", ["stakeholder", "viewer"])
def test_who_may_not_change_it_sees_no_form_for_that(world, item, who):
    do.criterion_add(by=world.owner, item=item, text="A seat is kept for ten minutes")
    text = world.client(getattr(world, who)).get(page(world, item)).content.decode()
    assert f'action="{page(world, item, "fields/")}"' not in text
    assert f'action="{page(world, item, "criteria/")}"' not in text
    assert f'action="{page(world, item, "deletion/")}"' not in text
    assert (f'action="{page(world, item, "comments/")}"' in text) == (who == "stakeholder")
    assert (f'action="{page(world, item, "questions/")}"' in text) == (who == "stakeholder")


def test_an_outsider_finds_nothing_and_nobody_is_asked_to_sign_in(world, item):
    assert world.client(world.outsider).get(page(world, item)).status_code == 404
    response = world.client(None).get(page(world, item))
    assert response.status_code == 302
    assert "sign-in" in response["Location"]


WRITES = [
    ("fields/", {"title": "Taken over"}, MAKERS),
    ("text/", {"description": "Taken over"}, MAKERS),
    ("labels/", {"name": "taken"}, MAKERS),
    ("labels/removal/", {"name": "booking"}, MAKERS),
    ("criteria/", {"text": "A seat is kept"}, MAKERS),
    ("questions/", {"text": "Which ferries?"}, (*MAKERS, "stakeholder")),
    ("comments/", {"text": "Good."}, (*MAKERS, "stakeholder")),
    ("dependencies/", {"relation": "blocks", "to": "FERRY-2"}, MAKERS),
    ("deletion/", {}, MAKERS),
]


@pytest.mark.parametrize("who", EVERYBODY)
@pytest.mark.parametrize(("rest", "data", "allowed"), WRITES, ids=[each[0] for each in WRITES])
def test_only_those_who_may_change_it(world, item, other, rest, data, allowed, who):
    before = Event.objects.count()
    response = send(world, getattr(world, who), item, rest, data)
    assert response.status_code == (302 if who in allowed else 403)
    assert (Event.objects.count() > before) == (who in allowed)


@pytest.mark.parametrize(("rest", "data", "allowed"), WRITES, ids=[each[0] for each in WRITES])
def test_an_outsider_and_nobody_change_nothing(world, item, other, rest, data, allowed):
    before = Event.objects.count()
    assert send(world, world.outsider, item, rest, data).status_code == 404
    assert send(world, None, item, rest, data).status_code == 302
    assert Event.objects.count() == before


@pytest.mark.parametrize("rest", ["criteria/{c}/", "criteria/{c}/check/", "criteria/{c}/removal/"])
@pytest.mark.parametrize(
    ("who", "status"), [("developer", 302), ("stakeholder", 403), ("viewer", 403)]
)
def test_criteria_are_changed_by_makers_only(world, item, rest, who, status):
    row = do.criterion_add(by=world.owner, item=item, text="A seat is kept")
    data = {"text": "A seat is kept for ten minutes", "met": "yes"}
    response = send(world, getattr(world, who), item, rest.format(c=row.pk), data)
    assert response.status_code == status


def test_a_row_of_another_item_is_not_found(world, item, other):
    row = do.criterion_add(by=world.owner, item=other, text="Cards work")
    question = do.question_ask(by=world.owner, item=other, text="Which cards?")
    comment = do.comment_write(by=world.owner, item=other, text="All cards")
    for rest in (
        f"criteria/{row.pk}/",
        f"criteria/{row.pk}/check/",
        f"criteria/{row.pk}/removal/",
        f"questions/{question.pk}/answer/",
        f"comments/{comment.pk}/deletion/",
    ):
        assert send(world, world.owner, item, rest, {"text": "x", "answer": "x"}).status_code == 404


def test_an_unknown_key_is_not_found(world, item):
    client = world.client(world.owner)
    for key in (
        "FERRY-999",
        "FERRY-0",
        "OTHER-1",
        "FERRY",
        "FERRY-1x",
        "FERRY-99999999999999999999",
    ):
        assert client.get(world.address(f"items/{key}/")).status_code == 404


def test_a_lower_case_key_leads_to_the_item(world, item):
    client = world.client(world.owner)
    response = client.get(world.address("items/ferry-1/?edit=x"))
    assert response.status_code == 302
    assert response["Location"] == f"{page(world, item)}?edit=x"
    assert client.post(world.address("items/ferry-1/comments/"), {"text": "x"}).status_code == 302


# --- the page and the panel ----------------------------------------------------------------


def test_htmx_gets_the_same_item_without_the_frame(world, item):
    client = world.client(world.owner)
    whole = client.get(page(world, item)).content.decode()
    peek = client.get(page(world, item), **HTMX).content.decode()
    assert "<html" in whole
    assert "<html" not in peek
    assert peek.strip() in whole or "Book a seat" in peek
    assert 'id="item-criteria"' in peek


def test_a_change_over_htmx_answers_the_part_a_toast_with_undo_and_an_event(world, item):
    data = {"title": "Book a seat or a cabin", "mark": mark(item, "title")}
    response = send(world, world.owner, item, "fields/", data, htmx=True)
    text = response.content.decode()
    event = Event.objects.of("item", item.pk).first()
    assert response.status_code == 200
    assert 'id="item-head"' in text
    assert 'id="item-comments"' not in text
    assert f"/undo/{event.pk}/" in text
    assert json.loads(response["HX-Trigger"])["item-changed"]["key"] == item.key


def test_a_change_without_htmx_redirects_to_the_part(world, item):
    response = send(world, world.owner, item, "fields/", {"title": "Book a cabin"})
    assert response.status_code == 302
    assert response["Location"].endswith(f"/items/{item.key}/#item-head")
    item.refresh_from_db()
    assert item.title == "Book a cabin"


@pytest.mark.parametrize(
    ("data", "field", "value"),
    [
        ({"kind": "bug"}, "kind", "bug"),
        ({"due_date": "2027-03-12"}, "due_date", "2027-03-12"),
        (
            {"estimate_low": "1,5", "estimate_likely": "2", "estimate_high": "4"},
            "estimate_low",
            "1.5",
        ),
        ({"parent": "ferry-2"}, "parent", "FERRY-2 Pay by card"),
        ({"parent": "pay by"}, "parent", "FERRY-2 Pay by card"),
        ({"parent": ""}, "parent", "None"),
    ],
)
def test_each_field_is_saved(world, item, other, data, field, value):
    assert send(world, world.owner, item, "fields/", data).status_code == 302
    saved = Item.objects.get(pk=item.pk)
    assert str(getattr(saved, field)) == value


def test_status_and_assignee_are_saved_and_taken_back_to_nobody(world, item):
    done = item.product.statuses.get(name="Done")
    send(world, world.owner, item, "fields/", {"status": str(done.pk)})
    send(world, world.owner, item, "fields/", {"assignee": str(world.developer.pk)})
    item.refresh_from_db()
    assert (item.status.name, item.assignee) == ("Done", world.developer)
    assert item.finished_at is not None
    send(world, world.owner, item, "fields/", {"assignee": ""})
    item.refresh_from_db()
    assert item.assignee is None


@pytest.mark.parametrize(
    ("data", "told"),
    [
        ({"title": "  "}, "An item needs a title"),
        ({"title": "x" * 301}, "At most 300 characters; this has 301"),
        (
            {"estimate_low": "9", "estimate_likely": "5", "estimate_high": "8"},
            "above the likely one",
        ),
        (
            {"estimate_low": "", "estimate_likely": "a lot", "estimate_high": ""},
            "a lot is no number",
        ),
        ({"due_date": "next week"}, "next week” is no day"),
        ({"due_date": "2027-02-30"}, "is no day"),
        ({"parent": "Nothing like it"}, "No item here is called"),
        ({"parent": "FERRY-1"}, "its own parent"),
        ({"status": "999999"}, "This status is gone"),
        ({"status": "' OR 1"}, "This status is gone"),
        ({"assignee": "999999"}, "not in this workspace"),
    ],
)
@pytest.mark.parametrize("htmx", [True, False])
def test_a_refused_field_says_why_beside_it_and_keeps_what_was_typed(world, item, data, told, htmx):
    response = send(world, world.owner, item, "fields/", data, htmx=htmx)
    text = response.content.decode()
    assert response.status_code == 422
    assert told in text
    assert 'aria-invalid="true"' in text
    for name, value in data.items():
        if name not in ("status", "assignee"):
            assert value.strip() in text
    assert Item.objects.get(pk=item.pk).version == 1


def test_somebody_of_another_workspace_cannot_be_assigned(world, item):
    response = send(world, world.owner, item, "fields/", {"assignee": str(world.outsider.pk)})
    assert response.status_code == 422
    assert "not in this workspace" in response.content.decode()


def test_a_parent_that_fits_several_offers_them(world, item, other):
    do.item_create(by=world.owner, product=world.product, title="Pay by invoice")
    response = send(world, world.owner, item, "fields/", {"parent": "pay"}, htmx=True)
    text = response.content.decode()
    assert "Several items fit" in text
    assert 'value="FERRY-2"' in text
    assert 'value="FERRY-3"' in text


def test_a_deleted_items_address_offers_to_restore_it(world, item):
    client = world.client(world.owner)
    response = client.post(page(world, item, "deletion/"), {"next": world.address("activity/")})
    assert response["Location"] == world.address("activity/")
    gone = client.get(page(world, item))
    assert gone.status_code == 410
    assert "Restore FERRY-1" in gone.content.decode()
    assert "Restore" not in world.client(world.viewer).get(page(world, item)).content.decode()
    assert client.get(page(world, item, "criteria/")).status_code == 404
    assert client.post(page(world, item, "restoration/")).status_code == 302
    assert client.get(page(world, item)).status_code == 200


def test_leaving_after_a_deletion_never_leads_to_another_site(world, item):
    for address in ("https://evil.example/", "//evil.example/", "javascript:alert(1)"):
        response = send(world, world.owner, item, "deletion/", {"next": address})
        assert response["Location"] == page(world, item)
        do.item_restore(by=world.owner, item=Item.objects.get(pk=item.pk))


def test_restoring_is_for_those_who_may_delete(world, item):
    do.item_delete(by=world.owner, item=item)
    assert send(world, world.viewer, item, "restoration/").status_code == 403
    assert send(world, world.outsider, item, "restoration/").status_code == 404


# --- one number of queries -----------------------------------------------------------------


def count_of(django_db_connection, client, address):
    with CaptureQueriesContext(django_db_connection) as queries:
        assert client.get(address).status_code == 200
    return len(queries)


def test_the_page_takes_the_same_number_of_queries_with_fifty_of_everything(
    world, item, other, monkeypatch
):
    from django.db import connection

    monkeypatch.setattr(panels, "_panels", {})

    client = world.client(world.owner)
    do.comment_write(by=world.owner, item=item, text="One")
    bare = count_of(connection, client, page(world, item))
    do.criterion_add(by=world.owner, item=item, text="Criterion")
    do.question_ask(by=world.technical, item=item, text="Question on FERRY-2?")
    child = do.item_create(by=world.owner, product=world.product, title="Part", parent=item)
    do.dependency_add(by=world.owner, from_item=item, to_item=child, kind="relates")
    one = count_of(connection, client, page(world, item))
    make_comments(world, item, 49)
    for n in range(50):
        do.criterion_add(by=world.owner, item=item, text=f"Criterion {n}")
        do.question_ask(by=world.technical, item=item, text=f"Question {n} on FERRY-2?")
        child = do.item_create(
            by=world.owner, product=world.product, title=f"Part {n}", parent=item
        )
        do.dependency_add(by=world.owner, from_item=item, to_item=child, kind="relates")
        do.item_update(by=world.owner, item=item, labels=[f"label {i}" for i in range(n % 7)])
    full = count_of(connection, client, page(world, item))
    # What an item has none of is not asked for.
    assert bare <= 20
    assert full == one <= 25
    # What stands on an earlier page of comments is counted.
    make_comments(world, item, 1)
    assert count_of(connection, client, page(world, item)) == full + 1


def test_a_part_alone_asks_only_what_it_shows(world, item):
    from django.db import connection

    client = world.client(world.owner)
    with CaptureQueriesContext(connection) as queries:
        client.get(page(world, item, "criteria/"), **HTMX)
    tables = " ".join(query["sql"] for query in queries)
    assert "backlog_criterion" in tables
    assert "backlog_comment" not in tables
    assert "core_event" not in tables


# --- panels of higher apps -----------------------------------------------------------------


def test_a_panel_of_a_higher_app_is_shown_with_its_values(world, item, monkeypatch):
    panel = Panel("item", "test", "Scores", "ui/error.jinja", lambda member, subject: None)
    monkeypatch.setitem(panels._panels, ("item", "test"), panel)
    assert "Scores" not in world.client(world.owner).get(page(world, item)).content.decode()
    options = Panel(
        "item",
        "test",
        "Scores",
        "backlog/item/options.jinja",
        lambda member, subject: {"options": [subject]},
    )
    monkeypatch.setitem(panels._panels, ("item", "test"), options)
    text = world.client(world.owner).get(page(world, item)).content.decode()
    assert "<h2>Scores</h2>" in text
    assert "FERRY-1 Book a seat</option>" in text


def test_in_the_panel_a_deleted_item_gives_way_to_its_restoration(world, item):
    gone = send(world, world.owner, item, "deletion/", htmx=True)
    text = gone.content.decode()
    assert gone.status_code == 200
    assert "Restore FERRY-1" in text
    assert "data-undo=" in text
    assert "item-changed" in gone["HX-Trigger"]
    back = send(world, world.owner, item, "restoration/", htmx=True).content.decode()
    assert 'id="item-criteria"' in back
    assert "FERRY-1 is back" in back


def test_a_null_character_is_dropped_and_never_reaches_the_database(world, item):
    send(world, world.owner, item, "criteria/", {"text": "A seat\x00 is kept"})
    send(world, world.owner, item, "labels/", {"name": "har\x00bour"})
    send(world, world.owner, item, "comments/", {"text": "Go\x00od"})
    assert Criterion.objects.get().text == "A seat is kept"
    assert Label.objects.filter(name="harbour").exists()
    assert Comment.objects.get().text == "Good"
    assert world.client(world.viewer).get(world.address("item-matches/?q=%00")).status_code == 200
