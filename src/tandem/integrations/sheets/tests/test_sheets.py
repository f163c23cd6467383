"""Lists as CSV and XLSX."""

import asyncio
import csv
import datetime
import gc
import html
import io
import itertools
import re
import weakref

import openpyxl
import pytest
from django.core.handlers.asgi import ASGIRequest
from django.db.models.signals import post_init
from django.http import QueryDict

from support.worlds import world_again
from tandem.accounts.operations import token_create
from tandem.accounts.operations_services import service_create
from tandem.backlog import operations as backlog
from tandem.backlog.models import Item
from tandem.integrations.archive.tests.rich_world import rich_world
from tandem.integrations.chats.operations import chat_create
from tandem.integrations.models import ConnectedItem, Connection, ImportRun
from tandem.integrations.sheets import lists, sheet
from tandem.integrations.sheets.lists import LISTS
from tandem.integrations.sheets.sheet import Sheet
from tandem.integrations.sheets.workspace_lists import WORKSPACE_LISTS
from tandem.integrations.sheets.writing import csv_chunks
from tandem.integrations.views.export import PIECE, _sent
from tandem.integrations.webhooks.operations import webhook_create
from tandem.planning.models import Scenario
from tandem.planning.operations.scenarios import scenario_create
from tandem.prioritisation.calculations import model_in_force
from tandem.prioritisation.operations import rating_set

DANGEROUS = ("=1+1", "+1+cmd", "-2+cmd", "@SUM(A1)", "\tx", "\rx", "\n=x", "＝1+1", "＋1")


@pytest.fixture
def filled(db):
    world = world_again(rich_world)
    item = Item.objects.get(title="=HYPERLINK(evil)")
    made = Connection.objects.create(product=world.product, kind="github", project="club/sea")
    ConnectedItem.objects.create(connection=made, item=item, ref="club/sea#1")
    return world


def rows_of(answer, form):
    body = b"".join(answer) if answer.streaming else answer.content
    if form == "csv":
        return list(csv.reader(io.StringIO(body.decode(), newline="")))
    book = openpyxl.load_workbook(io.BytesIO(body))
    return [list(row) for row in book.active.iter_rows(values_only=True)]


def test_every_list_of_a_product_comes_out_in_either_form(filled):
    client = filled.client(filled.admin)
    run = ImportRun.objects.first()
    asks = {
        "import-rows": f"?import={run.pk}",
        "connected": f"?connection={Connection.objects.get().pk}",
    }
    for name in LISTS:
        query = asks.get(name, "")
        both = []
        for form in ("csv", "xlsx"):
            answer = client.get(filled.address(f"export/lists/{name}.{form}{query}"))
            assert answer.status_code == 200, name
            assert f"FERRY-{name}.{form}" in answer["Content-Disposition"]
            both.append(rows_of(answer, form))
        assert [len(rows) for rows in both] == [len(both[0])] * 2
        assert len(both[0]) > 1 or name in EMPTY, name
        assert "Thrown away" not in str(both) or name in {"activity", "trash"}


def test_every_list_of_a_workspace_comes_out_in_either_form(filled):
    client = filled.client(filled.admin)
    token_create(by=filled.admin, name="=cmd()")
    service_create(by=filled.admin, name="Build", role="viewer")
    hook, _ = webhook_create(by=filled.admin, name="Chat", url="https://example.com/")
    chat_create(by=filled.admin, name="Room", address="jsons://example.com/made-up")
    for name in WORKSPACE_LISTS:
        query = f"?webhook={hook.pk}" if name == "deliveries" else ""
        for form in ("csv", "xlsx"):
            answer = client.get(f"/w/skerry/export/lists/{name}.{form}{query}")
            assert answer.status_code == 200, name
            rows = rows_of(answer, form)
            assert len(rows) > 1 or name in EMPTY, name
            assert all(len(row) == len(rows[0]) for row in rows), name
    tokens = rows_of(client.get("/w/skerry/export/lists/tokens.csv"), "csv")
    assert tokens[1][0] == "'=cmd()"


#: Nothing is committed, sent or asked for in this world.
EMPTY = {"plan", "deliveries", "feeds", "archives", "jobs"}


