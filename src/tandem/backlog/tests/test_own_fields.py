import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from tandem.accounts.tests.caller import Caller
from tandem.backlog import custom, history
from tandem.backlog import operations as do
from tandem.backlog.filters import ItemFilter
from tandem.backlog.language import own
from tandem.backlog.language.parsing import FilterRefused
from tandem.backlog.models import CustomField, FieldValue, Item
from tandem.backlog.queries import listing
from tandem.backlog.tests.list_page import HTMX, listed, save
from tandem.core.errors import PermissionRefused, Refused
from tandem.core.models import Event


@pytest.fixture
def tier(world, items):
    """A choice; FERRY-1 is gold, FERRY-2 and FERRY-3 silver."""
    field = do.field_create(
        by=world.owner, product=world.product, name="Customer tier", kind="choice",
        choices=["Gold", "Silver", "Very low"],
    )  # fmt: skip
    for item, name in zip(items, ["gold", "Silver", "silver"], strict=False):
        do.item_update(by=world.owner, item=item, values={"customer_tier": name})
    return field


def make(world, name, kind, **more):
    return do.field_create(by=world.owner, product=world.product, name=name, kind=kind, **more)


def found(world, text):
    wanted = ItemFilter.read(text, world.product, world.owner)
    rows = wanted.apply(Item.objects.of(world.product)).order_by(*wanted.order)
    return [item.number for item in rows]


# Values


SENT = [
    ("text", "  On deck ", "On deck"),
    ("number", "2,5", 2.5),
    ("number", 1e3, 1000.0),
    ("date", "2027-03-12", "2027-03-12"),
    ("check", "yes", True),
    ("check", False, False),
    ("link", "https://skerry.example/a?b=1", "https://skerry.example/a?b=1"),
]
UNFIT = [
    ("number", "much"),
    ("number", "inf"),
    ("number", True),
    ("date", "soon"),
    ("check", "perhaps"),
    ("link", "javascript:alert(1)"),
    ("link", "https://a b"),
    ("person", "zoe"),
    ("text", "x" * 2001),
]


@pytest.mark.parametrize(("kind", "sent", "given"), SENT)
def test_a_value_is_read_as_its_kind(world, items, kind, sent, given):
    field = make(world, "Own", kind)
    do.item_update(by=world.owner, item=items[0], values={"own": sent})
    held = custom.held_of(items[0].pk).get(field.pk)
    assert custom.plain_of(field, held) == given


@pytest.mark.parametrize(("kind", "sent"), UNFIT)
def test_it_refuses_what_the_field_cannot_hold(world, items, kind, sent):
    make(world, "Own", kind)
    with pytest.raises(Refused, match=r"^Own: ") as refusal:
        do.item_update(by=world.owner, item=items[0], values={"own": sent})
    assert refusal.value.field == "fields.own"
    assert not FieldValue.objects.exists()


def test_a_value_is_told_in_the_history_and_can_be_taken_back(world, tier, items):
    do.item_update(by=world.owner, item=items[0], values={"Customer tier": "Silver"})
    event = Event.objects.of("item", items[0].pk).first()
    assert event.changes == {"fields.customer_tier": ["Gold", "Silver"]}
    do.change_undo(by=world.owner, event=event)
    assert found(world, "customer_tier:gold") == [1]


def test_a_person_is_taken_back_by_number(world, items):
    make(world, "Reviewer", "person")
    item = items[0]
    for person in (world.developer, world.owner):
        do.item_update(by=world.owner, item=item, values={"reviewer": person.pk})
    do.change_undo(by=world.owner, event=Event.objects.of("item", item.pk).first())
    assert FieldValue.objects.get().member == world.developer


def test_an_unknown_field_is_refused_by_name(world, items):
    with pytest.raises(Refused, match="no field “colour”"):
        do.item_update(by=world.owner, item=items[0], values={"colour": "red"})


# Fields


def test_its_slug_is_unlike_every_word_of_the_filter(world):
    slugs = [
        make(world, name, "text").slug for name in ("Status", "Größe", "Größe 2", "2nd", "Мост")
    ]
    assert slugs == ["status_2", "grosse", "grosse_2", "field_2nd", "field"]
    with pytest.raises(Refused, match="has a field “größe” already"):
        make(world, "größe", "number")


