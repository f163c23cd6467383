"""Events read as sentences, texts compared, changes taken back, and the activity page."""

import datetime
import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tandem.backlog import history, history_words
from tandem.backlog import operations as do
from tandem.backlog.models import Item
from tandem.backlog.textdiff import excerpt, words_changed
from tandem.core import channel, forgetting
from tandem.core.errors import Conflict, Refused
from tandem.core.models import Event

HTMX = {"headers": {"HX-Request": "true"}}


@pytest.fixture
def item(world):
    return do.item_create(by=world.owner, product=world.product, title="Book a seat")


def last(item):
    return Event.objects.of("item", item.pk).first()


def read(item):
    return history.entry_of(last(item), item=Item.objects.get(pk=item.pk))


def words(change):
    return (change.name, change.before, change.after)


# --- sentences -----------------------------------------------------------------------------


def test_a_changed_field_is_named_with_before_and_after(world, item):
    do.item_update(
        by=world.owner, item=item, estimate_likely=5, due_date=datetime.date(2027, 3, 12)
    )
    entry = read(item)
    assert entry.sentence == "changed likely estimate and due date"
    assert [words(each) for each in entry.changes] == [
        ("likely estimate", "nothing", "5"),
        ("due date", "nothing", "12 Mar 2027"),
    ]


def test_people_and_statuses_are_named_by_words_not_by_numbers(world, item):
    status = item.product.statuses.get(name="Ready")
    do.item_update(by=world.owner, item=item, status=status, assignee=world.developer)
    assert [words(each) for each in read(item).changes] == [
        ("status", "Backlog", "Ready"),
        ("assignee", "nothing", "Dana Novak"),
    ]


@pytest.mark.parametrize(
    ("act", "sentence", "told"),
    [
        (
            lambda w, i: do.criterion_add(by=w.owner, item=i, text="A seat"),
            "added a criterion",
            "A seat",
        ),
        (lambda w, i: do.comment_write(by=w.owner, item=i, text="Good"), "commented", "Good"),
        (lambda w, i: do.question_ask(by=w.owner, item=i, text="Which?"), "asked", "Which?"),
    ],
)
def test_each_deed_reads_as_a_sentence(world, item, act, sentence, told):
    act(world, item)
    entry = read(item)
    assert entry.sentence == sentence
    assert told in "".join(piece.text for change in entry.changes for piece in change.pieces)


def test_a_move_says_where_from_and_where_to(world, item):
    other = do.item_create(by=world.owner, product=world.product, title="Pay")
    do.item_move(by=world.owner, item=item, after=other)
    assert words(read(item).changes[0]) == ("place", "at the top", "behind FERRY-2")


def test_a_verb_of_a_higher_app_reads_as_it_said_and_unknown_ones_stay_readable(world, item):
    event = Event(verb="rating.given_anew", object_kind="item", changes={"reach": [None, 3.0]})
    assert history.sentence_of(event) == "rating given anew"
    history_words.say("rating.given_anew", "rated the item anew")
    assert history.sentence_of(event) == "rated the item anew"
    history_words.say("rating.given_anew", "rated {field}")
    assert history.sentence_of(event) == "rated reach"
    del history_words.SENTENCES["rating.given_anew"]
    assert words(history.changes_of(event)[0]) == ("reach", "nothing", "3")


def test_what_an_event_tells_beside_changes_is_read_too(world, item):
    event = Event(verb="item.imported", object_kind="item", changes={"row": {"x": 1}, "rows": 12})
    assert [words(each) for each in history.changes_of(event)] == [("rows", "nothing", "12")]


# --- visits --------------------------------------------------------------------------------


def test_what_one_person_did_in_one_go_stands_together(world, item):
    do.item_update(by=world.owner, item=item, title="Book a cabin")
    do.item_update(by=world.owner, item=item, kind="bug")
    do.item_update(by=world.technical, item=item, kind="story")
    with channel.through("api"):
        do.item_update(by=world.technical, item=item, kind="bug")
    found = history.visits(list(Event.objects.of("item", item.pk)))
    assert [(visit.who, visit.channel, len(visit.entries)) for visit in found] == [
        ("Tariq Aziz", "over the API", 1),
        ("Tariq Aziz", "", 1),
        ("Petra Holm", "", 3),
    ]


