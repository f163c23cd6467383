import json

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from tandem.backlog import columns as registry
from tandem.backlog import operations as do
from tandem.backlog.models import Item, Status
from tandem.backlog.views.listing import COOKIE
from tandem.core.models import Event

HTMX = {"HTTP_HX_REQUEST": "true"}


@pytest.fixture
def items(world):
    return [
        do.item_create(by=world.owner, product=world.product, title=title)
        for title in ("Book a seat", "Pay by card", "Cancel a trip", "Show the timetable")
    ]


def listed(world, query="", member=None, **more):
    client = world.client(member or world.owner)
    return client.get(world.address(f"backlog/{query}"), **more)


def keys_of(response):
    text = response.content.decode()
    return [part.split('"')[0] for part in text.split('data-row="')[1:]]


def order(world):
    return [row.title.split()[0] for row in Item.objects.of(world.product).order_by("rank")]


def mark(world, item, field="title"):
    """What the editor of a field carries, as a browser gets it."""
    page = world.client(world.owner).get(cell_address(world, item, field), **HTMX)
    return page.content.decode().split('name="mark" value="')[1].split('"')[0]


def cell_address(world, item, field):
    return world.address(f"backlog/rows/{item.key}/{field}/")


def save(world, item, field, value, member=None, **more):
    more.setdefault("mark", mark(world, item, field))
    client = world.client(member or world.owner)
    return client.post(cell_address(world, item, field), {field: value, **more}, **HTMX)


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
    assert "board/?kind=bug&amp;label=web+%26+app" in text
    assert 'href="/w/skerry/FERRY/backlog/?label=web+%26+app"' in text


def test_a_filter_it_cannot_read_is_said_beside_the_way_out(world, items):
    response = listed(world, "?kind=novel")
    assert response.status_code == 422
    text = response.content.decode()
    assert "kind: “novel”" in text
    assert "Clear the filter" in text
    assert keys_of(response) == []


def test_a_damaged_cursor_is_a_refusal_and_no_crash(world, items):
    assert listed(world, "?after=x").status_code == 422


