"""Jira's wiki markup as Markdown."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tandem.integrations.adapters.wiki import to_markdown


@pytest.mark.parametrize(
    ("wiki", "markdown"),
    [
        ("h2. Goal", "## Goal"),
        ("*bold* and _italic_", "**bold** and *italic*"),
        ("*Step 1: Start*", "**Step 1: Start**"),
        ("a -gone- b +new+ ??cited??", "a ~~gone~~ b new *cited*"),
        ("2020-01-02 and a_b_c and 2*3*4", "2020-01-02 and a_b_c and 2*3*4"),
        ("{{code}}", "`code`"),
        ("{{a`b}}", "`` a`b ``"),
        ("* one\n** two\n*** three", "- one\n  - two\n    - three"),
        ("# one\n# two\n## deep", "1. one\n1. two\n   1. deep"),
        ("# one\n#* mixed", "1. one\n   - mixed"),
        ("- dash", "- dash"),
        ("* *bold* item", "- **bold** item"),
        ("bq. said", "> said"),
        ("{quote}one\ntwo{quote}", "> one\n> two"),
        ("before {quote}h2. x{quote}", "before \n> ## x"),
        ("{code:java|title=A.java}\nint *a*;\n{code}", "```java\nint *a*;\n```"),
        ("{code}single *line*{code}", "`single *line*`"),
        ("{noformat}\n_x_\n{noformat}", "```\n_x_\n```"),
        ("[text|https://x.example/a_b_c]", "[text](https://x.example/a_b_c)"),
        ("[text|https://x.example|smart-link]", "[text](https://x.example)"),
        ("[https://x.example]", "<https://x.example>"),
        ("!pic.png|width=800!", "![pic.png](pic.png)"),
        ("!http://x.example/a/p.jpg!", "![p.jpg](http://x.example/a/p.jpg)"),
        ("Stop! Go! now", "Stop! Go! now"),
        ("[~accountid:7:1] hi", "@Ana hi"),
        ("||A||B||\n|1|2|", "| A | B |\n| --- | --- |\n| 1 | 2 |"),
        ("|1|2|", "|  |  |\n| --- | --- |\n| 1 | 2 |"),
        ("{color:red}red{color}", "red"),
        ("----", "---"),
        ("{panel:title=Note}\nbe *careful*\n{panel}", "> **Note**\n> be **careful**"),
        ("{panel}\nsee {code}x{code}\n{panel}", "> see `x`"),
        ("{code:js}open", "{code:js}open"),
        ("", ""),
        ("*not closed", "*not closed"),
        ("{code}never closed", "{code}never closed"),
        ("line\\\\", "line"),
    ],
)
def test_it_converts(wiki, markdown):
    assert to_markdown(wiki, {"7:1": "Ana"}) == markdown


def test_nothing_changes_inside_code():
    assert "*a* [b|http://c]" in to_markdown("x\n{code}\n*a* [b|http://c]\n!p.png!\n{code}\n*y*")


@pytest.mark.parametrize(
    "piece",
    [
        "{code:x}",
        "{{",
        "[~",
        "{color:",
        "{panel:a=b}",
        "!a.b",
        "*a ",
        "|| ",
        "[a|b",
        "??a",
        "{quote}",
        "-a+",
    ],
)
def test_a_long_cell_of_beginnings_is_read_in_one_go(piece):
    # A pattern that starts over at every beginning would take days.
    assert to_markdown(piece * (200_000 // len(piece)))


@given(st.text(alphabet="ab*_-+{}[]|!#hq. \n1~\\?:code\x01\x02\x03", max_size=60))
def test_any_text_is_converted_and_no_mark_of_ours_is_left(text):
    assert not set("\x01\x02\x03") & set(to_markdown(text))
