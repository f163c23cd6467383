"""Dependencies on the item's page."""

import re

import pytest

from tandem.backlog import operations as do
from tandem.backlog.models import Dependency
from tandem.backlog.tests.item_page import (
    page,
    send,
)


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
