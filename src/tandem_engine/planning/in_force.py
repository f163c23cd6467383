"""Every rule of a problem, wherever it is written, by one name: to say it, to price it, to drop it."""

from collections.abc import Collection, Iterator
from dataclasses import dataclass, replace

from tandem_engine.planning.item import Item
from tandem_engine.planning.problem import Problem
from tandem_engine.planning.quantity import say
from tandem_engine.planning.rules import (
    AtMost,
    Before,
    Must,
    MustNot,
    Need,
    Pin,
    Rule,
    Share,
    Together,
    Window,
    keys,
)


@dataclass(frozen=True, slots=True)
class InForce:
    """A rule as it stands: ``where`` it is written (as in :class:`ProblemError`), and in words.

    ``kind`` is one of must, must_not, earliest, latest, window, pin, need, before, together,
    at_most, share. ``about`` are the items it names.
    """

    where: str
    kind: str
    about: tuple[str, ...]
    text: str
    reason: str = ""


def in_force(problem: Problem) -> tuple[InForce, ...]:
    """The rules of ``problem``: those written at items in their order, then the list of rules."""
    found = [rule for item in problem.items for rule in _of_item(item)]
    for index, rule in enumerate(problem.rules):
        kind, text = _said(rule)
        found.append(InForce(f"rules.{index}", kind, keys(rule), text, rule.reason))
    return tuple(found)


def without(problem: Problem, dropped: Collection[str]) -> Problem:
    """``problem`` without the rules written at these places."""
    places = set(dropped)
    items = tuple(_item_without(item, places) for item in problem.items)
    rules = tuple(
        rule for index, rule in enumerate(problem.rules) if f"rules.{index}" not in places
    )
    return replace(problem, items=items, rules=rules)


def _of_item(item: Item) -> Iterator[InForce]:
    place, about = f"items.{item.key}", (item.key,)
    if item.must:
        yield InForce(f"{place}.must", "must", about, f"{item.key} is a must-have")
    if item.must_not:
        yield InForce(f"{place}.must_not", "must_not", about, f"{item.key} is ruled out")
    if item.earliest is not None and item.earliest > 1:
        text = f"{item.key} is not finished before sprint {item.earliest}"
        yield InForce(f"{place}.earliest", "earliest", about, text)
    if item.latest is not None:
        text = f"{item.key} is due in sprint {item.latest}"
        yield InForce(f"{place}.latest", "latest", about, text)
    for need in sorted(item.needs):
        text = f"{item.key} needs {need}"
        yield InForce(f"{place}.needs.{need}", "need", (item.key, need), text)


def _item_without(item: Item, places: set[str]) -> Item:
    place = f"items.{item.key}"
    needs = frozenset(need for need in item.needs if f"{place}.needs.{need}" not in places)
    gone = {
        part for part in ("must", "must_not", "earliest", "latest") if f"{place}.{part}" in places
    }
    if not gone and needs == item.needs:
        return item
    return replace(
        item,
        needs=needs,
        must=item.must and "must" not in gone,
        must_not=item.must_not and "must_not" not in gone,
        earliest=None if "earliest" in gone else item.earliest,
        latest=None if "latest" in gone else item.latest,
    )


def _said(rule: Rule) -> tuple[str, str]:
    match rule:
        case Must(item):
            return "must", f"{item} is a must-have"
        case MustNot(item):
            return "must_not", f"{item} is ruled out"
        case Window(item, earliest, latest):
            return "window", f"{item} is finished {_between(earliest, latest)}"
        case Pin(item, sprint, team):
            who = f" by {team}" if team is not None else ""
            return "pin", f"{item} is finished in sprint {sprint}{who}"
        case Need(item, need, lag):
            return "need", f"{item} needs {need}{_later(lag)}"
        case Before(first, then, lag):
            return "before", f"{first} comes before {then}{_later(lag if lag > 1 else None)}"
        case Together(_, same_sprint):
            where = " in one sprint" if same_sprint else ""
            return "together", f"{', '.join(keys(rule))} are planned together{where} or not at all"
        case AtMost(_, count, at_least):
            most = f"at most {count}" if not at_least else f"from {at_least} to {count}"
            return "at_most", f"{most} of {', '.join(keys(rule))} are planned"
        case Share():
            return "share", _share(rule)


def _between(earliest: int | None, latest: int | None) -> str:
    if earliest is None:
        return f"by sprint {latest}"
    return f"from sprint {earliest} on" if latest is None else f"in sprint {earliest} to {latest}"


def _later(lag: int | None) -> str:
    if lag is None:
        return ""
    return ", in the same sprint or earlier" if lag == 0 else f", {lag} sprint(s) earlier"


def _share(rule: Share) -> str:
    parts = [
        f"{word} {say(100 * part)} %"
        for word, part in (("at least", rule.minimum), ("at most", rule.maximum))
        if part is not None
    ]
    whole = "the planned work" if rule.of == "plan" else "all capacity"
    each = " in each sprint" if rule.each_sprint else ""
    return f"{' and '.join(parts)} of {whole}{each} is {rule.name}"
