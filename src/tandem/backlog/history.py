"""Events read as sentences: who changed what, from what to what, through which door."""

import datetime
import itertools
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any

from tandem.backlog.models import Item, Kind
from tandem.backlog.operations.undo import stands
from tandem.backlog.textdiff import Piece, excerpt, words_changed
from tandem.core.models import Event

#: Changes by the same person through the same door within this time read as one visit.
VISIT = datetime.timedelta(minutes=15)

CHANNEL_WORDS = {
    "page": "",
    "api": "over the API",
    "cli": "on the command line",
    "import": "by import",
    "job": "by a job",
    "sample": "with the sample",
    "connection": "over a connection",
}

#: What a verb says between the person's name and the change. Higher apps add theirs with ``say``.
SENTENCES = {
    "item.created": "created the item",
    "item.updated": "changed",
    "item.moved": "moved the item",
    "item.deleted": "deleted the item",
    "item.restored": "restored the item",
    "item.imported": "imported the item",
    "item.merged": "merged the item into",
    "item.absorbed": "merged in",
    "item.unmerged": "took a merging back",
    "item.parked": "parked the item:",
    "item.revived": "revived the item",
    "item.split": "split the item into",
    "item.unsplit": "took a splitting back",
    "criterion.added": "added a criterion",
    "criterion.changed": "changed a criterion",
    "criterion.met": "checked a criterion",
    "criterion.reopened": "unchecked a criterion",
    "criterion.removed": "removed a criterion",
    "dependency.added": "added a dependency",
    "dependency.removed": "removed a dependency",
    "comment.written": "commented",
    "comment.changed": "changed a comment",
    "comment.deleted": "deleted a comment",
    "comment.restored": "brought a comment back",
    "comment.resolved": "resolved a thread",
    "comment.reopened": "opened a thread again",
    "comment.reacted": "reacted to a comment:",
    "comment.unreacted": "took a reaction back:",
    "watch.begun": "watches the item",
    "watch.ended": "stopped watching the item",
    "attachment.added": "attached",
    "attachment.removed": "removed an attachment",
    "attachment.restored": "brought an attachment back",
    "question.asked": "asked",
    "question.given": "put a question to",
    "question.answered": "answered a question",
    "question.reopened": "opened a question again",
    "job.run_again": "had a job run again",
    "job.discarded": "discarded a job",
    "job.cancel_asked": "asked a job to stop",
    "field.created": "added a field",
    "field.changed": "changed a field",
    "field.archived": "archived a field",
    "field.restored": "brought a field back",
    "field.choice_added": "added a choice",
    "field.choice_changed": "changed a choice",
    "field.choice_removed": "removed a choice",
    "status.created": "added a status",
    "status.changed": "changed a status",
    "status.removed": "removed a status",
    "transition.saved": "set a rule for moving items",
    "transition.removed": "removed a rule for moving items",
    "approval.requested": "asked for consent to the move to",
    "approval.given": "consented to the move to",
    "approval.declined": "declined the move to",
    "approval.withdrawn": "took back asking for the move to",
    "template.created": "made a template",
    "template.changed": "changed a template",
    "template.removed": "removed a template",
    "parking.rule_set": "changed when stale items are parked",
    "view.saved": "saved a view",
    "view.changed": "changed a view",
    "view.removed": "removed a view",
    "items.created": "created many items",
    "items.changed": "changed many items",
    "items.change_undone": "took a change of many items back",
    "product.created": "created the product",
    "product.updated": "changed the product",
    "workspace.updated": "changed the workspace",
    "workspace.history_deleted": "deleted older history",
}

