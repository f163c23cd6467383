import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from tandem.backlog import columns as registry
from tandem.backlog import operations as do
from tandem.backlog.models import Item, Status
from tandem.backlog.tests.list_page import (
    HTMX,
    cell_address,
    create,
    keys_of,
    listed,
    move,
    order,
)
from tandem.backlog.views.listing import COOKIE

# Reading


def test_it_lists_the_open_items_by_rank(world, items):
    do.item_update(by=world.owner, item=items[1], status=Status.objects.get(name="Done"))
    response = listed(world)
    assert response.status_code == 200
    assert keys_of(response) == ["FERRY-1", "FERRY-3", "FERRY-4"]
    assert "3 items" in response.content.decode()


def test_its_filter_stands_in_the_address_and_in_chips(world, items):
    do.item_update(by=world.owner, item=items[2], kind="bug", labels=["web & app"])
    response = listed(world, "?kind=bug&label=web+%26+app")
    assert keys_of(response) == ["FERRY-3"]
    text = response.content.decode()
    assert "Kind: Bug" in text
    assert "Label: web &amp; app" in text
    # The tabs keep the filter; the chip leads to the list without it.
    assert "board/?q=kind%3Abug+label%3A%22web+%26+app%22" in text
    assert 'href="/w/skerry/FERRY/backlog/?q=label%3A%22web+%26+app%22"' in text


def test_a_filter_it_cannot_read_is_said_beside_the_way_out(world, items):
    response = listed(world, "?kind=novel")
    assert response.status_code == 422
    text = response.content.decode()
    assert "Kind: “novel” is none of epic, story, bug" in text
    assert "Clear the filter" in text
    assert keys_of(response) == []


def test_a_damaged_cursor_is_a_refusal_and_no_crash(world, items):
    assert listed(world, "?after=x").status_code == 422


@pytest.mark.parametrize(
    ("prepare", "query", "said"),
    [
        (
            "none",
            "",
            "What should the product do? Create the first item, paste rows of a spreadsheet or import a backlog.",
        ),
        ("closed", "", "Nothing is open"),
        ("items", "?q=zeppelin", "No item fits this filter"),
    ],
)
def test_an_empty_list_says_what_to_do(world, prepare, query, said):
    if prepare != "none":
        item = do.item_create(by=world.owner, product=world.product, title="Book a seat")
    if prepare == "closed":
        done = Status.objects.get(name="Done")
        do.item_update(by=world.owner, item=item, status=done)
    assert said in listed(world, query).content.decode()


def bulk(world, count):
    """Many items at once, as an import writes them."""
    from tandem.core import ordering

    first = do.item_create(by=world.owner, product=world.product, title="First", labels=["web"])
    now, start = first.created_at, Item.objects.of(world.product).count()
    ranks = ordering.many_between(first.rank, None, count)
    made = Item.objects.bulk_create(
        Item(
            workspace=world.people.workspace,
            product=world.product,
            number=1000 + start + number,
            title=f"Bulk {number}",
            status=first.status,
            rank=rank,
            assignee=world.developer,
            created_at=now,
            updated_at=now,
        )
        for number, rank in enumerate(ranks)
    )
    label = first.labels.get()
    Item.labels.through.objects.bulk_create(
        Item.labels.through(item=item, label=label) for item in made
    )


@pytest.mark.parametrize(
    "page",
    [
        "backlog/",
        "backlog/?q=bulk&label=web&sort=-estimate",
        "backlog/?q=-squad:red",
        "board/",
        "views/1/",
    ],
)
def test_it_takes_the_same_number_of_queries_for_ten_and_for_three_hundred_items(world, page):
    client = world.client(world.owner)
    bulk(world, 9)
    squad = {"name": "Squad", "kind": "choice", "choices": ["Red", "Blue"]}
    do.field_create(by=world.owner, product=world.product, **squad)
    wanted = {"filter": "kind:story -label:web sort:created"}
    do.view_save(by=world.owner, product=world.product, name="Bulk", **wanted)
    client.get(world.address(page))
    with CaptureQueriesContext(connection) as few:
        assert client.get(world.address(page)).status_code == 200
    Item.objects.all().delete()
    bulk(world, 299)
    with CaptureQueriesContext(connection) as many:
        assert client.get(world.address(page)).status_code == 200
    assert len(few) == len(many)
    assert len(many) <= 15


def test_a_move_takes_the_same_number_of_queries_however_long_the_list_is(world):
    counts = []
    for many in (9, 299):
        Item.objects.all().delete()
        bulk(world, many)
        first, *_, last = Item.objects.order_by("rank")
        with CaptureQueriesContext(connection) as asked:
            assert move(world, item=last.key, after=first.key).status_code == 200
        second = Item.objects.order_by("rank")[1]
        assert second.pk == last.pk
        counts.append(len(asked))
    assert counts[0] == counts[1] <= 45  # those who are told included


def test_more_rows_come_by_a_link_and_by_htmx(world):
    bulk(world, 149)
    first = listed(world)
    address = first.content.decode().split('class="list-more" hx-get="')[1].split('"')[0]
    address = address.replace("&amp;", "&")
    client = world.client(world.owner)
    rows = client.get(address, **HTMX)
    assert len(keys_of(first)) == 100
    assert len(keys_of(rows)) == 50
    assert not set(keys_of(first)) & set(keys_of(rows))
    assert b"<html" not in rows.content
    whole = client.get(address)
    assert keys_of(whole) == keys_of(rows)
    assert b"From the beginning" in whole.content
    assert client.get(world.address("backlog/count/")).content == b"150 items"