def test_a_long_pause_begins_a_new_visit(world, item):
    do.item_update(by=world.owner, item=item, kind="bug")
    first = Event.objects.of("item", item.pk).last()
    forgetting.reword(Event.objects.filter(pk=first.pk), at=first.at - history.VISIT * 2)
    assert len(history.visits(list(Event.objects.of("item", item.pk)))) == 2


# --- comparing texts -----------------------------------------------------------------------

texts = st.text(alphabet="ab \n.é", max_size=60)


@given(texts, texts)
def test_the_pieces_spell_both_texts(before, after):
    pieces = words_changed(before, after)
    assert "".join(p.text for p in pieces if p.kind != "ins") == before
    assert "".join(p.text for p in pieces if p.kind != "del") == after


@given(texts)
def test_equal_texts_have_no_change(text):
    assert all(piece.kind == "same" for piece in words_changed(text, text))


@given(texts, texts)
def test_an_excerpt_shows_a_change_where_there_is_one(before, after):
    shown, _ = excerpt(words_changed(before, after))
    changed = any(piece.kind in ("ins", "del") for piece in shown)
    assert changed == (before != after)


def test_one_changed_word_is_one_change():
    pieces = words_changed("Seats on every ferry", "Seats on each ferry")
    assert [(p.kind, p.text) for p in pieces] == [
        ("same", "Seats on "),
        ("del", "every"),
        ("ins", "each"),
        ("same", " ferry"),
    ]


def test_a_long_text_shows_the_change_with_a_little_around_it():
    before = "word " * 500 + "old" + " word" * 500
    shown, shortened = excerpt(words_changed(before, before.replace("old", "new")))
    assert shortened
    assert sum(len(piece.text) for piece in shown) < 200
    assert {"old", "new"} <= {piece.text for piece in shown}


def test_two_huge_different_texts_are_compared_as_wholes():
    pieces = words_changed("a, b." * 20_000, "c; d!" * 20_000)
    assert [piece.kind for piece in pieces] == ["del", "ins"]


def test_the_whole_comparison_is_one_address_away(world, item):
    long = "word " * 200
    do.item_update(by=world.owner, item=item, description=f"{long} old {long}")
    do.item_update(by=world.owner, item=item, description=f"{long} new {long}")
    client = world.client(world.viewer)
    text = client.get(world.address("items/FERRY-1/history/"), **HTMX).content.decode()
    address = re.search(r'href="([^"]+/history/\d+/)"', text)[1]
    whole = client.get(address).content.decode()
    assert whole.count("word") >= 400
    assert "<html" in whole
    assert "<html" not in client.get(address, **HTMX).content.decode()
    assert world.client(world.outsider).get(address).status_code == 404
    assert client.get(world.address("items/FERRY-1/history/999999/")).status_code == 302


# --- taking back ---------------------------------------------------------------------------


def test_a_change_is_offered_to_be_taken_back_until_the_same_field_changes_again(world, item):
    do.item_update(by=world.owner, item=item, title="Book a cabin")
    first = last(item)
    assert history.entry_of(first, item=Item.objects.get(pk=item.pk)).undoable
    do.item_update(by=world.owner, item=item, kind="bug")
    assert history.entry_of(first, item=Item.objects.get(pk=item.pk)).undoable
    do.item_update(by=world.owner, item=item, title="Book a bed")
    assert not history.entry_of(first, item=Item.objects.get(pk=item.pk)).undoable


