"""The item's page through the client, as everybody who may or may not be there."""

import json
import re

import pytest
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from tandem.backlog import operations as do
from tandem.backlog.forms import mark_of
from tandem.backlog.models import Comment, Criterion, Dependency, Item, Label, Question
from tandem.core import panels
from tandem.core.models import Event
from tandem.core.panels import Panel

EVERYBODY = ("admin", "owner", "technical", "developer", "stakeholder", "viewer")
MAKERS = ("admin", "owner", "technical", "developer")
HTMX = {"headers": {"HX-Request": "true"}}
SCRIPT = "<script>window.broken=1</script><img src=x onerror=alert(1)>"


@pytest.fixture
def item(world):
    return do.item_create(
        by=world.owner,
        product=world.product,
        title="Book a seat",
        description="Seats on **every** ferry, see FERRY-2.",
        labels=["booking"],
        estimate_low=3,
        estimate_likely=5,
        estimate_high=8,
    )


@pytest.fixture
def other(world, item):
    return do.item_create(by=world.owner, product=world.product, title="Pay by card")


def page(world, item, rest=""):
    return world.address(f"items/{item.key}/{rest}")


def send(world, member, item, rest, data=None, *, htmx=False):
    extra = HTMX if htmx else {}
    return world.client(member).post(page(world, item, rest), data or {}, **extra)


def mark(item, *names):
    return mark_of(Item.objects.prefetch_related("labels").get(pk=item.pk), names)


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


# --- description and story -----------------------------------------------------------------


def test_the_description_is_edited_and_previewed_in_place(world, item):
    client = world.client(world.owner)
    form = client.get(page(world, item, "text/?edit=description"), **HTMX).content.decode()
    assert "Seats on **every** ferry" in form
    assert "data-local-save" in form
    data = {"description": "Now *slanted*", "preview": "1", "mark": mark(item, "description")}
    preview = send(world, world.owner, item, "text/", data, htmx=True).content.decode()
    assert "<em>slanted</em>" in preview
    assert "Now *slanted*" in preview
    assert Item.objects.get(pk=item.pk).version == 1


def test_a_change_in_between_shows_both_versions_and_loses_nothing(world, item):
    seen = mark(item, "description")
    do.item_update(by=world.technical, item=item, description="Seats and cabins.")
    data = {"description": "Seats and bicycles.", "mark": seen}
    response = send(world, world.owner, item, "text/", data, htmx=True)
    text = response.content.decode()
    assert response.status_code == 409
    assert "Tariq Aziz changed this just now" in text
    assert "Seats and cabins." in text
    assert "Seats and bicycles." in text
    assert Item.objects.get(pk=item.pk).description == "Seats and cabins."
    # The form now carries the new mark: saving once more is a decision.
    new = re.search(r'name="mark" value="(\w+)"', text)[1]
    data = {"description": "Seats, cabins and bicycles.", "mark": new}
    assert send(world, world.owner, item, "text/", data).status_code == 302
    assert Item.objects.get(pk=item.pk).description == "Seats, cabins and bicycles."


def test_a_change_of_another_field_in_between_is_no_conflict(world, item):
    seen = mark(item, "description")
    do.item_update(by=world.technical, item=item, title="Book a seat or a cabin")
    data = {"description": "Seats and bicycles.", "mark": seen}
    assert send(world, world.owner, item, "text/", data).status_code == 302


def test_a_form_with_only_a_version_is_refused_after_any_change(world, item):
    do.item_update(by=world.technical, item=item, title="Book a seat or a cabin")
    response = send(
        world, world.owner, item, "fields/", {"title": "Reserve a seat", "version": "1"}
    )
    assert response.status_code == 409


def test_a_story_reads_as_one_sentence(world, item):
    data = {
        "story_role": "commuter",
        "story_want": "a seat by the door",
        "story_benefit": "I am first off",
    }
    send(world, world.owner, item, "text/", data)
    text = re.sub(
        r"<[^>]+>|\s+", " ", world.client(world.viewer).get(page(world, item)).content.decode()
    )
    text = re.sub(r"\s+", " ", text)
    assert "As a commuter, I want a seat by the door so that I am first off" in text


def test_a_huge_description_is_refused_and_stays_typed(world, item):
    response = send(world, world.owner, item, "text/", {"description": "x" * 200_001}, htmx=True)
    text = response.content.decode()
    assert response.status_code == 422
    assert "At most 200000 characters; this has 200001" in text
    assert "x" * 200_001 in text


