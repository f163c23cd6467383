"""Opening files: what is refused, and how bytes become text."""

from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tandem.core.importing.errors import ImportRefused
from tandem.core.importing.source import Source


def text_of(data: bytes, wanted: str | None = None) -> str:
    with Source.from_bytes(data).text(wanted) as stream:
        return stream.read()


def refusal_of(data: bytes, **options) -> ImportRefused:
    with pytest.raises(ImportRefused) as caught:
        Source.from_bytes(data, **options).encoding()
    return caught.value


def test_it_refuses_an_empty_file():
    assert "is empty" in refusal_of(b"").message


def test_it_refuses_a_file_over_the_limit_and_says_both_sizes():
    refused = refusal_of(b"a" * 11, limit=10)
    assert "11 bytes" in refused.message
    assert "10 bytes" in refused.message


def test_it_refuses_a_missing_file(tmp_path):
    with pytest.raises(ImportRefused, match="There is no file"):
        Source.from_path(tmp_path / "nowhere.csv")


@pytest.mark.parametrize(
    ("head", "word"),
    [
        (b"PK\x03\x04rest", "Excel"),
        (b"\x89PNG\r\n", "PNG"),
        (b"%PDF-1.7", "PDF"),
        (b"\x1f\x8b\x08", "gzip"),
        (b"SQLite format 3\x00", "SQLite"),
    ],
)
def test_it_names_a_known_binary_format(head, word):
    assert word in refusal_of(head).message


def test_it_refuses_nul_bytes_far_into_the_file_with_their_line():
    refused = refusal_of(b"a,b\n" * 3000 + b"1,\x00\n")
    assert "NUL" in refused.message
    assert refused.line == 3001


def test_it_reads_utf8_without_a_word():
    assert text_of("Größe\n".encode()) == "Größe\n"
    assert not Source.from_bytes("Größe".encode()).encoding().warning


def test_it_strips_a_byte_order_mark_at_the_files_start_only():
    assert text_of("\ufeffSummary\n\ufeffcell".encode()) == "Summary\n\ufeffcell"


@pytest.mark.parametrize("codec", ["utf-16-le", "utf-16-be"])
def test_it_reads_utf16_with_a_byte_order_mark(codec):
    data = "\ufeffTitel,Größe\n".encode(codec)
    assert text_of(data) == "Titel,Größe\n"
    assert Source.from_bytes(data).head().startswith(b"Titel,Gr")


def test_it_says_what_to_do_with_utf16_without_a_mark():
    assert "UTF-16 without a byte order mark" in refusal_of("Titel".encode("utf-16-le")).message


def test_it_falls_back_to_windows_1252_and_names_the_first_offending_byte():
    source = Source.from_bytes("a,b\n1,x\n2,Größe\n".encode("cp1252"))
    encoding = source.encoding()
    assert encoding.codec == "cp1252"
    assert encoding.line == 3
    assert "0xF6 at position 13" in encoding.warning
    with source.text() as stream:
        assert "Größe" in stream.read()


def test_it_refuses_damaged_utf8_instead_of_garbling_the_rest():
    refused = refusal_of("äöü\nß".encode() + b"\xff\n")
    assert "damaged" in refused.message
    assert refused.line == 2


def test_it_refuses_bytes_no_candidate_defines():
    refused = refusal_of(b"a\nb\x81\n")
    assert "neither UTF-8" in refused.message
    assert refused.line == 2


def test_it_takes_the_persons_word_for_an_encoding():
    assert text_of("Größe".encode("utf-16-be"), "utf-16-be") == "Größe"
    assert text_of("Łódź".encode("iso-8859-2"), "iso-8859-2") == "Łódź"


def test_it_says_where_a_chosen_encoding_fails():
    with pytest.raises(ImportRefused) as caught:
        Source.from_bytes(b"a\nb\nc\xff").encoding("utf-8")
    assert caught.value.line == 3


@pytest.mark.parametrize("name", ["klingon", "base64", "rot13", "idna\x00"])
def test_it_refuses_what_is_no_text_encoding(name):
    with pytest.raises(ImportRefused, match="no text encoding"):
        Source.from_bytes(b"a").encoding(name)


@given(st.binary())
def test_any_bytes_are_text_or_refused(data):
    with suppress(ImportRefused):
        source = Source.from_bytes(data)
        with source.text() as stream:
            assert isinstance(stream.read(), str)


@given(
    st.text(
        alphabet=st.characters(exclude_characters="\x00", exclude_categories=["Cs"]), min_size=1
    )
)
def test_utf8_text_is_given_back_unchanged(text):
    if text.startswith(("\ufeff", "%PDF-", "GIF8", "Rar!", "PK")):
        text = "." + text
    assert text_of(text.encode()) == text
