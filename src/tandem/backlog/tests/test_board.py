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


# Lanes and limits


def lanes_of(response):
    """``{lane's name: {column's name: [keys]}}`` as the page has them."""
    found = {}
    for part in response.content.decode().split('<section class="board-lane"')[1:]:
        name = part.split('class="board-lane-head"')[1].split(">")[1].split(" <span")[0]
        cells = {}
        for cell in part.split('data-reorder-name="')[1:]:
            keys = [each.split('"')[0] for each in cell.split("</ol>")[0].split('data-row="')[1:]]
            cells[cell.split(",")[0]] = keys
        found[name] = {column: keys for column, keys in cells.items() if keys}
    return found


@pytest.fixture
def laned(world, items):
    """FERRY-1 and -3 are the developer's, FERRY-3 and -4 are bugs under FERRY-1."""
    for at in (0, 2):
        do.item_update(by=world.owner, item=items[at], assignee=world.developer)
    for at in (2, 3):
        item = Item.objects.get(pk=items[at].pk)
        do.item_update(by=world.owner, item=item, kind="bug", parent=items[0])
    tier = do.field_create(
        by=world.owner, product=world.product, name="Tier", kind="choice", choices=["Gold", "Tin"]
    )
    for at, value in ((1, "Tin"), (2, "Gold")):
        item = Item.objects.get(pk=items[at].pk)
        do.item_update(by=world.owner, item=item, values={"tier": value})
    return tier


def test_lanes_stand_by_person_kind_parent_and_own_choice(world, laned):
    name = world.developer.name
    assert lanes_of(board(world, "?group=assignee")) == {
        name: {"Backlog": ["FERRY-1"], "In progress": ["FERRY-3"]},
        "Nobody": {"Backlog": ["FERRY-2"], "In progress": ["FERRY-4"], "Done": ["FERRY-5"]},
    }
    assert list(lanes_of(board(world, "?group=kind"))) == ["Story", "Bug"]
    by_parent = lanes_of(board(world, "?group=parent"))
    assert by_parent["FERRY-1 Book"] == {"In progress": ["FERRY-3", "FERRY-4"]}
    by_tier = lanes_of(board(world, "?group=tier&q=-kind:spike"))
    assert list(by_tier) == ["Gold", "Tin", "No tier"]
    assert by_tier["Tin"] == {"Backlog": ["FERRY-2"]}
    assert columns_of(board(world, "?group=nothing"))["Backlog"] == ["FERRY-1", "FERRY-2"]


@pytest.mark.parametrize("by", ["assignee", "parent", "tier", "label"])
def test_a_lane_takes_as_many_queries_for_many_cards_as_for_few(
    world, laned, items, by, django_assert_max_num_queries
):
    do.item_update(by=world.owner, item=items[1], labels=["zeal"])
    with django_assert_max_num_queries(60) as few:
        board(world, f"?group={by}")
    for at in range(8):
        made = do.item_create(
            by=world.owner,
            product=world.product,
            title=f"More {at}",
            parent=items[at % 2],
            labels=[f"l{at}", f"m{at}"],
        )
        if at % 2:
            do.item_update(by=world.owner, item=made, assignee=world.owner, values={"tier": "tin"})
    with django_assert_max_num_queries(len(few)):
        board(world, f"?group={by}")


def lane(world, item, status, by, key, after=""):
    sent = {"item": item, "after": after, "group": by, "lane": key}
    sent["list"] = str(Status.objects.get(product=world.product, name=status).pk)
    return world.client(world.owner).post(world.address("backlog/moves/"), sent, **HTMX)


def test_a_card_put_into_another_lane_gets_what_the_lane_stands_for(world, laned, items):
    said = lane(world, "FERRY-2", "In progress", "assignee", str(world.developer.pk))
    assert said.status_code == 200
    item = Item.objects.get(pk=items[1].pk)
    assert (item.assignee, item.status.name) == (world.developer, "In progress")
    lane(world, "FERRY-2", "In progress", "tier", "gold")
    assert lanes_of(board(world, "?group=tier"))["Gold"]["In progress"][0] == "FERRY-2"
    text = lane(world, "FERRY-2", "In progress", "assignee", "").content.decode()
    assert Item.objects.get(pk=item.pk).assignee is None
    undo = text.split('data-undo="')[1].split('"')[0].replace("&amp;", "&")
    world.client(world.owner).post(undo, **HTMX)
    assert Item.objects.get(pk=item.pk).assignee == world.developer
    assert lane(world, "FERRY-2", "Done", "parent", "999999").status_code == 422
    assert lane(world, "FERRY-2", "Done", "luck", "1").status_code == 422
    assert lane(world, "FERRY-1", "Done", "parent", str(items[0].pk)).status_code == 422


