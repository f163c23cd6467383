"""HTML, as some trackers keep their texts, as Markdown.

What stands outside tags is text; an unknown tag is left out and its text kept. Scripts and styles are left out whole.
"""

import re
from html.parser import HTMLParser

_TAG = re.compile(
    r"<(?:/?[a-zA-Z][a-zA-Z0-9]*[\s/>]|!--)|&(?:[a-zA-Z]{2,8}|#\d{1,7}|#x[0-9a-fA-F]{1,6});"
)
_BLANKS = re.compile(r"[ \t\r\n\xa0]+")
_MANY_LINES = re.compile(r"\n{3,}")
_HIDDEN = {"script", "style", "head", "template"}
_BLOCKS = {
    "p", "div", "section", "article", "table", "ul", "ol", "dl", "blockquote", "figure", "tbody", "thead",
}  # fmt: skip
_MARKS = {"b": "**", "strong": "**", "i": "*", "em": "*", "s": "~~", "del": "~~", "strike": "~~"}
_MOST_DEEP = 20


def html_to_markdown(text: str) -> str:
    """The text in Markdown when it holds tags or entities; otherwise as it is."""
    if not _TAG.search(text):
        return text
    reader = _Reader()
    reader.feed(text)
    reader.close()
    return reader.result()


class _Reader(HTMLParser):
    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self._out: list[str] = []
        self._hidden = 0
        self._pre = 0
        self._quotes = 0
        self._lists: list[int] = []  # 0 for bullets, else the next number
        self._links: list[str] = []
        self._cells: list[str] | None = None
        self._head_told = False

    def result(self) -> str:
        text = "".join(self._out)
        lines = [
            line if line.endswith("  ") and line.strip() else line.rstrip()
            for line in text.split("\n")
        ]
        return _MANY_LINES.sub("\n\n", "\n".join(lines)).strip()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attrs}
        if tag in _HIDDEN:
            self._hidden += 1
        elif tag in ("h1", "h2", "h3", "h4", "h5", "h6"):
            self._line(2)
            self._put("#" * int(tag[1]) + " ")
        elif tag == "br":
            self._put("\n" + "> " * self._quotes if self._cells is None else " ")
        elif tag == "hr":
            self._line(2)
            self._put("---")
            self._line(2)
        elif tag == "pre":
            self._line(2)
            self._put("```\n")
            self._pre += 1
        elif tag == "code" and not self._pre:
            self._put("`")
        elif tag in _MARKS:
            self._put(_MARKS[tag])
        elif tag == "a":
            self._links.append(given.get("href", ""))
            self._put("[" if self._links[-1] else "")
        elif tag == "img" and given.get("src"):
            name = given.get("alt") or given["src"].rsplit("/", 1)[-1][:80]
            self._put(f"![{_bare(name)}]({_address(given['src'])})")
        elif tag == "li":
            self._item()
        elif tag == "tr":
            self._cells = []
        elif tag in ("td", "th") and self._cells is not None:
            self._cells.append("")
        elif tag in _BLOCKS:
            self._open(tag)

    def handle_endtag(self, tag: str) -> None:
        if tag in _HIDDEN:
            self._hidden = max(self._hidden - 1, 0)
        elif tag in ("h1", "h2", "h3", "h4", "h5", "h6"):
            self._line(2)
        elif tag == "pre" and self._pre:
            self._pre -= 1
            self._line(1)
            self._put("```")
            self._line(2)
        elif tag == "code" and not self._pre:
            self._put("`")
        elif tag in _MARKS:
            self._put(_MARKS[tag])
        elif tag == "a" and self._links:
            if address := self._links.pop():
                self._put(f"]({_address(address)})")
        elif tag == "tr" and self._cells is not None:
            self._row()
        elif tag in _BLOCKS:
            if tag in ("ul", "ol") and self._lists:
                self._lists.pop()
            if tag == "blockquote":
                self._quotes = max(self._quotes - 1, 0)
            self._line(1 if tag in ("div", "tbody", "thead") or self._lists else 2)
            self._head_told = self._head_told and tag != "table"

    def handle_data(self, data: str) -> None:
        if self._hidden:
            return
        if self._pre:
            self._put(data)
            return
        text = _BLANKS.sub(" ", data)
        before = self._out[-1] if self._out else "\n"
        if self._cells is None and before.endswith(("\n", "> ")):
            text = text.lstrip()
        self._put(text)

    def _put(self, text: str) -> None:
        if not text or self._hidden:
            return
        if self._cells:
            self._cells[-1] += text.replace("\n", " ")
        elif self._cells is None:
            self._out.append(text)

    def _line(self, count: int) -> None:
        """At least ``count`` line ends here; never at the beginning or inside a cell."""
        if self._cells is not None or not self._out:
            return
        have = 0
        for piece in reversed(self._out):
            stripped = piece.rstrip("\n")
            have += len(piece) - len(stripped)
            if stripped:
                break
        self._out.append("\n" * max(count - have, 0) + "> " * self._quotes)

    def _open(self, tag: str) -> None:
        if tag in ("ul", "ol"):
            self._line(1 if self._lists else 2)
            self._lists.append(1 if tag == "ol" else 0)
        elif tag == "blockquote":
            self._line(2)
            self._quotes = min(self._quotes + 1, _MOST_DEEP)
            self._out.append("> ")
        else:
            self._line(1 if tag == "div" or self._lists else 2)

    def _item(self) -> None:
        self._line(1)
        depth = min(max(len(self._lists) - 1, 0), _MOST_DEEP)
        number = self._lists[-1] if self._lists else 0
        if number:
            self._lists[-1] += 1
        self._put("   " * depth + (f"{number}. " if number else "- "))

    def _row(self) -> None:
        cells, self._cells = self._cells or [], None
        if not cells:
            return
        self._line(1)
        self._out.append(
            "| " + " | ".join(cell.strip().replace("|", "\\|") for cell in cells) + " |\n"
        )
        if not self._head_told:
            self._out.append("|" + " --- |" * len(cells) + "\n")
            self._head_told = True


def _bare(text: str) -> str:
    return text.replace("[", "(").replace("]", ")")


def _address(text: str) -> str:
    return "".join(text.split()).replace("(", "%28").replace(")", "%29")
