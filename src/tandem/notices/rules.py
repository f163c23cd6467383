"""Which events tell whom and why: every app's table, registered here. Imports point down, so an
app lower than another never asks it."""

from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass

from django.utils.translation import gettext as _

from tandem.core.models import Event
from tandem.notices.models import Reason

#: Events, no two of one thing, and whom each tells: pairs of an event's and a member's number.
Who = Callable[[Sequence[Event]], Iterable[tuple[int, int]]]


def each(who: Callable[[Event], Iterable[int]]) -> Who:
    """A rule that looks at one event after the other: for verbs that seldom come in hundreds."""
    return lambda events: ((event.pk, member) for event in events for member in who(event))


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
#: ``follow_up(events)``: what an app does with events of a verb, no two of one thing, before
#: anybody is told, such as watching.
FollowUp = Callable[[Sequence[Event]], None]
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


def prepare(events: Sequence[Event]) -> None:
    """What comes before telling, of events no two of which are of one thing."""
    for verb, some in _by_verb(events).items():
        for follow_up in _first.get(verb, ()):
            follow_up(some)


def told_by(events: Sequence[Event]) -> dict[int, dict[int, Reason]]:
    """Event -> member -> the strongest reason to tell them; never who did it."""
    found: dict[int, dict[int, Reason]] = {event.pk: {} for event in events}
    for verb, some in _by_verb(events).items():
        for reason in Reason:
            for rule in _rules.get(verb, ()):
                if rule.reason == reason:
                    for event_id, member_id in rule.who(some):
                        found[event_id].setdefault(member_id, reason)
    for event in events:
        found[event.pk].pop(event.member_id or 0, None)
    return found


def _by_verb(events: Sequence[Event]) -> dict[str, list[Event]]:
    found: dict[str, list[Event]] = defaultdict(list)
    for event in events:
        found[event.verb].append(event)
    return found


def kind_of(name: str) -> Kind | None:
    return _kinds.get(name)


def words_of(event: Event) -> Words:
    kind = _kinds.get(event.object_kind)
    if kind is None:
        return Words(event.member_name or _("Somebody"), event.verb.replace(".", " "))
    return kind.words(event)
