"""What every adapter gives: records, refusals and warnings, in the file's order.

Each row of a source becomes exactly one :class:`Record` or one :class:`Refusal`. Warnings come beside them and
account for no row.
"""

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass, field, fields
from datetime import date, datetime
from typing import Any

#: What a status means, whatever the tool calls it. ``dropped`` is finished without being done.
CATEGORIES = ("open", "started", "done", "dropped")

#: How one record may point at another, seen from the record that carries the link.
LINK_KINDS = ("blocks", "blocked_by", "relates", "duplicates", "duplicated_by")

Extra = str | tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Link:
    """A relation to another record of the source. ``name`` is the source's own word for it, when it has one."""

    kind: str
    ref: str
    name: str = ""


@dataclass(frozen=True, slots=True)
class Comment:
    """What somebody said. ``author`` is a name as the source writes it and may be empty; ``at`` is UTC or unknown."""

    author: str
    at: datetime | None
    text: str


@dataclass(frozen=True, slots=True)
class Criterion:
    """One checkable line of a record, and whether it was ticked."""

    text: str
    done: bool = False


@dataclass(frozen=True, slots=True)
class Change:
    """Something that happened to a record there: who changed what, from what to what. ``at`` is UTC.

    ``field`` is ``status``, ``title``, ``assignee``, … or the source's own word; ``before`` and ``after`` are texts.
    For ``status``, ``category`` is what the new status means.
    """

    at: datetime
    author: str
    field: str
    before: str
    after: str
    category: str = ""


@dataclass(frozen=True, slots=True)
class Record:
    """One thing of the source, in neutral words.

    ``line`` is the 1-based physical line where the row starts; for JSON it is the 1-based position of the entry in
    its list. ``ref`` is the source's lasting name for it: reading the same thing again gives the same ``ref``.
    ``aliases`` are its other names, which ``parent_ref`` and links of other records may use.

    ``kind`` and ``category`` are Tandem's words; ``kind_name`` and ``status_name`` are the source's, for mapping them.
    ``status`` is the status to show: the source's name unless the mapping gives another. Texts are Markdown.
    Moments are UTC; ``due`` is a day in the file's time zone. ``estimate`` is in the source's unit and at least 0.
    ``rank`` orders records of one file when compared as plain text; empty means the file's own order.
    ``changes`` is what happened to it there, oldest first, when the source tells.
    ``extra`` keeps every column or field that has no place above, as text or as several texts.
    """

    line: int
    ref: str
    title: str
    aliases: tuple[str, ...] = ()
    description: str = ""
    kind: str = ""
    kind_name: str = ""
    status: str = ""
    status_name: str = ""
    category: str = "open"
    labels: tuple[str, ...] = ()
    assignee: str = ""
    reporter: str = ""
    priority: str = ""
    created: datetime | None = None
    updated: datetime | None = None
    started: datetime | None = None
    finished: datetime | None = None
    due: date | None = None
    estimate: float | None = None
    parent_ref: str = ""
    links: tuple[Link, ...] = ()
    comments: tuple[Comment, ...] = ()
    criteria: tuple[Criterion, ...] = ()
    rank: str = ""
    url: str = ""
    changes: tuple[Change, ...] = ()
    extra: Mapping[str, Extra] = field(default_factory=dict)

    def as_json(self) -> dict[str, Any]:
        """Plain values only, for keeping the record in a JSON column; :meth:`from_json` turns them back."""
        return {name: _plain_value(getattr(self, name)) for name in _NAMES[Record]}

    @classmethod
    def from_json(cls, values: Mapping[str, Any]) -> "Record":
        """The record that :meth:`as_json` described. Names it does not know are left out."""
        known = {f.name for f in fields(cls)}
        given = {key: value for key, value in values.items() if key in known}
        for key in ("created", "updated", "started", "finished"):
            given[key] = _moment(given.get(key))
        if given.get("due"):
            given["due"] = date.fromisoformat(given["due"])
        for key in ("labels", "aliases"):
            given[key] = tuple(given.get(key, ()))
        given["links"] = tuple(Link(**link) for link in given.get("links", ()))
        given["criteria"] = tuple(Criterion(**criterion) for criterion in given.get("criteria", ()))
        given["comments"] = tuple(
            Comment(c["author"], _moment(c["at"]), c["text"]) for c in given.get("comments", ())
        )
        given["changes"] = tuple(
            Change(**{**change, "at": datetime.fromisoformat(change["at"])})
            for change in given.get("changes", ())
        )
        given["extra"] = {
            key: tuple(value) if isinstance(value, list) else value
            for key, value in given.get("extra", {}).items()
        }
        return cls(**given)

    def fingerprint(self) -> str:
        """The same text exactly when nothing but the line changed: for telling ``unchanged`` from ``updated``."""
        values = self.as_json()
        del values["line"]
        if not values["changes"]:
            del values["changes"]  # as it was before sources told their history
        canonical = json.dumps(values, sort_keys=True, ensure_ascii=True, separators=(",", ":"))
        return hashlib.sha256(canonical.encode("ascii")).hexdigest()


@dataclass(frozen=True, slots=True)
class Refusal:
    """A row that was not taken, where it starts, and why: one sentence for the person who owns the file."""

    line: int
    reason: str


@dataclass(frozen=True, slots=True)
class RowWarning:
    """Something that was read, but not quite as written. ``line`` is None when the whole file is meant."""

    line: int | None
    message: str


Entry = Record | Refusal | RowWarning


#: Fields by name; ``asdict`` copies every leaf, which is felt at 100,000 rows.
_NAMES: dict[type, tuple[str, ...]] = {
    kind: tuple(each.name for each in fields(kind))
    for kind in (Record, Link, Comment, Criterion, Change)
}


def _plain_value(value: Any) -> Any:
    if value is None or isinstance(value, str):
        return value
    if isinstance(value, date):  # a datetime is one too
        return value.isoformat()
    if isinstance(value, dict):
        return {key: _plain_value(inner) for key, inner in value.items()}
    if isinstance(value, list | tuple):
        return [_plain_value(inner) for inner in value]
    if isinstance(value, Link | Comment | Criterion | Change):
        return {name: _plain_value(getattr(value, name)) for name in _NAMES[type(value)]}
    return value


def _moment(text: str | None) -> datetime | None:
    return datetime.fromisoformat(text) if text else None
