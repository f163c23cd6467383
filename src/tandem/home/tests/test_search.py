"""Finding everything one may see, and nothing else."""

import json

import pytest
from django.db import connection

from tandem.accounts import operations as accounts
from tandem.accounts.models import ApiToken, Product
from tandem.backlog import operations as do
from tandem.backlog.models import Comment, Item
from tandem.core.index import tables, words
from tandem.core.index.kinds import all_kinds
from tandem.home.search.finding import asked, find
from tandem.integrations.trash import operations as trash


@pytest.fixture
def items(world):
    titles = ("Book a seat", "Pay by card", "Cancel a trip", "Show the timetable", "Prepayment")
    return [do.item_create(by=world.owner, product=world.product, title=title) for title in titles]


def search(world, text, member=None, **more):
    member = member or world.owner
    products = list(Product.objects.visible_to(member))
    paging = {name: more.pop(name) for name in ("after", "limit") if name in more}
    return find(member, asked(member, products, q=text, **more), products, **paging)


def titles(found):
    return [hit.shown.title for hit in found.hits]


def kinds(found):
    return [hit.kind.name for hit in found.hits]


def counts(found):
    return {each.kind.name: each.count for each in found.facets}


def test_titles_go_before_texts_and_whole_words_before_beginnings(world, items):
    do.item_update(by=world.owner, item=items[0], description="One can pay for it later.")
    do.item_create(by=world.owner, product=world.product, title="Payroll")
    do.comment_write(by=world.owner, item=items[3], text="Who pays?")
    found = search(world, "pay")
    assert titles(found) == ["Pay by card", "Payroll", "Book a seat", "Show the timetable"]
    assert kinds(found)[-1] == "comment"
    assert counts(found) == {"item": 3, "comment": 1}
    assert ("pay", True) in found.hits[2].excerpt


def test_every_kind_is_found_by_its_words(world, items):
    do.comment_write(by=world.owner, item=items[0], text="Zebra crossing")
    question = do.question_ask(by=world.owner, item=items[0], text="Why?")
    do.question_answer(by=world.owner, question=question, answer="Because of the zebra")
    do.criterion_add(by=world.owner, item=items[0], text="A zebra may board")
    do.item_update(by=world.owner, item=items[1], labels=["zebra"])
    found = search(world, "zebra")
    # An answer is found itself and with the question it settles.
    assert sorted(kinds(found)) == ["comment", "comment", "criterion", "label", "question"]
    assert {hit.shown.key for hit in found.hits if hit.kind.name != "label"} == {"FERRY-1"}
    assert "fragment" not in found.hits[0].address
    assert kinds(search(world, "petra")) == ["person"]
    assert kinds(search(world, "skerry booking")) == ["product"]


def test_words_in_own_fields_are_found_until_the_field_is_archived(world, items):
    make = {"by": world.owner, "product": world.product}
    note = do.field_create(**make, name="Customer", kind="text")
    do.field_create(**make, name="Tier", kind="choice", choices=["Lighthouse"])
    values = {"customer": "Lighthouse & Søn", "tier": "Lighthouse"}
    do.item_update(by=world.owner, item=items[1], values=values)
    found = search(world, "lighthouse")
    assert (titles(found), kinds(found)) == (["Pay by card"], ["fieldvalue"])
    assert found.hits[0].shown.hint == "Customer"
    do.item_update(by=world.owner, item=items[1], values={"customer": "Harbour"})
    assert titles(search(world, "lighthouse")) == []
    assert titles(search(world, "harbour")) == ["Pay by card"]
    do.field_archive(by=world.owner, field=note)
    assert titles(search(world, "harbour")) == []


def test_a_key_leads_to_its_item_first(world, items):
    do.item_create(by=world.owner, product=world.product, title="As in FERRY-3, but longer")
    assert [hit.shown.key for hit in search(world, "ferry-3").hits] == ["FERRY-3", "FERRY-6"]
    products = [world.product]
    found = find(world.owner, asked(world.owner, products, q="2"), products, here=world.product)
    assert found.hits[0].shown.key == "FERRY-2"


