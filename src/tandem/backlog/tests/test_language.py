import datetime

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tandem.accounts.tests.caller import Caller
from tandem.backlog import operations as do
from tandem.backlog.filters import ItemFilter
from tandem.backlog.language import dates
from tandem.backlog.language.completing import complete
from tandem.backlog.language.fields import Asking
from tandem.backlog.language.parsing import FilterRefused, parse, written
from tandem.backlog.models import Item, Status
from tandem.backlog.queries import listing
from tandem.backlog.tests.list_page import HTMX, keys_of, listed
from tandem.core.errors import Refused

# Text into terms


def test_it_reads_fields_signs_comparisons_lists_and_quotes():
    terms = parse('kind:story,bug -label:"on \\"board\\"" value>=5 due!=today seat "by card" -old')
    read = [(t.field, t.negated, t.operator, [v.text for v in t.values]) for t in terms]
    assert read == [
        ("kind", False, ":", ["story", "bug"]),
        ("label", True, ":", ['on "board"']),
        ("value", False, ">=", ["5"]),
        ("due", True, ":", ["today"]),
        ("", False, ":", ["seat"]),
        ("", False, ":", ["by card"]),
        ("", True, ":", ["old"]),
    ]


def test_an_address_a_time_and_a_lone_minus_are_words():
    assert [t.field for t in parse("https://example.org 10:30 -")] == ["", "", ""]


# The text, and where it is marked.
BROKEN = [
    ('label:"ux', '"ux', "not closed"),
    ('seat "by card', '"by card', "not closed"),
    ("kind: bug", "kind:", "without a space"),
    ("kind:bug,", "kind:bug,", "Nothing stands behind"),
    ("value>5,6", "6", "takes one value"),
    ('label:"a"b', '"a"b', "space or a comma"),
    ("kind:bug OR kind:story", "OR", "a comma"),
    ('""', '""', "Nothing stands between"),
]


@pytest.mark.parametrize(("text", "marked", "said"), BROKEN)
def test_a_broken_text_is_refused_at_its_place(text, marked, said):
    with pytest.raises(FilterRefused) as refusal:
        parse(text)
    assert text[refusal.value.start : refusal.value.end] == marked
    assert said in refusal.value.message


@settings(max_examples=150)
@given(st.text(max_size=40))
def test_any_text_is_read_or_refused_inside_itself(text):
    try:
        places = [(term.start, term.end, term.source) for term in parse(text)]
    except FilterRefused as refusal:
        places = [(refusal.start, refusal.end, text[refusal.start : refusal.end])]
    assert all(0 <= start <= end <= len(text) for start, end, _ in places)
    assert all(text[start:end] == source for start, end, source in places)


@settings(max_examples=100)
@given(st.lists(st.text(min_size=1, max_size=12), min_size=1, max_size=3), st.booleans())
def test_what_is_written_is_read_again(values, negated):
    [term] = parse(written("label", values, negated))
    assert ([value.text for value in term.values], term.negated) == (values, negated)


TODAY = datetime.date(2026, 11, 30)
DAYS = [
    ("today", "2026-11-30", "2026-12-01"),
    ("-7d", "2026-11-23", "2026-11-24"),
    ("+2w", "2026-12-14", "2026-12-15"),
    ("-9m", "2026-02-28", "2026-03-01"),
    ("-1y", "2025-11-30", "2025-12-01"),
    ("2026-12", "2026-12-01", "2027-01-01"),
    ("2026", "2026-01-01", "2027-01-01"),
]


@pytest.mark.parametrize(("text", "first", "after"), DAYS)
def test_a_word_means_these_days(text, first, after):
    found = dates.period(text, TODAY)
    assert [each.isoformat() for each in found] == [first, after]


@pytest.mark.parametrize("text", ["soon", "2026-13", "2026-02-30", "-99999y", "7"])
def test_what_is_no_day_means_none(text):
    assert dates.period(text, TODAY) is None


# Terms into items


@pytest.fixture
def backlog(world):
    """FERRY-1 to FERRY-4."""
    make = {"by": world.owner, "product": world.product}
    epic = do.item_create(**make, title="Seats", kind="epic", labels=["deck"])
    seat = do.item_create(
        **make, title="Book a seat", parent=epic, estimate_likely=5, assignee=world.owner,
        labels=["deck", "ux"], due_date=datetime.date(2027, 3, 12),
    )  # fmt: skip
    do.item_create(
        **make, title="Pay by card", kind="bug", estimate_likely=2, assignee=world.developer,
        description="A seat is lost.", due_date=datetime.date(2027, 4, 1),
    )  # fmt: skip
    do.item_create(**make, title="Old seat", status=Status.objects.get(name="Done"))
    do.question_ask(by=world.owner, item=seat, text="Which deck?")
    return world


