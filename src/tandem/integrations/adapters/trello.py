"""A Trello board's JSON export (Menu, Print, export and share, Export as JSON).

Cards are rows; lists are statuses. A card in a list that means done, or with its due date ticked, is done. An archived
card that is not done is dropped. Trello exports the newest 1,000 actions only, so on a large board old cards lack
comments and the date they were finished.
"""

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from typing import Any, ClassVar

from django.utils.translation import gettext_noop as N_

from tandem.core.importing.adapter import Adapter, Survey
from tandem.core.importing.dates import DateReader
from tandem.core.importing.documents import Moments, first_text, load_documents, objects, text_of
from tandem.core.importing.errors import ImportRefused
from tandem.core.importing.mapping import Mapping
from tandem.core.importing.record import (
    Change,
    Comment,
    Criterion,
    Entry,
    Extra,
    Record,
    Refusal,
    RowWarning,
)
from tandem.core.importing.source import Source
from tandem_engine.words import counted, figure, said

from . import vocabulary

_PARTS = ("cards", "lists")


@dataclass(slots=True)
class _Board(Survey):
    """The export with what belongs to a card gathered under its id."""

    cards: list[Any] = field(default_factory=list)
    lists: dict[str, tuple[str, float]] = field(default_factory=dict)
    members: dict[str, str] = field(default_factory=dict)
    checklists: dict[str, list[dict[str, Any]]] = field(default_factory=lambda: defaultdict(list))
    actions: dict[str, list[dict[str, Any]]] = field(default_factory=lambda: defaultdict(list))
    custom_fields: dict[str, dict[str, Any]] = field(default_factory=dict)
    encoding_warning: RowWarning | None = None


class TrelloAdapter(Adapter):
    """Cards with lists, labels, members, checklists, comments, due dates and custom fields."""

    name: ClassVar[str] = "trello"
    title: ClassVar[str] = "Trello JSON"
    description: ClassVar[str] = N_(
        "A board exported as JSON. Lists become statuses, checklists acceptance criteria."
    )
    extensions = (".json",)

    def accepts(self, head: bytes, filename: str) -> float:
        if not head.lstrip(b"\xef\xbb\xbf \t\r\n").startswith(b"{"):
            return 0.0
        # In a long export the cards come far behind the head; a board's own fields are at the beginning.
        marks = (
            b'"idBoard"',
            b'"labelNames"',
            b'"idList"',
            b'"dateLastActivity"',
            b'"shortLink"',
            b'"cards"',
        )
        return min(0.95, 0.35 * sum(mark in head for mark in marks))

    def category_of_status(self, status: str) -> str:
        # Archived cards count as dropped one by one; they must not make the whole list look dropped.
        return _list_category(status, Mapping())

    def survey(self, source: Source, mapping: Mapping, *, full: bool) -> _Board:
        mapping.validate(columns=(), kinds=vocabulary.KINDS)
        documents = load_documents(source, encoding=mapping.encoding)
        export = documents[0]
        if not isinstance(export, dict) or not all(isinstance(export.get(p), list) for p in _PARTS):
            raise ImportRefused(
                said("This is no Trello board: the JSON has no lists named “cards” and “lists”.")
            )
        board = _Board(mapping=mapping.over(Mapping(time_zone="UTC")))
        warning = source.encoding(mapping.encoding)
        if warning.warning:
            board.encoding_warning = RowWarning(warning.line, warning.warning)
        board.cards = export["cards"]
        board.lists = {
            text_of(found.get("id")): (
                text_of(found.get("name")).strip(),
                _number(found.get("pos")),
            )
            for found in objects(export["lists"])
        }
        board.members = {
            text_of(found.get("id")): _person(found) for found in objects(export.get("members"))
        }
        for found in objects(export.get("checklists")):
            board.checklists[text_of(found.get("idCard"))].append(found)
        for found in objects(export.get("actions")):
            card = _inner(found, "data", "card")
            board.actions[text_of(card.get("id"))].append(found)
        board.custom_fields = {text_of(f.get("id")): f for f in objects(export.get("customFields"))}
        return board

    def entries(self, source: Source, survey: Survey) -> Iterator[Entry]:
        assert isinstance(survey, _Board)
        if survey.encoding_warning:
            yield survey.encoding_warning
        dates = Moments(DateReader("ymd", survey.mapping.time_zone or "UTC"))
        undated = 0
        for position, card in enumerate(survey.cards, 1):
            if not isinstance(card, dict):
                yield Refusal(
                    position, said("the entry is not a card (an object with id and name)")
                )
                continue
            if not (ref := first_text([card.get("id"), card.get("shortLink")])):
                yield Refusal(position, said("the card has no id"))
                continue
            dates.line = position
            record = _record(card, ref, position, survey, dates)
            yield from dates.problems.take()
            undated += record.category == "done" and record.finished is None
            yield record
        yield from dates.problems.rest()
        if undated:
            yield RowWarning(
                None,
                counted(
                    "Done without a date: 1 card. The export does not hold the move that finished them.",
                    "Done without a date: %(number)s cards. The export does not hold the move that finished them.",
                    count=undated,
                    number=figure(undated, ","),
                ),
            )


