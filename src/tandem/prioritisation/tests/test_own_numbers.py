from tandem.backlog import operations as do
from tandem.prioritisation.fields import fields_for, values_for


def test_formulas_read_numbers_choices_with_numbers_and_checks(world):
    make = {"by": world.owner, "product": world.product}
    tier = do.field_create(**make, name="Customer tier", kind="choice", choices=["Gold"])
    do.field_create(**make, name="Size", kind="number")
    do.field_create(**make, name="Legal", kind="check")
    item = do.item_create(**make, title="Book a seat", values={"customer_tier": "gold"})
    do.choice_update(by=world.owner, field=tier, choice="gold", number=3.0, number_given=True)
    do.item_update(by=world.owner, item=item, values={"size": 8, "legal": True})
    slugs = {field.slug for field in fields_for(world.product)}
    assert {"customer_tier", "size", "legal"} <= slugs
    assert values_for(world.product, [item.pk]) == {
        item.pk: {"customer_tier": 3.0, "size": 8.0, "legal": 1.0}
    }