def test_every_kind_of_field_is_taken_back(world, item):
    status = item.product.statuses.get(name="Done")
    parent = do.item_create(by=world.owner, product=world.product, title="Booking", kind="epic")
    do.item_update(
        by=world.owner, item=item, title="Changed", kind="bug", status=status, parent=parent,
        assignee=world.developer, labels=["a", "b"], due_date=datetime.date(2027, 1, 2),
        estimate_low=1, estimate_likely=2, estimate_high=3,
    )  # fmt: skip
    do.change_undo(by=world.technical, event=last(item))
    found = Item.objects.get(pk=item.pk)
    assert (found.title, found.kind, found.status.name) == ("Book a seat", "story", "Backlog")
    assert (found.parent, found.assignee, found.due_date, found.estimate_likely) == (None,) * 4
    assert not found.labels.exists()
    do.change_undo(by=world.owner, event=last(item))
    found.refresh_from_db()
    assert (found.due_date, found.parent) == (datetime.date(2027, 1, 2), parent)


def test_a_change_is_not_taken_back_over_a_newer_one(world, item):
    do.item_update(by=world.owner, item=item, title="Book a cabin")
    event = last(item)
    do.item_update(by=world.technical, item=item, title="Book a bed")
    with pytest.raises(Conflict, match="changed again since"):
        do.change_undo(by=world.owner, event=event)


def test_what_stood_there_before_may_be_gone(world, item):
    parent = do.item_create(by=world.owner, product=world.product, title="Booking", kind="epic")
    do.item_update(by=world.owner, item=item, parent=parent)
    do.item_update(by=world.owner, item=item, parent=None)
    event = last(item)
    do.item_delete(by=world.owner, item=parent)
    with pytest.raises(Conflict, match="had before is gone"):
        do.change_undo(by=world.owner, event=event)


def test_a_criterions_old_words_come_back_unless_it_changed_again(world, item):
    row = do.criterion_add(by=world.owner, item=item, text="old")
    do.criterion_update(by=world.owner, criterion=row, text="new")
    event = last(item)
    do.change_undo(by=world.owner, event=event)
    row.refresh_from_db()
    assert row.text == "old"
    with pytest.raises(Conflict):
        do.change_undo(by=world.owner, event=event)


def test_a_deed_without_a_way_back_is_refused(world, item):
    with pytest.raises(Refused, match="cannot be taken back"):
        do.change_undo(by=world.owner, event=last(item))


def undo_address(world, event):
    return world.address(f"undo/{event.pk}/")


def test_undo_is_for_those_who_may_change_and_only_of_their_product(world, item):
    do.item_update(by=world.owner, item=item, title="Book a cabin")
    address = undo_address(world, last(item))
    assert world.client(world.viewer).post(address).status_code == 403
    assert world.client(world.outsider).post(address).status_code == 404
    assert world.client(None).post(address).status_code == 302
    assert world.client(world.owner).get(address).status_code == 405
    assert Item.objects.get(pk=item.pk).title == "Book a cabin"
    foreign = do.item_create(by=world.outsider, product=world.foreign_product, title="Elsewhere")
    do.item_update(by=world.outsider, item=foreign, title="Changed")
    assert world.client(world.owner).post(undo_address(world, last(foreign))).status_code == 404
    assert world.client(world.owner).post(address).status_code == 302
    assert Item.objects.get(pk=item.pk).title == "Book a seat"


def test_undo_goes_back_to_a_page_of_ours_only(world, item):
    for given_address, expected in (
        (world.address("activity/"), world.address("activity/")),
        ("https://evil.example/", world.address("items/FERRY-1/")),
        ("//evil.example", world.address("items/FERRY-1/")),
    ):
        do.item_update(by=world.owner, item=Item.objects.get(pk=item.pk), title="Book a cabin")
        response = world.client(world.owner).post(
            undo_address(world, last(item)), {"next": given_address}
        )
        assert response["Location"] == expected


def test_a_refused_undo_says_so_on_the_page_it_came_from(world, item):
    do.item_update(by=world.owner, item=item, title="Book a cabin")
    event = last(item)
    do.item_update(by=world.owner, item=item, title="Book a bed")
    client = world.client(world.owner)
    response = client.post(
        undo_address(world, event), {"next": world.address("activity/")}, follow=True
    )
    assert "was changed again since" in response.content.decode()
    assert client.post(undo_address(world, event), **HTMX).status_code == 409


# --- the history on the page and the activity page -----------------------------------------