def test_phrases_stand_as_typed_and_a_minus_leaves_out(world, items):
    do.item_create(by=world.owner, product=world.product, title="By card pay")
    assert titles(search(world, '"pay by"')) == ["Pay by card"]
    assert titles(search(world, "pay -by")) == []
    do.item_update(by=world.owner, item=items[4], description="with a voucher")
    assert titles(search(world, "prepay -voucher")) == []


@pytest.mark.parametrize("typed", ["timetabel", "tiemtable", "timtable", "timettable", "timetqble"])
def test_a_slip_is_forgiven_and_told(world, items, typed):
    words.learn()
    found = search(world, typed)
    assert titles(found) == ["Show the timetable"]
    assert found.meant == {typed: "timetable"}
    assert found.mended(typed) == "timetable"
    assert titles(search(world, typed, exact=True)) == []


def test_with_a_slip_too_titles_go_before_texts_on_every_page(world, items):
    do.item_create(by=world.owner, product=world.product, title="Print the timetable")
    for item in items[:2]:
        do.comment_write(by=world.owner, item=item, text="Where is the timetable?")
    words.learn()
    found = search(world, "tiemtable")
    assert kinds(found) == ["item", "item", "comment", "comment"]
    assert titles(found)[:2] == ["Print the timetable", "Show the timetable"]
    pages, after = [], None
    while not pages or after:
        page = search(world, "tiemtable", after=after, limit=1)
        pages, after = [*pages, *((hit.kind.name, hit.pk) for hit in page.hits)], page.next_cursor
    assert pages == [(hit.kind.name, hit.pk) for hit in found.hits]


def test_a_part_of_a_compound_word_finds_it(world, items):
    words.learn()
    assert titles(search(world, "payment")) == ["Prepayment"]


def test_a_word_of_another_workspace_is_neither_found_nor_suggested(world, items):
    do.item_create(by=world.outsider, product=world.foreign_product, title="Confidential merger")
    words.learn()
    for text in ("merger", "mergre", "confidential", "otto"):
        found = search(world, text)
        assert (found.hits, found.facets, found.meant) == ([], [], {})
    assert titles(search(world, "mergre", world.outsider)) == ["Confidential merger"]


def test_what_others_wrote_since_hides_nothing(world, items, monkeypatch):
    """However many newer entries elsewhere have the same words."""
    ours = do.comment_write(by=world.owner, item=items[1], text="Sealing the hull")
    do.item_create(by=world.owner, product=world.product, title="Hull paint")
    for number in range(4):
        foreign = do.item_create(
            by=world.outsider, product=world.foreign_product, title=f"Hull {number}"
        )
        do.comment_write(by=world.outsider, item=foreign, text="A hull")
    before = search(world, "hull")
    monkeypatch.setattr("tandem.core.index.find.LOOKED_AT", 3)
    found = search(world, "hull")
    assert titles(found) == titles(before) == ["Hull paint", ours.item.title]
    assert counts(found) == counts(before) == {"item": 1, "comment": 1}
    assert titles(search(world, "hull", kinds=["comment"])) == [ours.item.title]


def test_what_is_thrown_away_is_not_found_until_it_is_back(world, items):
    comment = do.comment_write(by=world.owner, item=items[1], text="Cards expire")
    do.item_delete(by=world.owner, item=items[1])
    assert search(world, "card").hits == []
    do.item_restore(by=world.owner, item=items[1])
    assert kinds(search(world, "card")) == ["item", "comment"]
    do.comment_delete(by=world.owner, comment=comment)
    assert kinds(search(world, "card")) == ["item"]
    trash.product_delete(by=world.admin, product=world.product)
    assert search(world, "card").hits == []
    assert counts(search(world, "card")) == {}


