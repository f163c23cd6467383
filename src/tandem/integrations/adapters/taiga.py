"""A Taiga project's dump (Settings, Project, Export): stories, tasks, issues and epics with their history."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any, ClassVar

from django.utils.translation import gettext_noop as N_

from tandem.core.importing.adapter import Adapter, Survey
from tandem.core.importing.dates import DateReader
from tandem.core.importing.documents import Moments, first_text, objects, text_of
from tandem.core.importing.errors import ImportRefused
from tandem.core.importing.mapping import Mapping
from tandem.core.importing.pieces import AROUND, Piece, pieces
from tandem.core.importing.record import (
    Change,
    Comment,
    Entry,
    Extra,
    Link,
    Record,
    Refusal,
    RowWarning,
)
from tandem.core.importing.source import Source
from tandem_engine.words import counted, figure, said

from . import vocabulary

#: The lists of a dump, the list of their statuses, and the kind their entries usually are.
_PARTS = (
    ("epics", "epic_statuses", "epic"),
    ("user_stories", "us_statuses", "story"),
    ("tasks", "task_statuses", "story"),
    ("issues", "issue_statuses", "story"),
)
_STATUSES = {statuses: part for part, statuses, _ in _PARTS}
#: What is read entry by entry, of use or not: any of these is long in somebody's project.
_LISTS = ("points", "wiki_pages", "timeline", "milestones", *_STATUSES, *_STATUSES.values())
#: A dump holds attached files as text, in characters.
_ENTRY_LIMIT = 64 * 1024 * 1024
_FIELDS = {"subject": "title", "due_date": "due day", "assigned_to": "assignee"}
_TOLD = (
    "status",
    "subject",
    "assigned_to",
    "milestone",
    "due_date",
    "priority",
    "severity",
    "type",
    "points",
    "is_blocked",
)


@dataclass(slots=True)
class Dump(Survey):
    """What the names in a dump stand for."""

    #: By list: status name -> (closed, archived).
    statuses: dict[str, dict[str, tuple[bool, bool]]] = field(
        default_factory=lambda: {part: {} for part, *_ in _PARTS}
    )
    points: dict[str, float | None] = field(default_factory=dict)
    parents: dict[str, str] = field(default_factory=dict)
    people: dict[str, str] = field(default_factory=dict)
    left_out: int = 0
    encoding_warning: RowWarning | None = None

    def see(self, entry: dict[str, Any], place: str) -> None:
        """An entry of the list ``place``."""
        name = text_of(entry.get("name"))
        if place in _STATUSES:
            closed, archived = entry.get("is_closed") is True, entry.get("is_archived") is True
            self.statuses[_STATUSES[place]][name] = (closed, archived)
        elif place == "points":
            self.points[name] = _number(entry.get("value"))
        elif place == "wiki_pages":
            self.left_out += 1
        elif place in self.statuses:
            for event in objects(entry.get("history")):
                mail, author = _who(event.get("user"))
                if mail and author:
                    self.people.setdefault(mail, author)
        if place == "epics":
            for story in objects(entry.get("related_user_stories")):
                if not story.get("source_project_slug"):
                    ref = text_of(story.get("user_story"))
                    self.parents.setdefault(ref, text_of(entry.get("ref")))


class TaigaAdapter(Adapter):
    """One numbering for all four lists; points by role; people by mail address; history with diffs."""

    name: ClassVar[str] = "taiga"
    title: ClassVar[str] = "Taiga dump"
    description: ClassVar[str] = N_("A project exported by Taiga as JSON, with its history.")
    extensions = (".json",)

    def accepts(self, head: bytes, filename: str) -> float:
        if not head.lstrip(b"\xef\xbb\xbf \t\r\n").startswith(b"{"):
            return 0.0
        marks = (b'"us_statuses"', b'"user_stories"', b'"total_milestones"', b'"is_kanban_activated"', b'"creation_template"',
                 b'"default_us_status"', b'"memberships"', b'"role_points"', b'"total_story_points"')  # fmt: skip
        return min(0.95, 0.4 * sum(mark in head for mark in marks))

    def survey(self, source: Source, mapping: Mapping, *, full: bool) -> Dump:
        mapping.validate(columns=(), kinds=vocabulary.KINDS)
        dump = Dump(mapping=mapping.over(Mapping(time_zone="UTC")))
        warning = source.encoding(mapping.encoding)
        if warning.warning:
            dump.encoding_warning = RowWarning(warning.line, warning.warning)
        is_dump = False
        for entry, place in _pieces(source, mapping):
            if isinstance(entry, dict):
                dump.see(entry, place)
                is_dump = is_dump or (
                    place == AROUND
                    and any(isinstance(entry.get(part), list) for part in dump.statuses)
                )
        if not is_dump:
            raise ImportRefused(
                said(
                    "This is no Taiga dump: the JSON has no list “user_stories”, “tasks”, “issues” or “epics”."
                )
            )
        return dump

    def entries(self, source: Source, survey: Survey) -> Iterator[Entry]:
        assert isinstance(survey, Dump)
        if survey.encoding_warning:
            yield survey.encoding_warning
        dates = Moments(DateReader("ymd", survey.mapping.time_zone or "UTC"))
        found = _pieces(source, survey.mapping)
        work = (piece for piece in found if piece.place in survey.statuses)
        for position, (entry, part) in enumerate(work, 1):
            if not isinstance(entry, dict):
                yield Refusal(
                    position,
                    said(
                        "the entry of “%(part)s” is not an object with ref and subject", part=part
                    ),
                )
            elif not (ref := text_of(entry.get("ref"))):
                yield Refusal(position, said("the entry of “%(part)s” has no ref", part=part))
            else:
                dates.line = position
                yield _record(entry, part, ref, position, survey, dates)
                yield from dates.problems.take()
        yield from dates.problems.rest()
        if survey.left_out:
            yield RowWarning(
                None,
                counted(
                    "Left out: 1 wiki page. Only work is imported.",
                    "Left out: %(number)s wiki pages. Only work is imported.",
                    count=survey.left_out,
                    number=figure(survey.left_out, ","),
                ),
            )


def _pieces(source: Source, mapping: Mapping) -> Iterator[Piece]:
    return pieces(source, encoding=mapping.encoding, lists=_LISTS, entry_limit=_ENTRY_LIMIT)


def _record(
    entry: dict[str, Any], part: str, ref: str, position: int, dump: Dump, dates: Moments
) -> Record:
    mapping = dump.mapping
    status = text_of(entry.get("status")).strip()
    rule = mapping.statuses.get(status)
    finished = dates.of(entry, "finish_date", "finished_date")
    category = _category(part, status, rule.category if rule else "", dump)
    usual = next(kind for name, _, kind in _PARTS if name == part)
    kind_name = text_of(entry.get("type")).strip() or {"tasks": "Task", "epics": "Epic"}.get(
        part, "User story"
    )
    kind = mapping.kinds.get(kind_name) or (
        vocabulary.known_kind(kind_name) if part == "issues" else None
    )
    changes = tuple(sorted(_changes(entry, part, dump, dates), key=lambda change: change.at))
    if finished is None:
        finished = next(
            (c.at for c in reversed(changes) if c.category in ("done", "dropped")), None
        )
    parent = (
        text_of(entry.get("user_story"))
        if part == "tasks"
        else dump.parents.get(ref, "")
        if part == "user_stories"
        else ""
    )
    return Record(
        line=position,
        ref=ref,
        title=" ".join(text_of(entry.get("subject")).split()),
        aliases=(f"#{ref}",),
        description=text_of(entry.get("description")).replace("\r\n", "\n").strip(),
        kind=kind or usual,
        kind_name=kind_name,
        status=(rule.name if rule else "") or status,
        status_name=status,
        category=category,
        labels=tuple(dict.fromkeys(_tags(entry.get("tags")))),
        assignee=_person(entry.get("assigned_to"), dump),
        reporter=_person(entry.get("owner"), dump),
        priority=text_of(entry.get("priority")).strip(),
        created=dates.of(entry, "created_date"),
        updated=dates.of(entry, "modified_date"),
        started=next((c.at for c in changes if c.category == "started"), None),
        finished=finished if category in ("done", "dropped") else None,
        due=due.date() if (due := dates.of(entry, "due_date")) else None,
        estimate=_points(entry.get("role_points"), dump),
        parent_ref="" if parent == ref else parent,
        links=tuple(
            Link("relates", other, "generated from")
            for key in ("generated_from_issue", "generated_from_task")
            if (other := text_of(entry.get(key)))
        ),
        comments=tuple(_comments(entry, dump, dates)),
        rank=_rank(entry, part),
        changes=changes,
        extra=_extra(entry),
    )


def _category(part: str, status: str, mapped: str, dump: Dump) -> str:
    """What a person says, then the status's name, then whether Taiga calls it closed or archived."""
    closed, archived = dump.statuses.get(part, {}).get(status, (False, False))
    says = "dropped" if archived and not closed else "done" if closed else ""
    found = (
        mapped
        or vocabulary.status_category(status)
        or says
        or vocabulary.likely_category(status)
        or "open"
    )
    # Taiga's own word is the last one on whether work is over: its “Ready for test” of issues is closed.
    return says if says and not mapped and found not in ("done", "dropped") else found


