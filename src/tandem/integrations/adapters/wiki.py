"""Jira's wiki markup as Markdown.

Line by line, because real descriptions mix both: what is not recognised stays as it was written. Code is taken out
first and put back last, so nothing inside it changes.
"""

import re
from collections.abc import Callable, Mapping

# Cells come from anybody and may have a million characters, so no pattern may look at a character more than a few
# times: none spans another beginning of itself, and blocks are paired by searching, not by a pattern.
_BLOCK_START = re.compile(r"\{(code|noformat|panel|quote)(?::([^{}\n]*))?\}")
_MONOSPACE = re.compile(r"\{\{([^\n]{1,300}?)\}\}")
_COLOUR = re.compile(r"\{color(?::[^{}\n]*)?\}")
_ANCHOR = re.compile(r"\{anchor:[^{}\n]*\}")
_HEADING = re.compile(r"\s*h([1-6])\.\s+(.*)$")
_BLOCK_QUOTE = re.compile(r"\s*bq\.\s+(.*)$")
_ITEM = re.compile(r"\s*([*#-]+)\s+(.*)$")
_RULE = re.compile(r"\s*-{4,}\s*$")
_HEAD_ROW = re.compile(r"\s*\|\|(.+?)\|\|\s*$")
_ROW = re.compile(r"\s*\|(?!\|)(.+?)\|\s*$")
_MENTION = re.compile(r"\[~(?:accountid:)?([^\[\]\n]+)\]")
_LINK = re.compile(r"\[([^\[\]|\n]+)\|([^\[\]|\s]+)(?:\|[^\[\]\n]*)?\]")
_BARE_LINK = re.compile(r"\[((?:https?|ftp|mailto):[^\[\]|\s]+)\]")
_IMAGE = re.compile(
    r"(?<![\w!])!([^\s!|][^!|\n]*\.[A-Za-z0-9]{2,5}|https?://[^\s!|]+)(?:\|[^!\n]*)?!(?!\w)"
)
_LINE_BREAK = re.compile(r"\\\\\s*$")
_OURS = re.compile("[\x01-\x03]")  # used as marks below, so they must not come from outside
_HELD = re.compile("\x02(\\d+)\x03")


def _between(mark: str) -> re.Pattern[str]:
    """A mark around words, as Jira takes it: not inside a word, and no space just inside."""
    m = re.escape(mark)
    return re.compile(rf"(?<![\w{m}\\]){m}(?=[^\s{m}])([^{m}\n]*?[^\s{m}\\]){m}(?![\w{m}])")


_BOLD, _ITALIC, _STRUCK, _INSERTED = _between("*"), _between("_"), _between("-"), _between("+")
_CITED = re.compile(r"(?<!\w)\?\?(\S(?:[^?\n]*?\S)?)\?\?(?!\w)")


def to_markdown(text: str, people: Mapping[str, str] | None = None) -> str:
    """The text in Markdown: headings, emphasis, code, lists, links, quotes, images, panels and simple tables.

    ``people`` gives names to the account ids in mentions.
    """
    if not text:
        return ""
    held: list[str] = []

    def hold(piece: str) -> str:
        held.append(piece)
        return f"\x02{len(held) - 1}\x03"

    text = _OURS.sub("", text.replace("\r\n", "\n").replace("\r", "\n"))
    if "{" in text:
        text = _blocks(text, hold)
        text = _MONOSPACE.sub(lambda match: hold(_ticked(match[1])), text)
        text = _ANCHOR.sub("", _COLOUR.sub("", text))
    text = "\n".join(_lines(text.split("\n"), people or {}, hold))
    for _ in range(2):  # a held piece may hold another: monospace inside a link
        text = _HELD.sub(lambda match: held[int(match[1])], text)
    return text.strip()


def _lines(lines: list[str], people: Mapping[str, str], hold: Callable[[str], str]) -> list[str]:
    done: list[str] = []
    in_table = False
    for line in lines:
        quote, line = ("> ", line[2:]) if line.startswith("> ") else ("", line)
        first = line.lstrip()[:1]
        # Nearly all lines are plain text or items; only the patterns their first character allows are tried.
        block = _BLOCKS[first](line, people, hold) if first in _BLOCKS else None
        is_row = first == "|" and block is None and _ROW.match(line)
        if is_row:
            cells = [cell.strip() for cell in _inline(is_row[1], people, hold).split("|")]
            block = _row(cells)
            if not in_table:  # Markdown has no table without a head
                block = "\n".join(
                    (_row([""] * len(cells)), quote + _rule(len(cells)), quote + block)
                )
        elif first == "|" and block is not None:
            block = block.replace("\n", "\n" + quote)
        in_table = first == "|" and block is not None
        done.append(quote + (block if block is not None else _inline(line, people, hold)))
    return done


