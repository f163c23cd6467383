"""Markdown as people write it, to HTML that is safe to show."""

import re
from functools import lru_cache

import nh3
from markdown_it import MarkdownIt

_TAGS = {
    "a", "blockquote", "br", "code", "del", "em", "h1", "h2", "h3", "h4", "h5", "h6", "hr", "img",
    "li", "ol", "p", "pre", "s", "strong", "table", "tbody", "td", "th", "thead", "tr", "ul",
}  # fmt: skip


@lru_cache(maxsize=1)
def _parser() -> MarkdownIt:
    return MarkdownIt("commonmark", {"html": False, "linkify": False}).enable(
        ["table", "strikethrough"]
    )


#: Pictures come from here alone: one from elsewhere would tell its owner who reads what.
OURS = re.compile(r"/w/[\w-]+/[A-Z0-9]+/items/[A-Z0-9]+-\d+/attachments/\d+/", re.ASCII)


def _kept(tag: str, attribute: str, value: str) -> str | None:
    if (tag, attribute) == ("img", "src") and not OURS.fullmatch(value):
        return None
    return value


def to_html(text: str) -> str:
    """HTML of a Markdown text; scripts, styles and unsafe links are gone."""
    if not text:
        return ""
    html = _parser().render(text)
    return nh3.clean(
        html,
        tags=_TAGS,
        attributes={"a": {"href", "title"}, "img": {"alt", "title", "src"}, "ol": {"start"}},
        attribute_filter=_kept,
        url_schemes={"http", "https", "mailto"},
        link_rel="noopener noreferrer nofollow",
    )