def test_the_backlog_comes_with_its_filter_its_order_and_its_columns(filled):
    client = filled.client(filled.owner)
    address = filled.address("export/lists/backlog.csv?kind=epic&columns=status.estimate")
    assert rows_of(client.get(address), "csv") == [
        ["Key", "Title", "Status", "Estimate low", "Estimate", "Estimate high"],
        ["FERRY-3", "Bookings", "Backlog", "", "", ""],
    ]
    backwards = client.get(filled.address("export/lists/backlog.csv?sort=-key&category=all"))
    numbers = [int(row[0].split("-")[1]) for row in rows_of(backwards, "csv")[1:]]
    assert numbers == sorted(numbers, reverse=True)
    assert client.get(filled.address("export/lists/backlog.csv?kind=wish")).status_code == 422


#: A list's page, some of its filters and orders, and the column that tells a row from others.
SHOWN = {
    "backlog": ("backlog/", ["", "q=kind:story", "sort=-key&category=all", "q=-status:Done sort:-created"], "Key"),
    "ranking": ("prioritise/", ["", "show=guessed", "sort=value", "sort=unsure&kind=story"], "Key"),
    "activity": ("activity/", ["", "what=items"], ""),
    "rules": ("plan/", ["scenario={scenario}"], "Item"),
    "debt": ("plan/debt/", [""], "Key"),
    "forecasts": ("forecast/", [""], ""),
    "models": ("prioritise/models/", [""], "Model"),
    "teams": ("teams/", [""], "Team"),
    "sprints": ("teams/", [""], ""),
    "imports": ("import/", [""], "File"),
    "import-rows": ("import/{run}/", ["", "outcome=created"], "Title"),
    "connections": ("connections/", [""], "Project"),
    "trash": ("trash/", [""], "What"),
}  # fmt: skip
#: The workspace's lists, below its own address.
SHOWN_OF_WORKSPACE = {
    "people": ("people/", [""], "Name"),
    "invitations": ("people/", [""], "For"),
    "products": ("products/", [""], "Name"),
}  # fmt: skip


def test_every_sheet_a_page_offers_holds_what_the_page_shows_in_its_order(filled):
    """The link that stands on the page is followed: its rows stand on the page, in that order."""
    scenario = Scenario.objects.first()
    scenario_create(by=filled.owner, product=filled.product, name="Another")
    words = {"run": ImportRun.objects.get().pk, "scenario": scenario.pk}
    client = filled.client(filled.admin)
    lists_of = [(filled.address(""), SHOWN), ("/w/skerry/", SHOWN_OF_WORKSPACE)]
    for base, shown in lists_of:
        for name, (path, queries, column) in shown.items():
            for query in queries:
                here = f"{base}{path}?{query}".format(**words)
                page = html.unescape(client.get(here).content.decode())
                links = re.findall(rf'href="([^"]*/{name}\.csv[^"]*)"', page)
                assert links, f"{here} offers no {name}"
                head, *rows = rows_of(client.get(links[0]), "csv")
                if not column or (name == "rules" and not rows):
                    continue
                place = 0
                body = page[page.index("<main") :]
                for row in rows:
                    told = row[head.index(column)]
                    place = body.find(told, place)
                    assert place >= 0, f"{here}: {told} of {links[0]} does not follow in the page"


def test_the_ranking_comes_as_its_page_narrows_and_orders_it(filled):
    client = filled.client(filled.admin)

    def keys(query):
        page = client.get(filled.address(f"prioritise/?{query}")).content.decode()
        listed = [row[1] for row in rows_of(
            client.get(filled.address(f"export/lists/ranking.csv?{query}")), "csv"
        )[1:]]  # fmt: skip
        answer = client.get(f"/api/v1/products/FERRY/ranking?{query}").json()["items"]
        assert listed == [each["key"] for each in answer]
        assert all(key in page for key in listed)
        return listed

    last = Item.objects.get(number=keys("")[-1].split("-")[1])
    for criterion in model_in_force(filled.product, None).rated():
        by = filled.owner if criterion.lens == "value" else filled.technical
        rating_set(
            by=by, item=last, criterion=criterion, value=1 if criterion.lens == "value" else 5
        )
    ranked = keys("")
    assert len(ranked) > 2
    assert keys("sort=value") != keys("sort=technical")
    assert set(keys("show=guessed")) | set(keys("show=known")) == set(ranked)
    assert keys("sort=differ")[0] == last.key
    answer = client.get(filled.address("export/lists/ranking.csv?sort=title"))
    assert answer.status_code == 422


