"""Which events there are to choose from, put together by their noun."""

from collections.abc import Iterable
from dataclasses import dataclass

from tandem.backlog.history import SENTENCES

#: Nouns whose events are no product's: told to webhooks of the whole workspace.
_OF_THE_WORKSPACE = ("workspace", "member", "invitation", "token", "service")
_WORDS = {"criterion": "Criteria", "dependency": "Dependencies", "archive": "Archives"}


@dataclass(frozen=True)
class KindChoice:
    value: str
    label: str


def choices(chosen: Iterable[str] = ()) -> list[KindChoice]:
    """``item.*`` and the like, and whatever finer kind was chosen over the API."""
    nouns = sorted({verb.partition(".")[0] for verb in SENTENCES} | {*_OF_THE_WORKSPACE})
    found = [KindChoice(f"{noun}.*", _words(noun)) for noun in nouns]
    known = {each.value for each in found}
    return found + [KindChoice(kind, kind) for kind in sorted(chosen) if kind not in known]


def _words(noun: str) -> str:
    return _WORDS.get(noun, noun.replace("_", " ").capitalize() + "s")