def numbers(world, text, member=None):
    wanted = ItemFilter.read(text, world.product, member or world.owner)
    rows = wanted.apply(Item.objects.of(world.product)).order_by(*wanted.order)
    return [item.number for item in rows]


FOUND = [
    ("", [1, 2, 3]),
    ("kind:story,bug", [2, 3]),
    ("kind:story kind:bug", []),
    ("-kind:epic", [2, 3]),
    ("status:all", [1, 2, 3, 4]),
    ("status:done", [4]),
    ("-status:done", [1, 2, 3]),
    ("is:open,done", [1, 2, 3, 4]),
    ("category:done", [4]),
    ("estimate>2", [2]),
    ("estimate>=2 estimate<5", [3]),
    ("estimate:2..5", [2, 3]),
    ("-estimate>2", [1, 3]),
    ("no:estimate", [1]),
    ("has:estimate -has:questions", [3]),
    ("has:questions", [2]),
    ("has:children", [1]),
    ("label:DECK -label:ux", [1]),
    ("no:label", [3]),
    ("assignee:me", [2]),
    ("owner:none", [1]),
    ('assignee:"Dora Lind",me', [2, 3]),
    ("parent:FERRY-1", [2]),
    ("key:FERRY-2..FERRY-3", [2, 3]),
    ("key:1,3", [1, 3]),
    ("due:2027-03", [2]),
    ("due>2027-03-12", [3]),
    ("due:..2027-03-31", [2]),
    ("created:today updated>-7d", [1, 2, 3]),
    ("updated<-7d", []),
    ("text:seat", [1, 2, 3]),
    ("seat", [1, 2]),
    ("-seat", [3]),
    ('"a seat"', [2]),
    ("sort:-key", [3, 2, 1]),
    ("sort:due has:due", [2, 3]),
    ("has:attachments", []),
    ("watcher:me status:all", [1, 2, 3, 4]),
    ("watcher:none", []),
    ("is:blocked", []),
    ("blocked:no", [1, 2, 3]),
    ("sort:-title", [1, 3, 2]),
    ("sort:kind status:all", [3, 1, 2, 4]),
    ("sort:-status status:all", [4, 3, 2, 1]),
    ("has:assignee sort:assignee", [3, 2]),
    ("has:parent sort:parent", [2]),
    ("author:me", [1, 2, 3]),
]


def test_it_finds_what_it_says(backlog):
    backlog.developer.user.name = "Dora Lind"
    backlog.developer.user.save()
    for text, fits in FOUND:
        assert numbers(backlog, text) == fits, text


def test_what_waits_for_an_unfinished_item_is_blocked(backlog):
    first, second, _third = Item.objects.of(backlog.product).order_by("number")[:3]
    do.dependency_add(by=backlog.owner, from_item=first, to_item=second, kind="blocks")
    assert numbers(backlog, "is:blocked") == [2]
    assert numbers(backlog, "-is:blocked") == [1, 3]
    do.item_update(by=backlog.owner, item=first, status=Status.objects.get(name="Done"))
    assert numbers(backlog, "is:blocked") == []


@pytest.mark.parametrize("order", ["title", "-assignee", "status"])
def test_pages_in_any_order_are_what_sorting_everything_gives(backlog, order):
    wanted = ItemFilter.read(f"status:all sort:{order}", backlog.product, backlog.owner)
    statuses = listing.statuses_of(backlog.product)
    every = [row.number for row in listing.page(wanted, backlog.owner, statuses).rows]
    found, after = [], None
    for _each in every:
        page = listing.page(wanted, backlog.owner, statuses, after=after, limit=1)
        found += [row.number for row in page.rows]
        after = page.next_cursor
    assert (found, sorted(found), after) == (every, [1, 2, 3, 4], None)


# The text, the marked word, what is offered instead.
UNKNOWN = [
    ("knid:bug", "knid", "kind"),
    ("kind:stroy", "stroy", "story"),
    ("kind:story,bugg", "bugg", "bug"),
    ("status:Redy", "Redy", "Ready"),
    ('label:"on deck"', '"on deck"', "deck"),
    ("estimate>much", "much", ""),
    ("due:soon", "soon", ""),
    ("estimate:8..3", "8..3", "3..8"),
    ("due:2027-04..2027-03-12", "2027-04..2027-03-12", "2027-03-12..2027-04"),
    ("assignee:zoe", "zoe", ""),
    ("kind>bug", "kind>bug", "kind:bug"),
    ("has:estimat", "estimat", "estimate"),
    ("sort:rnak", "rnak", "rank"),
    ("parent:FERRY-99", "FERRY-99", ""),
    ("zebra:9", "zebra", ""),
]