def _record(card: dict[str, Any], ref: str, position: int, board: _Board, dates: Moments) -> Record:
    list_name, list_rank = board.lists.get(text_of(card.get("idList")), ("", 0.0))
    actions = sorted(board.actions.get(ref, ()), key=lambda action: text_of(action.get("date")))
    labels = tuple(
        dict.fromkeys(
            name
            for label in objects(card.get("labels"))
            if (name := first_text([label.get("name"), label.get("color")]))
        )
    )
    rule = board.mapping.statuses.get(list_name)
    category = _category(card, list_name, board.mapping)
    people = [
        board.members.get(text_of(member), "") or text_of(member)
        for member in _list(card.get("idMembers"))
    ]
    created = next(
        (a for a in actions if text_of(a.get("type")).startswith(("createCard", "copyCard"))), {}
    )
    kind_name = next((name for name in labels if name in board.mapping.kinds or _kind_of(name)), "")
    return Record(
        line=position,
        ref=ref,
        title=" ".join(text_of(card.get("name")).split()),
        aliases=tuple(
            a
            for a in (text_of(card.get("shortLink")), text_of(card.get("shortUrl")))
            if a and a != ref
        ),
        description=text_of(card.get("desc")).strip(),
        kind=board.mapping.kinds.get(kind_name) or _kind_of(kind_name) or vocabulary.USUAL_KIND,
        kind_name=kind_name,
        status=(rule.name if rule else "") or list_name,
        status_name=list_name,
        category=category,
        labels=labels,
        assignee=people[0] if people else "",
        reporter=_author(created, board),
        created=dates.of(created, "date") or _born(ref),
        updated=dates.of(card, "dateLastActivity"),
        started=_entered(actions, "started", board, dates) or dates.of(card, "start"),
        finished=_finished(card, actions, category, board, dates),
        due=_day(card, dates),
        comments=tuple(
            Comment(_author(action, board), dates.of(action, "date"), text)
            for action in actions
            if action.get("type") == "commentCard"
            and (text := text_of(_inner(action, "data").get("text")).strip())
        ),
        criteria=_criteria(board.checklists.get(ref, ())),
        rank=f"{list_rank:020.5f}|{_number(card.get('pos')):020.5f}",
        url=first_text([card.get("shortUrl"), card.get("url")]),
        changes=tuple(_changes(actions, board, dates)),
        extra=_extra(card, people, board),
    )


def _list_category(name: str, mapping: Mapping) -> str:
    rule = mapping.statuses.get(name)
    if rule:
        return rule.category
    return vocabulary.combined_category(status=name)


def _category(card: dict[str, Any], list_name: str, mapping: Mapping) -> str:
    found = _list_category(list_name, mapping)
    if card.get("dueComplete") is True and found != "dropped":
        return "done"
    return "dropped" if card.get("closed") is True and found != "done" else found


def _kind_of(label: str) -> str | None:
    kind = vocabulary.known_kind(label)
    return None if kind == vocabulary.USUAL_KIND else kind


def _finished(
    card: dict[str, Any],
    actions: list[dict[str, Any]],
    category: str,
    board: _Board,
    dates: Moments,
) -> datetime | None:
    """When the card last became done and stayed so: a move into such a list, its due date's tick, or being archived."""
    if category == "dropped":
        return _last(
            actions,
            dates,
            lambda old, now: old.get("closed") is False and now.get("closed") is True,
        )
    if category != "done":
        return None
    moved = _entered(actions, "done", board, dates)
    ticked = _last(
        actions,
        dates,
        lambda old, now: old.get("dueComplete") is False and now.get("dueComplete") is True,
    )
    return moved or ticked or dates.of(card, "dateCompleted")


def _entered(
    actions: list[dict[str, Any]], category: str, board: _Board, dates: Moments
) -> datetime | None:
    """When the card came into a list of that category: the last time for done, the first for started."""
    found: datetime | None = None
    for action in actions:
        data = _inner(action, "data")
        after, before = _inner(data, "listAfter"), _inner(data, "listBefore")
        if action.get("type") == "createCard":
            after = _inner(data, "list")
        if not after or (category == "started" and found):
            continue
        into = _list_category(_name_of(after, board), board.mapping) == category
        out_of = bool(before) and _list_category(_name_of(before, board), board.mapping) == category
        if into and not out_of:
            found = dates.of(action, "date")
    return found


