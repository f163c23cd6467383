"""Leave out of a style sheet what no page of ours can match: selectors that name a class nobody
writes. Tabler is made for every page one could think of; nine tenths of it would be loaded, and
matched against every element, for nothing. Some of it is worse than idle: a rule for anything
inside what has the focus made each step through a long list style the whole of it anew.

A class counts as written when its name stands anywhere in our templates, scripts or Python, or
when it can be put together from what stands there (``"btn-" ~ kind``).
"""

import re
from collections.abc import Callable, Iterator
from pathlib import Path

WORD = re.compile(r"[A-Za-z][\w-]*")
CLASS = re.compile(r"\.(-?[A-Za-z_](?:[\w-]|\\.)*)")
#: What must not be there, and alternatives: neither says that a class is needed.
NOT_NEEDED = re.compile(r":(?:not|is|where)\((?:[^()]|\((?:[^()]|\([^()]*\))*\))*\)")
#: Rules inside these are style rules again.
NESTING = ("@media", "@supports", "@container", "@layer")


def known_in(folder: Path) -> Callable[[str], bool]:
    """Whether a class may be written by our sources."""
    words: set[str] = set()
    for path in sorted(folder.rglob("*")):
        if path.suffix not in {".jinja", ".py", ".js"} or "tests" in path.parts:
            continue
        if "static/vendor" in path.as_posix() or "migrations" in path.parts:
            continue
        words.update(WORD.findall(path.read_text(encoding="utf-8")))
    beginnings = tuple(word for word in words if word.endswith("-") and len(word) > 2)

    def known(name: str) -> bool:
        if name in words:
            return True
        for each in beginnings:
            if name.startswith(each):
                rest = name.removeprefix(each)
                if rest in words or all(part in words for part in rest.split("-")):
                    return True
        return False

    return known


def trimmed(sheet: str, known: Callable[[str], bool]) -> str:
    """The sheet without the selectors that need a class which is not known."""
    return "".join(_kept(sheet, known))


def _kept(sheet: str, known: Callable[[str], bool]) -> Iterator[str]:
    for head, body in _rules(sheet):
        if body is None:
            yield head
        elif head.lstrip().startswith("@"):
            if not head.lstrip().startswith(NESTING):
                yield f"{head}{{{body}}}"
            elif inner := trimmed(body, known):
                yield f"{head}{{{inner}}}"
        else:
            selectors = [each for each in _split(head) if _may_match(each, known)]
            if selectors:
                yield f"{','.join(selectors)}{{{body}}}"


def _may_match(selector: str, known: Callable[[str], bool]) -> bool:
    needed = NOT_NEEDED.sub("", selector)
    return all(known(name.replace("\\", "")) for name in CLASS.findall(needed))


def _rules(sheet: str) -> Iterator[tuple[str, str | None]]:
    """Each rule as what stands before its braces and inside; a statement (``@charset``) as it is."""
    at = 0
    while at < len(sheet):
        opening, end = sheet.find("{", at), sheet.find(";", at)
        if end != -1 and (opening == -1 or end < opening):
            yield sheet[at : end + 1], None
            at = end + 1
            continue
        if opening == -1:
            yield sheet[at:], None
            return
        closing = _closing(sheet, opening)
        yield sheet[at:opening], sheet[opening + 1 : closing]
        at = closing + 1


def _closing(sheet: str, opening: int) -> int:
    depth, at, quote = 0, opening, ""
    while at < len(sheet):
        letter = sheet[at]
        if letter == "\\":
            at += 1
        elif quote:
            quote = "" if letter == quote else quote
        elif letter in "\"'":
            quote = letter
        elif letter == "{":
            depth += 1
        elif letter == "}":
            depth -= 1
            if not depth:
                return at
        at += 1
    raise ValueError("a brace is not closed")


def _split(selectors: str) -> Iterator[str]:
    """Between the commas that stand in no parentheses."""
    depth, start = 0, 0
    for at, letter in enumerate(selectors):
        if letter in "([":
            depth += 1
        elif letter in ")]":
            depth -= 1
        elif letter == "," and not depth:
            yield selectors[start:at]
            start = at + 1
    yield selectors[start:]