def _changes(entry: dict[str, Any], part: str, dump: Dump, dates: Moments) -> Iterator[Change]:
    for event in objects(entry.get("history")):
        diff, values = event.get("diff"), event.get("values")
        at = dates.of(event, "created_at") if isinstance(diff, dict) and diff else None
        if at is None or not isinstance(diff, dict):
            continue
        names = values if isinstance(values, dict) else {}
        for key in _TOLD:
            pair = diff.get(key)
            if not isinstance(pair, list) or len(pair) != 2 or key == "points":
                continue
            before, after = (_named(key, value, names, dump) for value in pair)
            rule = dump.mapping.statuses.get(after)
            means = (
                _category(part, after, rule.category if rule else "", dump)
                if key == "status"
                else ""
            )
            yield Change(
                at,
                _author(event, dump),
                _FIELDS.get(key, key.replace("_", " ")),
                before,
                after,
                means,
            )


def _named(key: str, value: Any, names: dict[str, Any], dump: Dump) -> str:
    """Diffs hold numbers or names; the event's own table says what the numbers stood for then."""
    text = text_of(value).strip() if not isinstance(value, bool) else ("yes" if value else "no")
    table = names.get("users" if key == "assigned_to" else key)
    if isinstance(table, dict):
        text = first_text([table.get(text), text])
    return dump.people.get(text, text)


