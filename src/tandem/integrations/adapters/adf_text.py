"""Atlassian's document format, as Jira Cloud's newer API gives texts, as Markdown."""

from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

from tandem.core.importing.documents import objects, text_of

_MARKS = {"strong": "**", "em": "*", "strike": "~~"}


def adf_to_markdown(node: Any) -> str:
    """The document in Markdown. A node nobody knows is left out and what it holds is kept."""
    return "\n\n".join(block for block in _blocks(node) if block).strip()


def _blocks(node: Any) -> list[str]:
    return [_block(inner) for inner in objects(_of(node).get("content"))]


def _block(node: dict[str, Any]) -> str:
    kind = text_of(node.get("type"))
    if kind in _BLOCKS:
        return _BLOCKS[kind](node)
    if any(
        "text" in inner or inner.get("type") in _INLINE for inner in objects(node.get("content"))
    ):
        return _line(node)
    return (
        "\n\n".join(block for block in _blocks(node) if block)
        if "content" in node
        else _inline(node)
    )


def _line(node: dict[str, Any]) -> str:
    return "".join(_inline(inner) for inner in objects(node.get("content"))).strip()


def _inline(node: dict[str, Any]) -> str:
    kind = text_of(node.get("type"))
    if kind in _INLINE:
        return _INLINE[kind](_of(node.get("attrs")))
    text = text_of(node.get("text"))
    if not text.strip():
        return text or _line(node)
    link = ""
    for mark in objects(node.get("marks")):
        name = mark.get("type")
        if name == "code":
            text = f"`{text}`"
        elif name in _MARKS:
            text = f"{_MARKS[name]}{text}{_MARKS[name]}"
        elif name == "link":
            link = "".join(text_of(_of(mark.get("attrs")).get("href")).split())
    return f"[{text}]({link})" if link else text


def _list(node: dict[str, Any], mark: Callable[[int, dict[str, Any]], str]) -> str:
    lines = []
    for place, item in enumerate(objects(node.get("content"))):
        body = (
            _block(item)
            if item.get("type") == "taskItem"
            else "\n".join(b for b in _blocks(item) if b)
        )
        lines.append(mark(place, item) + body.replace("\n", "\n   "))
    return "\n".join(lines)


def _heading(node: dict[str, Any]) -> str:
    level = _of(node.get("attrs")).get("level")
    return "#" * (level if isinstance(level, int) and 1 <= level <= 6 else 2) + " " + _line(node)


def _code(node: dict[str, Any]) -> str:
    text = "".join(text_of(inner.get("text")) for inner in objects(node.get("content")))
    fence = "````" if "```" in text else "```"
    return f"{fence}{text_of(_of(node.get('attrs')).get('language'))}\n{text}\n{fence}"


def _quote(node: dict[str, Any]) -> str:
    return "> " + "\n\n".join(_blocks(node)).replace("\n", "\n> ")


def _table(node: dict[str, Any]) -> str:
    rows = [
        [
            " ".join(" ".join(_blocks(cell)).split()).replace("|", "\\|")
            for cell in objects(row.get("content"))
        ]
        for row in objects(node.get("content"))
    ]
    lines = ["| " + " | ".join(row) + " |" for row in rows if row]
    return "\n".join([*lines[:1], "|" + " --- |" * len(rows[0]), *lines[1:]]) if lines else ""


def _of(value: Any) -> dict[str, Any]:
    return value if isinstance(value, dict) else {}


def _day(attrs: dict[str, Any]) -> str:
    try:
        return (
            datetime.fromtimestamp(float(text_of(attrs.get("timestamp"))) / 1000, UTC)
            .date()
            .isoformat()
        )
    except (ValueError, OverflowError, OSError):
        return ""


_BLOCKS: dict[str, Callable[[dict[str, Any]], str]] = {
    "paragraph": _line,
    "heading": _heading,
    "codeBlock": _code,
    "blockquote": _quote,
    "panel": _quote,
    "rule": lambda node: "---",
    "table": _table,
    "bulletList": lambda node: _list(node, lambda place, item: "- "),
    "orderedList": lambda node: _list(node, lambda place, item: f"{place + 1}. "),
    "taskList": lambda node: _list(
        node,
        lambda place, item: "- [x] " if _of(item.get("attrs")).get("state") == "DONE" else "- [ ] ",
    ),
    "taskItem": _line,
}
_INLINE: dict[str, Callable[[dict[str, Any]], str]] = {
    "hardBreak": lambda attrs: "  \n",
    "mention": lambda attrs: "@" + text_of(attrs.get("text")).lstrip("@"),
    "emoji": lambda attrs: text_of(attrs.get("text")) or text_of(attrs.get("shortName")),
    "inlineCard": lambda attrs: f"<{''.join(text_of(attrs.get('url')).split())}>",
    "status": lambda attrs: text_of(attrs.get("text")),
    "date": _day,
    "media": lambda attrs: f"({text_of(attrs.get('alt')) or 'attachment'})",
}
