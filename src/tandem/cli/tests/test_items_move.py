"""``tandem items move`` as people type it."""

import json
from functools import partial

from tandem.backlog import operations as do
from tandem.backlog.models import Item


def test_an_item_is_moved_by_the_rules_of_its_product(command, world, items):
    item = next(iter(items.values()))
    key = f"{world.product.key}-{item.number}"
    ready = do.status_add(by=world.owner, product=world.product, name="Agreed", category="open")
    do.transition_save(
        by=world.owner, product=world.product, to_status=ready, needs=["due_date"],
        approval="technical_pm",
    )  # fmt: skip
    move = partial(command, "items", "move", "--workspace", world.product.workspace.slug)
    refused = move(key, "agreed")
    assert "Agreed needs a due date." in refused.stderr
    assert refused.returncode == 1
    Item.objects.filter(pk=item.pk).update(due_date="2027-03-12")
    said = json.loads(move(key, "Agreed", "--ask", "Soon?", "--json").stdout)
    assert said["waits_for"] == ["technical_pm"]
    assert "is in In progress" in move(key, "In progress").stdout
    unknown = move(key, "Nowhere")
    assert "There is no status Nowhere" in unknown.stderr