@pytest.mark.parametrize(
    ("prepare", "query", "said"),
    [
        ("none", "", "What should the product do? Create the first item or import a backlog."),
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


@pytest.mark.parametrize("page", ["backlog/", "backlog/?q=bulk&label=web&sort=-estimate", "board/"])
def test_it_takes_the_same_number_of_queries_for_ten_and_for_three_hundred_items(world, page):
    client = world.client(world.owner)
    bulk(world, 9)
    client.get(world.address(page))
    with CaptureQueriesContext(connection) as few:
        assert client.get(world.address(page)).status_code == 200
    Item.objects.all().delete()
    bulk(world, 299)
    with CaptureQueriesContext(connection) as many:
        assert client.get(world.address(page)).status_code == 200
    assert len(few) == len(many)
    assert len(many) <= 13


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


# Editing in the row


@pytest.mark.parametrize(
    ("field", "value", "expected"),
    [
        ("title", "Book a seat or a cabin", {"title": "Book a seat or a cabin"}),
        ("kind", "bug", {"kind": "bug"}),
        ("status", "In progress", {"status__name": "In progress"}),
        ("assignee", "Dana Novak", {"assignee__user__name": "Dana Novak"}),
        ("estimate", "3", {"estimate_low": None, "estimate_likely": 3, "estimate_high": None}),
        (
            "estimate",
            "1/2,5 / 8",
            {"estimate_low": 1, "estimate_likely": 2.5, "estimate_high": 8},
        ),
    ],
)
def test_a_field_is_saved_in_its_row_and_can_be_taken_back(world, items, field, value, expected):
    before = Item.objects.filter(pk=items[0].pk).values(*expected).get()
    sent = {"status": {"In progress": Status.objects.filter(name=value)}}.get(field)
    if sent:
        value = str(sent[value].get().pk)
    if field == "assignee":
        value = str(world.developer.pk)
    response = save(world, items[0], field, value)
    assert response.status_code == 200
    assert keys_of(response) == ["FERRY-1"]
    assert Item.objects.filter(pk=items[0].pk).values(*expected).get() == expected
    assert json.loads(response["HX-Trigger"])["item-changed"]["key"] == "FERRY-1"
    event = Event.objects.latest("id")
    undo = f"/w/skerry/FERRY/undo/{event.pk}/"
    assert f'data-undo="{undo}"' in response.content.decode()
    assert world.client(world.owner).post(undo, **HTMX).status_code == 200
    assert Item.objects.filter(pk=items[0].pk).values(*expected).get() == before


def test_saving_what_stands_there_changes_nothing(world, items):
    events = Event.objects.count()
    response = save(world, items[0], "title", items[0].title)
    assert response.status_code == 200
    assert "data-undo" not in response.content.decode()
    assert Event.objects.count() == events


@pytest.mark.parametrize(
    ("field", "value", "said"),
    [
        ("title", "  ", "An item needs a title."),
        ("title", "x" * 301, "At most 300 characters"),
        ("kind", "novel", "novel is no kind"),
        ("status", "99999", "This status is gone"),
        ("assignee", "99999", "not in this workspace"),
        ("estimate", "5/3/8", "above the likely one"),
        ("estimate", "1/2", "three: low / likely / high"),
        ("estimate", "many", "many is no number"),
        ("estimate", "-1", "from 0 up"),
    ],
)
def test_a_refusal_stands_under_the_open_field_with_what_was_typed(
    world, items, field, value, said
):
    response = save(world, items[0], field, value)
    assert response.status_code == 422
    text = response.content.decode()
    assert said in text
    assert "data-inline-field" in text
    if field in ("title", "estimate"):
        assert f'value="{value}"' in text
    assert Item.objects.get(pk=items[0].pk).version == 1


def test_a_conflict_shows_who_changed_what_and_keeps_both(world, items):
    started = mark(world, items[0])
    do.item_update(by=world.technical, item=items[0], title="Book a cabin")
    response = save(world, items[0], "title", "Reserve a seat", mark=started)
    assert response.status_code == 409
    text = response.content.decode()
    assert "Tariq Aziz changed this to “Book a cabin” just now." in text
    assert 'value="Reserve a seat"' in text
    assert Item.objects.get(pk=items[0].pk).title == "Book a cabin"
    # Knowing it, the person saves again: the form that came back carries the new mark.
    renewed = text.split('name="mark" value="')[1].split('"')[0]
    assert save(world, items[0], "title", "Reserve a seat", mark=renewed).status_code == 200
    assert Item.objects.get(pk=items[0].pk).title == "Reserve a seat"


def test_a_change_of_another_field_is_no_conflict(world, items):
    started = mark(world, items[0])
    do.item_update(by=world.technical, item=items[0], kind="bug")
    assert save(world, items[0], "title", "Reserve a seat", mark=started).status_code == 200
    item = Item.objects.get(pk=items[0].pk)
    assert (item.title, item.kind) == ("Reserve a seat", "bug")


def test_a_form_without_its_mark_overwrites_nothing(world, items):
    response = save(world, items[0], "title", "Something else", mark="")
    assert response.status_code == 409
    assert Item.objects.get(pk=items[0].pk).title == "Book a seat"


@pytest.mark.parametrize(("query", "grips"), [("", 1), ("?still=1", 0)])
def test_a_saved_row_has_a_grip_only_where_rows_can_be_moved(world, items, query, grips):
    client = world.client(world.owner)
    address = cell_address(world, items[0], "title") + query
    form = client.get(address, **HTMX).content.decode()
    assert f'hx-post="{address}"' in form
    sent = {"title": "Reserve a seat", "mark": mark(world, items[0])}
    row = client.post(address, sent, **HTMX).content.decode()
    assert row.count("data-reorder-handle") == grips


def test_a_row_of_nothing_is_not_found(world, items):
    client = world.client(world.owner)
    for rest in ("FERRY-99/", "OTHER-1/", "FERRY-1/description/", "FERRY-99/title/"):
        assert client.get(world.address(f"backlog/rows/{rest}")).status_code == 404


# Moving


def move(world, member=None, **fields):
    return world.client(member or world.owner).post(world.address("backlog/moves/"), fields, **HTMX)


def test_a_row_moves_behind_the_one_it_was_dropped_under(world, items):
    response = move(world, item="FERRY-1", after="FERRY-3")
    assert response.status_code == 200
    assert order(world) == ["Pay", "Cancel", "Book", "Show"]
    assert "FERRY-1 moved behind FERRY-3." in response.content.decode()


@pytest.mark.parametrize(
    ("fields", "expected"),
    [
        ({"item": "FERRY-3", "after": ""}, ["Cancel", "Book", "Pay", "Show"]),
        ({"item": "FERRY-3", "to": "top"}, ["Cancel", "Book", "Pay", "Show"]),
        ({"item": "FERRY-1", "to": "end"}, ["Pay", "Cancel", "Show", "Book"]),
        ({"item": "FERRY-4", "to": "end"}, ["Book", "Pay", "Cancel", "Show"]),
    ],
)
def test_it_moves_to_the_top_and_to_the_end(world, items, fields, expected):
    assert move(world, **fields).status_code == 200
    assert order(world) == expected


def test_a_move_is_taken_back_by_its_toast(world, items):
    text = move(world, item="FERRY-4", after="FERRY-1").content.decode()
    undo = text.split('data-undo="')[1].split('"')[0].replace("&amp;", "&")
    assert order(world) == ["Book", "Show", "Pay", "Cancel"]
    assert world.client(world.owner).post(undo, **HTMX).status_code == 200
    assert order(world) == ["Book", "Pay", "Cancel", "Show"]


def test_a_move_under_a_filter_needs_nothing_of_the_hidden_rows(world, items):
    # FERRY-2 and FERRY-3 are hidden by a filter; FERRY-4 is dropped right under FERRY-1.
    move(world, item="FERRY-4", after="FERRY-1")
    assert order(world) == ["Book", "Show", "Pay", "Cancel"]


@pytest.mark.parametrize(
    "fields",
    [
        {},
        {"item": "FERRY-99", "after": ""},
        {"item": "OTHER-1", "after": ""},
        {"item": "FERRY-1", "after": "FERRY-99"},
        {"item": "FERRY-1", "after": "", "list": "99999"},
        {"item": "FERRY-1", "after": "", "list": "x"},
        {"item": "FERRY-1", "to": "middle"},
    ],
)
def test_a_move_that_cannot_be_is_refused_and_changes_nothing(world, items, fields):
    response = move(world, **fields)
    assert response.status_code == 422
    assert 'class="toast-text"' in response.content.decode()
    assert order(world) == ["Book", "Pay", "Cancel", "Show"]


def test_nobody_takes_back_what_happened_elsewhere(world, items):
    move(world, item="FERRY-4", after="FERRY-1")
    event = Event.objects.latest("id")
    stranger = world.client(world.outsider)
    answer = stranger.post(f"/w/other-works/FERRY/backlog/moves/undo/?event={event.pk}", **HTMX)
    assert answer.status_code == 404
    assert order(world) == ["Book", "Show", "Pay", "Cancel"]


# Creating


def create(world, member=None, htmx=True, **fields):
    client = world.client(member or world.owner)
    return client.post(world.address("items/"), fields, **(HTMX if htmx else {}))


def test_it_creates_and_gives_the_empty_form_for_the_next_one(world, items):
    response = create(world, title="Change a date", kind="bug", place="end")
    assert response.status_code == 200
    assert order(world)[-1] == "Change"
    text = response.content.decode()
    assert "FERRY-5" in text
    assert 'name="title" value=""' in text
    detail = json.loads(response["HX-Trigger"])["item-created"]
    assert detail == {"target": "body", "key": "FERRY-5", "place": "end"}
    create(world, title="At the top", place="top")
    assert order(world)[0] == "At"


def test_creating_works_as_a_plain_form_too(world, items):
    response = create(world, htmx=False, title="Change a date")
    assert response.status_code == 302
    assert order(world)[-1] == "Change"


@pytest.mark.parametrize(
    ("fields", "said"), [({"title": " "}, "needs a title"), ({"title": "x", "kind": "y"}, "kind")]
)
def test_a_refused_item_keeps_what_was_typed(world, items, fields, said):
    response = create(world, **fields)
    assert response.status_code == 422
    assert said in response.content.decode()
    assert Item.objects.count() == 4


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
