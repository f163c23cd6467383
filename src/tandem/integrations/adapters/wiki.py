"""Jira's wiki markup as Markdown.

Line by line, because real descriptions mix both: what is not recognised stays as it was written. Code is taken out
first and put back last, so nothing inside it changes.
"""

import re
from collections.abc import Callable, Mapping

_CODE_BLOCK = re.compile(r"\{(code|noformat)(?::([^}\n]*))?\}(.*?)\{\1\}", re.DOTALL)
_MONOSPACE = re.compile(r"\{\{(.+?)\}\}")
_QUOTE_BLOCK = re.compile(r"\{quote\}(.*?)\{quote\}", re.DOTALL)
_PANEL = re.compile(r"\{panel(?::([^}\n]*))?\}(.*?)\{panel\}", re.DOTALL)
_COLOUR = re.compile(r"\{color(?::[^}\n]*)?\}")
_ANCHOR = re.compile(r"\{anchor:[^}\n]*\}")
_HEADING = re.compile(r"\s*h([1-6])\.\s+(.*)$")
_BLOCK_QUOTE = re.compile(r"\s*bq\.\s+(.*)$")
_ITEM = re.compile(r"\s*([*#-]+)\s+(.*)$")
_RULE = re.compile(r"\s*-{4,}\s*$")
_HEAD_ROW = re.compile(r"\s*\|\|(.+?)\|\|\s*$")
_ROW = re.compile(r"\s*\|(?!\|)(.+?)\|\s*$")
_MENTION = re.compile(r"\[~(?:accountid:)?([^\]\n]+)\]")
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
    text = _CODE_BLOCK.sub(lambda match: hold(_code(match)), text)
    text = _MONOSPACE.sub(lambda match: hold(_ticked(match[1])), text)
    text = _PANEL.sub(_panel, text)
    text = _QUOTE_BLOCK.sub(lambda match: _quoted(match[1]), text)
    text = _ANCHOR.sub("", _COLOUR.sub("", text))
    text = "\n".join(_lines(text.split("\n"), people or {}, hold))
    for _ in range(2):  # a held piece may hold another: monospace inside a link
        text = _HELD.sub(lambda match: held[int(match[1])], text)
    return text.strip()


def _lines(lines: list[str], people: Mapping[str, str], hold: Callable[[str], str]) -> list[str]:
    done: list[str] = []
    in_table = False
    for line in lines:
        quote, line = _split_quote(line)
        if match := _HEADING.match(line):
            line, table = "#" * int(match[1]) + " " + _inline(match[2], people, hold), False
        elif match := _BLOCK_QUOTE.match(line):
            line, table = "> " + _inline(match[1], people, hold), False
        elif _RULE.match(line):
            line, table = "---", False
        elif match := _HEAD_ROW.match(line):
            cells = match[1].split("||")
            line = _table_row(cells, people, hold) + "\n" + quote + "|" + " --- |" * len(cells)
            table = True
        elif match := _ROW.match(line):
            cells = _inline(match[1], people, hold).split("|")
            row = _table_row(cells, {}, None)
            if not in_table:
                row = (
                    "|"
                    + "  |" * len(cells)
                    + "\n"
                    + quote
                    + "|"
                    + " --- |" * len(cells)
                    + "\n"
                    + quote
                    + row
                )
            line, table = row, True
        elif (match := _ITEM.match(line)) and not match[1].startswith("--"):
            marks = match[1]
            indent = "".join("   " if mark == "#" else "  " for mark in marks[:-1])
            bullet = "1." if marks[-1] == "#" else "-"
            line, table = f"{indent}{bullet} {_inline(match[2], people, hold)}", False
        else:
            line, table = _inline(line, people, hold), False
        in_table = table
        done.append(quote + line)
    return done


def _inline(text: str, people: Mapping[str, str], hold: Callable[[str], str]) -> str:
    text = _MENTION.sub(lambda match: hold("@" + people.get(match[1], match[1])), text)
    text = _IMAGE.sub(lambda match: hold(_image(match[1])), text)
    text = _LINK.sub(lambda match: hold(f"[{match[1].strip()}]({match[2]})"), text)
    text = _BARE_LINK.sub(lambda match: hold(f"<{match[1]}>"), text)
    text = _BOLD.sub("\x01\\1\x01", text)  # a mark of its own, so that italic does not see it
    text = _ITALIC.sub(r"*\1*", text)
    text = _STRUCK.sub(r"~~\1~~", text)
    text = _INSERTED.sub(r"\1", text)
    text = _CITED.sub(r"*\1*", text)
    return _LINE_BREAK.sub("  ", text.replace("\x01", "**"))


def _table_row(
    cells: list[str], people: Mapping[str, str], hold: Callable[[str], str] | None
) -> str:
    texts = [_inline(cell, people, hold) if hold else cell for cell in cells]
    return "| " + " | ".join(text.strip() for text in texts) + " |"


def _code(match: re.Match[str]) -> str:
    body = match[3]
    if "\n" not in body.strip("\n") and len(body.strip()) <= 120 and "\n" not in body:
        return _ticked(body.strip()) if body.strip() else ""
    options = [part.strip() for part in (match[2] or "").split("|")]
    language = next((part for part in options if part and "=" not in part), "")
    fence = "```"
    while fence in body:
        fence += "`"
    return "\n" + fence + language + "\n" + body.strip("\n") + "\n" + fence + "\n"


def _ticked(code: str) -> str:
    return f"`` {code} ``" if "`" in code else f"`{code}`"


def _panel(match: re.Match[str]) -> str:
    title = next(
        (part[6:] for part in (match[1] or "").split("|") if part.startswith("title=")), ""
    )
    return _quoted((f"*{title}*\n" if title else "") + match[2].strip("\n"))


def _quoted(text: str) -> str:
    return "\n" + "\n".join(f"> {line}" for line in text.strip("\n").split("\n")) + "\n"


def _split_quote(line: str) -> tuple[str, str]:
    return ("> ", line[2:]) if line.startswith("> ") else ("", line)


def _image(target: str) -> str:
    return f"![{target.rsplit('/', 1)[-1]}]({target.replace(' ', '%20')})"
