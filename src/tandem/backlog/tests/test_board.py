import pytest

from tandem.backlog import operations as do
from tandem.backlog.models import Item, Status
from tandem.backlog.queries import board as ask

HTMX = {"HTTP_HX_REQUEST": "true"}


@pytest.fixture
def items(world):
    statuses = do.statuses_ensure(world.product)
    rows = [("Book", 0), ("Pay", 0), ("Cancel", 2), ("Show", 2), ("Sign in", 4), ("Fax", 5)]
    return [
        do.item_create(by=world.owner, product=world.product, title=title, status=statuses[at])
        for title, at in rows
    ]


def board(world, query="", member=None):
    return world.client(member or world.owner).get(world.address(f"board/{query}"))


def columns_of(response):
    """``{column's name: [keys]}`` as the page has them."""
    found = {}
    for part in response.content.decode().split('data-reorder-name="')[1:]:
        cards = part.split("</ol>")[0]
        name = part.split('"')[0]
        found[name] = [each.split('"')[0] for each in cards.split('data-row="')[1:]]
    return found


def order(world):
    return [row.title.split()[0] for row in Item.objects.of(world.product).order_by("rank")]


def move(world, item, after, status, member=None):
    fields = {"item": item, "after": after}
    if status:
        fields["list"] = str(Status.objects.get(product=world.product, name=status).pk)
    client = world.client(member or world.owner)
    return client.post(world.address("backlog/moves/"), fields, **HTMX)


def test_it_has_a_column_for_each_status_but_dropped(world, items):
    assert columns_of(board(world)) == {
        "Backlog": ["FERRY-1", "FERRY-2"],
        "Ready": [],
        "In progress": ["FERRY-3", "FERRY-4"],
        "In review": [],
        "Done": ["FERRY-5"],
    }


def test_the_dropped_show_when_asked_for(world, items):
    shown = columns_of(board(world, "?category=all"))
    assert shown["Dropped"] == ["FERRY-6"]
    assert list(columns_of(board(world, "?status=Dropped"))) == ["Dropped"]


def test_its_filter_is_the_lists_and_its_tab_keeps_it(world, items):
    response = board(world, "?q=show")
    assert columns_of(response)["In progress"] == ["FERRY-4"]
    assert columns_of(response)["Backlog"] == []
    assert "backlog/?q=show" in response.content.decode()


def test_a_card_goes_to_another_column_behind_the_card_it_was_dropped_under(world, items):
    response = move(world, "FERRY-1", "FERRY-3", "In progress")
    assert response.status_code == 200
    assert columns_of(board(world))["In progress"] == ["FERRY-3", "FERRY-1", "FERRY-4"]
    assert "FERRY-1: status is now In progress." in response.content.decode()


def test_the_first_of_a_column_stands_right_before_its_first_card_not_at_the_backlogs_top(
    world, items
):
    move(world, "FERRY-2", "", "In progress")
    assert columns_of(board(world))["In progress"] == ["FERRY-2", "FERRY-3", "FERRY-4"]
    assert order(world)[0] == "Book"
    move(world, "FERRY-4", "", "In progress")
    assert columns_of(board(world))["In progress"] == ["FERRY-4", "FERRY-2", "FERRY-3"]
    assert order(world)[0] == "Book"


def test_going_to_an_empty_column_keeps_the_rank(world, items):
    before = order(world)
    move(world, "FERRY-4", "", "Ready")
    assert columns_of(board(world))["Ready"] == ["FERRY-4"]
    assert order(world) == before


def test_taking_a_move_back_restores_column_and_rank(world, items):
    before = order(world)
    text = move(world, "FERRY-1", "FERRY-4", "In progress").content.decode()
    assert order(world) != before
    undo = text.split('data-undo="')[1].split('"')[0].replace("&amp;", "&")
    assert world.client(world.owner).post(undo, **HTMX).status_code == 200
    assert order(world) == before
    assert columns_of(board(world))["Backlog"] == ["FERRY-1", "FERRY-2"]


def test_a_column_of_another_product_is_refused(world, items):
    foreign = do.statuses_ensure(world.foreign_product)[0]
    client = world.client(world.owner)
    fields = {"item": "FERRY-1", "after": "", "list": str(foreign.pk)}
    assert client.post(world.address("backlog/moves/"), fields, **HTMX).status_code == 422


def test_a_long_column_brings_its_further_cards(world, items, monkeypatch):
    monkeypatch.setattr(ask, "CARDS", 1)
    monkeypatch.setattr(ask.columns, "__kwdefaults__", {"limit": 1})
    monkeypatch.setattr(ask.column_page, "__kwdefaults__", {"limit": 1})
    response = board(world)
    assert columns_of(response)["Backlog"] == ["FERRY-1"]
    address = response.content.decode().split('class="board-more" hx-get="')[1].split('"')[0]
    more = world.client(world.owner).get(address.replace("&amp;", "&"), **HTMX)
    assert 'data-row="FERRY-2"' in more.content.decode()
    assert "board-more" not in more.content.decode()


def test_a_column_that_the_filter_leaves_out_is_not_found(world, items):
    dropped = Status.objects.get(product=world.product, name="Dropped")
    client = world.client(world.owner)
    assert client.get(world.address(f"board/columns/{dropped.pk}/")).status_code == 404
    assert client.get(world.address("board/columns/99999/")).status_code == 404
    asked = f"board/columns/{dropped.pk}/?category=all&after=damaged"
    assert client.get(world.address(asked)).status_code == 422


def test_outsiders_find_no_column_and_nobody_signs_in(world, items):
    address = world.address(f"board/columns/{items[0].status_id}/")
    assert world.client(world.outsider).get(address).status_code == 404
    assert world.client(None).get(address).status_code == 302
