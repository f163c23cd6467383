"""Events read as sentences: who changed what, from what to what, through which door."""

import datetime
import itertools
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from tandem.accounts.models import Role
from tandem.backlog.history_words import (
    CHANNEL_WORDS,
    FIELD_NAMES,
    FIELDS_NAMED,
    OF_THE_WORKSPACE,
    SENTENCES,
)
from tandem.backlog.models import CustomField, Item, Kind
from tandem.backlog.models.custom import OnNew
from tandem.backlog.needs import listed
from tandem.backlog.operations.undo import stands
from tandem.backlog.textdiff import Piece, excerpt, words_changed
from tandem.core.events import SAID
from tandem.core.models import Event
from tandem.ui import filters
from tandem.ui.numbers import typed
from tandem.ui.sayings import retold

#: Changes by the same person through the same door within this time read as one visit.
VISIT = datetime.timedelta(minutes=15)

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
        "approval", "criterion", "comment", "question", "dependency", "reaction", "parked", "merged_from", "merged_into",
        "split_into",
    }
)  # fmt: skip
#: Named by people's words elsewhere in the event, or needed for undo only.
_SILENT = frozenset(
    {
        SAID,
        "row",
        "criterion_id",
        "comment_id",
        "named_ids",
        "approval_id",
        "question_id",
        "restored_from",
        "field_members",
        "parts",
        # A kept forecast's question and answer: its own page shows them.
        "asked",
        "percentiles",
        "merged_id",
        "split_ids",
    }
)
#: Fields that hold words of ours.
_OUR_WORDS = frozenset(
    {"category", "form", "layout", "on_new", "parked", "reaction", "state", "then"}
)
_UNTOUCHED = re.compile(r"nobody touched it for (\d+) days")
#: Ends of names whose values are numbers of rows that moved to another item.
_MOVED = "_moved"


@dataclass(frozen=True)
class Change:
    """One field, before and after, as words. ``pieces`` is set for texts that are compared."""

    name: str
    before: str
    after: str
    pieces: tuple[Piece, ...] = ()
    #: More of the text changed than ``pieces`` shows.
    shortened: bool = False
    #: Nothing was there before.
    is_new: bool = False
    #: What the event calls it.
    field: str = ""

    @property
    def speaks_for_itself(self) -> bool:
        """The sentence before it names it already: "commented", "asked"."""
        return self.field in _NAMED_BY_SENTENCE

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
        return [list(entries) for _key, entries in groups]


def _text(name: str, value: Any, said: Mapping[str, Any]) -> str:
    if value is None or value == "" or value == []:
        return _("nothing")
    if isinstance(value, list):
        return ", ".join(_text(name, each, said) for each in value)
    if isinstance(value, float):
        return typed(value)
    if isinstance(value, bool):
        return _("yes") if value else _("no")
    if value in said:
        return retold(value, said[value])
    if name == "kind" and value in Kind.values:
        return str(Kind(value).label)
    if name == "role" and value in Role.values:
        return str(Role(value).label)
    if name == "due_date":
        return _day(str(value))
    return _kept(name, str(value))


def _kept(name: str, value: str) -> str:
    """Words that the program, not a person, put into an event are kept in English."""
    if name == "on_new" and value in OnNew.values:
        return str(OnNew(value).label)
    if name in _OUR_WORDS or (name.startswith("fields.") and value == "yes"):
        return _(value)
    if name == "dependency":
        relation, _space, key = value.rpartition(" ")
        return f"{_(relation)} {key}" if relation else value
    if name == "parked" and (found := _UNTOUCHED.fullmatch(value)):
        return _("nobody touched it for %(days)s days") % {"days": found[1]}
    return value


def _day(value: str) -> str:
    try:
        day = datetime.date.fromisoformat(value)
    except ValueError:
        return value
    return filters.day(day)


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


def name_of(field: str, own: Mapping[str, str] = MappingProxyType({})) -> str:
    """A changed field as people call it; ``own``: the names that data gives, as ``own_names`` finds them."""
    if field == "asked_of":
        return pgettext("asked of", "to")
    if field.startswith("fields."):
        return own.get(field) or field.removeprefix("fields.").replace("_", " ")
    if field in own:
        return _(own[field])
    thing, _dot, part = field.partition(".")
    if part and thing in own:
        return f"{_(own[thing])}, {name_of(part)}"
    return _(FIELD_NAMES.get(field, field.replace("_", " ")))