# --- labels --------------------------------------------------------------------------------


def test_labels_are_made_by_typing_and_removed(world, item):
    send(world, world.owner, item, "labels/", {"name": "  Harbour , booking"})
    assert sorted(label.name for label in item.labels.all()) == ["Harbour", "booking"]
    response = send(world, world.owner, item, "labels/removal/", {"name": "Harbour"}, htmx=True)
    assert "/undo/" in response.content.decode()
    assert [label.name for label in item.labels.all()] == ["booking"]


@pytest.mark.parametrize(
    ("name", "told"),
    [("", "Write the label"), (" , ", "Write the label"), ("x" * 81, "this has 81")],
)
def test_a_label_without_a_name_or_with_a_huge_one_is_refused(world, item, name, told):
    response = send(world, world.owner, item, "labels/", {"name": name}, htmx=True)
    assert response.status_code == 422
    assert told in response.content.decode()
    assert Label.objects.count() == 1


# --- criteria ------------------------------------------------------------------------------


def test_criteria_are_added_checked_edited_and_counted(world, item):
    send(world, world.owner, item, "criteria/", {"text": "A seat is kept"})
    send(
        world, world.owner, item, "criteria/", {"text": "Given a seat\nWhen I pay\nThen it is mine"}
    )
    plain, steps = Criterion.objects.order_by("position")
    assert (plain.form, steps.form) == ("plain", "gherkin")
    send(world, world.owner, item, f"criteria/{plain.pk}/check/", {"met": "yes"})
    text = world.client(world.viewer).get(page(world, item)).content.decode()
    assert "1 of 2 met" in text
    assert "<b>Given</b> <span>a seat</span>" in text
    send(world, world.owner, item, f"criteria/{plain.pk}/", {"text": "A seat is kept a while"})
    plain.refresh_from_db()
    assert (plain.text, plain.met_at) == ("A seat is kept a while", None)


def test_a_criterion_that_does_not_parse_names_the_line_and_keeps_the_text(world, item):
    typed = "Given a seat\nWhenn I pay\nThen it is mine"
    response = send(
        world, world.owner, item, "criteria/", {"text": typed, "written_as": "gherkin"}, htmx=True
    )
    text = response.content.decode()
    assert response.status_code == 422
    assert "Line 2 is not Given/When/Then" in text
    assert typed in text
    row = do.criterion_add(by=world.owner, item=item, text="Given a\nThen b")
    response = send(
        world, world.owner, item, f"criteria/{row.pk}/", {"text": typed, "written_as": "gherkin"}
    )
    assert response.status_code == 422
    assert typed in response.content.decode()


@pytest.mark.parametrize(
    ("text", "told"), [(" ", "Write what must be true"), ("x" * 20_001, "this has 20001")]
)
def test_an_empty_or_huge_criterion_is_refused(world, item, text, told):
    response = send(world, world.owner, item, "criteria/", {"text": text}, htmx=True)
    assert response.status_code == 422
    assert told in response.content.decode()


def test_a_removed_criterion_comes_back_where_it_stood_and_checked(world, item):
    rows = [
        do.criterion_add(by=world.owner, item=item, text=text) for text in ("one", "two", "three")
    ]
    do.criterion_check(by=world.technical, criterion=rows[1], met=True)
    text = send(
        world, world.owner, item, f"criteria/{rows[1].pk}/removal/", htmx=True
    ).content.decode()
    undo = re.search(r'data-undo="([^"]+)"', text)[1]
    response = world.client(world.owner).post(undo, **HTMX)
    assert response.status_code == 200
    assert set(json.loads(response["HX-Trigger"])) == {"item-changed", "item-undone"}
    found = list(item.criteria.all())
    assert [row.text for row in found] == ["one", "two", "three"]
    assert found[1].met_by == world.technical
    # Pressing it twice lays back one.
    assert world.client(world.owner).post(undo, **HTMX).status_code == 409
    assert item.criteria.count() == 3


# --- questions -----------------------------------------------------------------------------


