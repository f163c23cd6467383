"""Items that are named are looked up, however many others their product has."""

import pytest

from tandem.backlog.models import Item
from tandem.backlog.operations import item_create, item_delete


# PostgreSQL weighs what the tables hold, and a test's hold nothing.
@pytest.mark.any_database
@pytest.mark.parametrize(
    "named",
    [
        lambda product: Item.objects.with_keys(product, ["FERRY-1", "FERRY-2"]),
        lambda product: Item.objects.with_ids(product, [1, 2]),
        lambda product: Item.objects.with_ids(product, [1, 2]).order_by("rank", "id"),
    ],
    ids=["by keys", "by numbers of the database", "in order"],
)
def test_it_looks_for_what_is_named_alone(world, named):
    plan = named(world.product).explain()
    assert "SEARCH backlog_item USING INTEGER PRIMARY KEY" in plan


def test_ids_of_another_product_or_of_deleted_items_name_nothing(world):
    mine, gone = (item_create(by=world.admin, product=world.product, title=t) for t in "ab")
    item_delete(by=world.admin, item=gone)
    assert list(Item.objects.with_ids(world.product, [mine.pk, gone.pk, 999])) == [mine]
    assert not Item.objects.with_ids(world.foreign_product, [mine.pk])
