"""Words, what was typed, and excerpts: without a database."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tandem.core.errors import Refused
from tandem.core.index.excerpts import excerpt, marked
from tandem.core.index.expressions import Choice, fts5, tsquery
from tandem.core.index.typed import typed
from tandem.core.index.words import shortened, slips, words_of

LETTERS = st.text("abcd", max_size=6)


@pytest.mark.parametrize(
    ("one", "other", "distance"),
    [
        ("payment", "payment", 0),
        ("payemnt", "payment", 1),  # two neighbours swapped
        ("paymnt", "payment", 1),
        ("paymeent", "payment", 1),
        ("paxment", "payment", 1),
        ("pxymnet", "payment", 2),
        ("", "abc", 3),
    ],
)
def test_it_counts_the_slips_of_a_keyboard(one, other, distance):
    assert slips(one, other) == slips(other, one) == distance


@given(LETTERS, LETTERS)
@settings(max_examples=80)
def test_words_one_slip_apart_share_a_shortened_form(one, other):
    if slips(one, other) == 1:
        assert shortened(one) & shortened(other)


def test_accents_go_on_latin_letters_and_other_letters_stay():
    assert words_of("Fähre, ÉTÉ! й-Мост 2FA_x") == ["fahre", "ete", "й", "мост", "2fa", "x"]


@pytest.mark.parametrize("text", ["", "  ", '""', "-", '-"', "!?", "\x00"])
def test_signs_alone_mean_nothing(text):
    assert typed(text).terms == ()


def test_it_reads_words_phrases_and_what_to_leave_out():
    found = typed('pay "by card" -fax web-42')
    assert [(term.words, term.without) for term in found.terms] == [
        (("pay",), False),
        (("by", "card"), False),
        (("fax",), True),
        (("web", "42"), False),
    ]


@pytest.mark.parametrize("text", ["x" * 201, " ".join("abcdefghijklm")])
def test_it_refuses_what_nobody_types(text):
    with pytest.raises(Refused) as refused:
        typed(text)
    assert refused.value.field == "q"


@given(st.text(max_size=60))
@settings(max_examples=60)
def test_nothing_typed_is_an_operator_of_the_database(text):
    wanted = [[Choice(term.words, open_end=True)] for term in typed(text).wanted]
    for word in (word for choices in wanted for each in choices for word in each.words):
        assert word.isalnum()
    if wanted:
        fts5(wanted, [], "title", ["p1"], [])
        tsquery(wanted, [])


def test_it_marks_beginnings_of_words_and_not_their_insides():
    assert marked("Pay and prepay; Payée", ["pay"]) == [
        ("Pay", True),
        (" and prepay; ", False),
        ("Payée", True),
    ]


def test_an_excerpt_stands_around_the_first_word_and_without_markup():
    text = "# Head\n" + "word " * 80 + "a **needle** in [hay](http://x.example) " + "word " * 80
    parts = excerpt(text, ["needle"])
    whole = "".join(part for part, _ in parts)
    assert ("needle", True) in parts
    assert whole.startswith("… ")
    assert whole.endswith(" …")
    assert len(whole) < 200
    assert "*" not in whole
    assert "http" not in whole