def test_questions_are_asked_answered_and_opened_again_by_a_stakeholder_too(world, item):
    send(world, world.stakeholder, item, "questions/", {"text": "Which ferries?"})
    question = Question.objects.get()
    assert "1 open" in world.client(world.viewer).get(page(world, item)).content.decode()
    rest = f"questions/{question.pk}/answer/"
    assert send(world, world.owner, item, rest, {"answer": "All of them."}).status_code == 302
    question.refresh_from_db()
    assert question.answer == "All of them."
    send(world, world.stakeholder, item, rest, {"reopen": "1"})
    question.refresh_from_db()
    assert question.answered_at is None
    assert send(world, world.viewer, item, rest, {"answer": "No."}).status_code == 403


def test_open_questions_stand_first(world, item):
    first = do.question_ask(by=world.owner, item=item, text="Asked first")
    do.question_ask(by=world.owner, item=item, text="Asked second")
    do.question_answer(by=world.technical, question=first, answer="Answered")
    text = world.client(world.viewer).get(page(world, item)).content.decode()
    assert text.index("Asked second") < text.index("Asked first")


@pytest.mark.parametrize(
    ("data", "told"), [({"text": ""}, "needs a text"), ({"text": "x" * 50_001}, "this has 50001")]
)
@pytest.mark.parametrize("rest", ["questions/", "comments/"])
def test_an_empty_or_huge_text_is_refused_beside_its_field(world, item, rest, data, told):
    response = send(world, world.owner, item, rest, data, htmx=True)
    assert response.status_code == 422
    assert told in response.content.decode()


def test_an_empty_answer_is_refused_instead_of_opening_the_question(world, item):
    question = do.question_ask(by=world.owner, item=item, text="Which?")
    do.question_answer(by=world.owner, question=question, answer="These")
    response = send(
        world, world.owner, item, f"questions/{question.pk}/answer/", {"answer": " "}, htmx=True
    )
    assert response.status_code == 422
    assert "Write the answer" in response.content.decode()
    question.refresh_from_db()
    assert question.answer == "These"


# --- dependencies --------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("relation", "words", "seen_from_the_other"),
    [
        ("blocks", "Blocks", "Blocked by"),
        ("blocked_by", "Blocked by", "Blocks"),
        ("relates", "Relates to", "Relates to"),
        ("duplicates", "Duplicates", "Duplicated by"),
        ("duplicated_by", "Duplicated by", "Duplicates"),
    ],
)
def test_a_dependency_reads_right_from_both_ends(
    world, item, other, relation, words, seen_from_the_other
):
    data = {"relation": relation, "to": "Pay by card"}
    assert send(world, world.owner, item, "dependencies/", data).status_code == 302
    client = world.client(world.viewer)
    assert f"<h3>{words}</h3>" in client.get(page(world, item)).content.decode()
    assert f"<h3>{seen_from_the_other}</h3>" in client.get(page(world, other)).content.decode()


def test_a_circle_is_refused_with_its_path_at_the_field(world, item, other):
    third = do.item_create(by=world.owner, product=world.product, title="Print a ticket")
    do.dependency_add(by=world.owner, from_item=item, to_item=other, kind="blocks")
    do.dependency_add(by=world.owner, from_item=other, to_item=third, kind="blocks")
    response = send(
        world,
        world.owner,
        third,
        "dependencies/",
        {"relation": "blocks", "to": "FERRY-1"},
        htmx=True,
    )
    text = response.content.decode()
    assert response.status_code == 422
    assert "FERRY-3 → FERRY-1 → FERRY-2 → FERRY-3" in text
    assert 'aria-invalid="true"' in text
    assert 'value="FERRY-1"' in text


@pytest.mark.parametrize(
    ("data", "told"),
    [
        ({"relation": "blocks", "to": ""}, "Write a key"),
        ({"relation": "blocks", "to": "FERRY-77"}, "No item here is called"),
        ({"relation": "blocks", "to": "FERRY-1"}, "cannot depend on itself"),
        ({"relation": "eats", "to": "FERRY-2"}, "Choose how"),
    ],
)
def test_a_dependency_that_cannot_be_is_refused(world, item, other, data, told):
    response = send(world, world.owner, item, "dependencies/", data, htmx=True)
    assert response.status_code == 422
    assert told in response.content.decode()
    assert not Dependency.objects.exists()