@pytest.mark.parametrize("form", ["csv", "xlsx"])
def test_no_cell_is_run_and_numbers_stay_numbers(world, form):
    for title in DANGEROUS[:4]:
        backlog.item_create(
            by=world.owner, product=world.product, title=title, estimate_likely=2.5,
            due_date=datetime.date(2026, 12, 24),
        )  # fmt: skip
    answer = world.client(world.owner).get(world.address(f"export/lists/backlog.{form}"))
    if form == "csv":
        rows = list(csv.DictReader(io.StringIO(b"".join(answer).decode(), newline="")))
        assert [row["Title"] for row in rows] == [f"'{title}" for title in DANGEROUS[:4]]
        assert (rows[0]["Estimate"], rows[0]["Due"]) == ("2.5", "2026-12-24")
        return
    page = openpyxl.load_workbook(io.BytesIO(b"".join(answer))).active
    head = [cell.value for cell in page[1]]
    for row, title in zip(page.iter_rows(min_row=2), DANGEROUS, strict=False):
        found = dict(zip(head, row, strict=True))
        assert (found["Title"].value, found["Title"].data_type) == (title, "s")
        assert found["Estimate"].value == 2.5
        assert found["Due"].is_date
        assert found["Due"].value.date() == datetime.date(2026, 12, 24)


def test_a_tab_and_a_return_are_defused_too():
    [text] = csv_chunks(Sheet(["Title"], iter([[title] for title in DANGEROUS])))
    cells = [row[0] for row in csv.reader(io.StringIO(text, newline=""))][1:]
    assert cells == [f"'{title}" for title in DANGEROUS]


def test_a_csv_leaves_in_pieces_while_its_rows_are_read():
    read = itertools.count()
    rows = ([next(read)] for _ in range(5000))
    chunks = csv_chunks(Sheet(["Number"], rows))
    next(chunks)
    assert next(read) < 1000, "the whole list was read before the first piece left"


def test_another_workspace_gets_nothing(filled):
    client = filled.client(filled.outsider)
    assert client.get(filled.address("export/lists/backlog.csv")).status_code == 404
    assert (
        filled.client(filled.owner).get(filled.address("export/lists/salaries.csv")).status_code
        == 404
    )
    assert (
        filled.client(filled.owner).get(filled.address("export/lists/backlog.pdf")).status_code
        == 404
    )


def test_served_by_asgi_it_leaves_in_pieces(tmp_path):
    async def taken():
        request = ASGIRequest(
            {"type": "http", "method": "GET", "path": "/", "headers": []}, io.BytesIO()
        )
        answer = _sent(request, io.BytesIO(b"x" * (PIECE + 1)), "text/csv")
        return [len(piece) async for piece in answer]

    assert asyncio.run(taken()) == [PIECE, 1]


def test_a_long_list_is_never_held_at_once(world, monkeypatch):
    for module in (lists, sheet):
        monkeypatch.setattr(module, "BATCH", 50)
    first = backlog.item_create(by=world.owner, product=world.product, title="Seat 1")
    Item.objects.bulk_create(
        Item(
            workspace=first.workspace, product=world.product, number=number, kind="story",
            title=f"Seat {number}", status=first.status, rank=f"{number:06}",
            created_at=first.created_at, updated_at=first.updated_at,
        )
        for number in range(2, 1_502)
    )  # fmt: skip
    alive, most = weakref.WeakSet(), 0
    watch = lambda instance, **_: alive.add(instance)  # noqa: E731
    post_init.connect(watch, sender=Item)
    try:
        query = QueryDict("columns=status.labels.score")
        made = LISTS["backlog"](world.owner, world.product, query)
        rows = 0
        for _ in csv_chunks(Sheet(made.titles, counted(made.rows))):
            gc.collect()  # what is in a ring is let go late
            rows, most = counted.rows, max(most, len(alive))
    finally:
        post_init.disconnect(watch, sender=Item)
    assert rows == 1_501
    # The batches that are read, prepared and written; never more, however long the list.
    assert 0 < most <= 200


def counted(rows):
    counted.rows = 0
    for row in rows:
        counted.rows += 1
        yield row


def test_the_backlogs_sheet_holds_the_columns_of_higher_apps(filled):
    client = filled.client(filled.owner)
    answer = client.get(filled.address("export/lists/backlog.csv?columns=score&category=all"))
    head, *rows = rows_of(answer, "csv")
    assert head == ["Key", "Title", "Score", "Score P10", "Score P90"]
    scored = [[float(cell) for cell in row[2:]] for row in rows if row[2]]
    assert scored
    assert all(low <= likely <= high for likely, low, high in scored)
