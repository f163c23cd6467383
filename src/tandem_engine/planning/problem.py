"""What is to be planned: items, teams with their capacity, and the rules. Values that check themselves."""

import math
from dataclasses import dataclass, field, replace
from functools import cached_property
from itertools import pairwise

from tandem_engine.planning import graph
from tandem_engine.planning.quantity import LARGEST, say


class ProblemError(ValueError):
    """An input no plan can be made from.

    ``message`` is a sentence a person reads: what is wrong and what to do. ``where`` names the
    input at fault (``"items.PAY-3.effort"``, ``"teams.Web.capacity"``, ``"capacity"``), so that
    a form can show the sentence beside its field.
    """

    def __init__(self, message: str, where: str) -> None:
        super().__init__(message)
        self.message = message
        self.where = where


@dataclass(frozen=True, slots=True)
class Item:
    """Something that may be planned.

    ``value`` is the score (any finite number), ``effort`` what it takes in the unit of the
    capacity (0 or more). ``needs`` are the keys of its prerequisites. ``team`` names who does
    it; ``None`` lets any team take it. ``must`` puts it into every plan, together with what it
    needs; ``must_not`` keeps it out. ``earliest`` and ``latest`` are the sprints, counted from
    1, it may be finished in. Raises :class:`ProblemError`.
    """

    key: str
    value: float
    effort: float
    needs: frozenset[str] = frozenset()
    team: str | None = None
    must: bool = False
    must_not: bool = False
    earliest: int | None = None
    latest: int | None = None

    def __post_init__(self) -> None:
        if not self.key:
            raise ProblemError("Every item needs a key.", "items")
        object.__setattr__(self, "needs", frozenset(self.needs))
        if not _is_number(self.value):
            raise self._error("value", f"its value is {_shown(self.value)}; give it a number")
        if not _is_number(self.effort) or not 0 <= self.effort <= LARGEST:
            raise self._error(
                "effort", f"its effort is {_shown(self.effort)}; give it a number, 0 or more"
            )
        if self.must and self.must_not:
            raise self._error("must", "it is both a must-have and ruled out; keep one of the two")
        for name, sprint in (("earliest", self.earliest), ("latest", self.latest)):
            if sprint is not None and sprint < 1:
                raise self._error(name, f"its {name} sprint is {sprint}; sprints count from 1")
        if self.earliest is not None and self.latest is not None and self.earliest > self.latest:
            raise self._error(
                "latest",
                f"it may start counting in sprint {self.earliest} but is due in sprint "
                f"{self.latest}; move one of the two",
            )

    def _error(self, part: str, what: str) -> ProblemError:
        return ProblemError(f"{self.key}: {what}.", f"items.{self.key}.{part}")


@dataclass(frozen=True, slots=True)
class Team:
    """Who works, and how much fits into each sprint (same unit as effort, 0 or more).

    Raises :class:`ProblemError`.
    """

    name: str
    capacity: tuple[float, ...]

    def __post_init__(self) -> None:
        object.__setattr__(self, "capacity", tuple(self.capacity))
        if not self.name:
            raise ProblemError("Every team needs a name.", "teams")
        where = f"teams.{self.name}.capacity"
        if not self.capacity:
            raise ProblemError(f"Team {self.name} has no sprints; plan at least one.", where)
        for sprint, amount in enumerate(self.capacity, start=1):
            if not _is_number(amount) or not 0 <= amount <= LARGEST:
                raise ProblemError(
                    f"Team {self.name} has a capacity of {_shown(amount)} in sprint {sprint}; "
                    "give it a number, 0 or more.",
                    where,
                )


