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
from tandem_engine.words import said


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
        yield InForce(f"{place}.must", "must", about, said("%(key)s is a must-have", key=item.key))
    if item.must_not:
        yield InForce(
            f"{place}.must_not", "must_not", about, said("%(key)s is ruled out", key=item.key)
        )
    if item.earliest is not None and item.earliest > 1:
        text = said(
            "%(key)s is not finished before sprint %(sprint)s", key=item.key, sprint=item.earliest
        )
        yield InForce(f"{place}.earliest", "earliest", about, text)
    if item.latest is not None:
        text = said("%(key)s is due in sprint %(sprint)s", key=item.key, sprint=item.latest)
        yield InForce(f"{place}.latest", "latest", about, text)
    for need in sorted(item.needs):
        text = said("%(key)s needs %(need)s", key=item.key, need=need)
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
            return "must", said("%(key)s is a must-have", key=item)
        case MustNot(item):
            return "must_not", said("%(key)s is ruled out", key=item)
        case Window(item, earliest, latest):
            return "window", _between(item, earliest, latest)
        case Pin(item, sprint, team):
            if team is None:
                pinned = said("%(key)s is finished in sprint %(sprint)s", key=item, sprint=sprint)
            else:
                pinned = said(
                    "%(key)s is finished in sprint %(sprint)s by %(team)s",
                    key=item,
                    sprint=sprint,
                    team=team,
                )
            return "pin", pinned
        case Need(item, need, lag):
            return "need", _needs(item, need, lag)
        case Before(first, then, lag):
            if lag <= 1:
                return "before", said("%(first)s comes before %(then)s", first=first, then=then)
            return "before", said(
                "%(first)s comes before %(then)s, %(lag)s sprint(s) earlier",
                first=first,
                then=then,
                lag=lag,
            )
        case Together(_, same_sprint):
            several = ", ".join(keys(rule))
            if same_sprint:
                text = said(
                    "%(keys)s are planned together in one sprint or not at all", keys=several
                )
            else:
                text = said("%(keys)s are planned together or not at all", keys=several)
            return "together", text
        case AtMost(_, count, at_least):
            several = ", ".join(keys(rule))
            if at_least:
                return "at_most", said(
                    "from %(least)s to %(most)s of %(keys)s are planned",
                    least=at_least,
                    most=count,
                    keys=several,
                )
            return "at_most", said(
                "at most %(most)s of %(keys)s are planned", most=count, keys=several
            )
        case Share():
            return "share", _share(rule)


def _between(item: str, earliest: int | None, latest: int | None) -> str:
    if earliest is None:
        return said("%(key)s is finished by sprint %(latest)s", key=item, latest=str(latest))
    if latest is None:
        return said("%(key)s is finished from sprint %(earliest)s on", key=item, earliest=earliest)
    return said(
        "%(key)s is finished in sprint %(earliest)s to %(latest)s",
        key=item,
        earliest=earliest,
        latest=latest,
    )


def _needs(item: str, need: str, lag: int | None) -> str:
    if lag is None:
        return said("%(key)s needs %(need)s", key=item, need=need)
    if lag == 0:
        return said("%(key)s needs %(need)s, in the same sprint or earlier", key=item, need=need)
    return said("%(key)s needs %(need)s, %(lag)s sprint(s) earlier", key=item, need=need, lag=lag)


def _share(rule: Share) -> str:
    bounds, name = _bounds(rule), rule.name
    if rule.of == "plan":
        if rule.each_sprint:
            return said(
                "%(bounds)s of the planned work in each sprint is %(name)s",
                bounds=bounds,
                name=name,
            )
        return said("%(bounds)s of the planned work is %(name)s", bounds=bounds, name=name)
    if rule.each_sprint:
        return said(
            "%(bounds)s of all capacity in each sprint is %(name)s", bounds=bounds, name=name
        )
    return said("%(bounds)s of all capacity is %(name)s", bounds=bounds, name=name)


def _bounds(rule: Share) -> str:
    least = None if rule.minimum is None else say(100 * rule.minimum)
    most = None if rule.maximum is None else say(100 * rule.maximum)
    if least is not None and most is not None:
        return said("at least %(least)s %% and at most %(most)s %%", least=least, most=most)
    if least is not None:
        return said("at least %(least)s %%", least=least)
    return "" if most is None else said("at most %(most)s %%", most=most)