@pytest.fixture
def labelled(world, items):
    """FERRY-1: ``sea`` and ``tide``; FERRY-2: ``sea``; FERRY-3: ``boat``; the others none."""
    for at, names in enumerate((["tide", "sea"], ["sea"], ["boat"])):
        do.item_update(by=world.owner, item=items[at], labels=names)
    return {each.name: str(each.pk) for each in world.product.labels.all()}


def labels_of(item):
    return sorted(each.name for each in Item.objects.get(pk=item.pk).labels.all())


def test_lanes_and_groups_by_label_stand_by_the_first_label(world, items, labelled):
    assert lanes_of(board(world, "?group=label")) == {
        "boat": {"In progress": ["FERRY-3"]},
        "sea": {"Backlog": ["FERRY-1", "FERRY-2"]},
        "No label": {"In progress": ["FERRY-4"], "Done": ["FERRY-5"]},
    }
    listed = world.client(world.owner).get(world.address("backlog/?group=label")).content.decode()
    assert listed.index(">sea") < listed.index("FERRY-1")
    view = do.view_save(
        by=world.owner, product=world.product, name="Labels", layout="board", group="label"
    )
    page = world.client(world.owner).get(world.address(f"views/{view.number}/"))
    assert list(lanes_of(page)) == ["boat", "sea", "No label"]


def test_a_card_put_into_another_lane_swaps_its_first_label(world, items, labelled):
    text = lane(world, "FERRY-1", "In progress", "label", labelled["boat"]).content.decode()
    assert labels_of(items[0]) == ["boat", "tide"]
    undo = text.split('data-undo="')[1].split('"')[0].replace("&amp;", "&")
    world.client(world.owner).post(undo, **HTMX)
    assert labels_of(items[0]) == ["sea", "tide"]
    assert lane(world, "FERRY-4", "Done", "label", labelled["sea"]).status_code == 200
    assert labels_of(items[3]) == ["sea"]
    assert lane(world, "FERRY-2", "Backlog", "label", "").status_code == 200
    assert labels_of(items[1]) == []
    assert lane(world, "FERRY-2", "Backlog", "label", "99999").status_code == 422
    assert lane(world, "FERRY-2", "Backlog", "label", "luck").status_code == 422


def test_a_move_after_which_the_card_would_stand_elsewhere_says_so(world, items, labelled):
    do.item_update(by=world.owner, item=items[0], labels=["boat", "sea"])
    for key in (labelled["tide"], ""):
        refused = lane(world, "FERRY-1", "Backlog", "label", key)
        assert refused.status_code == 422
        assert "has “sea”, too" in refused.content.decode()
    assert labels_of(items[0]) == ["boat", "sea"]


def test_a_cell_brings_its_further_cards(world, laned, monkeypatch):
    monkeypatch.setattr(ask, "LANED", 1)
    page = board(world, "?group=kind").content.decode()
    addresses = [part.split('"')[0] for part in page.split('class="board-more" hx-get="')[1:]]
    assert len(addresses) == 2
    brought = [
        world.client(world.owner).get(each.replace("&amp;", "&"), **HTMX).content.decode()
        for each in addresses
    ]
    assert 'data-row="FERRY-2"' in brought[0]
    assert 'data-row="FERRY-4"' in brought[1]


def test_a_column_over_its_limit_says_so_with_a_word(world, laned):
    started = Status.objects.get(product=world.product, name="In progress")
    do.status_update(by=world.owner, status=started, limit=1, lane_limit=1)
    page = board(world, "?group=kind").content.decode()
    head = page.split(f'id="column-{started.pk}"')[1].split("</h2>")[0]
    assert "is-over" in head
    assert "data-over >over</span>" in head
    assert page.count("is-over") == 2
    do.status_update(by=world.owner, status=started, limit=2)
    head = board(world).content.decode().split(f'id="column-{started.pk}"')[1].split("</h2>")[0]
    assert "is-over" not in head
    assert "data-over hidden>over</span>" in head


def test_a_view_keeps_the_boards_lanes(world, laned):
    view = do.view_save(
        by=world.owner, product=world.product, name="By tier", layout="board", group="tier"
    )
    page = world.client(world.owner).get(world.address(f"views/{view.number}/"))
    assert list(lanes_of(page)) == ["Gold", "Tin", "No tier"]
