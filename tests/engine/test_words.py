"""Sentences of the engine that know what they are made of."""

import json
import pickle

from django.utils import translation

from tandem.ui.filters import spoken
from tandem_engine.words import Said, begun, counted, figure, join, kept, named, said, told

SENTENCE = said(
    "%(names)s and %(last)s",
    names=join("A: ", figure(0.25, ".0%")),
    last=counted("%(count)s item", "%(count)s items", count=2),
)


def test_a_sentence_is_its_english():
    assert SENTENCE == "A: 25% and 2 items"
    assert counted("%(count)s item", "%(count)s items", count=1) == "1 item"
    # With its parts, for whoever keeps it: another reads it in another language.
    assert spoken(SENTENCE) is SENTENCE


def test_names_are_listed_or_counted():
    assert [named("ABCDEF"[:n], 3) for n in range(6)] == [
        "",
        "A",
        "A and B",
        "A, B and C",
        "A, B, C and D",
        "A, B, C and 2 more",
    ]


def test_a_sentence_survives_being_stored_and_sent():
    stored = told(json.loads(json.dumps(kept(SENTENCE))))
    for other in (stored, pickle.loads(pickle.dumps(SENTENCE))):
        assert isinstance(other, Said)
        assert (other, other.text, kept(other)) == (SENTENCE, SENTENCE.text, kept(SENTENCE))
    assert told(kept("as it was")) == "as it was"


def test_a_sentence_is_shown_in_the_readers_language():
    with translation.override("de"):
        assert spoken(said("%(names)s and %(last)s", names="A", last=figure(1234.5, ",.1f"))) == (
            "A und 1.234,5"
        )
        assert spoken("a plain text") == "a plain text"
        assert spoken(None) is None
        small = begun(said("%(names)s and %(last)s", names="A", last="B"), large=False)
        assert (small, spoken(told(kept(small)))) == ("a and B", "A und B")
        assert spoken(begun("höchstens", large=True)) == "Höchstens"
