import itertools
from urllib.parse import parse_qsl

import pytest
from django.http import QueryDict

from tandem.backlog import operations as do
from tandem.backlog.filters import SORTS, ItemFilter
from tandem.backlog.models import Item, Status
from tandem.backlog.queries import board, listing, seeking
from tandem.backlog.queries_item import matches
from tandem.core.errors import Refused
from tandem.core.paging import encode


@pytest.fixture
def backlog(world):
    """Sixteen items of every kind, status, person, label and estimate."""
    statuses = do.statuses_ensure(world.product)
    kinds = ["story", "bug", "debt", "spike"]
    people = [None, world.owner, world.developer]
    for number in range(16):
        do.item_create(
            by=world.owner,
            product=world.product,
            title=f"{['Book', 'Pay for', 'Cancel', 'Show'][number % 4]} trip {number}",
            kind=kinds[number // 4],
            status=statuses[number % 6],
            assignee=people[number % 3],
            labels=[["web"], ["web", "Fähre"], []][number % 3],
            estimate_likely=[None, 3, 5][(number // 2) % 3],
        )
    return world


def read(world, query="", member=None, **more):
    asked = QueryDict(query)
    return ItemFilter.from_query(asked, world.product, member or world.owner, **more)


def keys(world, query, **more):
    wanted = read(world, query, **more)
    rows = wanted.apply(Item.objects.of(world.product)).order_by("number")
    return [item.number for item in rows]


def numbers_where(fits):
    return [number + 1 for number in range(16) if fits(number)]


STATUS = ["Backlog", "Ready", "In progress", "In review", "Done", "Dropped"]


CASES = [
    ("", lambda n: n % 6 < 4),
    ("category=all", lambda n: True),
    ("category=done", lambda n: n % 6 == 4),
    ("category=done&category=dropped", lambda n: n % 6 > 3),
    ("status=Done", lambda n: n % 6 == 4),  # naming a status is enough to see it
    ("status=ready&status=In+progress", lambda n: n % 6 in (1, 2)),
    ("status=Ready&category=done", lambda n: False),
    ("kind=bug", lambda n: n // 4 == 1 and n % 6 < 4),
    ("kind=bug&kind=spike", lambda n: n // 4 in (1, 3) and n % 6 < 4),
    ("label=web&category=all", lambda n: n % 3 < 2),
    ("label=WEB&category=all", lambda n: n % 3 < 2),
    ("label=Fähre&category=all", lambda n: n % 3 == 1),
    ("assignee=none&category=all", lambda n: n % 3 == 0),
    ("assignee=me&category=all", lambda n: n % 3 == 1),
    ("assignee=me&assignee=none&category=all", lambda n: n % 3 < 2),
    ("estimate=missing&category=all", lambda n: (n // 2) % 3 == 0),
    ("estimate=known&category=all", lambda n: (n // 2) % 3 > 0),
    ("q=book&category=all", lambda n: n % 4 == 0),
    ("q=trip+pay&category=all", lambda n: n % 4 == 1),
    ("q=FERRY-7&category=all", lambda n: n == 6),
    ("q=ferry-7&category=all", lambda n: n == 6),
    ("q=12&category=all", lambda n: n in (11, 12)),  # the key and a title with 12
    ("q=%25", lambda n: False),  # a percent sign is itself, no wildcard
    ("kind=&status=&q=+", lambda n: n % 6 < 4),  # empty fields of a form say nothing
    ("peek=FERRY-1&page=7", lambda n: n % 6 < 4),  # others' parameters are left alone
]


def test_it_shows_what_its_address_says(backlog):
    for query, fits in CASES:
        assert keys(backlog, query) == numbers_where(fits), query


def test_a_member_is_named_by_number(backlog):
    found = keys(backlog, f"assignee={backlog.developer.pk}&category=all")
    assert found == numbers_where(lambda n: n % 3 == 2)


REFUSALS = [
    ("kind=novel", "kind", "novel"),
    ("category=open&category=late", "category", "late"),
    ("status=Nirvana", "status", "Backlog, Ready"),
    ("status=99999999999999999999", "status", "none of"),
    ("label=unknown", "label", "unknown"),
    ("assignee=you", "assignee", "me, none"),
    ("assignee=0", "assignee", "nobody"),
    ("estimate=huge", "estimate", "missing"),
    ("sort=loudness", "sort", "-updated"),
]


def test_it_refuses_what_it_does_not_know_and_names_the_parameter(backlog):
    for query, field, said in REFUSALS:
        with pytest.raises(Refused) as refusal:
            read(backlog, query)
        assert refusal.value.field == field
        assert refusal.value.message.startswith(f"{field}:")
        assert said in refusal.value.message


def test_people_and_labels_of_other_workspaces_do_not_exist(backlog):
    do.item_create(
        by=backlog.outsider, product=backlog.foreign_product, title="Theirs", labels=["secret"]
    )
    with pytest.raises(Refused):
        read(backlog, f"assignee={backlog.outsider.pk}")
    with pytest.raises(Refused):
        read(backlog, "label=secret")


WRITTEN = [
    ("", ""),
    ("q=pay+now", "pay now"),
    ("kind=story&kind=bug", "kind:story,bug"),
    ("category=all", "category:all"),
    ("category=open&category=done", "category:open,done"),
    (
        "status=In+progress&label=Fähre&assignee=me&estimate=missing&sort=-updated",
        'status:"In progress" label:Fähre assignee:me no:estimate sort:-updated',
    ),
]


@pytest.mark.parametrize(("query", "text"), WRITTEN)
def test_an_older_address_becomes_the_text_that_stands_for_it(backlog, query, text):
    wanted = read(backlog, query)
    assert wanted.q == text
    assert parse_qsl(wanted.as_query()) == ([("q", text)] if text else [])
    assert read(backlog, wanted.as_query()) == wanted
    assert keys(backlog, wanted.as_query()) == keys(backlog, query)


def test_every_chip_drops_what_it_says_and_nothing_else(backlog):
    query = "q=trip&kind=story&kind=bug&status=Ready&label=web&assignee=none&sort=-key"
    wanted = read(backlog, query)
    assert [chip.words for chip in wanted.active] == [
        "“trip”", "Kind: Story, Bug", "Status: Ready", "Label: web", "Assignee: Nobody",
    ]  # fmt: skip
    whole = wanted.q.split()
    for place, chip in enumerate(wanted.active):
        [(_, left)] = parse_qsl(chip.without)
        assert left.split() == whole[:place] + whole[place + 1 :]
    assert wanted.cleared.q == "sort:-key"


def test_the_categories_that_are_shown_anyway_are_no_filter(backlog):
    query = "category=started&category=open&status=Done"
    assert read(backlog, query).q == "status:Done"
    assert keys(backlog, query) == numbers_where(lambda n: n % 6 == 4)


def brute(world, wanted):
    """What a page must show: everything that fits, sorted in Python."""
    rows = list(wanted.apply(Item.objects.of(world.product)))
    for field in reversed(wanted.order):
        name, down = field.lstrip("-"), field.startswith("-")
        known = [row for row in rows if getattr(row, name) is not None]
        missing = [row for row in rows if getattr(row, name) is None]
        rows = sorted(known, key=lambda row: getattr(row, name), reverse=down) + missing
    return [row.number for row in rows]


def paged(world, wanted, statuses, limit):
    found, cursor = [], None
    for _ in range(17):
        rows = listing.page(wanted, world.owner, statuses, after=cursor, limit=limit)
        assert len(rows.rows) <= limit
        found += [row.number for row in rows.rows]
        cursor = rows.next_cursor
        if cursor is None:
            break
    return found


def test_pages_together_are_what_sorting_everything_gives(backlog):
    statuses = listing.statuses_of(backlog.product)
    filters = ["", "category=all", "kind=bug&kind=story", "label=web"]
    for sort, query, limit in itertools.product(SORTS, filters, [1, 4, 100]):
        wanted = read(backlog, f"{query}&sort={sort}")
        found = paged(backlog, wanted, statuses, limit)
        assert found == brute(backlog, wanted), (sort, query, limit)
        assert seeking.count(wanted, statuses) == len(found)


def test_the_item_whose_key_was_typed_goes_first(backlog):
    statuses = listing.statuses_of(backlog.product)
    wanted = read(backlog, "q=12&category=all")
    shown = listing.page(wanted, backlog.owner, statuses)
    assert [row.key for row in shown.rows] == ["FERRY-12", "FERRY-13"]
    first = listing.page(wanted, backlog.owner, statuses, limit=1)
    rest = listing.page(wanted, backlog.owner, statuses, after=first.next_cursor)
    assert [row.number for row in first.rows + rest.rows] == [12, 13]


@pytest.mark.parametrize(
    "cursor", ["x", encode(["a0"]), encode(["a0", "b"]), encode([None, 1]), encode([["a"], 1])]
)
@pytest.mark.parametrize("sort", ["rank", "-updated"])
def test_it_refuses_a_damaged_cursor(backlog, cursor, sort):
    statuses = listing.statuses_of(backlog.product)
    with pytest.raises(Refused) as refusal:
        listing.page(read(backlog, f"sort={sort}"), backlog.owner, statuses, after=cursor)
    assert refusal.value.field == "after"


def test_the_board_has_a_column_for_each_status_with_its_first_cards_and_count(backlog):
    statuses = listing.statuses_of(backlog.product)
    wanted = read(backlog, "category=all")
    columns = board.columns(wanted, backlog.owner, statuses, limit=2)
    assert [column.status.name for column in columns] == STATUS
    assert [column.count for column in columns] == [3, 3, 3, 3, 2, 2]
    assert [len(column.cards) for column in columns] == [2] * 6
    more = board.column_page(
        wanted, backlog.owner, statuses[0], after=columns[0].next_cursor, limit=2
    )
    assert [card.number for card in columns[0].cards + more.cards] == [1, 7, 13]
    assert more.next_cursor is None


def test_counting_stops_where_nobody_reads_on(backlog, monkeypatch):
    monkeypatch.setattr(seeking, "COUNT_MOST", 5)
    statuses = listing.statuses_of(backlog.product)
    assert seeking.count(read(backlog, "category=all"), statuses) == 6


def test_a_filter_that_no_status_fits_finds_nothing(backlog):
    statuses = listing.statuses_of(backlog.product)
    wanted = read(backlog, "status=Ready&category=done")
    assert listing.page(wanted, backlog.owner, statuses).rows == []
    assert board.columns(wanted, backlog.owner, statuses) == []
    assert Status.objects.filter(product=backlog.product).count() == 6


@pytest.mark.parametrize("word", ["ähre", "ÄHRE", "Ähre", "МОСТ", "straße", "re über den мост"])
def test_a_word_is_found_in_any_case_whatever_its_letters(world, word):
    item = do.item_create(
        by=world.owner, product=world.product, title="Ähre über den Мост zur Straße"
    )
    do.item_create(by=world.owner, product=world.product, title="Another word")
    assert keys(world, f"q={word}") == [item.number]
    assert [row.pk for row in matches(world.owner, world.product, word)] == [item.pk]