def own_names(events: Iterable[Event]) -> dict[int, Mapping[str, str]]:
    """What own fields, criteria and the like are called today that the events changed, by event."""
    of_products: dict[int, list[Event]] = {}
    of_things: dict[str, dict[int, list[Event]]] = {}
    for event in events:
        if event.product_id and any(name.startswith("fields.") for name in event.changes):
            of_products.setdefault(event.product_id, []).append(event)
        if event.object_kind in FIELDS_NAMED and event.changes:
            things = of_things.setdefault(event.object_kind, {})
            things.setdefault(event.object_id, []).append(event)
    found: dict[int, Mapping[str, str]] = {}
    if of_products:
        names: dict[int, dict[str, str]] = {}
        rows = CustomField.objects.filter(product__in=of_products)
        for product, slug, name in rows.values_list("product_id", "slug", "name"):
            names.setdefault(product, {})[f"fields.{slug}"] = name
        found = {e.pk: names[pk] for pk, each in of_products.items() if pk in names for e in each}
    for kind, things in of_things.items():
        for pk, named in FIELDS_NAMED[kind](set(things)).items():
            found |= dict.fromkeys((event.pk for event in things[pk]), named)
    return found


def changes_of(
    event: Event, *, whole: bool = False, own: Mapping[str, str] = MappingProxyType({})
) -> tuple[Change, ...]:
    """What an event changed, as words; ``whole`` compares long texts without shortening."""
    found = []
    said = event.changes.get(SAID, {})
    for name, before, after in _pairs(event.changes):
        label = name_of(name, own)
        if name == "behind":
            old, new = (
                _("behind %(key)s") % {"key": each} if each else _("at the top")
                for each in (before, after)
            )
            found.append(Change(label, old, new, field=name))
            continue
        if name in _LONG_TEXTS and (before or after):
            old, new = str(before or ""), str(after or "")
            if old == new:
                pieces: Sequence[Piece] = [Piece("same", old)]
            else:
                pieces = words_changed(old, new)
            shown, shortened = (tuple(pieces), False) if whole else excerpt(pieces)
            found.append(Change(label, old[:300], new[:300], shown, shortened, not before, name))
            continue
        is_new = before is None or before == "" or before == []
        found.append(
            Change(
                label,
                _text(name, before, said),
                _text(name, after, said),
                is_new=is_new,
                field=name,
            )
        )
    return tuple(found)


def label_of(event: Event) -> str:
    """What an event is about, in the reader's language."""
    said = event.changes.get(SAID, {})
    label = event.object_label
    return retold(label, said[label]) if label in said else label


def sentence_of(event: Event, own: Mapping[str, str] = MappingProxyType({})) -> str:
    known = SENTENCES.get(event.verb) or OF_THE_WORKSPACE.get(event.verb)
    if known == "changed":
        names = [name_of(n, own) for n, *_ in _pairs(event.changes)]
        return (
            _("changed %(fields)s") % {"fields": listed(names)} if names else _("changed the item")
        )
    if known and "{field}" in known:
        names = [name_of(n, own) for n, *_ in _pairs(event.changes)]
        return _(known).format(field=", ".join(names) or _("the item"))
    return _(known) if known else event.verb.replace(".", " ").replace("_", " ")


def entry_of(
    event: Event,
    *,
    item: Item | None = None,
    whole: bool = False,
    own: Mapping[str, str] = MappingProxyType({}),
) -> Entry:
    """The event as a sentence. Only with its ``item`` can it say whether it can be taken back."""
    return Entry(
        event_id=event.pk,
        at=event.at,
        who=event.member_name or _("Somebody"),
        sentence=sentence_of(event, own),
        changes=() if event.verb == "item.created" else changes_of(event, whole=whole, own=own),
        undoable=item is not None and stands(event, item),
        object_kind=event.object_kind,
        object_id=event.object_id,
        object_label=label_of(event),
    )


def visits(events: Sequence[Event], *, item: Item | None = None) -> list[Visit]:
    """Events, newest first, put together where one person did them in one go.

    Of the item's moves only the newest can be taken back: an older place may be anywhere now.
    """
    found: list[Visit] = []
    own = own_names(events)
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
            channel = _(channel) if channel else ""
            found.append(Visit(event.member_name or _("Somebody"), channel, event.at))
        older_move = event.verb == "item.moved" and moved
        moved = moved or event.verb == "item.moved"
        found[-1].entries.append(
            entry_of(event, item=None if older_move else item, own=own.get(event.pk, {}))
        )
        last = event
    return found