def test_a_removed_dependency_can_be_taken_back(world, item, other):
    row = do.dependency_add(by=world.owner, from_item=other, to_item=item, kind="blocks")
    text = send(
        world, world.owner, item, f"dependencies/{row.pk}/removal/", htmx=True
    ).content.decode()
    assert not Dependency.objects.exists()
    undo = re.search(r'data-undo="([^"]+)"', text)[1]
    assert world.client(world.owner).post(undo).status_code == 302
    found = Dependency.objects.get()
    assert (found.from_item, found.to_item, found.kind) == (other, item, "blocks")


def test_the_completion_offers_by_key_and_title_but_nothing_of_others(world, item, other):
    do.item_create(by=world.outsider, product=world.foreign_product, title="Pay the other way")
    client = world.client(world.viewer)
    assert "FERRY-2" in client.get(world.address("item-matches/?to=pay")).content.decode()
    assert "FERRY-1" in client.get(world.address("item-matches/?q=ferry-1")).content.decode()
    assert "other way" not in client.get(world.address("item-matches/?q=pay")).content.decode()
    without = client.get(world.address(f"item-matches/?q=pay&without={other.pk}"))
    assert "FERRY-2" not in without.content.decode()
    assert client.get(world.address("item-matches/?q=")).content.decode().strip() == ""


# --- comments ------------------------------------------------------------------------------


def test_a_comment_is_deleted_by_its_author_only_and_comes_back(world, item):
    comment = do.comment_write(by=world.stakeholder, item=item, text="*Soon*, please")
    rest = f"comments/{comment.pk}/deletion/"
    assert send(world, world.owner, item, rest).status_code == 403
    text = send(world, world.stakeholder, item, rest, htmx=True).content.decode()
    assert "Soon" not in text
    undo = re.search(r'data-undo="([^"]+)"', text)[1]
    assert world.client(world.owner).post(undo, **HTMX).status_code == 403
    assert world.client(world.stakeholder).post(undo, **HTMX).status_code == 200
    assert "<em>Soon</em>" in world.client(world.viewer).get(page(world, item)).content.decode()


def test_a_comment_is_changed_by_its_author_only_with_history_and_undo(world, item):
    comment = do.comment_write(by=world.stakeholder, item=item, text="Soon")
    rest = f"comments/{comment.pk}/"
    said = {"text": "*Tomorrow*", "before": "Soon"}
    assert send(world, world.owner, item, rest, said).status_code == 403
    assert world.client(world.owner).get(page(world, item, rest)).status_code == 403
    form = world.client(world.stakeholder).get(page(world, item, rest), **HTMX).content.decode()
    assert "Save comment" in form
    text = send(world, world.stakeholder, item, rest, said, htmx=True).content.decode()
    assert "<em>Tomorrow</em>" in text
    assert ", edited" in text
    assert Event.objects.filter(verb="comment.changed").get().changes["comment"] == [
        "Soon",
        "*Tomorrow*",
    ]
    undo = re.search(r'data-undo="([^"]+)"', text)[1]
    assert world.client(world.stakeholder).post(undo, **HTMX).status_code == 200
    comment.refresh_from_db()
    assert comment.text == "Soon"


def test_a_comment_changed_elsewhere_meanwhile_is_kept(world, item):
    comment = do.comment_write(by=world.stakeholder, item=item, text="Soon")
    do.comment_update(by=world.stakeholder, comment=comment, text="Never")
    answer = send(
        world,
        world.stakeholder,
        item,
        f"comments/{comment.pk}/",
        {"text": "Tomorrow", "before": "Soon"},
        htmx=True,
    )
    assert answer.status_code == 409
    assert "elsewhere since" in answer.content.decode()
    assert "Tomorrow" in answer.content.decode()
    comment.refresh_from_db()
    assert comment.text == "Never"


def test_an_imported_comment_keeps_its_authors_name(world, item):
    Comment.objects.create(
        item=item, text="From before", source_author="Olaf Elder", written_at=timezone.now()
    )
    text = world.client(world.viewer).get(page(world, item)).content.decode()
    assert "Olaf Elder" in text
    assert "imported" in text


def make_comments(world, item, count):
    now = timezone.now()
    Comment.objects.bulk_create(
        Comment(item=item, text=f"Comment number {n:03d}", written_by=world.owner, written_at=now)
        for n in range(count)
    )


