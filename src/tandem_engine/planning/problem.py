"""What is to be planned: items, teams with their capacity, and the rules. Values that check themselves."""

import math
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from functools import cached_property

from tandem_engine.planning import graph, rules
from tandem_engine.planning.errors import ProblemError
from tandem_engine.planning.item import Item, Part, checked
from tandem_engine.planning.rules import Must, MustNot, Need, Pin, Rule, Together, Window
from tandem_engine.planning.team import Skill, Team
from tandem_engine.words import figure, said

__all__ = ["Bounds", "Item", "Part", "Problem", "ProblemError", "Skill", "Team"]

#: So many items are planned together at most: some gigabytes of memory would be needed for more.
MOST_ITEMS = 100_000


@dataclass(frozen=True, slots=True)
class Bounds:
    """What all rules about one item come to. ``last`` may lie before ``first``: then it fits nowhere."""

    must: bool
    must_not: bool
    first: int
    last: int
    team: str | None


@dataclass(frozen=True)
class Problem:
    """Items, teams and the rules that bind them, checked as a whole.

    ``same_sprint_allowed``: a prerequisite may be finished in the same sprint as what needs it;
    otherwise it has to be finished a sprint earlier. ``delivery_weights`` say what a value is
    worth when delivered in sprint 1, 2, ...: from 1 downwards, never rising, above 0 (cost of
    delay; a negative value counts in full); ``None`` means the sprint does not matter. ``rules``
    are those of :mod:`tandem_engine.planning.rules`. Raises :class:`ProblemError`.
    """

    items: tuple[Item, ...]
    teams: tuple[Team, ...]
    same_sprint_allowed: bool = True
    delivery_weights: tuple[float, ...] | None = field(default=None)
    rules: tuple[Rule, ...] = ()

    def __post_init__(self) -> None:
        object.__setattr__(self, "items", tuple(self.items))
        object.__setattr__(self, "teams", tuple(self.teams))
        object.__setattr__(self, "rules", tuple(self.rules))
        if len(self.items) > MOST_ITEMS:
            raise ProblemError(
                said(
                    "%(count)s items are more than can be planned together; give at most %(most)s, "
                    "those with the highest scores.",
                    count=figure(len(self.items), ","),
                    most=figure(MOST_ITEMS, ","),
                ),
                "items",
            )
        self._check_teams()
        self._check_items()
        self._check_rules()
        self._check_prerequisites()
        self._check_weights()

    @cached_property
    def by_key(self) -> dict[str, Item]:
        """The items by their key, in the order given."""
        return {item.key: item for item in self.items}

    @cached_property
    def needs(self) -> dict[str, tuple[str, ...]]:
        """Direct prerequisites by key, sorted so that every run walks them alike."""
        found = {item.key: set(item.needs) for item in self.items}
        for rule in self.rules:
            if isinstance(rule, Need):
                found[rule.item].add(rule.need)
        return {key: tuple(sorted(wanted)) for key, wanted in found.items()}

    @cached_property
    def lags(self) -> Mapping[tuple[str, str], int]:
        """Lags that differ from :attr:`lag`, by (item, prerequisite); the longest of several."""
        found: dict[tuple[str, str], int] = {}
        for rule in self.rules:
            if isinstance(rule, Need):
                pair = (rule.item, rule.need)
                lag = self.lag if rule.lag is None else rule.lag
                found[pair] = max(found.get(pair, lag), lag)
        return found

    @property
    def lag(self) -> int:
        """Sprints from a prerequisite to what needs it where no rule says otherwise."""
        return 0 if self.same_sprint_allowed else 1

    @cached_property
    def pulls(self) -> dict[str, tuple[str, ...]]:
        """What each item brings into a plan with it: its prerequisites, and what belongs to it."""
        found = {key: set(wanted) for key, wanted in self.needs.items()}
        for rule in self.rules:
            if isinstance(rule, Together):
                for key in rule.items:
                    found[key] |= rule.items - {key}
        return {key: tuple(sorted(pulled)) for key, pulled in found.items()}

    @cached_property
    def bounds(self) -> dict[str, Bounds]:
        """By key, what the item and the rules about it alone come to."""
        found = {
            item.key: Bounds(
                item.must,
                item.must_not,
                item.earliest or 1,
                min(item.latest or self.sprints, self.sprints),
                item.team,
            )
            for item in self.items
        }
        for rule in self.rules:
            match rule:
                case Must(key):
                    found[key] = replace(found[key], must=True)
                case MustNot(key):
                    found[key] = replace(found[key], must_not=True)
                case Window(key, earliest, latest):
                    found[key] = replace(
                        found[key],
                        first=max(found[key].first, earliest or 1),
                        last=min(found[key].last, latest or self.sprints),
                    )
                case Pin(key, sprint, team):
                    old = found[key]
                    found[key] = Bounds(
                        True,
                        old.must_not,
                        max(old.first, sprint),
                        min(old.last, sprint),
                        team if team is not None else old.team,
                    )
                case _:
                    pass
        return found

    @property
    def musts(self) -> tuple[str, ...]:
        """The keys some rule puts into every plan, in the order of the items."""
        return tuple(key for key, bound in self.bounds.items() if bound.must)

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
        """``keys`` with everything they pull in, directly or through others."""
        return graph.closure(self.pulls, keys)

    def with_must(self, key: str) -> "Problem":
        """The same problem with ``key`` made a must-have (and no longer ruled out)."""
        return replace(
            self,
            items=tuple(
                replace(item, must=True, must_not=False) if item.key == key else item
                for item in self.items
            ),
            rules=tuple(
                rule for rule in self.rules if not (isinstance(rule, MustNot) and rule.item == key)
            ),
        )

    def _check_teams(self) -> None:
        if not self.teams:
            raise ProblemError(
                said("There is no team; add one with its capacity per sprint."), "teams"
            )
        names = [team.name for team in self.teams]
        for name in names:
            if names.count(name) > 1:
                raise ProblemError(
                    said("Two teams are called %(name)s; rename one.", name=name), f"teams.{name}"
                )
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
                said("There is no capacity in any sprint; give at least one team some."), "capacity"
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
            for part in item.pieces:
                if part.team is not None and part.team not in names:
                    raise ProblemError(
                        f"{item.key} belongs to team {part.team}, which has no capacity here; "
                        "add the team or let any team take the item.",
                        f"items.{item.key}.{'parts' if item.parts else 'team'}",
                    )

    def _check_rules(self) -> None:
        names = {team.name for team in self.teams}
        for index, rule in enumerate(self.rules):
            rules.check(rule, f"rules.{index}", self.by_key, names, self.sprints)

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
                said(
                    "These items wait for each other: %(path)s. Remove one of the dependencies.",
                    path=" -> ".join(path),
                ),
                f"items.{path[0]}.needs",
            )

    def _check_weights(self) -> None:
        owners = [(item.delivery_weights, f"items.{item.key}.") for item in self.items]
        for weights, prefix in [(self.delivery_weights, ""), *owners]:
            if weights is None:
                continue
            where = f"{prefix}delivery_weights"
            if not prefix:
                object.__setattr__(self, "delivery_weights", tuple(weights))
            if len(weights) != self.sprints:
                raise ProblemError(
                    f"There are {len(weights)} delivery weights for {self.sprints} sprints; "
                    "give one for each.",
                    where,
                )
            checked(weights, where)