def test_the_history_offers_undo_to_makers_only(world, item):
    do.item_update(by=world.owner, item=item, title="Book a cabin")
    address = world.address("items/FERRY-1/history/")
    assert (
        undo_address(world, last(item))
        in world.client(world.developer).get(address).content.decode()
    )
    assert "/undo/" not in world.client(world.viewer).get(address).content.decode()


def test_the_history_comes_in_stretches(world, item):
    for n in range(100):
        do.item_update(by=world.owner, item=item, title=f"Title {n}")
    client = world.client(world.viewer)
    address, found = world.address("items/FERRY-1/history/"), []
    for _ in range(5):
        text = client.get(address, **HTMX).content.decode()
        found += re.findall(r"now </span>Title (\d+)<", text)
        more = re.search(r'hx-get="([^"]+\?history=[^"]+)"', text)
        if not more:
            break
        address = more[1]
    assert found == [str(n) for n in range(99, -1, -1)]


def test_the_activity_shows_the_product_newest_first_and_nothing_of_others(world, item):
    do.comment_write(by=world.technical, item=item, text="From Tariq")
    foreign = do.item_create(by=world.outsider, product=world.foreign_product, title="Elsewhere")
    do.comment_write(by=world.outsider, item=foreign, text="From Otto")
    text = world.client(world.viewer).get(world.address("activity/")).content.decode()
    assert text.index("commented") < text.index("created the item")
    assert "From Otto" not in text
    assert "Elsewhere" not in text
    assert world.client(world.outsider).get(world.address("activity/")).status_code == 404
    assert world.client(None).get(world.address("activity/")).status_code == 302


def test_the_activity_is_filtered_by_person_and_by_what_was_changed(world, item):
    do.comment_write(by=world.technical, item=item, text="From Tariq")
    do.item_update(by=world.owner, item=item, title="Book a cabin")
    client = world.client(world.viewer)
    by_tariq = client.get(world.address(f"activity/?by={world.technical.pk}")).content.decode()
    assert "From Tariq" in by_tariq
    assert "Book a cabin</ins>" not in by_tariq
    changes = client.get(world.address("activity/?what=changes")).content.decode()
    assert "Book a cabin</ins>" in changes
    assert "From Tariq" not in changes
    both = client.get(world.address(f"activity/?what=comments&by={world.owner.pk}"))
    assert "Nothing of this kind happened yet" in both.content.decode()
    assert client.get(world.address("activity/?what=magic")).status_code == 422
    assert client.get(world.address("activity/?by=x&after=%00")).status_code in (200, 422)


def test_the_activity_comes_in_stretches_with_one_number_of_queries(world, item):
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    client = world.client(world.viewer)
    with CaptureQueriesContext(connection) as few:
        client.get(world.address("activity/"))
    for n in range(150):
        do.item_update(by=world.owner, item=item, title=f"Title {n}")
    with CaptureQueriesContext(connection) as many:
        text = client.get(world.address("activity/")).content.decode()
    assert len(many) == len(few)
    found = re.findall(r"now </span>Title (\d+)<", text)
    while more := re.search(r'hx-get="([^"]+after=[^"]+)"', text):
        text = client.get(more[1].replace("&amp;", "&"), **HTMX).content.decode()
        found += re.findall(r"now </span>Title (\d+)<", text)
    assert found == [str(n) for n in range(149, -1, -1)]


def test_texts_with_little_in_common_stand_apart_instead_of_woven_together():
    pieces = words_changed("Theirs, **bold** and long", "My own text about **it**, short")
    assert [piece.kind for piece in pieces] == ["del", "ins"]


def test_one_of_two_equal_criteria_comes_back_once(world, item):
    rows = [do.criterion_add(by=world.owner, item=item, text="twice") for _ in range(2)]
    event = do.criterion_remove(by=world.owner, criterion=rows[0])
    do.change_undo(by=world.owner, event=event)
    with pytest.raises(Conflict, match="again already"):
        do.change_undo(by=world.owner, event=event)
    assert item.criteria.count() == 2
