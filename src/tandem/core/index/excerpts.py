"""The passage of a text that shows why it was found."""

import re
import unicodedata
from collections.abc import Sequence
from functools import lru_cache

Part = tuple[str, bool]
MARKUP = re.compile(r"(?m:^\s*(?:>|#{1,6} |[-+] )+)|[*`~|]+|!?\[([^\]]*)\]\([^)]*\)|\s+")


@lru_cache(maxsize=4096)
def _letter(letter: str) -> str:
    """The letter as it is looked for; exactly one, so that places stay where they are."""
    bare = unicodedata.normalize("NFD", letter)[0]
    return (bare if bare.isascii() else letter).lower()[:1] or letter


def _flat(text: str) -> str:
    return text.lower() if text.isascii() else "".join(map(_letter, text))


def plain(text: str) -> str:
    """Markdown as it reads: without its signs, on one line."""
    return " ".join(MARKUP.sub(lambda found: f"{found[1] or ''} ", text).split())


def marked(text: str, words: Sequence[str]) -> list[Part]:
    """The text in parts; the second of a part says whether it is one of the words."""
    if not words:
        return [(text, False)]
    any_of = "|".join(map(re.escape, sorted(words, key=len, reverse=True)))
    parts: list[Part] = []
    last = 0
    for found in re.finditer(rf"(?<![^\W_])(?:{any_of})[^\W_]*", _flat(text)):
        if found.start() > last:
            parts.append((text[last : found.start()], False))
        parts.append((text[found.start() : found.end()], True))
        last = found.end()
    if last < len(text):
        parts.append((text[last:], False))
    return parts


def excerpt(text: str, words: Sequence[str], width: int = 180) -> list[Part]:
    """Some ``width`` characters around the first of the words, in parts as ``marked`` gives them."""
    text = plain(text)
    if len(text) > width:
        first = next((len(a) for a, hit in _leading(text, words) if hit is False), 0)
        start = max(0, first - width // 3)
        if start:
            space = text.find(" ", start)
            start = space + 1 if 0 < space < first else start
        end = min(len(text), start + width)
        if end < len(text):
            end = max(text.rfind(" ", first, end), end - 20)
        text = ("… " if start else "") + text[start:end].strip() + (" …" if end < len(text) else "")
    return marked(text, words)


def _leading(text: str, words: Sequence[str]) -> list[Part]:
    parts = marked(text, words)
    return parts[:1] if len(parts) > 1 and not parts[0][1] else []
