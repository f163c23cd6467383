"""The rules a plan has to keep besides capacity, as values. ``reason`` is what a person wrote.

Sprints count from 1. What a rule speaks of is checked by the problem that holds it.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Literal

from tandem_engine.planning.errors import ProblemError, is_number, shown
from tandem_engine.words import said


@dataclass(frozen=True, slots=True)
class Must:
    """``item`` is in every plan, with what it needs."""

    item: str
    reason: str = ""


@dataclass(frozen=True, slots=True)
class MustNot:
    """``item`` is in no plan."""

    item: str
    reason: str = ""


@dataclass(frozen=True, slots=True)
class Window:
    """If ``item`` is planned, it is finished from sprint ``earliest`` to sprint ``latest``."""

    item: str
    earliest: int | None = None
    latest: int | None = None
    reason: str = ""


@dataclass(frozen=True, slots=True)
class Pin:
    """``item`` is finished in ``sprint``, by ``team`` if one is given: carried over, or dragged there."""

    item: str
    sprint: int
    team: str | None = None
    reason: str = ""


@dataclass(frozen=True, slots=True)
class Need:
    """``item`` needs ``need``: it is planned only with it, finished ``lag`` sprints later or more.

    Lag 0 lets both be finished in the same sprint, 1 asks for the sprint after, 2 leaves a sprint
    in between; ``None`` means what the problem says of prerequisites in general. Said of a
    prerequisite the item lists itself, it settles the lag of that one.
    """

    item: str
    need: str
    lag: int | None = None
    reason: str = ""


@dataclass(frozen=True, slots=True)
class Before:
    """If both are planned, ``then`` is finished ``lag`` sprints after ``first`` or later.

    An order without a need: either may be planned alone.
    """

    first: str
    then: str
    lag: int = 1
    reason: str = ""


@dataclass(frozen=True, slots=True)
class Together:
    """All of ``items`` are planned or none, with ``same_sprint`` finished in the same sprint."""

    items: frozenset[str]
    same_sprint: bool = False
    reason: str = ""

    def __post_init__(self) -> None:
        object.__setattr__(self, "items", frozenset(self.items))


@dataclass(frozen=True, slots=True)
class AtMost:
    """No more than ``count`` of ``items`` are planned; ``at_least`` asks for so many."""

    items: frozenset[str]
    count: int
    at_least: int = 0
    reason: str = ""

    def __post_init__(self) -> None:
        object.__setattr__(self, "items", frozenset(self.items))


@dataclass(frozen=True, slots=True)
class Share:
    """What part of the work goes to a group: ``minimum`` to ``maximum``, from 0 to 1.

    The group is every item of ``kind``, or with ``goal``, or one of ``items``; give exactly one.
    ``of`` "plan" takes the part of the planned effort, "capacity" of all teams' capacity: over the
    whole horizon, or with ``each_sprint`` of what is finished in each sprint.
    """

    minimum: float | None = None
    maximum: float | None = None
    kind: str | None = None
    goal: str | None = None
    items: frozenset[str] | None = None
    of: Literal["plan", "capacity"] = "plan"
    reason: str = ""
    each_sprint: bool = False

    def __post_init__(self) -> None:
        if self.items is not None:
            object.__setattr__(self, "items", frozenset(self.items))

    @property
    def name(self) -> str:
        """The group as a phrase."""
        if self.kind is not None:
            return said(self.kind.replace("%", "%%"))
        if self.goal is not None:
            return said("goal %(name)s", name=self.goal)
        return said("the group")


Rule = Must | MustNot | Window | Pin | Need | Before | Together | AtMost | Share


def keys(rule: Rule) -> tuple[str, ...]:
    """The items a rule names, sorted where their order says nothing."""
    match rule:
        case Must(item) | MustNot(item) | Window(item) | Pin(item):
            return (item,)
        case Need(item, need):
            return (item, need)
        case Before(first, then):
            return (first, then)
        case Together(items) | AtMost(items):
            return tuple(sorted(items))
        case Share():
            return tuple(sorted(rule.items or ()))


def check(rule: Rule, where: str, known: Iterable[str], teams: Iterable[str], sprints: int) -> None:
    """Raise :class:`ProblemError` when ``rule`` cannot be read; whether it can be kept is not asked."""
    for key in keys(rule):
        if key not in known:
            raise ProblemError(
                said(
                    "A rule speaks of %(key)s, which is not among the items; add it or drop the "
                    "rule.",
                    key=key,
                ),
                where,
            )
    match rule:
        case Window(_, earliest, latest):
            for sprint in (earliest, latest):
                if sprint is not None and sprint < 1:
                    raise ProblemError(
                        said("Sprint %(number)s: sprints count from 1.", number=sprint), where
                    )
        case Pin(item, sprint, team):
            if not 1 <= sprint <= sprints:
                raise ProblemError(
                    said(
                        "%(key)s is put into sprint %(sprint)s; the plan has sprints 1 to %(last)s.",
                        key=item,
                        sprint=sprint,
                        last=sprints,
                    ),
                    where,
                )
            if team is not None and team not in teams:
                raise ProblemError(
                    said(
                        "%(key)s is given to team %(team)s, which has no capacity here.",
                        key=item,
                        team=team,
                    ),
                    where,
                )
        case Need(one, other, lag) | Before(one, other, lag):
            if one == other:
                raise ProblemError(
                    said("%(key)s cannot wait for itself; choose two items.", key=one), where
                )
            if lag is not None and lag < 0:
                raise ProblemError(f"A lag of {lag} sprints; give 0 or more.", where)
        case Together(items) if len(items) < 2:
            raise ProblemError(said("Choose at least two items that belong together."), where)
        case AtMost(items, count, at_least):
            if count < 0 or at_least < 0 or at_least > count:
                raise ProblemError(
                    said(
                        "From %(least)s to %(most)s of %(count)s items; give a smaller number, 0 or "
                        "more, and a larger one.",
                        least=at_least,
                        most=count,
                        count=len(items),
                    ),
                    where,
                )
        case Share():
            _check_share(rule, where)
        case _:
            pass


def _check_share(rule: Share, where: str) -> None:
    if sum(part is not None for part in (rule.kind, rule.goal, rule.items)) != 1:
        raise ProblemError("Say whose share it is: a kind, a goal or items, one of them.", where)
    if rule.minimum is None and rule.maximum is None:
        raise ProblemError(f"Give {rule.name} a smallest or a largest share.", where)
    for part in (rule.minimum, rule.maximum):
        if part is not None and (not is_number(part) or not 0 <= part <= 1):
            raise ProblemError(
                f"The share of {rule.name} is {shown(part)}; give a number from 0 to 1.", where
            )
    if rule.minimum is not None and rule.maximum is not None and rule.minimum > rule.maximum:
        raise ProblemError(
            f"The smallest share of {rule.name} is above the largest; swap the two.", where
        )
