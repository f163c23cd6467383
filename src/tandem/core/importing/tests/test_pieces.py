"""JSON read in pieces: the same as read whole, whatever the window cuts."""

import json
import re
from typing import Any

import pytest
from hypothesis import assume, example, given, settings
from hypothesis import strategies as st

from tandem.core.importing.documents import load_documents
from tandem.core.importing.errors import ImportRefused
from tandem.core.importing.pieces import ALONE, AROUND, LISTED, pieces
from tandem.core.importing.source import Source

from .test_documents import json_values


def cut(text: str | bytes, **options: Any) -> list[tuple[Any, str]]:
    """The text's pieces; lists named ``issues`` are opened."""
    data = text.encode() if isinstance(text, str) else text
    options = {"lists": ("issues",), "window": 8} | options
    return [tuple(piece) for piece in pieces(Source.from_bytes(data), **options)]


def flat(values: list[Any]) -> list[Any]:
    return [
        each for value in values for each in (flat(value) if isinstance(value, list) else [value])
    ]


def outcome(read: Any) -> tuple[str, Any]:
    """What was read, or what was said and where."""
    try:
        return "read", read()
    except ImportRefused as refused:
        return "refused", (refused.message.partition(":")[0], refused.line)


def test_lists_and_answers_are_opened_and_what_stands_around_them_comes_last():
    answer = {
        "total": 2,
        "issues": [{"key": "A"}, [{"issues": [1, 2, 3, 4]}]],
        "names": {"x": "y" * 50},
    }
    assert cut(json.dumps([answer, {"key": "C"}]) + "\n" + json.dumps({"key": "D"})) == [
        ({"key": "A"}, "issues"),
        ({"issues": [1, 2, 3, 4]}, "issues"),
        ({"total": 2, "issues": [], "names": {"x": "y" * 50}}, AROUND),
        ({"key": "C"}, LISTED),
        ({"key": "D"}, ALONE),
    ]


def test_a_name_that_comes_twice_loses_no_entries():
    assert cut('{"issues": [1], "total": 1, "issues": [2], "total": 2}') == [
        (1, "issues"),
        (2, "issues"),
        ({"issues": [], "total": 2}, AROUND),
    ]


@given(json_values, st.integers(1, 40), st.sampled_from([None, 1]))
def test_pieces_are_the_entries_of_what_json_writes(value, window, indent):
    found = cut(json.dumps(value, indent=indent), lists=(), window=window)
    assert [each for each, _ in found] == flat([value])


@settings(max_examples=200)
@given(st.text(alphabet='{}[]",:0123456789.eE-+ntrufalse \n\\NaI', min_size=1))
@example('[{"a": "' + "b" * 60 + '",\n "c": [1, 2, {"d" 3}]}]')
@example('[{"a": "' + "b" * 60 + '",\n "c" 1}]')
@example('[1,\n{"a": 2},\n{"a": "never closed}]\n')
@example('[1,\n{"a": 2')
@example("[" + "1" * 50 + ".5]")
@example("[1, 2\n 3]")
@example("[{    }, 1]")
def test_what_is_broken_is_refused_at_the_place_where_reading_it_whole_refuses_it(text):
    # Where a comma too many is, versions of Python say differently.
    assume(not re.search(r",\s*[}\]]", text))
    source = Source.from_bytes(text.encode())
    whole = outcome(lambda: flat(load_documents(source)))
    for window in (1, 9, 1000):
        assert outcome(lambda: [e for e, _ in pieces(source, window=window)]) == whole  # noqa: B023


@pytest.mark.parametrize("codec", ["utf-8-sig", "utf-16"])
def test_a_byte_order_mark_and_letters_of_several_bytes_are_cut_nowhere(codec):
    text = json.dumps([{"key": "Ä😀" * 9}] * 3, ensure_ascii=False)
    assert cut(text.encode(codec), window=1) == [({"key": "Ä😀" * 9}, LISTED)] * 3


@pytest.mark.parametrize(
    "text", ["[" * 70 + "]" * 70, '[{"issues": ' * 40 + "1" + "}]" * 40, '[{"a":' * 100_000]
)
def test_it_refuses_what_is_nested_too_deep(text):
    with pytest.raises(ImportRefused, match="nested deeper than 64"):
        cut(text)


def test_an_entry_longer_than_the_limit_is_refused_and_the_file_may_be_longer():
    entries = [{"key": "A" * 60}] * 20
    assert len(cut(json.dumps(entries), entry_limit=100)) == 20
    for long in ({"key": "A" * 101}, {f"name {n}": "AAAA" for n in range(20)}, "A" * 101):
        with pytest.raises(ImportRefused, match="more than 100 characters") as caught:
            cut(json.dumps(entries) + "\n\n" + json.dumps(long), entry_limit=100)
        assert caught.value.line == 3
