"""What may be selected for a release, who wants it, and what it brings. Values that check themselves."""

import math
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property

from tandem_engine.planning import graph
from tandem_engine.planning.problem import ProblemError

#: Costs and values are counted in whole steps of one of these fractions of 1.
_SCALES = (1, 10, 100, 1_000)
#: Largest cost or value taken.
LARGEST = 1e7


@dataclass(frozen=True, slots=True)
class Requirement:
    """Something that may go into the release.

    ``cost`` is what it takes (0 or more), ``value`` what it is worth by itself (0 or more),
    ``needs`` the keys of what must go in with it. Raises :class:`ProblemError`.
    """

    key: str
    cost: float
    value: float = 0.0
    needs: frozenset[str] = frozenset()

    def __post_init__(self) -> None:
        if not self.key:
            raise ProblemError("Every requirement needs a key.", "requirements")
        _check(self.cost, f"requirements.{self.key}.cost", f"The cost of {self.key}")
        _check(self.value, f"requirements.{self.key}.value", f"The value of {self.key}")
        object.__setattr__(self, "needs", frozenset(self.needs))


@dataclass(frozen=True, slots=True)
class Requester:
    """Somebody whose ``value`` (0 or more) counts only when everything in ``wants`` is in."""

    key: str
    value: float
    wants: frozenset[str]

    def __post_init__(self) -> None:
        if not self.key:
            raise ProblemError("Every requester needs a key.", "requesters")
        _check(self.value, f"requesters.{self.key}.value", f"The value of {self.key}")
        object.__setattr__(self, "wants", frozenset(self.wants))


@dataclass(frozen=True)
class SelectionProblem:
    """Requirements with costs and prerequisites, and requesters who want sets of them.

    The Next Release Problem (Bagnall, Rayward-Smith & Whittley 2001, Inf. Softw. Technol. 43):
    a requester's value counts only when all it wants is in. A requirement's own value is a
    requester who wants just that. Costs and values are exact to three decimals; finer ones are
    rounded, costs up and values to the nearest. Raises :class:`ProblemError` on a key that
    appears twice or nowhere, and on prerequisites that go in a circle.
    """

    requirements: tuple[Requirement, ...]
    requesters: tuple[Requester, ...] = ()

    def __post_init__(self) -> None:
        object.__setattr__(self, "requirements", tuple(self.requirements))
        object.__setattr__(self, "requesters", tuple(self.requesters))
        known = _unique((r.key for r in self.requirements), "requirement", "requirements")
        _unique((r.key for r in self.requesters), "requester", "requesters")
        for requirement in self.requirements:
            for key in requirement.needs - known:
                raise ProblemError(
                    f"{requirement.key} needs {key}, which is not among the requirements. "
                    f"Add {key}, or take it out of what {requirement.key} needs.",
                    f"requirements.{requirement.key}.needs",
                )
        for requester in self.requesters:
            for key in requester.wants - known:
                raise ProblemError(
                    f"{requester.key} wants {key}, which is not among the requirements.",
                    f"requesters.{requester.key}.wants",
                )
        circle = graph.cycle({r.key: r.needs for r in self.requirements})
        if circle:
            raise ProblemError(
                f"These need each other in a circle: {' → '.join(circle)}. Take one link out.",
                f"requirements.{circle[0]}.needs",
            )

    @cached_property
    def cost_scale(self) -> int:
        """Steps of cost in 1: 1, 10, 100 or 1,000."""
        return _scale(r.cost for r in self.requirements)

    @cached_property
    def value_scale(self) -> int:
        """Steps of value in 1: 1, 10, 100 or 1,000."""
        values = [r.value for r in self.requirements] + [r.value for r in self.requesters]
        return _scale(values)

    @cached_property
    def total_cost(self) -> float:
        """What everything together costs."""
        return math.fsum(r.cost for r in self.requirements)


def _check(amount: float, where: str, what: str) -> None:
    if not math.isfinite(amount) or not 0 <= amount <= LARGEST:
        raise ProblemError(f"{what} must be a number from 0 to {LARGEST:,.0f}.", where)


def _unique(keys: Iterable[str], noun: str, where: str) -> frozenset[str]:
    seen: set[str] = set()
    for key in keys:
        if key in seen:
            raise ProblemError(f"The {noun} {key} appears twice.", f"{where}.{key}")
        seen.add(key)
    return frozenset(seen)


def _scale(amounts: Iterable[float]) -> int:
    listed = list(amounts)
    for scale in _SCALES[:-1]:
        if all(abs(amount * scale - round(amount * scale)) < 1e-6 for amount in listed):
            return scale
    return _SCALES[-1]
