"""What files are, whatever they are called."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tandem.core.storing.serving import disposition
from tandem.core.storing.sniff import IMAGES, clean_name, sniff

PNG = b"\x89PNG\r\n\x1a\n" + bytes(8) + (640).to_bytes(4, "big") + (480).to_bytes(4, "big")
HUGE = b"\x89PNG\r\n\x1a\n" + bytes(8) + (90_000).to_bytes(4, "big") * 2
GIF = b"GIF89a\x10\x00\x10\x00" + bytes(20)
PDF = b"%PDF-1.7\n"
ZIP = b"PK\x03\x04" + bytes(20)
HTML = b"<html><script>alert(1)</script></html>"
SVG = b'<svg xmlns="http://www.w3.org/2000/svg" onload="alert(1)"/>'


@pytest.mark.parametrize(
    ("given_name", "bytes_", "name", "media", "shown"),
    [
        ("a.png", PNG, "a.png", "image/png", True),
        ("a.jpg", PNG, "a.jpg.png", "image/png", True),  # the name lies: its ending is put right
        ("a", PNG, "a.png", "image/png", True),
        ("a.gif", GIF, "a.gif", "image/gif", True),
        ("real.txt", PNG, "real.txt.png", "image/png", True),
        ("huge.png", HUGE, "huge.png", "image/png", False),  # no browser should draw this
        ("report.pdf", PDF, "report.pdf", "application/pdf", False),
        ("photo.png", HTML, "photo.png.txt", "text/plain", False),
        ("page.html", HTML, "page.html.txt", "text/plain", False),
        ("logo.svg", SVG, "logo.svg.txt", "text/plain", False),
        ("photo.jpg", b"MZ\x90\x00", "photo.jpg.bin", "application/octet-stream", False),
        ("plan.xlsx", ZIP, "plan.xlsx", "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", False),
        ("plan.xlsx", b"a,b", "plan.xlsx", "text/plain", False),
        ("list.csv", b"a,b\n1,2", "list.csv", "text/csv", False),
        ("notes.md", "Fähre".encode(), "notes.md", "text/markdown", False),
        ("riff.webp", b"RIFF\x00\x00\x00\x00WEBPVP8 ", "riff.webp", "image/webp", True),
        ("not.webp", b"XXXX\x00\x00\x00\x00WEBPVP8 ", "not.webp.bin", "application/octet-stream", False),
    ],
)  # fmt: skip
def test_the_bytes_decide_and_a_lying_name_is_put_right(given_name, bytes_, name, media, shown):
    found = sniff(given_name, bytes_, whole=True)
    assert (found.name, found.media, found.shown) == (name, media, shown)


@pytest.mark.parametrize(
    ("given_name", "name"),
    [
        ("../../etc/passwd", "passwd"),
        ("..\\..\\windows\\system.ini", "system.ini"),
        ("/", "file"),
        ("..", "file"),
        (".htaccess", "htaccess"),
        ("a\x00b\r\nc.txt", "abc.txt"),
        ("invoice\u202egnp.exe", "invoicegnp.exe"),
        ('a"b<c>.txt', "a_b_c_.txt"),
        ("x" * 400 + ".pdf", "x" * 146 + ".pdf"),
        ("Fähre 1.png", "Fähre 1.png"),
    ],
)
def test_a_name_leads_nowhere_and_turns_nothing_round(given_name, name):
    assert clean_name(given_name) == name


@given(st.text(max_size=80), st.binary(max_size=200))
@settings(max_examples=150)
def test_nothing_but_a_picture_is_ever_shown_and_no_header_breaks(name, bytes_):
    found = sniff(name, bytes_, whole=True)
    assert found.shown <= (found.media in IMAGES)
    assert found.media not in {"text/html", "image/svg+xml", "application/xhtml+xml"}
    assert "/" not in found.name
    assert found.name.strip(". ")
    header = disposition(found.name, inline=found.shown)
    assert header.isascii()
    assert not set(header) & {"\r", "\n"}


def test_a_text_cut_inside_a_letter_is_still_a_text():
    whole = "ä" * 10
    assert sniff("a.txt", whole.encode()[:7], whole=False).media == "text/plain"
    assert sniff("a.txt", whole.encode()[:7], whole=True).media == "application/octet-stream"