#: Which verbs the activity page's filter puts together.
GROUPS = {
    "items": (
        "Items",
        (
            "item.created",
            "item.deleted",
            "item.restored",
            "item.imported",
            "item.merged",
            "item.unmerged",
            "item.split",
            "item.unsplit",
            "items.created",
        ),
    ),
    "changes": ("Changed fields", ("item.updated",)),
    "order": ("Order", ("item.moved",)),
    "criteria": ("Acceptance criteria", tuple(v for v in SENTENCES if v.startswith("criterion."))),
    "questions": ("Questions", tuple(v for v in SENTENCES if v.startswith("question."))),
    "comments": ("Comments", tuple(v for v in SENTENCES if v.startswith("comment."))),
    "fields": ("Fields", tuple(v for v in SENTENCES if v.startswith("field."))),
    "statuses": ("Statuses", tuple(v for v in SENTENCES if v.startswith("status."))),
    "approvals": ("Approvals", tuple(v for v in SENTENCES if v.startswith("approval."))),
    "attachments": ("Attachments", tuple(v for v in SENTENCES if v.startswith("attachment."))),
    "dependencies": ("Dependencies", tuple(v for v in SENTENCES if v.startswith("dependency."))),
}

FIELD_NAMES = {
    "estimate_low": "low estimate",
    "estimate_likely": "likely estimate",
    "estimate_high": "high estimate",
    "due_date": "due date",
    "lane_limit": "limit of a lane",
    "limit_refuses": "limit refuses",
    "asked_of": "to",
    "story_role": "as a",
    "story_want": "I want",
    "story_benefit": "so that",
    "behind": "place",
}
#: In which order changes are told, whatever order the database gives them back in.
_TOLD = (
    "merged_from", "merged_into", "split_into", "title", "kind", "status", "description", "story_role", "story_want", "story_benefit",
    "estimate_low", "estimate_likely", "estimate_high", "due_date", "assignee", "parent", "labels",
)  # fmt: skip
_LONG_TEXTS = frozenset(
    {"description", "story_want", "story_benefit", "criterion", "comment", "question", "answer"}
)
_NAMED_BY_SENTENCE = frozenset(
    {
        "approval", "criterion", "comment", "question", "dependency", "reaction", "parked", "merged from", "merged into",
        "split into",
    }
)  # fmt: skip
#: Named by people's words elsewhere in the event, or needed for undo only.
_SILENT = frozenset(
    {
        "row",
        "criterion_id",
        "comment_id",
        "named_ids",
        "approval_id",
        "question_id",
        "restored_from",
        "field_members",
        "parts",
        "merged_id",
        "split_ids",
    }
)
#: Ends of names whose values are numbers of rows that moved to another item.
_MOVED = "_moved"


def say(verb: str, sentence: str) -> None:
    """Let a higher app's verb read as a sentence: ``say("rating.given", "rated {field}")``.

    ``{field}`` stands for the names of what the event changed.
    """
    SENTENCES[verb] = sentence


@dataclass(frozen=True)
class Change:
    """One field, before and after, as words. ``pieces`` is set for texts that are compared."""

    name: str
    before: str
    after: str
    pieces: tuple[Piece, ...] = ()
    #: More of the text changed than ``pieces`` shows.
    shortened: bool = False

    @property
    def speaks_for_itself(self) -> bool:
        """The sentence before it names it already: "commented", "asked"."""
        return self.name in _NAMED_BY_SENTENCE

    @property
    def is_quote(self) -> bool:
        """One text that is all new or only named: nothing to compare."""
        return len({piece.kind for piece in self.pieces} - {"gap"}) == 1 and all(
            piece.kind != "del" for piece in self.pieces
        )


@dataclass(frozen=True)
class Entry:
    """One event as a sentence with what it changed."""

    event_id: int
    at: datetime.datetime
    who: str
    sentence: str
    changes: tuple[Change, ...]
    undoable: bool
    object_kind: str
    object_id: int
    object_label: str


@dataclass(frozen=True)
class Visit:
    """What one person did in one go, newest first."""

    who: str
    channel: str
    at: datetime.datetime
    entries: list[Entry] = field(default_factory=list)

    @property
    def subjects(self) -> list[list[Entry]]:
        """The entries, those on the same row that follow each other put together."""
        groups = itertools.groupby(self.entries, key=lambda e: (e.object_kind, e.object_id))
        return [list(entries) for _, entries in groups]