def _changes(actions: list[dict[str, Any]], board: _Board, dates: Moments) -> Iterator[Change]:
    """What the actions say of the card's past: moves, new names and dates, archiving, people."""
    for action in actions:
        kind, data = text_of(action.get("type")), _inner(action, "data")
        old, now = _inner(data, "old"), _inner(data, "card")
        told: list[tuple[str, str, str, str]] = []
        after, before = _inner(data, "listAfter"), _inner(data, "listBefore")
        if after and before:
            name = _name_of(after, board)
            told.append(
                ("status", _name_of(before, board), name, _list_category(name, board.mapping))
            )
        for key, field_name in (("name", "title"), ("due", "due day")):
            if key in old and kind == "updateCard":
                told.append((field_name, text_of(old.get(key)), text_of(now.get(key)), ""))
        if isinstance(old.get("closed"), bool):
            told.append(
                ("archived", *(("no", "yes") if now.get("closed") is True else ("yes", "no")), "")
            )
        if kind in ("addMemberToCard", "removeMemberFromCard"):
            who = _person(_inner(action, "member")) or board.members.get(
                text_of(data.get("idMember")), ""
            )
            told.append(
                ("members", "", who, "") if kind.startswith("add") else ("members", who, "", "")
            )
        at = dates.of(action, "date") if told else None
        for field_name, was, became, category in told:
            if at is not None:
                yield Change(at, _author(action, board), field_name, was, became, category)


def _name_of(found: dict[str, Any], board: _Board) -> str:
    # The list may have been renamed since; its present name is the one people map.
    return board.lists.get(text_of(found.get("id")), (text_of(found.get("name")).strip(), 0.0))[0]


def _last(actions: list[dict[str, Any]], dates: Moments, changed: Any) -> datetime | None:
    found = None
    for action in actions:
        if changed(_inner(action, "data", "old"), _inner(action, "data", "card")):
            found = dates.of(action, "date")
    return found


def _criteria(checklists: Any) -> tuple[Criterion, ...]:
    ordered = sorted(checklists, key=lambda checklist: _number(checklist.get("pos")))
    return tuple(
        Criterion(text, item.get("state") == "complete")
        for checklist in ordered
        for item in sorted(
            objects(checklist.get("checkItems")), key=lambda item: _number(item.get("pos"))
        )
        if (text := text_of(item.get("name")).strip())
    )


def _extra(card: dict[str, Any], people: list[str], board: _Board) -> dict[str, Extra]:
    extra: dict[str, Extra] = {}
    if len(people) > 1:
        extra["Members"] = tuple(people)
    attachments = tuple(
        f"[{first_text([found.get('name'), url]).replace('[', '(').replace(']', ')')}]({url})"
        for found in objects(card.get("attachments"))
        if (url := text_of(found.get("url")).strip())
    )
    if attachments:
        extra["Attachments"] = attachments
    for item in objects(card.get("customFieldItems")):
        definition = board.custom_fields.get(text_of(item.get("idCustomField")), {})
        name = first_text([definition.get("name"), item.get("idCustomField")])
        if name and (value := _custom_value(item, definition)):
            extra[name] = value
    return extra


def _custom_value(item: dict[str, Any], definition: dict[str, Any]) -> str:
    if isinstance(item.get("value"), dict):
        return first_text(item["value"].values())
    chosen = text_of(item.get("idValue"))
    for option in objects(definition.get("options")):
        if chosen and text_of(option.get("id")) == chosen:
            return text_of(_inner(option, "value").get("text"))
    return ""


def _author(action: dict[str, Any], board: _Board) -> str:
    author = board.members.get(text_of(action.get("idMemberCreator")), "")
    return author or _person(_inner(action, "memberCreator"))


def _person(member: dict[str, Any]) -> str:
    return first_text([member.get("fullName"), member.get("username")])


def _born(ref: str) -> datetime | None:
    """A card's id is a MongoDB ObjectId: its first 8 hexadecimal digits are the seconds since 1970."""
    try:
        seconds = int(ref[:8], 16) if len(ref) == 24 and int(ref, 16) else 0
    except ValueError:
        return None
    return datetime.fromtimestamp(seconds, UTC) if seconds else None


def _day(card: dict[str, Any], dates: Moments) -> date | None:
    moment = dates.of(card, "due")
    return moment.astimezone(dates.zone).date() if moment else None


def _list(value: Any) -> list[Any]:
    return value if isinstance(value, list) else []


def _number(value: Any) -> float:
    usable = isinstance(value, int | float) and not isinstance(value, bool)
    return min(max(float(value), 0.0), 1e12) if usable else 0.0


def _inner(value: dict[str, Any], *names: str) -> dict[str, Any]:
    for name in names:
        found = value.get(name)
        value = found if isinstance(found, dict) else {}
    return value
