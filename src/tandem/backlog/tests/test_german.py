"""What a person whose language is German reads and types; what is kept stays the same."""

import pytest
from django.utils import translation

from tandem.accounts import operations as accounts
from tandem.backlog import custom, history, operations
from tandem.backlog.filters import ItemFilter
from tandem.backlog.models import DependencyKind, FieldKind, Item
from tandem.core import channel
from tandem.core.models import Event
from tandem.ui.filters import spoken

pytestmark = pytest.mark.django_db


@pytest.fixture
def german(client, world):
    accounts.language_choose(by=world.owner, language="de")
    client.force_login(world.owner.user)
    return client


def address(world, item, tail):
    return f"/w/{world.workspace.slug}/{world.product.key}/items/{item.key}/{tail}"


def test_a_comma_before_decimals_is_typed_and_shown(german, world):
    field = operations.field_create(
        by=world.owner, product=world.product, name="Revenue", kind=FieldKind.NUMBER
    )
    item = operations.item_create(by=world.owner, product=world.product, title="Fares")
    german.post(address(world, item, "fields/"), {"estimate_likely": "2,5"})
    german.post(address(world, item, "fields/"), {f"field-{field.slug}": "1.000,25"})
    item.refresh_from_db()
    assert item.estimate_likely == 2.5
    assert item.field_values.get().number == 1000.25
    page = german.get(address(world, item, "")).content.decode()
    assert 'name="estimate_likely" inputmode="decimal" autocomplete="off" value="2,5"' in page
    assert 'value="1000,25"' in page


def test_events_are_kept_in_english_and_read_in_german(world):
    one, other = (
        operations.item_create(by=world.owner, product=world.product, title=title)
        for title in ("Fares", "Seats")
    )
    with translation.override("de"):
        operations.dependency_add(
            by=world.owner, from_item=one, to_item=other, kind=DependencyKind.BLOCKS
        )
        operations.item_update(by=world.owner, item=one, kind="bug", estimate_likely=2.5)
    added, changed = Event.objects.of("item", one.pk).exclude(verb="item.created").order_by("pk")
    assert added.changes["dependency"] == [None, f"blocks {other.key}"]
    assert history.changes_of(added)[0].after == f"blocks {other.key}"
    assert history.sentence_of(changed) == "changed kind and likely estimate"
    with translation.override("de"):
        assert history.changes_of(added)[0].after == f"blockiert {other.key}"
        assert history.sentence_of(changed) == "hat geändert: Art und wahrscheinliche Schätzung"
        assert [each.after for each in history.changes_of(changed)] == ["Fehler", "2,5"]


def test_a_new_products_statuses_are_german_and_found_by_the_english_word(world):
    with translation.override("de"):
        product = accounts.product_create(by=world.owner, key="HAFEN")
    names = [each.name for each in operations.statuses_ensure(product)]
    assert names == ["Backlog", "Bereit", "In Arbeit", "In Prüfung", "Erledigt", "Verworfen"]
    item = operations.item_create(
        by=world.owner, product=product, title="Kai", status=product.statuses.get(name="In Arbeit")
    )
    for word in ("In progress", "in arbeit"):
        wanted = ItemFilter.read(f'status:"{word}"', product, world.owner)
        assert list(wanted.apply(Item.objects.of(product))) == [item]


def test_what_programs_make_is_called_in_english(world):
    with translation.override("de"), channel.through("api"):
        product = accounts.product_create(by=world.owner, key="HAFEN")
        assert operations.statuses_ensure(product)[2].name == "In progress"


def test_why_a_field_cannot_hold_a_value_keeps_its_parts(world):
    field = operations.field_create(
        by=world.owner, product=world.product, name="Revenue", kind=FieldKind.NUMBER
    )
    with pytest.raises(custom.NotHeld, match="“much” is no number") as refused:
        custom.read(field, "much")
    with translation.override("de"):
        assert spoken(refused.value.sentence) == "Revenue: „much“ ist keine Zahl."