def test_what_is_erased_leaves_no_word_behind(world, items):
    words.learn()
    do.item_delete(by=world.owner, item=items[3])
    trash.thrown_erase(by=world.admin, kind="item", pk=items[3].pk)
    with connection.cursor() as cursor:
        cursor.execute("SELECT word FROM core_searchword WHERE word = 'timetable'")
        assert cursor.fetchall() == []
    words.relearn()
    assert titles(search(world, "prepayemnt")) == ["Prepayment"]
    assert search(world, "timetabel").meant == {}


def test_a_changed_text_is_found_by_its_new_words_alone(world, items):
    do.item_update(by=world.owner, item=items[0], title="Reserve a cabin")
    assert titles(search(world, "cabin")) == ["Reserve a cabin"]
    assert titles(search(world, "seat")) == []
    accounts_user = world.owner.user
    accounts_user.name = "Paula Holm"
    accounts_user.save()
    assert kinds(search(world, "paula")) == ["person"]


def test_pages_follow_one_another_without_gap_or_repetition(world):
    for number in range(9):
        do.item_create(
            by=world.owner,
            product=world.product,
            title=f"Ferry {number}" if number % 2 else f"Boat {number}",
            description="ferries and a ferry" if number % 3 else "ferries",
        )
    whole = [hit.pk for hit in search(world, "ferr", kinds=["item"]).hits]
    assert len(whole) == 9
    seen, after = [], None
    while True:
        found = search(world, "ferr", kinds=["item"], after=after, limit=2)
        seen += [hit.pk for hit in found.hits]
        after = found.next_cursor
        if after is None:
            break
    assert seen == whole


def test_kinds_and_products_narrow_it_and_the_counts_stay(world, items):
    other = accounts.product_create(by=world.admin, key="PIER", name="Pier")
    do.item_create(by=world.owner, product=other, title="Book a berth")
    do.comment_write(by=world.owner, item=items[0], text="book it")
    assert counts(search(world, "book", kinds=["comment"])) == {
        "item": 2,
        "comment": 1,
        "product": 1,
    }
    assert kinds(search(world, "book", kinds=["comment"])) == ["comment"]
    assert titles(search(world, "book", product="PIER")) == ["Book a berth"]


def test_the_index_is_what_the_rows_say_and_the_doctor_knows_when_not(world, items):
    def looked():
        return {each.check: each.ok for each in tables.examined()}

    assert set(looked().values()) == {True}
    with connection.cursor() as cursor:
        cursor.execute(
            "DELETE FROM core_searchdoc WHERE kind = 'item' AND object_id = %s", [items[0].pk]
        )
    assert not looked()["search index"]
    made = tables.rebuild()
    assert made["item"] == len(items)
    assert set(looked().values()) == {True}
    assert titles(search(world, "seat")) == ["Book a seat"]


def test_rows_written_at_once_are_found(world, items):
    from tandem.core import bulk

    now = items[0].created_at
    rows = [Comment(item=item, text=f"gull {item.number}", written_at=now) for item in items]
    bulk.insert(rows)
    assert len(search(world, "gull").hits) == 5
    Comment.objects.filter(pk__in=[row.pk for row in rows[:2]]).delete()
    Item.objects.filter(pk=items[4].pk).delete()
    assert len(search(world, "gull").hits) == 2


# Pages


def test_the_page_shows_hits_facets_and_excerpts(world, items, django_assert_max_num_queries):
    do.comment_write(by=world.owner, item=items[2], text="No refund for a <b>trip</b>")
    client = world.client(world.owner)
    client.get("/w/skerry/search/?q=x")
    # Session, user and member; products twice; the index, its words as little is found; two kinds.
    with django_assert_max_num_queries(18):
        text = client.get("/w/skerry/search/?q=trip").content.decode()
    assert 'href="/w/skerry/FERRY/items/FERRY-3/"' in text
    assert "&lt;b&gt;<mark>trip</mark>" in text
    assert "Comments" in text
    assert world.client(world.outsider).get("/w/skerry/search/?q=trip").status_code == 404
    assert world.client(None).get("/w/skerry/search/?q=trip").status_code == 302


