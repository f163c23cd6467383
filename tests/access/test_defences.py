"""Each defence of SECURITY.md, attacked."""

import base64
import html.parser

import pytest
from django.conf import settings
from django.test import Client

from tandem.core.errors import Refused
from tandem.core.markdown import to_html
from tandem.core.paging import decode

#: Written by people who mean harm: raw HTML, SVG, data and script addresses, mutated nesting.
HARMFUL = (
    "<script>alert(1)</script>",
    "<img src=x onerror=alert(1)>",
    "<svg/onload=alert(1)>",
    "<svg><animate onbegin=alert(1) attributeName=x dur=1s>",
    "<iframe srcdoc='<script>alert(1)</script>'>",
    '<math><mtext><table><mglyph><style><!--</style><img title="--&gt;&lt;img src=1 onerror=alert(1)&gt;">',
    '<noscript><p title="</noscript><img src=x onerror=alert(1)>">',
    "<form><math><mtext></form><form><mglyph><style></math><img src onerror=alert(1)>",
    "[x](javascript:alert(1))",
    "[x](JaVaScRiPt:alert(1))",
    "[x](&#106;avascript:alert(1))",
    "[x](java\tscript:alert(1))",
    "[x](vbscript:msgbox(1))",
    "[x](data:text/html;base64,PHNjcmlwdD5hbGVydCgxKTwvc2NyaXB0Pg==)",
    "![x](data:image/svg+xml;base64,PHN2ZyBvbmxvYWQ9YWxlcnQoMSk+)",
    "![x](http://elsewhere.example/pixel.gif)",
    "<a href='javascript:alert(1)'>x</a>",
    '[x](http://a.example/" onmouseover="alert(1))',
    "<javascript:alert(1)>",
    "@<img src=x onerror=alert(1)>",
    "`<script>alert(1)</script>`",
    "[x]: javascript:alert(1)\n\n[x]",
    "<style>@import 'http://elsewhere.example/x.css'</style>",
    "<a style='position:fixed' href='#'>x</a>",
)


class Reader(html.parser.HTMLParser):
    """Collects what a browser would act on."""

    def __init__(self) -> None:
        super().__init__()
        self.harm: list[str] = []

    def handle_starttag(self, tag, attrs):
        if tag in {"script", "style", "iframe", "svg", "math", "form", "object", "embed", "base"}:
            self.harm.append(tag)
        for name, value in attrs:
            address = (value or "").strip().lower()
            if name.startswith("on") or name in {"style", "srcdoc", "src"}:
                self.harm.append(f"{tag} {name}")
            if name == "href" and not address.startswith(
                ("http://", "https://", "mailto:", "/", "#")
            ):
                self.harm.append(f"{tag} {name}={value}")


@pytest.mark.parametrize("text", HARMFUL)
def test_markdown_lets_nothing_harmful_through(text):
    reader = Reader()
    reader.feed(to_html(text))
    assert reader.harm == []


def test_every_answer_carries_its_headers(db):
    answer = Client().get("/sign-in/")
    policy = answer["Content-Security-Policy"]
    assert "unsafe" not in policy
    for part in ("default-src 'none'", "frame-ancestors 'none'", "base-uri 'none'"):
        assert part in policy
    assert answer["X-Frame-Options"] == "DENY"
    assert answer["X-Content-Type-Options"] == "nosniff"
    assert answer["Referrer-Policy"] == "same-origin"
    assert answer["Cross-Origin-Opener-Policy"] == "same-origin"
    assert answer["Cross-Origin-Resource-Policy"] == "same-origin"
    assert "camera=()" in answer["Permissions-Policy"]


def test_cookies_are_out_of_reach_of_scripts_and_other_sites():
    assert settings.SESSION_COOKIE_HTTPONLY
    assert settings.SESSION_COOKIE_SAMESITE == "Lax"
    assert settings.SESSION_COOKIE_SECURE == settings.CSRF_COOKIE_SECURE == settings.SECURE_COOKIES


@pytest.mark.parametrize(
    "address",
    [
        "//evil.example",
        "https://evil.example/",
        "\\\\evil.example",
        "javascript:alert(1)",
        "/\\evil",
    ],
)
def test_next_leads_to_our_own_pages_only(world, address):
    client = world.client(world.owner)
    answer = client.post("/w/skerry/FERRY/items/", {"title": "A pier", "next": address})
    assert answer.status_code == 302
    assert answer["Location"].startswith("/w/skerry/")


#: JSON nested beyond what any reader follows.
DEEP = base64.urlsafe_b64encode(b"[" * 200_000).decode()


@pytest.mark.parametrize(
    "cursor", ["x", "[" * 9000, "W10", "bnVsbA", "eyJhIjoxfQ", "é", "A" * 99999, DEEP]
)
def test_a_damaged_cursor_is_refused(cursor):
    with pytest.raises(Refused):
        decode(cursor, 1)


def test_a_page_written_to_without_the_csrf_token_is_refused(world):
    client = Client(enforce_csrf_checks=True)
    client.force_login(world.admin.user)
    answer = client.post("/w/skerry/FERRY/items/", {"title": "A pier"})
    assert answer.status_code == 403


def test_an_unknown_host_is_refused(db):
    assert Client().get("/sign-in/", headers={"Host": "evil.example"}).status_code == 400
