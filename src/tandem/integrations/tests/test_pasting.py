import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from tandem.accounts.tests.caller import Caller
from tandem.backlog import custom
from tandem.backlog import operations as do
from tandem.backlog.models import Item, Label
from tandem.core.errors import Refused
from tandem.core.models import Event
from tandem.integrations.pasting import pasted, table_of

SHEET = (
    "Summary\tType\tState\tOwner\tTags\tPoints\tDue\tParent\tTier\tAcceptance criteria\n"
    "Crossings\tEpic\t\t\t\t\t\t\t\t\n"
    'Pay by card\tBug\tDone\tOwner\tweb, New one\t1 / 3 / 8\t31/12/2027\tCrossings\tGold\t"It is paid.\n- A receipt comes."\n'
)


def read(world, text, **more):
    return pasted(text, by=world.owner, product=world.product, **more)


def make(world, text, **more):
    table = read(world, text, **more)
    return table, do.items_create(by=world.owner, product=world.product, rows=table.rows)


@pytest.fixture
def tier(world):
    return do.field_create(
        by=world.owner, product=world.product, name="Tier", kind="choice", choices=["Gold"]
    )


def test_a_spreadsheets_rows_become_items_in_one_change(world, tier):
    do.statuses_ensure(world.product)
    text = SHEET.replace("Owner\tweb", f"{world.owner.name}\tweb")
    table, made = make(world, text)
    assert table.targets == [
        "title", "kind", "status", "assignee", "labels", "estimate", "due", "parent", "field-tier",
        "criteria",
    ]  # fmt: skip
    assert made.labels == ["web", "New one"]
    epic, item = Item.objects.order_by("number")
    assert (item.kind, item.status.name, item.parent_id) == ("bug", "Done", epic.pk)
    assert (item.assignee_id, item.finished_at is not None) == (world.owner.pk, True)
    assert (item.estimate_low, item.estimate_likely, item.estimate_high) == (1, 3, 8)
    assert item.due_date.isoformat() == "2027-12-31"
    assert [each.text for each in item.criteria.all()] == ["It is paid.", "A receipt comes."]
    assert custom.held_of(item.pk) == {tier.pk: "gold"}
    verbs = (
        Event.objects.filter(product_id=world.product.pk)
        .order_by("pk")
        .values_list("verb", flat=True)
    )
    assert list(verbs)[-3:] == ["item.created", "item.created", "items.created"]


def test_every_cell_that_cannot_be_read_is_told_by_row_and_column_and_nothing_is_made(world):
    do.statuses_ensure(world.product)
    text = "Title\tKind\tEstimate\tDue\tStatus\tOwner\nA\tboat\tmany\tsoon\tDoen\tNemo\n\tbug\t\t\t\t\n"
    table = read(world, text)
    tried = do.items_create(by=world.owner, product=world.product, rows=table.rows, dry=True)
    told = [(each.row, each.column) for each in table.troubles_of(tried)]
    assert told == [
        (2, "Kind"),
        (2, "Due"),
        (2, "Status"),
        (2, "Owner"),
        (2, "Estimate"),
        (3, "Title"),
    ]
    with pytest.raises(Refused, match="Nothing was made"):
        do.items_create(by=world.owner, product=world.product, rows=table.rows)
    assert not Item.objects.exists()
    assert "“Done”" in next(e.message for e in table.troubles if e.column == "Status")


@pytest.mark.parametrize(
    ("text", "separator", "targets"),
    [
        ("Pay by card, or cash\nSail", "none", ["title"]),
        ("Pay\t3\tbug\nSail\t5\tstory", "tab", ["title", "estimate", "kind"]),
        ("3;Pay;2027-01-02\n5;Sail;2027-01-03", "semicolon", ["estimate", "title", "due"]),
        ('"Pay" now\tbug\nSail\tbug', "tab", ["title", "kind"]),
        ("Title", "none", ["title"]),
    ],
)
def test_a_table_without_header_is_read_by_what_stands_in_it(world, text, separator, targets):
    table = read(world, text)
    assert (table.separator, table.has_header, table.targets) == (separator, False, targets)


def test_a_field_called_like_a_column_takes_nothing_from_it(world):
    for name in ("Status", "Note"):
        do.field_create(by=world.owner, product=world.product, name=name, kind="text")
    table = read(world, "Title\tStatus\tNote\nA deck\tReady\tb\n")
    assert table.targets == ["title", "status", "field-note"]