@pytest.mark.parametrize(
    ("query", "status", "words"),
    [
        ("", 200, "by its words"),
        ("q=%00", 200, "by its words"),
        ("q=%22%22-", 200, "Nothing you may see"),
        ("q=nowhere", 200, "Nothing you may see"),
        ("q=" + "x" * 500, 422, "At most 200 characters"),
        ("q=x&kind=secret", 422, "is none of"),
        ("q=x&product=NONE", 422, "There is no product"),
        ("q=x&after=damaged", 422, "address is damaged"),
        ("q=x&after=WzksIDFd", 422, "address is damaged"),
    ],
)
def test_it_says_what_is_wrong_and_what_to_do(world, items, query, status, words):
    response = world.client(world.owner).get(f"/w/skerry/search/?{query}")
    assert response.status_code == status
    assert words in response.content.decode()


def test_the_palette_shows_a_dozen_by_kind_and_the_way_to_the_rest(
    world, items, django_assert_max_num_queries
):
    for number in range(14):
        do.item_create(by=world.owner, product=world.product, title=f"Trip {number}")
    client = world.client(world.owner)
    client.get("/w/skerry/palette/?q=trip")
    with django_assert_max_num_queries(9):
        text = client.get("/w/skerry/palette/?q=trip&product=FERRY").content.decode()
    assert text.count("palette-option") == 13
    assert "/w/skerry/search/?q=trip" in text
    text = client.get("/w/skerry/palette/?q=3&product=FERRY").content.decode()
    assert "FERRY-3" in text.split("palette-option")[1]
    assert "palette-option" not in client.get("/w/skerry/palette/?q=otto").content.decode()


@pytest.mark.parametrize("query", ["", "q=", "q=%00", "q=+", "q=" + "x" * 5000, "q=%25&product=NO"])
def test_the_palette_bears_whatever_is_typed(world, items, query):
    assert world.client(world.owner).get(f"/w/skerry/palette/?{query}").status_code == 200


# The API and the command


def test_the_api_tells_the_same_and_a_token_finds_only_its_areas(world, items):
    client = world.client(world.owner)
    body = client.get("/api/v1/search?q=petra").json()
    assert [each["kind"] for each in body["items"]] == ["person"]
    _, token = accounts.token_create(by=world.owner, name="narrow", scopes=["backlog:read"])
    told = {"Authorization": f"Bearer {token}"}
    assert client.get("/api/v1/search?q=petra", headers=told).json()["items"] == []
    body = client.get("/api/v1/search?q=card", headers=told).json()
    assert body["items"][0]["key"] == "FERRY-2"
    assert body["facets"] == [{"kind": "item", "count": 1, "more": False}]
    assert client.get("/api/v1/search?q=x&kind=person", headers=told).status_code == 422
    assert ApiToken.objects.exists()


def test_the_command_prints_what_it_finds_and_makes_the_index_anew(world, items, command):
    told = json.loads(command("search", "card", "--workspace", "skerry", "--json").stdout)
    assert told["items"][0]["title"] == "Pay by card"
    assert (
        "FERRY-2 Pay by card"
        in command("search", "card", "--workspace", "skerry", "--product", "FERRY").stdout
    )
    made = json.loads(command("reindex", "--json").stdout)
    assert made["entries"]["item"] == 5
    assert set(made["entries"]) == {kind.name for kind in all_kinds()}


def test_a_filled_index_leaves_sqlite_no_figures_that_would_slow_searches(world, items):
    tables.rebuild()
    if connection.vendor == "sqlite":
        with connection.cursor() as cursor:
            cursor.execute("SELECT count(*) FROM sqlite_master WHERE name = 'sqlite_stat1'")
            assert cursor.fetchone() == (0,)
    assert titles(search(world, "timetable"))