@pytest.mark.parametrize(("text", "marked", "instead"), UNKNOWN)
def test_an_unknown_word_is_pointed_at_and_the_near_one_offered(backlog, text, marked, instead):
    before = f"seat {text}"
    with pytest.raises(FilterRefused) as refusal:
        numbers(backlog, before)
    found = refusal.value
    assert before[found.start : found.end] == marked
    assert found.suggestion == instead
    if instead:
        numbers(backlog, before[: found.start] + instead + before[found.end :])


def test_a_name_that_several_people_have_is_asked_back(backlog):
    for person in (backlog.developer, backlog.stakeholder):
        person.user.name = "Kim Sand"
        person.user.save()
    with pytest.raises(FilterRefused, match="Several people") as refusal:
        numbers(backlog, "assignee:kim")
    assert f"({backlog.developer.pk})" in refusal.value.message


# Pages and the API


def test_the_page_marks_the_word_and_offers_the_near_one(backlog):
    response = listed(backlog, "?q=seat+kind%3Astroy")
    text = response.content.decode()
    assert response.status_code == 422
    assert "seat kind:<mark>stroy</mark>" in text
    assert "Did you mean story?" in text
    assert 'backlog/?q=seat+kind%3Astory"' in text
    assert 'value="seat kind:stroy"' in text


def test_the_builder_adds_a_term_to_the_text(backlog):
    response = listed(backlog, "?q=seat&add=kind&is=is-not&value=epic")
    assert keys_of(response) == ["FERRY-2"]
    assert 'value="seat -kind:epic"' in response.content.decode()
    assert keys_of(listed(backlog, "?add=estimate&is=>&value=2")) == ["FERRY-2"]
    assert keys_of(listed(backlog, "?add=estimate&is=has-not")) == ["FERRY-1"]
    assert keys_of(listed(backlog, "?add=sort&value=-key"))[0] == "FERRY-3"
    assert keys_of(listed(backlog, '?add=label&value=d"x')) == []
    assert listed(backlog, "?add=kind&is=is&value=novel").status_code == 422


def test_the_builder_shows_how_a_field_can_be_compared(backlog):
    client = backlog.client(backlog.owner)
    ask = backlog.address("backlog/builder/")
    assert "up to" in client.get(f"{ask}?add=estimate").content.decode()
    assert '<option value="In progress">' in client.get(f"{ask}?add=status").content.decode()
    assert client.get(f"{ask}?add=novel").status_code == 404


COMPLETED = [
    ("ki", [(0, 2, "kind:")]),
    ("seat -la", [(5, 8, "-label:")]),
    ("kind:s", [(5, 6, "story"), (5, 6, "spike")]),
    ("kind:bug,st", [(9, 11, "story")]),
    ("status:in", [(7, 9, '"In progress"'), (7, 9, '"In review"')]),
    ('status:"in p', [(7, 12, '"In progress"')]),
    ("zebra:x", []),
    ("book a seat", []),
]


@pytest.mark.parametrize(("text", "offered"), COMPLETED)
def test_it_offers_fields_and_then_their_values(backlog, text, offered):
    found = complete(text, len(text), Asking(backlog.product, backlog.owner))
    assert [(found.start, found.end, put) for put, *_ in found.offers][: len(offered)] == offered
    if not offered:
        assert found.offers == ()


def test_the_completion_is_a_list_of_options(backlog):
    client = backlog.client(backlog.owner)
    page = client.get(backlog.address("backlog/completions/?q=kind:b&at=6"), **HTMX)
    assert 'data-text="bug" data-start="5" data-end="6" data-whole' in page.content.decode()


def test_the_api_answers_with_the_place_of_the_word(backlog):
    ask = Caller(backlog.owner)
    found = ask("GET", "/products/FERRY/items?q=kind:bug")
    assert [each["key"] for each in found.json()["items"]] == ["FERRY-3"]
    refused = ask("GET", "/products/FERRY/items?q=kind:stroy")
    assert refused.status_code == 422
    told = refused.json()
    assert told["position"] == {"start": 5, "end": 10}
    assert (told["word"], told["suggestion"], told["field"]) == ("stroy", "story", "q")
    fields = ask("GET", "/products/FERRY/filter-fields").json()
    assert {"kind", "score", "sprint", "sort"} <= {each["name"] for each in fields}


def test_an_older_parameter_is_named_in_its_refusal(backlog):
    with pytest.raises(Refused) as refusal:
        listed_filter(backlog, "kind=stroy")
    assert (refusal.value.field, refusal.value.details) == ("kind", {})


def listed_filter(world, query):
    from django.http import QueryDict

    return ItemFilter.from_query(QueryDict(query), world.product, world.owner)
