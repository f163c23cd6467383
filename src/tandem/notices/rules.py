"""Which events tell whom and why: every app's table, registered here. Imports point down, so an
app lower than another never asks it."""

from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass

from django.utils.translation import gettext as _

from tandem.core.models import Event
from tandem.notices.models import Reason

Who = Callable[[Event], Iterable[int]]


@dataclass(frozen=True)
class Rule:
    """Events of ``verb`` tell the members ``who`` names, because of ``reason``."""

    verb: str
    reason: Reason
    who: Who


@dataclass(frozen=True)
class Subject:
    """What a notice is about, as its line shows it."""

    label: str
    path: str
    product_id: int | None


@dataclass(frozen=True)
class Words:
    """An event as a line of the inbox: ``Petra Holm`` ``commented`` ``“Soon”``."""

    who: str
    did: str
    quote: str = ""


@dataclass(frozen=True)
class Kind:
    """Rows of one kind (an event's ``object_kind``) that notices are about."""

    subjects: Callable[[Collection[int]], Mapping[int, Subject]]
    words: Callable[[Event], Words]


_rules: dict[str, list[Rule]] = {}
_kinds: dict[str, Kind] = {}
#: ``follow_up(event)``: what an app does with an event before anybody is told, such as watching.
FollowUp = Callable[[Event], None]
_first: dict[str, list[FollowUp]] = {}


def register(object_kind: str, kind: Kind, rules: Iterable[Rule]) -> None:
    """An app's table for its rows of this kind."""
    _kinds[object_kind] = kind
    for rule in rules:
        known = _rules.setdefault(rule.verb, [])
        if rule not in known:
            known.append(rule)


def before(verb: str, follow_up: FollowUp) -> None:
    _first.setdefault(verb, []).append(follow_up)


def concerns(event: Event) -> bool:
    return event.verb in _rules or event.verb in _first


def prepare(event: Event) -> None:
    for follow_up in _first.get(event.verb, ()):
        follow_up(event)


def told_by(event: Event) -> dict[int, Reason]:
    """Member -> the strongest reason to tell them; never who did it."""
    found: dict[int, Reason] = {}
    for reason in Reason:
        for rule in _rules.get(event.verb, ()):
            if rule.reason == reason:
                for member_id in rule.who(event):
                    found.setdefault(member_id, reason)
    found.pop(event.member_id or 0, None)
    return found


def kind_of(event: Event) -> Kind | None:
    return _kinds.get(event.object_kind)


def words_of(event: Event) -> Words:
    kind = _kinds.get(event.object_kind)
    if kind is None:
        return Words(event.member_name or _("Somebody"), event.verb.replace(".", " "))
    return kind.words(event)