@dataclass(frozen=True)
class Problem:
    """Items, teams and the rules that bind them, checked as a whole.

    ``same_sprint_allowed``: a prerequisite may be finished in the same sprint as what needs it;
    otherwise it has to be finished a sprint earlier. ``delivery_weights`` say what a value is
    worth when delivered in sprint 1, 2, ...: from 1 downwards, never rising, above 0 (cost of
    delay; a negative value counts in full); ``None`` means the sprint does not matter. Raises :class:`ProblemError`.
    """

    items: tuple[Item, ...]
    teams: tuple[Team, ...]
    same_sprint_allowed: bool = True
    delivery_weights: tuple[float, ...] | None = field(default=None)

    def __post_init__(self) -> None:
        object.__setattr__(self, "items", tuple(self.items))
        object.__setattr__(self, "teams", tuple(self.teams))
        self._check_teams()
        self._check_items()
        self._check_prerequisites()
        self._check_weights()

    @cached_property
    def by_key(self) -> dict[str, Item]:
        """The items by their key, in the order given."""
        return {item.key: item for item in self.items}

    @cached_property
    def needs(self) -> dict[str, tuple[str, ...]]:
        """Direct prerequisites by key, sorted so that every run walks them alike."""
        return {item.key: tuple(sorted(item.needs)) for item in self.items}

    @property
    def sprints(self) -> int:
        """How many sprints are planned."""
        return len(self.teams[0].capacity)

    @property
    def weights(self) -> tuple[float, ...]:
        """What a value counts when finished in each sprint; all 1 unless weights were given."""
        return self.delivery_weights or (1.0,) * self.sprints

    @property
    def capacity(self) -> float:
        """What all teams hold in all sprints together."""
        return math.fsum(amount for team in self.teams for amount in team.capacity)

    def closure(self, *keys: str) -> frozenset[str]:
        """``keys`` with everything they need, directly or through others."""
        return graph.closure(self.needs, keys)

    def with_must(self, key: str) -> "Problem":
        """The same problem with ``key`` made a must-have (and no longer ruled out)."""
        return replace(
            self,
            items=tuple(
                replace(item, must=True, must_not=False) if item.key == key else item
                for item in self.items
            ),
        )

    def _check_teams(self) -> None:
        if not self.teams:
            raise ProblemError("There is no team; add one with its capacity per sprint.", "teams")
        names = [team.name for team in self.teams]
        for name in names:
            if names.count(name) > 1:
                raise ProblemError(f"Two teams are called {name}; rename one.", f"teams.{name}")
        first = self.teams[0]
        for team in self.teams:
            if len(team.capacity) != len(first.capacity):
                raise ProblemError(
                    f"Team {team.name} has {len(team.capacity)} sprints and {first.name} "
                    f"{len(first.capacity)}; give both the same number.",
                    f"teams.{team.name}.capacity",
                )
        if self.capacity <= 0:
            raise ProblemError(
                "There is no capacity in any sprint; give at least one team some.", "capacity"
            )

    def _check_items(self) -> None:
        names = {team.name for team in self.teams}
        seen: set[str] = set()
        for item in self.items:
            if item.key in seen:
                raise ProblemError(
                    f"{item.key} is listed twice; keys must differ.", f"items.{item.key}"
                )
            seen.add(item.key)
            if item.team is not None and item.team not in names:
                raise ProblemError(
                    f"{item.key} belongs to team {item.team}, which has no capacity here; "
                    "add the team or let any team take the item.",
                    f"items.{item.key}.team",
                )

    def _check_prerequisites(self) -> None:
        for item in self.items:
            for need in sorted(item.needs):
                if need not in self.by_key:
                    raise ProblemError(
                        f"{item.key} needs {need}, which is not among the items; add it or "
                        "remove the dependency.",
                        f"items.{item.key}.needs",
                    )
        path = graph.cycle(self.needs)
        if path:
            raise ProblemError(
                f"These items wait for each other: {' -> '.join(path)}. Remove one of the "
                "dependencies.",
                f"items.{path[0]}.needs",
            )

    def _check_weights(self) -> None:
        if self.delivery_weights is None:
            return
        weights = tuple(self.delivery_weights)
        object.__setattr__(self, "delivery_weights", weights)
        if len(weights) != self.sprints:
            raise ProblemError(
                f"There are {len(weights)} delivery weights for {self.sprints} sprints; "
                "give one for each.",
                "delivery_weights",
            )
        falling = all(a >= b for a, b in pairwise(weights))
        if not all(_is_number(w) and 0 < w <= 1 for w in weights) or not falling:
            raise ProblemError(
                "Delivery weights go from 1 downwards, never rising and never 0 or less.",
                "delivery_weights",
            )


def _is_number(value: object) -> bool:
    return isinstance(value, (int, float)) and not isinstance(value, bool) and math.isfinite(value)


def _shown(value: object) -> str:
    if value is None:
        return "missing"
    return say(value) if isinstance(value, (int, float)) and math.isfinite(value) else str(value)
