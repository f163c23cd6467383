"""JSON that nobody has checked."""

import json
from contextlib import suppress
from datetime import UTC, datetime

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tandem.core.importing.dates import DateReader
from tandem.core.importing.documents import Moments, load_documents, objects, text_of
from tandem.core.importing.errors import ImportRefused
from tandem.core.importing.source import Source


def load(text: str, **options):
    return load_documents(Source.from_bytes(text.encode()), **options)


def test_it_reads_one_document_joined_pages_and_lines():
    assert load('{"a": 1}') == [{"a": 1}]
    assert load("[1]\n[2]") == [[1], [2]]
    assert load('\ufeff{"a": 1}\n{"a": 2}\n\n') == [{"a": 1}, {"a": 2}]


def test_it_says_where_the_json_breaks():
    with pytest.raises(ImportRefused) as caught:
        load("[\n  1,\n  oops\n]")
    assert caught.value.line == 3
    assert "column 3" in caught.value.message


def test_it_says_where_a_later_document_breaks():
    with pytest.raises(ImportRefused) as caught:
        load('{"a": 1}\n{"a": 2}\n{"a": }\n')
    assert caught.value.line == 3


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("   \n ", "white space"),
        ("[NaN]", "NaN"),
        ("[-Infinity]", "Infinity"),
        ("[1e999]", "too large"),
        ("[" + "9" * 50 + "]", "50 digits"),
        ("[" + "9" * 10_000 + "]", "10,000 digits"),
        ("[" * 70 + "]" * 70, "nested deeper than 64"),
        ("[" * 200_000, "nested deeper than 64"),
        ('{"a":' * 100_000, "nested deeper than 64"),
    ],
)
def test_it_refuses(text, words):
    with pytest.raises(ImportRefused) as caught:
        load(text)
    assert words in caught.value.message


def test_sixty_four_levels_are_fine():
    assert load("[" * 64 + "]" * 64)


def test_it_refuses_a_json_file_over_its_own_limit():
    with pytest.raises(ImportRefused, match="limit is 3"):
        load("[1, 2]", size_limit=3)


def test_texts_are_storable():
    assert text_of("a\x00b\ud83d") == "a\ufffdb\ufffd"
    assert text_of(3) == "3"
    assert text_of(True) == text_of(None) == text_of({"a": 1}) == ""


def test_objects_are_the_objects_of_a_list():
    assert list(objects([1, {"a": 1}, None])) == [{"a": 1}]
    assert list(objects("text")) == []


def test_an_unreadable_date_is_left_empty_with_a_warning():
    moments = Moments(DateReader("ymd"))
    moments.line = 4
    assert moments.of(
        {"closed_at": None, "closedAt": "2026-01-02T03:04:05Z"}, "closed_at", "closedAt"
    ) == datetime(2026, 1, 2, 3, 4, 5, tzinfo=UTC)
    assert moments.of({"due": "soon"}, "due") is None
    (warning,) = moments.problems.take()
    assert warning.line == 4
    assert "“soon” is not a date" in warning.message


json_values = st.recursive(
    st.none() | st.booleans() | st.integers(-(10**12), 10**12) | st.text(max_size=10),
    lambda inner: (
        st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=5), inner, max_size=4)
    ),
    max_leaves=15,
)


@given(json_values)
def test_what_json_writes_is_read_back(value):
    assert load(json.dumps(value)) == [value]


@settings(max_examples=200)
@given(st.text(alphabet='{}[]",:0123456789.eE-+ntrufalse \n\\', min_size=1))
def test_any_text_is_documents_or_refused(text):
    with suppress(ImportRefused):
        assert load(text)