def test_comments_beyond_fifty_are_loaded_on_demand(world, item):
    make_comments(world, item, 120)
    client = world.client(world.viewer)
    seen = []
    address = page(world, item)
    for _ in range(3):
        text = client.get(address, **(HTMX if seen else {})).content.decode()
        seen.append(re.findall(r"Comment number (\d+)", text))
        more = re.search(r'hx-get="([^"]+/comments/\?comments=[^"]+)"', text)
        address = more and more[1]
    assert [len(each) for each in seen] == [50, 50, 20]
    assert seen[0][-1] == "119"
    assert sorted(number for stretch in seen for number in stretch) == [
        f"{n:03d}" for n in range(120)
    ]
    assert address is None


def test_a_damaged_cursor_is_refused(world, item):
    client = world.client(world.viewer)
    for rest in (
        "?comments=zzz",
        "?history=zzz",
        "comments/?comments=%00",
        "history/?history=WzFd",
    ):
        assert client.get(page(world, item, rest)).status_code in (200, 422)


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
    empty = count_of(connection, client, page(world, item))
    make_comments(world, item, 50)
    for n in range(50):
        do.criterion_add(by=world.owner, item=item, text=f"Criterion {n}")
        do.question_ask(by=world.technical, item=item, text=f"Question {n} on FERRY-2?")
        child = do.item_create(
            by=world.owner, product=world.product, title=f"Part {n}", parent=item
        )
        do.dependency_add(by=world.owner, from_item=item, to_item=child, kind="relates")
        do.item_update(by=world.owner, item=item, labels=[f"label {i}" for i in range(n % 7)])
    full = count_of(connection, client, page(world, item))
    assert full == empty
    assert full <= 20


def test_a_part_alone_asks_only_what_it_shows(world, item):
    from django.db import connection

    client = world.client(world.owner)
    with CaptureQueriesContext(connection) as queries:
        client.get(page(world, item, "criteria/"), **HTMX)
    tables = " ".join(query["sql"] for query in queries)
    assert "backlog_criterion" in tables
    assert "backlog_comment" not in tables
    assert "core_event" not in tables


# --- nothing that people write runs --------------------------------------------------------


def test_what_people_write_is_inert_everywhere(world, item):
    evil = do.item_create(
        by=world.owner,
        product=world.product,
        title=SCRIPT,
        description=SCRIPT,
        labels=[SCRIPT[:80]],
    )
    link = "[x](javascript:alert(1)) <a href='javascript:alert(1)'>y</a>"
    do.item_update(
        by=world.owner, item=evil, story_role=SCRIPT, story_want=SCRIPT, story_benefit=SCRIPT
    )
    do.criterion_add(by=world.owner, item=evil, text=SCRIPT)
    do.criterion_add(by=world.owner, item=evil, text=f"Given {SCRIPT}\nThen {SCRIPT}")
    question = do.question_ask(by=world.owner, item=evil, text=SCRIPT + link)
    do.question_answer(by=world.owner, question=question, answer=SCRIPT + link)
    do.comment_write(by=world.owner, item=evil, text=SCRIPT + link)
    do.item_update(by=world.owner, item=evil, description=link, parent=item)
    do.item_update(by=world.owner, item=item, description=f"See {evil.key}.")
    Item.objects.filter(pk=evil.pk).update(
        extra={SCRIPT: SCRIPT, "b": [SCRIPT]}, source=SCRIPT[:30]
    )
    client = world.client(world.owner)
    for address in (
        page(world, evil),
        page(world, item),
        page(world, evil, "text/?edit=description"),
        world.address("activity/"),
        world.address("item-matches/?q=script"),
    ):
        text = client.get(address).content.decode()
        assert "<script>window" not in text
        assert "<img src=x" not in text
        assert not re.search(r"""<a [^>]*href=["']?javascript:""", text)
        assert "onerror=alert" not in text or "&lt;img" in text


def test_keys_in_texts_become_links_only_to_what_is_there(world, item, other):
    text = (
        "FERRY-2, FERRY-999, XFERRY-2, `FERRY-2`, [FERRY-2](https://example.org/FERRY-2), FERRY-2x"
    )
    do.item_update(by=world.owner, item=item, description=text)
    page_text = world.client(world.viewer).get(page(world, item, "text/"), **HTMX).content.decode()
    assert page_text.count(f'href="{page(world, other)}"') == 1
    assert "<code>FERRY-2</code>" in page_text
    assert "FERRY-999" in page_text


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