def _text(name: str, value: Any) -> str:
    if value is None or value == "" or value == []:
        return "nothing"
    if isinstance(value, list):
        return ", ".join(str(each) for each in value)
    if isinstance(value, float):
        return f"{value:g}"
    if isinstance(value, bool):
        return "yes" if value else "no"
    if name == "kind" and value in Kind.values:
        return str(Kind(value).label)
    if name == "due_date":
        return _day(str(value))
    return str(value)


def _day(value: str) -> str:
    try:
        day = datetime.date.fromisoformat(value)
    except ValueError:
        return value
    return f"{day.day} {day:%b %Y}"


def _pairs(changes: dict[str, Any]) -> Iterable[tuple[str, Any, Any]]:
    known = {name: place for place, name in enumerate(_TOLD)}
    for name, value in sorted(changes.items(), key=lambda c: (known.get(c[0], len(known)), c[0])):
        # ``status_id`` stands beside ``status`` for undo only.
        if (
            name in _SILENT
            or name.endswith(_MOVED)
            or (name.endswith("_id") and name[:-3] in changes)
        ):
            continue
        if isinstance(value, list) and len(value) == 2:
            yield name, value[0], value[1]
        else:
            yield name, None, value


def name_of(field: str) -> str:
    """A changed field as people call it."""
    return FIELD_NAMES.get(field, field.removeprefix("fields.").replace("_", " "))


def changes_of(event: Event, *, whole: bool = False) -> tuple[Change, ...]:
    """What an event changed, as words; ``whole`` compares long texts without shortening."""
    found = []
    for name, before, after in _pairs(event.changes):
        label = name_of(name)
        if name == "behind":
            old, new = (f"behind {each}" if each else "at the top" for each in (before, after))
            found.append(Change(label, old, new))
            continue
        if name in _LONG_TEXTS and (before or after):
            old, new = str(before or ""), str(after or "")
            if old == new:
                pieces: Sequence[Piece] = [Piece("same", old)]
            else:
                pieces = words_changed(old, new)
            shown, shortened = (tuple(pieces), False) if whole else excerpt(pieces)
            found.append(Change(label, old[:300], new[:300], shown, shortened))
            continue
        found.append(Change(label, _text(name, before), _text(name, after)))
    return tuple(found)


def sentence_of(event: Event) -> str:
    known = SENTENCES.get(event.verb)
    if known == "changed":
        names = [name_of(n) for n, *_ in _pairs(event.changes)]
        if len(names) > 1:
            return f"changed {', '.join(names[:-1])} and {names[-1]}"
        return f"changed {names[0]}" if names else "changed the item"
    if known and "{field}" in known:
        names = [name_of(n) for n, *_ in _pairs(event.changes)]
        return known.format(field=", ".join(names) or "the item")
    return known or event.verb.replace(".", " ").replace("_", " ")


def entry_of(event: Event, *, item: Item | None = None, whole: bool = False) -> Entry:
    """The event as a sentence. Only with its ``item`` can it say whether it can be taken back."""
    return Entry(
        event_id=event.pk,
        at=event.at,
        who=event.member_name or "Somebody",
        sentence=sentence_of(event),
        changes=() if event.verb == "item.created" else changes_of(event, whole=whole),
        undoable=item is not None and stands(event, item),
        object_kind=event.object_kind,
        object_id=event.object_id,
        object_label=event.object_label,
    )


def visits(events: Sequence[Event], *, item: Item | None = None) -> list[Visit]:
    """Events, newest first, put together where one person did them in one go.

    Of the item's moves only the newest can be taken back: an older place may be anywhere now.
    """
    found: list[Visit] = []
    last: Event | None = None
    moved = False
    for event in events:
        fresh = (
            last is None
            or (last.member_id, last.member_name) != (event.member_id, event.member_name)
            or last.channel != event.channel
            or last.at - event.at > VISIT
        )
        if fresh:
            channel = CHANNEL_WORDS.get(event.channel, event.channel)
            found.append(Visit(event.member_name or "Somebody", channel, event.at))
        older_move = event.verb == "item.moved" and moved
        moved = moved or event.verb == "item.moved"
        found[-1].entries.append(entry_of(event, item=None if older_move else item))
        last = event
    return found
