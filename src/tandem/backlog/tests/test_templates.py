import pytest

from tandem.accounts.tests.caller import Caller
from tandem.backlog import custom
from tandem.backlog import operations as do
from tandem.backlog.models import CustomField, Item, ItemTemplate
from tandem.backlog.operations.templates import filled, template_named
from tandem.core.errors import Refused
from tandem.core.models import Event


@pytest.fixture
def refund(world):
    do.field_create(
        by=world.owner, product=world.product, name="Tier", kind="choice", choices=["Gold", "Tin"]
    )
    return do.template_create(
        by=world.owner, product=world.product, name="Refund", kind="bug", is_default=True,
        title="Refund: {title}", description="What was paid?", criteria=["It is paid back."],
        labels=["money"], values={"tier": "Gold"},
    )  # fmt: skip


def make(world, template, title="", **given):
    return do.item_create(by=world.owner, product=world.product, **filled(template, title, given))


def test_a_new_item_begins_with_what_its_template_says(world, refund):
    item = make(world, refund, "Trip 4", labels=["web"])
    assert (item.title, item.kind, item.description) == ("Refund: Trip 4", "bug", "What was paid?")
    assert [each.text for each in item.criteria.all()] == ["It is paid back."]
    assert sorted(item.labels.values_list("name", flat=True)) == ["money", "web"]
    assert list(custom.held_of(item.pk).values()) == ["gold"]


def test_what_is_given_goes_before_the_template(world, refund):
    item = make(world, refund, "Trip", kind="debt", description="Mine.", values={"tier": "Tin"})
    assert (item.kind, item.description) == ("debt", "Mine.")
    assert list(custom.held_of(item.pk).values()) == ["tin"]


def test_a_field_that_is_archived_and_a_choice_that_is_gone_are_left_out(world, refund):
    field = CustomField.objects.get(slug="tier")
    do.choice_remove(by=world.owner, field=field, choice="gold")
    assert custom.held_of(make(world, refund, "A").pk) == {}
    do.field_archive(by=world.owner, field=CustomField.objects.get(slug="tier"))
    assert custom.held_of(make(world, refund, "B").pk) == {}


def test_a_kind_has_one_default_and_a_name_is_there_once(world, refund):
    other = do.template_create(
        by=world.owner, product=world.product, name="Crash", kind="bug", is_default=True
    )
    assert template_named(world.product, "default", "bug") == other
    assert template_named(world.product, "default", "story") is None
    with pytest.raises(Refused, match="already"):
        do.template_update(by=world.owner, template=other, name="refund")
    with pytest.raises(Refused, match="Templates: "):
        template_named(world.product, "nothing")


@pytest.mark.parametrize(
    ("sent", "said"),
    [
        ({"kind": "boat"}, "no kind"),
        ({"values": {"tier": "Wood"}}, "none of"),
        ({"values": {"size": "1"}}, "no field"),
        ({"name": ""}, "needs a name"),
        ({"criteria": ["Given a\nAnd then nothing of the kind: Scenario"] * 60}, "At most 50"),
    ],
)
def test_a_template_that_no_item_could_hold_is_refused(world, refund, sent, said):
    with pytest.raises(Refused, match=said):
        do.template_update(by=world.owner, template=refund, **sent)


def test_the_page_makes_changes_removes_and_brings_back(client, world, items):
    client.force_login(world.owner.user)
    at = f"/w/{world.workspace.slug}/{world.product.key}/"
    sent = {"name": "Crash", "kind": "bug", "criteria": "One.\nTwo.", "labels": "a, b"}
    client.post(f"{at}setup/templates/", sent)
    made = ItemTemplate.objects.get()
    assert (made.criteria, made.labels) == (["One.", "Two."], ["a", "b"])
    client.post(f"{at}setup/templates/1/", sent | {"is_default": "on"})
    assert "Bring it back" in client.post(f"{at}setup/templates/1/removal/").text
    gone = Event.objects.get(verb="template.removed")
    client.post(f"{at}setup/templates/restoration/{gone.pk}/")
    assert ItemTemplate.objects.get().is_default
    begun = client.get(f"{at}setup/templates/", {"from": items[0].key}).text
    assert items[0].title in begun
    client.post(f"{at}items/", {"title": "Boom", "kind": "bug", "template": "default"})
    item = Item.objects.get(title="Boom")
    assert item.criteria.count() == 2
    assert "setup/templates/choices/" in client.get(f"{at}backlog/").text
    assert "Crash (bug)" in client.get(f"{at}setup/templates/choices/").text


def test_the_api_names_a_template(world, refund):
    api = Caller(world.owner)
    at = f"/products/{world.product.key}"
    made = api("POST", f"{at}/items", {"title": "Trip", "template": "refund"}).json()
    assert (made["title"], made["kind"]) == ("Refund: Trip", "bug")
    made = api("POST", f"{at}/items", {"title": "Trip", "template": "default"}).json()
    assert (made["title"], made["kind"]) == ("Trip", "story")
    assert api("POST", f"{at}/items", {"title": "T", "template": "x"}).json()["field"] == "template"
    assert api("GET", f"{at}/templates").json()[0]["fields"] == {"tier": "gold"}
