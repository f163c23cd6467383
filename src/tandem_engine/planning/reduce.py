"""Make the problem smaller without losing a best plan: what can never be planned leaves, with its reason."""

from dataclasses import dataclass
from functools import reduce as fold
from math import gcd

from tandem_engine.planning import graph, reasons
from tandem_engine.planning.problem import Item, Problem
from tandem_engine.planning.quantity import capacity_units, effort_units
from tandem_engine.planning.result import Reason


@dataclass(frozen=True, slots=True)
class Option:
    """A team that can take an item, and the sprints (from 0, rising) it can finish it in."""

    team: int
    sprints: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Candidate:
    """An item that may be planned. ``needs`` are positions of other candidates, always earlier."""

    key: str
    value: float
    effort: int
    must: bool
    needs: tuple[int, ...]
    options: tuple[Option, ...]

    def worth(self, weight: float) -> float:
        """The value delivered at ``weight``. A negative one is a cost and never gets smaller."""
        return self.value * weight if self.value > 0 else self.value


@dataclass(frozen=True, slots=True)
class Reduced:
    """What is left to decide. Efforts and capacities are in whole units (see ``quantity``).

    ``capacity[team][sprint]`` and ``weights[sprint]`` count from 0; ``before[sprint]`` is the
    last sprint in which a prerequisite of something finished in ``sprint`` may be finished.
    ``grain`` divides every effort. ``roof[sprint]``, when given, limits all teams together.
    """

    candidates: tuple[Candidate, ...]
    capacity: tuple[tuple[int, ...], ...]
    weights: tuple[float, ...]
    before: tuple[int, ...]
    grain: int
    roof: tuple[int, ...] | None = None

    @property
    def sprints(self) -> int:
        """How many sprints are decided about."""
        return len(self.weights)


@dataclass(frozen=True, slots=True)
class Reduction:
    """The reduced problem and what was taken out of it.

    ``left_out`` says why each removed item can be in no best plan. ``broken`` names the
    must-haves among them, and what must-haves need: with any, there is no plan.
    """

    reduced: Reduced
    left_out: dict[str, Reason]
    broken: tuple[str, ...]


def reduce(problem: Problem) -> Reduction:
    """``problem`` without the items no best plan can hold.

    Removed are, in this order: what is ruled out, larger than any sprint in its reach, due too
    early for its prerequisites, larger together with its prerequisites than all capacity, waits
    for something removed, and what brings nothing (value 0 or less) and is needed by nothing.
    """
    items = problem.by_key
    sequence = graph.order(problem.needs)
    capacity = tuple(
        tuple(capacity_units(amount) for amount in team.capacity) for team in problem.teams
    )
    total = sum(map(sum, capacity))
    must = problem.closure(*(item.key for item in problem.items if item.must))
    left_out: dict[str, Reason] = {}
    options: dict[str, tuple[Option, ...]] = {}
    for key in sequence:
        item = items[key]
        found = _options(item, problem, capacity, options)
        reason = _removal(item, problem, capacity, total, left_out, found)
        if reason is None:
            options[key] = found
        else:
            left_out[key] = reason
    for key in _worthless(sequence, problem, options, must):
        left_out[key] = reasons.worthless(items[key])
        del options[key]
    kept = [key for key in sequence if key in options]
    place = {key: index for index, key in enumerate(kept)}
    candidates = tuple(
        Candidate(
            key=key,
            value=float(items[key].value),
            effort=effort_units(items[key].effort),
            must=key in must,
            needs=tuple(place[need] for need in problem.needs[key]),
            options=options[key],
        )
        for key in kept
    )
    lag = 0 if problem.same_sprint_allowed else 1
    reduced = Reduced(
        candidates=candidates,
        capacity=capacity,
        weights=problem.weights,
        before=tuple(sprint - lag for sprint in range(problem.sprints)),
        grain=fold(gcd, (candidate.effort for candidate in candidates), 0) or 1,
    )
    broken = tuple(key for key in sequence if key in must and key in left_out)
    return Reduction(reduced, left_out, broken)


def _options(
    item: Item,
    problem: Problem,
    capacity: tuple[tuple[int, ...], ...],
    options: dict[str, tuple[Option, ...]],
) -> tuple[Option, ...]:
    """Where ``item`` fits, after the earliest its prerequisites can be finished."""
    lag = 0 if problem.same_sprint_allowed else 1
    first = (item.earliest or 1) - 1
    for need in problem.needs[item.key]:
        if need not in options:
            return ()
        first = max(first, min(option.sprints[0] for option in options[need]) + lag)
    last = min(item.latest or problem.sprints, problem.sprints) - 1
    effort = effort_units(item.effort)
    found: list[Option] = []
    for index, team in enumerate(problem.teams):
        if item.team in (None, team.name):
            sprints = tuple(s for s in range(first, last + 1) if effort <= capacity[index][s])
            if sprints:
                found.append(Option(index, sprints))
    return tuple(found)


def _removal(
    item: Item,
    problem: Problem,
    capacity: tuple[tuple[int, ...], ...],
    total: int,
    left_out: dict[str, Reason],
    found: tuple[Option, ...],
) -> Reason | None:
    """Why ``item`` can be in no plan; ``None`` when it can."""
    if item.must_not:
        return reasons.ruled_out(item)
    blocker = next((need for need in problem.needs[item.key] if need in left_out), None)
    if not found and blocker is None:
        reach = [
            capacity[index][sprint]
            for index, team in enumerate(problem.teams)
            if item.team in (None, team.name)
            for sprint in range(problem.sprints)
        ]
        if effort_units(item.effort) > max(reach):
            return reasons.too_large(item, max(reach))
        return reasons.no_window(item, problem)
    if blocker is not None:
        root = blocker
        while left_out[root].code == "blocked":
            root = left_out[root].about[0]
        return reasons.blocked(item, blocker, root, left_out[root])
    closure = problem.closure(item.key)
    needed = sum(effort_units(problem.by_key[key].effort) for key in closure)
    if needed > total:
        return reasons.too_large_together(item, closure, needed, total)
    return None


def _worthless(
    sequence: tuple[str, ...],
    problem: Problem,
    options: dict[str, tuple[Option, ...]],
    must: frozenset[str],
) -> list[str]:
    """Items that bring nothing and that nothing worth having needs, dependants first."""
    needed: set[str] = set()
    found: list[str] = []
    for key in reversed(sequence):
        if key not in options:
            continue
        if problem.by_key[key].value <= 0 and key not in must and key not in needed:
            found.append(key)
        else:
            needed.update(problem.needs[key])
    return found
