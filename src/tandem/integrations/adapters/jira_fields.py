"""What Jira's JSON keeps in fields of its own making, and reading values nobody has checked."""

import re
from collections import Counter
from typing import Any

from tandem.core.importing.adapter import Column
from tandem.core.importing.documents import first_text, text_of
from tandem.core.importing.words import plain, shortened

_POINTS = {"story points", "story point estimate"}
#: Where Jira Cloud keeps them when nobody moved them; an answer with ``expand=names`` says it better.
_USUAL_FIELDS = {
    "customfield_10016": "estimate",
    "customfield_10014": "parent",
    "customfield_10019": "rank",
}
ISSUE_KEY = re.compile(r"[A-Z][A-Z0-9_]{1,30}-\d{1,9}$")


class CustomFields:
    """What the custom fields of issues hold."""

    def __init__(self) -> None:
        self._samples: dict[str, list[str]] = {}
        self._filled: Counter[str] = Counter()

    def see(self, issue: dict[str, Any]) -> None:
        for key, value in inner(issue, "fields").items():
            if key.startswith("customfield_") and (text := simple_text(value)):
                self._filled[key] += 1
                if len(samples := self._samples.setdefault(key, [])) < 3:
                    samples.append(shortened(text, 120))

    def columns(self, names: dict[str, str]) -> list[Column]:
        """Those that hold something to read, as the columns a person maps."""
        columns = []
        for key, count in sorted(self._filled.items()):
            samples = self._samples[key]
            name = names.get(key, "")
            meant = _USUAL_FIELDS.get(key, "extra")
            if name:
                named = {"rank": "rank", "epic link": "parent"}.get(plain(name), "extra")
                meant = "estimate" if plain(name) in _POINTS else named
            elif not all(_LOOKS_LIKE.get(meant, bool)(sample) for sample in samples):
                meant = "extra"
            columns.append(Column(name or key, 1, count, tuple(samples), (meant,)))
        return columns


def person(value: Any) -> str:
    found = value if isinstance(value, dict) else {}
    return first_text(
        [
            found.get("displayName"),
            found.get("name"),
            found.get("emailAddress"),
            found.get("accountId"),
        ]
    )


def unambiguous(names: dict[str, str]) -> dict[str, str]:
    """The names that only one field has; two of one name go by their keys."""
    counts = Counter(names.values())
    return {key: name for key, name in names.items() if name and counts[name] == 1}


def simple_text(value: Any) -> str:
    """A custom field's value as text: numbers, texts, options, people, several of them; nothing for anything else."""
    if isinstance(value, list):
        return ", ".join(text for inner in value[:50] if (text := simple_text(inner)))
    if isinstance(value, dict):
        return first_text([value.get("value"), value.get("displayName"), value.get("name")])
    return text_of(value).strip()


def is_number(text: str) -> bool:
    return bool(re.match(r"-?\d{1,9}(?:\.\d{1,9})?$", text))


def is_clutter(text: str) -> bool:
    """What apps leave in fields nobody reads."""
    return text == "{}" or "_*:*_" in text or bool(re.match(r"\d\|[0-9a-z]+:", text))


def list_of(value: Any) -> list[Any]:
    return value if isinstance(value, list) else []


def inner(value: Any, *names: str) -> dict[str, Any]:
    for name in names:
        value = value.get(name) if isinstance(value, dict) else None
    return value if isinstance(value, dict) else {}


_LOOKS_LIKE = {
    "parent": lambda text: bool(ISSUE_KEY.match(text)),
    "estimate": is_number,
}