def test_only_those_who_steer_change_fields(world, tier):
    with pytest.raises(PermissionRefused):
        do.field_update(by=world.developer, field=tier, name="Tier")


def test_a_renamed_field_and_choice_keep_filters_working(world, tier):
    do.field_update(by=world.owner, field=tier, name="Level")
    do.choice_update(by=world.owner, field=tier, choice="gold", name="Premium")
    do.choice_update(by=world.owner, field=tier, choice="very_low", name="Basic")
    assert found(world, "customer_tier:gold") == [1]
    assert found(world, "level:premium") == [1]
    assert found(world, 'customer_tier:"Very low"') == []
    words = ItemFilter.read("customer_tier:gold", world.product, world.owner).active[0].words
    assert words == "Level: Premium"


def test_a_removed_choice_asks_what_its_items_get(world, tier):
    remove = {"by": world.owner, "field": tier, "choice": "silver"}
    with pytest.raises(Refused, match="2 items hold “Silver”") as refusal:
        do.choice_remove(**remove)
    assert refusal.value.field == "then"
    do.choice_remove(**remove, then="move", to="gold")
    assert found(world, "customer_tier:gold sort:key") == [1, 2, 3]
    event = Event.objects.of("item", 2).first() or Event.objects.filter(verb="item.updated").last()
    assert event.changes["fields.customer_tier"] == ["Silver", "Gold"]


def test_a_choice_may_stay_on_its_items_or_be_cleared(world, tier, items):
    do.choice_remove(by=world.owner, field=tier, choice="silver", then="keep")
    assert found(world, "customer_tier:silver sort:key") == [2, 3]
    with pytest.raises(Refused, match="offered no longer"):
        do.item_update(by=world.owner, item=items[3], values={"customer_tier": "silver"})
    do.choice_remove(by=world.owner, field=tier, choice="gold", then="clear")
    assert found(world, "no:customer_tier sort:key") == [1, 4]


def test_an_archived_field_is_nowhere_and_comes_back_with_its_values(world, tier):
    do.field_archive(by=world.owner, field=tier)
    with pytest.raises(FilterRefused):
        found(world, "customer_tier:gold")
    assert "Customer tier" not in listed(world, "?columns=field-customer_tier").content.decode()
    do.field_restore(by=world.owner, field=tier)
    assert found(world, "customer_tier:gold") == [1]


# Filter, order, columns


def test_every_kind_is_found_and_sorted(world, items):
    for name, kind in [("Size", "number"), ("Promised", "date"), ("Reviewer", "person"),
                       ("Legal", "check"), ("Note", "text"), ("Spec", "link"),
                       ("日本 Größe", "text")]:  # fmt: skip
        make(world, name, kind)
    said = [
        {"size": 8, "promised": "2027-03-12", "reviewer": world.owner.pk, "legal": "yes"},
        {"size": 2.5, "promised": "2027-04-01", "note": "deck", "spec": "https://b.example"},
        {
            "size": 5,
            "reviewer": world.developer.pk,
            "note": "Anchor",
            "spec": "https://A.example",
            "grosse": "m",
        },
    ]
    for item, values in zip(items, said, strict=False):
        do.item_update(by=world.owner, item=item, values=values)
    cases = [
        ("size>2.5 sort:size", [3, 1]),
        ("size:2..5 sort:-size", [3, 2]),
        ("-size>2.5 sort:key", [2, 4]),
        ("promised:2027-03", [1]),
        ("promised>2027-03-12", [2]),
        ("reviewer:me", [1]),
        ("reviewer:none sort:key", [2, 4]),
        ("legal:yes", [1]),
        ("legal:no sort:key", [2, 3, 4]),
        ("note:deck,anchor sort:note", [3, 2]),
        ("has:promised sort:-promised", [2, 1]),
        ("has:reviewer sort:-reviewer", [1, 3]),
        ("has:spec sort:spec", [3, 2]),
        ("日本_größe:m", [3]),
    ]
    for text, numbers in cases:
        assert found(world, text) == numbers, text