def _comments(entry: dict[str, Any], dump: Dump, dates: Moments) -> Iterator[Comment]:
    events = objects(entry.get("history"))
    for event in sorted(events, key=lambda each: text_of(each.get("created_at"))):
        text = text_of(event.get("comment")).strip()
        if text and not event.get("delete_comment_date"):
            yield Comment(_author(event, dump), dates.of(event, "created_at"), text)


def _author(event: dict[str, Any], dump: Dump) -> str:
    mail, name = _who(event.get("user"))
    return name or dump.people.get(mail, mail)


def _who(value: Any) -> tuple[str, str]:
    """``[address, name]``; the address of somebody who was deleted is null."""
    pair = value if isinstance(value, list) and len(value) == 2 else ["", ""]
    return text_of(pair[0]).strip(), text_of(pair[1]).strip()


def _person(value: Any, dump: Dump) -> str:
    mail = text_of(value).strip()
    name = dump.people.get(mail, "")
    return f"{name} <{mail}>" if name and mail else mail


def _points(roles: Any, dump: Dump) -> float | None:
    """The sum over the roles; “?” says nothing."""
    values = [dump.points.get(text_of(each.get("points"))) for each in objects(roles)]
    known = [value for value in values if value is not None and value >= 0]
    return sum(known) if known else None


def _tags(value: Any) -> Iterator[str]:
    for tag in value if isinstance(value, list) else []:
        name = text_of(tag[0] if isinstance(tag, list) and tag else tag).strip()
        if name:
            yield name


def _rank(entry: dict[str, Any], part: str) -> str:
    order = _number(entry.get("epics_order" if part == "epics" else "backlog_order"))
    place = [name for name, *_ in _PARTS].index(part)
    return (
        f"{place}|{min(max(order, 0.0), 1e15):018.0f}"
        if order is not None
        else f"{place}|{'9' * 18}"
    )


def _extra(entry: dict[str, Any]) -> dict[str, Extra]:
    extra: dict[str, Extra] = {}
    for name, key in (
        ("Milestone", "milestone"),
        ("Severity", "severity"),
        ("Blocked", "blocked_note"),
        ("Due because", "due_date_reason"),
    ):
        if text := text_of(entry.get(key)).strip():
            extra[name] = text
    if entry.get("is_blocked") is True:
        extra.setdefault("Blocked", "yes")
    customs = entry.get("custom_attributes_values")
    for name, value in customs.items() if isinstance(customs, dict) else ():
        if text := text_of(value).strip():
            extra[name] = text
    attached = tuple(
        name
        for each in objects(entry.get("attachments"))
        if (name := first_text([each.get("name"), _file(each)]))
    )
    if attached:
        extra["Attachments"] = attached
    return extra


def _file(attachment: dict[str, Any]) -> str:
    file = attachment.get("attached_file")
    return text_of(file.get("name")) if isinstance(file, dict) else ""


def _number(value: Any) -> float | None:
    return (
        float(value)
        if isinstance(value, int | float) and not isinstance(value, bool) and abs(value) < 1e18
        else None
    )
