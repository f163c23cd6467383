"""Sentences kept in English beside what they are made of, and read in the reader's language.

What background work says is kept as it stands in the API, in English. Beside it ``made_of`` (or
``said`` for many, by the English) holds the text and the values it was made of, see
``tandem_engine.words``.
"""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from django.utils.translation import gettext as _

from tandem.core.jobs import progress
from tandem.ui.filters import spoken
from tandem_engine.words import Begun, Joined, Said, kept, told


def made_of(*sentences: object) -> dict[str, Any]:
    """What each of the sentences consists of, by its English; nothing for those without values."""
    return {str(each): kept(each) for each in sentences if isinstance(each, Said | Joined | Begun)}


def retold(text: str | None, made_of: Any = None) -> str:
    """A kept sentence in the reader's language; without ``made_of`` one that has no values."""
    if isinstance(made_of, dict):
        return str(spoken(told(made_of)))
    return _(text) if text else ""


def retold_from(text: str | None, said: Mapping[str, Any] | None) -> str:
    """The same, where many sentences are kept together by their English."""
    return retold(text, (said or {}).get(text or ""))


class Saying:
    """A row that keeps sentences in English, and in ``said`` what they consist of."""

    said: Any

    def say(self, text: str) -> str:
        """One of them in the reader's language."""
        return retold_from(text, self.said)


def seen(key: str) -> progress.Progress | None:
    """How far long work is, in the reader's language."""
    found = progress.seen(key)
    return found and replace(found, note=retold(found.note, found.made_of))