def test_values_that_many_hold_are_found_the_same(world, tier, monkeypatch):
    monkeypatch.setattr(own, "FEW", 1)
    assert found(world, "customer_tier:silver sort:key") == [2, 3]
    assert found(world, "-customer_tier:silver sort:key") == [1, 4]
    assert found(world, "no:customer_tier") == [4]


@pytest.mark.parametrize("sign", ["", "-"])
def test_pages_by_an_own_field_are_what_sorting_everything_gives(world, tier, items, sign):
    statuses = listing.statuses_of(world.product)
    wanted = ItemFilter.read(f"sort:{sign}customer_tier", world.product, world.owner)
    pages, cursor = [], None
    for _ in range(6):
        page = listing.page(wanted, world.owner, statuses, after=cursor, limit=1)
        pages += [row.number for row in page.rows]
        cursor = page.next_cursor
        if cursor is None:
            break
    assert pages == ([1, 2, 3, 4] if not sign else [3, 2, 1, 4])


def test_it_is_a_column_edited_in_its_row(world, tier, items):
    page = listed(world, "?columns=field-customer_tier").content.decode()
    assert '<span class="choice choice-grey">Gold</span>' in page
    answer = save(world, items[0], "field-customer_tier", "silver")
    assert answer.status_code == 200
    assert found(world, "customer_tier:silver sort:key") == [1, 2, 3]
    assert save(world, items[0], "field-customer_tier", "copper").status_code == 422
    client = world.client(world.owner)
    assert client.get(world.address("backlog/rows/FERRY-1/field-novel/"), **HTMX).status_code == 404


def test_columns_of_own_fields_take_one_query_each(world, tier):
    make(world, "Size", "number")
    client = world.client(world.owner)
    client.get(world.address("backlog/"))
    with CaptureQueriesContext(connection) as without:
        client.get(world.address("backlog/"))
    with CaptureQueriesContext(connection) as two:
        client.get(world.address("backlog/?columns=field-customer_tier.field-size"))
    assert len(two) - len(without) <= 2


def test_a_field_on_cards_stands_on_the_board(world, tier):
    client = world.client(world.owner)
    assert "card-fact" not in client.get(world.address("board/")).content.decode()
    do.field_update(by=world.owner, field=tier, on_card=True)
    assert client.get(world.address("board/")).content.decode().count("card-fact") == 3


# Doors


def test_the_items_page_saves_it_and_shows_a_refusal_beside_it(world, items):
    make(world, "Promised", "date")
    client = world.client(world.owner)
    fields = world.address("items/FERRY-1/fields/")
    answer = client.post(fields, {"field-promised": "2027-03-12"}, **HTMX)
    assert answer.status_code == 200
    assert 'value="2027-03-12"' in answer.content.decode()
    refused = client.post(fields, {"field-promised": "soon"}, **HTMX)
    assert (refused.status_code, "is no day" in refused.content.decode()) == (422, True)


def test_the_settings_page_goes_through_a_fields_life(world, items):
    client = world.client(world.owner)
    page = world.address("setup/fields/")
    made = {"name": "Tier", "kind": "choice", "choices": "Gold\n\nSilver\n"}
    assert client.post(page, made).status_code == 302
    do.item_update(by=world.owner, item=items[0], values={"tier": "gold"})
    asked = client.post(f"{page}tier/choices/gold/removal/")
    assert "1 item holds “Gold”" in asked.content.decode()
    assert asked.status_code == 422
    client.post(f"{page}tier/choices/gold/removal/", {"then": "move", "to": "silver"})
    client.post(f"{page}tier/choices/", {"choice": "Bronze", "number": "1,5"})
    client.post(f"{page}tier/choices/bronze/", {"choice": "Copper", "color": "red", "number": "2"})
    client.post(f"{page}tier/", {"name": "Level", "hint": "Who asked"})
    field = CustomField.objects.get()
    assert (field.name, field.hint, found(world, "level:silver")) == ("Level", "Who asked", [1])
    copper = field.choice("bronze")
    assert (copper["name"], copper["color"], copper["number"]) == ("Copper", "red", 2.0)
    assert client.post(page, {"name": "Level", "kind": "text"}).status_code == 422
    assert world.client(world.developer).post(page, made).status_code == 403