def test_columns_can_be_said_and_a_title_is_needed(world):
    with pytest.raises(Refused, match="No column is the title"):
        read(world, "1\t2\n3\t4")
    table = read(world, "1\t2\n3\t4", columns={1: "title"})
    assert [row["title"] for row in table.rows] == ["2", "4"]


def test_ten_thousand_rows_are_refused_with_the_way_to_import(world):
    text = "\n".join(f"Item {n}" for n in range(10_000))
    with pytest.raises(Refused, match="import the file") as refused:
        read(world, text)
    assert refused.value.details["import_instead"]
    assert not Item.objects.exists()


def test_many_are_written_in_one_statement(world):
    rows = [{"title": f"Item {n}", "labels": ["a", "b"]} for n in range(600)]
    with CaptureQueriesContext(connection) as asked:
        do.items_create(by=world.owner, product=world.product, rows=rows)
    written = [
        each["sql"] for each in asked if each["sql"].startswith('INSERT INTO "backlog_item"')
    ]
    assert len(written) == 1
    assert Item.objects.order_by("rank").values_list("number", flat=True)[599] == 600


def test_all_of_it_is_taken_back_but_what_somebody_worked_on(world):
    _, made = make(world, "Sail\nRow\nSwim")
    first, second, _ = made.items
    do.item_update(by=world.technical, item=first, kind="bug")
    do.item_create(by=world.technical, product=world.product, title="Oar", parent=second)
    undone = do.bulk_undo(by=world.owner, event=made.event)
    assert (undone.restored, sorted(key for key, _ in undone.stayed)) == (
        1,
        [first.key, second.key],
    )
    assert set(Item.objects.of(world.product).values_list("title", flat=True)) == {
        "Sail",
        "Row",
        "Oar",
    }


def test_rows_that_would_stand_under_themselves_are_told(world):
    table = read(world, "Title\tParent\nA\tB\nB\tA\nC\tA")
    tried = do.items_create(by=world.owner, product=world.product, rows=table.rows, dry=True)
    assert {(each.row, each.column) for each in table.troubles_of(tried)} == {
        (2, "Parent"),
        (3, "Parent"),
    }


def test_the_page_shows_first_and_makes_then(client, world):
    client.force_login(world.owner.user)
    at = f"/w/{world.workspace.slug}/{world.product.key}/backlog/paste/"
    shown = client.post(at, {"text": "Title\tKind\nSail\tboat"})
    assert "Row 2, Kind" in shown.text
    assert client.post(at, {"text": "Title\tKind\nSail\tboat", "step": "do"}).status_code == 422
    sent = {"text": "Title\tKind\nSail\tboat", "step": "do", "column-1": "ignore"}
    assert "1 item was made" in client.post(at, sent).text
    assert Item.objects.get().title == "Sail"
    many = client.post(at, {"text": "\n".join(f"Item {n}" for n in range(10_000))})
    assert many.status_code == 422
    assert "/import/" in many.text


def test_copied_rows_come_back_as_they_were_and_run_nowhere(client, world):
    make(world, "=1+1\nSail\tboat")
    client.force_login(world.owner.user)
    at = f"/w/{world.workspace.slug}/{world.product.key}/backlog/copy/"
    key = Item.objects.get(title="=1+1").key
    copied = client.post(at, {"keys": key}).text
    assert copied.splitlines()[0].startswith("Key\tTitle\t")
    assert f"{key}\t'=1+1\t" in copied
    assert read(world, copied).rows[0]["title"] == "=1+1"


def test_the_api_tries_makes_and_takes_back(world):
    api = Caller(world.owner)
    at = f"/products/{world.product.key}/items/paste"
    tried = api("POST", at, {"text": "Title,Labels\nSail,sea\nRow,lake", "dry_run": True}).json()
    assert (tried["rows"], tried["labels"], tried["event"]) == (2, ["sea", "lake"], None)
    assert not Label.objects.exists()
    assert api("POST", at, {"text": "Title,Due\nSail,soon\nRow,later"}).status_code == 422
    made = api("POST", at, {"text": "Title,Labels\nSail,sea\nRow,lake"}).json()
    undone = api("POST", f"/products/{world.product.key}/changes/{made['event']}/undo").json()
    assert undone == {"restored": 2, "stayed": []}


def test_quotes_and_breaks_stay_in_their_cells():
    cells, _ = table_of('Title\tText\n"A ""b"""\t"one\ntwo"\n')
    assert cells[1] == ['A "b"', "one\ntwo"]
