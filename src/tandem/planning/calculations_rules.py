"""A scenario's rules -> the engine's rules. What speaks of items that are not planned rests."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from tandem_engine.planning import (
    AtMost,
    Before,
    Must,
    MustNot,
    Pin,
    Rule,
    Share,
    Together,
    Window,
)


@dataclass(frozen=True)
class RuleInput:
    """A rule as calculations read it; items by their row's id, ``share`` in percent."""

    kind: str
    item: int | None = None
    others: tuple[int, ...] = ()
    number: int | None = None
    team: str | None = None
    item_kind: str = ""
    label: str = ""
    share: float | None = None
    each_sprint: bool = False
    reason: str = ""
    pk: int | None = None


@dataclass(frozen=True)
class Ruled:
    """The engine's rules, beside each the rule it was made from, and the ones that rest."""

    rules: tuple[Rule, ...]
    sources: tuple[RuleInput, ...]
    resting: tuple[RuleInput, ...]


def ruled(
    rules: Iterable[RuleInput],
    keys: Mapping[int, str],
    teams: set[str],
    *,
    same_sprint_allowed: bool = True,
) -> Ruled:
    """``keys``: the planned items' keys by row id. A rule without its items, or team, rests."""
    made: list[Rule] = []
    sources: list[RuleInput] = []
    resting: list[RuleInput] = []
    for source in rules:
        rule = _rule(source, keys, teams, lag=0 if same_sprint_allowed else 1)
        if rule is None:
            resting.append(source)
        else:
            made.append(rule)
            sources.append(source)
    return Ruled(tuple(made), tuple(sources), tuple(resting))


def _rule(source: RuleInput, keys: Mapping[int, str], teams: set[str], *, lag: int) -> Rule | None:
    if source.kind in ("share_min", "share_max"):
        return _share(source)
    key = keys.get(source.item or 0)
    others = [keys[pk] for pk in source.others if pk in keys]
    if source.kind == "at_most":
        several = frozenset([*others, *([key] if key else [])])
        count = source.number or 0
        return AtMost(several, count, reason=source.reason) if len(several) > count else None
    if key is None:
        return None
    reason = source.reason
    match source.kind:
        case "must":
            return Must(key, reason)
        case "must_not":
            return MustNot(key, reason)
        case "in_sprint":
            return _pin(source, key, teams)
        case "earliest":
            return Window(key, earliest=source.number, reason=reason)
        case "latest":
            return Window(key, latest=source.number, reason=reason)
        case "before":
            return Before(key, others[0], lag, reason) if others else None
        case "together":
            return Together(frozenset([key, *others]), reason=reason) if others else None
    return None


def _pin(source: RuleInput, key: str, teams: set[str]) -> Rule | None:
    assert source.number is not None
    if source.team is not None and source.team not in teams:
        return None
    return Pin(key, source.number, source.team, source.reason)


def _share(source: RuleInput) -> Rule:
    part = (source.share or 0.0) / 100
    return Share(
        minimum=part if source.kind == "share_min" else None,
        maximum=part if source.kind == "share_max" else None,
        kind=source.item_kind or None,
        goal=source.label or None,
        each_sprint=source.each_sprint,
        reason=source.reason,
    )