def test_the_api_reads_and_writes_values_and_fields(world, items):
    ask = Caller(world.owner)
    made = ask(
        "POST", "/products/FERRY/fields", {"name": "Tier", "kind": "choice", "choices": ["Gold"]}
    )
    assert (made.status_code, made.json()["slug"]) == (201, "tier")
    changed = ask("PATCH", "/items/FERRY-1", {"fields": {"tier": "Gold"}})
    assert changed.json()["fields"] == {"tier": "Gold"}
    listed_ = ask("GET", "/products/FERRY/items?q=tier:gold").json()["items"]
    assert [each["fields"] for each in listed_] == [{"tier": "Gold"}]
    wrong = ask("PATCH", "/items/FERRY-1", {"fields": {"tier": "Lead"}})
    assert (wrong.status_code, wrong.json()["field"]) == (422, "fields.tier")
    held = ask("DELETE", "/products/FERRY/fields/tier/choices/gold")
    assert (held.status_code, held.json()["field"]) == (422, "then")
    assert ask("DELETE", "/products/FERRY/fields/tier/choices/gold?then=clear").status_code == 200
    archived = ask("PATCH", "/products/FERRY/fields/tier", {"archived": True})
    assert archived.json()["archived"] is True


def test_a_table_file_holds_them(world, tier):
    client = world.client(world.owner)
    answer = client.get(world.address("export/lists/backlog.csv?columns=field-customer_tier"))
    lines = b"".join(answer.streaming_content).decode().splitlines()
    assert lines[0].endswith("Customer tier")
    assert lines[1].endswith("Gold")


# New items


def new(world, **sent):
    client = world.client(world.owner)
    return client.post(world.address("items/"), {"title": "A rope", **sent}, **HTMX)


def test_the_dialog_asks_for_what_a_new_item_needs(world, items, tier):
    do.field_update(by=world.owner, field=tier, on_new="needed")
    make(world, "Size", "number", on_new="asked")
    ready = do.statuses_ensure(world.product)[0]
    do.transition_save(by=world.owner, product=world.product, to_status=ready, needs=["due_date"])
    page = listed(world).content.decode()
    for name in ("field-customer_tier", "field-size", "due_date"):
        assert f'name="{name}"' in page
    assert "A new item needs a value in Customer tier." in new(world).content.decode()
    sent = {"field-customer_tier": "gold", "field-size": "much"}
    wrong = new(world, **sent).content.decode()
    assert "is no number" in wrong.split('id="new-field-size-error"')[1]
    sent = {**sent, "field-size": "2,5"}
    assert "Backlog needs a due date." in new(world, **sent).content.decode()
    assert new(world, **sent, due_date="2027-03-12").status_code == 200
    item = Item.objects.get(title="A rope")
    assert custom.held_of(item.pk)[tier.pk] == "gold"
    assert item.due_date.isoformat() == "2027-03-12"


def test_no_way_makes_an_item_without_what_it_needs_but_an_import(world, items, tier):
    do.field_update(by=world.owner, field=tier, on_new="needed")
    bare = {"by": world.owner, "product": world.product, "title": "A rope"}
    with pytest.raises(Refused, match="needs a value in Customer tier") as refusal:
        do.item_create(**bare)
    assert refusal.value.field == "fields.customer_tier"
    made = do.items_create(by=world.owner, product=world.product, rows=[{"title": "x"}], dry=True)
    assert made.problems[0].field == "fields.customer_tier"
    do.item_create(**bare, by_rules=False)
    with pytest.raises(Refused, match="none of asked"):
        do.field_update(by=world.owner, field=tier, on_new="always")


def test_the_history_calls_a_field_by_its_name_of_today(world, tier, items):
    do.field_update(by=world.owner, field=tier, name="Rang")
    do.item_update(by=world.owner, item=items[3], values={"customer_tier": "Gold"})
    [visit] = history.visits(list(Event.objects.of("item", items[3].pk))[:1])
    assert visit.entries[0].sentence == "changed Rang"
    assert visit.entries[0].changes[0].name == "Rang"
