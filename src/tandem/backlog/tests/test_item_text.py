"""What people write on an item: description, story, labels; and that none of it runs."""

import re

import pytest

from tandem.backlog import operations as do
from tandem.backlog.models import Item, Label
from tandem.backlog.tests.item_page import (
    HTMX,
    SCRIPT,
    mark,
    page,
    send,
)

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
