"""What a record says of an item's fields, and what of it changed since the source said it last."""

import hashlib
import json
from typing import Any

from tandem.backlog.models import Item, Kind
from tandem.core.events import plain
from tandem.core.importing.record import Record
from tandem.integrations.imports.names import Names

#: Fields an import writes straight onto the item.
COLUMNS = (
    "title", "description", "kind", "status_id", "assignee_id", "estimate_likely", "due_date",
    "started_at", "finished_at", "extra",
)  # fmt: skip
ESTIMATE_MOST = 1_000_000.0


def values_of(record: Record, names: Names) -> dict[str, Any]:
    """The record as values of ``COLUMNS``; what has no place goes into ``extra`` by its name."""
    person = names.person(record.assignee)
    _, left, _ = names.own.read(record)
    extra: dict[str, Any] = {name: plain(value) for name, value in left.items()}
    for name, text in (
        ("Assignee", "" if person else record.assignee),
        ("Reporter", record.reporter),
        ("Priority", record.priority),
        ("Status there", record.status),
        ("Address", record.url),
    ):
        if text:
            extra.setdefault(name, text)
    whole, title = " ".join(record.title.split()), title_of(record)
    description = record.description.replace("\x00", "")
    if title != whole:
        description = f"{whole}\n\n{description}" if description else whole
    estimate = record.estimate
    if estimate is not None and not 0 <= estimate <= ESTIMATE_MOST:
        extra["Estimate"] = str(estimate)
        estimate = None
    status = names.status(record.status, record.category)
    return {
        "title": title,
        "description": description[:200_000],
        "kind": record.kind if record.kind in Kind.values else Kind.STORY,
        "status_id": status.pk,
        "assignee_id": person.pk if person else None,
        "estimate_likely": estimate,
        "due_date": record.due,
        "started_at": record.started,
        "finished_at": (record.finished or record.updated) if status.category == "done" else None,
        "extra": extra,
    }


def title_of(record: Record) -> str:
    """The record's title as an item can hold it."""
    title = " ".join(record.title.split())
    return title if len(title) <= 300 else f"{title[:297]}…"


def hashes_of(values: dict[str, Any], record: Record) -> dict[str, str]:
    """A short hash of what the source says of each field."""
    said = {**values, "labels": sorted(record.labels)}
    return {name: hash_of(value) for name, value in said.items()}


def hash_of(value: Any) -> str:
    text = json.dumps(plain(value), sort_keys=True, ensure_ascii=False)
    return hashlib.blake2b(text.encode("utf-8", "surrogatepass"), digest_size=6).hexdigest()


def is_as_said(item: Item, column: str, said: str | None) -> bool:
    """Whether the item still holds what the source said last."""
    return hash_of(getattr(item, column)) == said