def test_htmx_gets_the_part_below_the_filters_and_the_address_it_stands_for(world, items):
    response = listed(
        world, "?kind=&q=pay&category=open&category=started", HTTP_HX_TARGET="div#backlog", **HTMX
    )
    assert response["HX-Push-Url"] == "/w/skerry/FERRY/backlog/?q=pay"
    assert b"<html" not in response.content
    assert keys_of(response) == ["FERRY-2"]
    assert b'hx-swap-oob="innerHTML:#backlog-tabs"' in response.content


def test_dragging_is_off_and_says_why_when_sorted_otherwise(world, items):
    assert "data-reorder=" in listed(world).content.decode()
    text = listed(world, "?sort=-updated").content.decode()
    assert "data-reorder=" not in text
    assert "items can be moved in the order of rank only" in text


def test_text_from_people_is_never_markup(world):
    do.item_create(
        by=world.owner,
        product=world.product,
        title='<script>alert("x")</script>',
        labels=["<b>bold</b>"],
    )
    for page in ("backlog/", "board/", "backlog/?q=%3Cscript%3E"):
        text = world.client(world.owner).get(world.address(page)).content.decode()
        assert "<script>alert" not in text
        assert "<b>bold" not in text


# Columns


def test_a_person_chooses_columns_and_the_browser_keeps_them(world, items):
    client = world.client(world.owner)
    response = client.post(
        world.address("backlog/columns/"),
        {"column": ["status", "created", "nonsense"], "next": "/w/skerry/FERRY/backlog/?q=a"},
    )
    assert response.url == "/w/skerry/FERRY/backlog/?q=a"
    assert client.cookies[COOKIE].value == "status.created"
    text = client.get(world.address("backlog/")).content.decode()
    assert ">Created" in text
    assert 'data-cell="assignee"' not in text


def test_it_leads_nowhere_else_after_choosing_columns(world, items):
    client = world.client(world.owner)
    response = client.post(
        world.address("backlog/columns/"), {"column": "status", "next": "//evil.example/"}
    )
    assert response.url == world.address("backlog/")


def test_a_higher_app_adds_a_column_for_one_query(world, items, monkeypatch):
    monkeypatch.setattr(registry, "_columns", dict(registry._columns))
    asked = []

    def votes(member, product, ids):
        asked.append(list(ids))
        return {ids[0]: "12 votes"}

    registry.register(registry.Column("votes", "Votes", 65, numeric=True, usual=True, values=votes))
    text = listed(world).content.decode()
    assert asked == [[item.pk for item in items]]
    assert text.count("12 votes") == 1


# Who may


@pytest.mark.parametrize("role", ["stakeholder", "viewer"])
def test_who_only_reads_sees_no_way_to_write_and_is_refused(world, items, role):
    member = getattr(world, role)
    for page in ("backlog/", "board/"):
        text = world.client(member).get(world.address(page)).content.decode()
        assert "Book a seat" in text
        assert "data-cell=" not in text
        assert "data-reorder=" not in text
        assert "new-item" not in text
        assert 'data-row-act="top"' not in text
    assert world.client(member).get(cell_address(world, items[0], "title")).status_code == 403
    answers = [
        world.client(member).post(cell_address(world, items[0], "title"), {"title": "x"}, **HTMX),
        move(world, member, item="FERRY-1", after="FERRY-3"),
        move(world, member, item="FERRY-1", after="", list=str(items[0].status_id)),
        create(world, member, title="Mine"),
    ]
    for answer in answers:
        assert answer.status_code == 403
        assert "may not" in answer.content.decode()
    assert order(world) == ["Book", "Pay", "Cancel", "Show"]
    assert Item.objects.get(pk=items[0].pk).version == 1


ADDRESSES = [
    ("get", "backlog/"),
    ("get", "backlog/count/"),
    ("post", "backlog/columns/"),
    ("get", "backlog/rows/FERRY-1/"),
    ("get", "backlog/rows/FERRY-1/title/"),
    ("post", "backlog/rows/FERRY-1/title/"),
    ("post", "backlog/moves/"),
    ("post", "backlog/moves/undo/"),
    ("get", "board/"),
    ("post", "items/"),
]


@pytest.mark.parametrize(("method", "rest"), ADDRESSES)
def test_it_does_not_exist_for_outsiders_and_asks_nobody_to_sign_in(world, items, method, rest):
    outsider = getattr(world.client(world.outsider), method)(world.address(rest))
    assert outsider.status_code == 404
    nobody = getattr(world.client(None), method)(world.address(rest))
    assert nobody.status_code == 302
    assert nobody.url.startswith("/sign-in/")


@pytest.mark.parametrize(("method", "rest"), ADDRESSES)
def test_it_answers_only_the_method_it_is_for(world, items, method, rest):
    if rest.endswith("/title/"):
        method = "get"
        response = world.client(world.owner).put(world.address(rest))
    else:
        other = "post" if method == "get" else "get"
        response = getattr(world.client(world.owner), other)(world.address(rest))
    assert response.status_code == 405