def _heading(line: str, people: Mapping[str, str], hold: Callable[[str], str]) -> str | None:
    match = _HEADING.match(line)
    return "#" * int(match[1]) + " " + _inline(match[2], people, hold) if match else None


def _cited(line: str, people: Mapping[str, str], hold: Callable[[str], str]) -> str | None:
    match = _BLOCK_QUOTE.match(line)
    return "> " + _inline(match[1], people, hold) if match else None


def _item(line: str, people: Mapping[str, str], hold: Callable[[str], str]) -> str | None:
    if _RULE.match(line):
        return "---"
    match = _ITEM.match(line)
    if not match or match[1].startswith("--"):
        return None
    marks = match[1]
    indent = "".join("   " if mark == "#" else "  " for mark in marks[:-1])
    return f"{indent}{'1.' if marks[-1] == '#' else '-'} {_inline(match[2], people, hold)}"


def _table_head(line: str, people: Mapping[str, str], hold: Callable[[str], str]) -> str | None:
    match = _HEAD_ROW.match(line)
    if not match:
        return None
    cells = [_inline(cell, people, hold).strip() for cell in match[1].split("||")]
    return _row(cells) + "\n" + _rule(len(cells))


_BLOCKS = {"h": _heading, "b": _cited, "*": _item, "#": _item, "-": _item, "|": _table_head}


def _inline(text: str, people: Mapping[str, str], hold: Callable[[str], str]) -> str:
    if "[" in text:
        text = _MENTION.sub(lambda match: hold("@" + people.get(match[1], match[1])), text)
    if "!" in text:
        text = _IMAGE.sub(lambda match: hold(_image(match[1])), text)
    if "[" in text:
        text = _LINK.sub(lambda match: hold(f"[{match[1].strip()}]({match[2]})"), text)
        text = _BARE_LINK.sub(lambda match: hold(f"<{match[1]}>"), text)
    if "*" in text:
        text = _BOLD.sub("\x01\\1\x01", text)  # a mark of its own, so that italic does not see it
    if "_" in text:
        text = _ITALIC.sub(r"*\1*", text)
    if "-" in text:
        text = _STRUCK.sub(r"~~\1~~", text)
    if "+" in text:
        text = _INSERTED.sub(r"\1", text)
    if "??" in text:
        text = _CITED.sub(r"*\1*", text)
    text = text.replace("\x01", "**")
    return _LINE_BREAK.sub("  ", text) if "\\" in text else text


def _row(cells: list[str]) -> str:
    return "| " + " | ".join(cells) + " |"


def _rule(width: int) -> str:
    return "|" + " --- |" * width


def _blocks(text: str, hold: Callable[[str], str]) -> str:
    """The text with its code held and its panels and quotes as Markdown quotes. A block never closed is left as it is."""
    pieces, position = [], 0
    unclosed: set[str] = set()
    while match := _BLOCK_START.search(text, position):
        name, options = match[1], match[2] or ""
        closing = f"{{{name}}}"
        end = -1 if name in unclosed else text.find(closing, match.end())
        if end < 0:
            unclosed.add(name)
            pieces.append(text[position : match.end()])
            position = match.end()
            continue
        pieces.append(text[position : match.start()])
        body = text[match.end() : end]
        if name in ("code", "noformat"):
            pieces.append(hold(_code(options, body)))
        else:
            body = _blocks(body, hold) if name == "panel" else body
            pieces.append(_quoted(_panel_title(options) + body.strip("\n")))
        position = end + len(closing)
    return "".join(pieces) + text[position:]


def _code(options: str, body: str) -> str:
    if "\n" not in body and len(body.strip()) <= 120:
        return _ticked(body.strip()) if body.strip() else ""
    parts = [part.strip() for part in options.split("|")]
    language = next((part for part in parts if part and "=" not in part), "")
    longest = max((len(run) for run in re.findall("`{3,}", body)), default=2)
    fence = "`" * (longest + 1)
    return "\n" + fence + language + "\n" + body.strip("\n") + "\n" + fence + "\n"


def _ticked(code: str) -> str:
    return f"`` {code} ``" if "`" in code else f"`{code}`"


def _panel_title(options: str) -> str:
    title = next((part[6:] for part in options.split("|") if part.startswith("title=")), "")
    return f"*{title}*\n" if title else ""


def _quoted(text: str) -> str:
    return "\n" + "\n".join(f"> {line}" for line in text.strip("\n").split("\n")) + "\n"


def _image(target: str) -> str:
    return f"![{target.rsplit('/', 1)[-1]}]({target.replace(' ', '%20')})"
