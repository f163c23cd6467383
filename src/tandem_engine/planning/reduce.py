"""Make the problem smaller without losing a best plan: what can never be planned leaves, with its reason."""

from collections.abc import Collection
from dataclasses import dataclass
from functools import reduce as fold
from itertools import product
from math import gcd

from tandem_engine.planning import graph, reasons
from tandem_engine.planning.errors import ProblemError
from tandem_engine.planning.item import Item, Part
from tandem_engine.planning.problem import Problem
from tandem_engine.planning.quantity import capacity_units, effort_units
from tandem_engine.planning.reduced import Candidate, Option, Reduced
from tandem_engine.planning.result import Reason
from tandem_engine.planning.side_rows import side_rules, spoken_of

#: More ways to give an item's parts to teams than this are refused.
_MOST_WAYS = 64
#: Above this many items the sets of all their prerequisites are not written down.
_MOST_MASKED = 20_000


@dataclass(frozen=True, slots=True)
class Reduction:
    """The reduced problem and what was taken out of it.

    ``left_out`` says why each removed item can be in no best plan. ``broken`` names the
    must-haves among them, and what must-haves need: with any, there is no plan.
    """

    reduced: Reduced
    left_out: dict[str, Reason]
    broken: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class _Resources:
    """Capacity in units, the teams first; ``skills[(team, skill)]`` is a skill's position.

    ``ways`` are those found before: many items are alike in who may do them and what they take.
    """

    capacity: tuple[tuple[int, ...], ...]
    skills: dict[tuple[int, str], int]
    ways: dict[tuple[str | None, tuple[Part, ...], bool], list[Option]]


def reduce(problem: Problem, keep: Collection[str] = ()) -> Reduction:
    """``problem`` without the items no best plan can hold.

    Removed are, in this order: what is ruled out, larger than any sprint in its reach, due too
    early for its prerequisites, larger together with its prerequisites than all capacity, waits
    for something removed or belongs to it, and what brings nothing (value 0 or less), is needed
    by nothing, spoken of by no rule about several items and not among ``keep``.
    """
    items = problem.by_key
    sequence = graph.order(problem.needs)
    resources = _resources(problem)
    must = problem.closure(*problem.musts)
    left_out: dict[str, Reason] = {}
    options: dict[str, tuple[Option, ...]] = {}
    heavy = _heavy(problem, sequence, resources)
    for key in sequence:
        found = _options(items[key], problem, resources, options)
        reason = _removal(items[key], problem, resources, left_out, found, heavy)
        if reason is None:
            options[key] = found
        else:
            left_out[key] = reason
    _spread(problem, sequence, left_out, options)
    for key in _worthless(sequence, problem, options, must | frozenset(keep)):
        left_out[key] = reasons.worthless(items[key])
        del options[key]
    kept = [key for key in sequence if key in options]
    place = {key: index for index, key in enumerate(kept)}
    candidates = tuple(_candidate(problem, key, key in must, place, options[key]) for key in kept)
    loads = (
        units
        for candidate in candidates
        for option in candidate.options
        for _, units in option.loads
    )
    orders, same, rows = side_rules(problem, place)
    reduced = Reduced(candidates, resources.capacity, fold(gcd, loads, 0) or 1, orders, same, rows)
    broken = tuple(key for key in sequence if key in must and key in left_out)
    return Reduction(reduced, left_out, broken)


def _candidate(
    problem: Problem, key: str, must: bool, place: dict[str, int], options: tuple[Option, ...]
) -> Candidate:
    item = problem.by_key[key]
    value = float(item.value)
    weights = item.delivery_weights or problem.weights
    return Candidate(
        key=key,
        value=value,
        effort=sum(effort_units(part.effort) for part in item.pieces),
        must=must,
        needs=tuple(
            (place[need], problem.lags.get((key, need), problem.lag)) for need in problem.needs[key]
        ),
        options=options,
        # A negative value is a cost and never gets smaller.
        worths=tuple(value * weight if value > 0 else value for weight in weights),
    )


def _resources(problem: Problem) -> _Resources:
    rows = [tuple(map(capacity_units, team.capacity)) for team in problem.teams]
    skills: dict[tuple[int, str], int] = {}
    for index, team in enumerate(problem.teams):
        for skill in team.skills:
            skills[index, skill.name] = len(rows)
            rows.append(tuple(map(capacity_units, skill.capacity)))
    return _Resources(tuple(rows), skills, {})


def _ways(item: Item, problem: Problem, resources: _Resources) -> list[Option]:
    """Each way to give the pieces of ``item`` to teams, with what it takes; sprints left open."""
    team, pieces = problem.bounds[item.key].team, item.pieces
    alike = team, pieces, bool(item.parts)
    if alike in resources.ways:
        return resources.ways[alike]
    able: list[list[int]] = []
    for part in pieces:
        # Without parts, a rule may have settled or changed who does it.
        wanted = {part.team if item.parts else None, team} - {None}
        able.append(
            [
                index
                for index, one in enumerate(problem.teams)
                if wanted <= {one.name}
                and (part.skill is None or (index, part.skill) in resources.skills)
            ]
        )
    ways = 1
    for choices in able:
        ways *= len(choices)
    if ways > _MOST_WAYS:
        raise ProblemError(
            f"{item.key} can be split over the teams in {ways} ways; name the teams of its parts.",
            f"items.{item.key}.parts",
        )
    found: list[Option] = []
    for teams in product(*able):
        loads: dict[int, int] = {}
        for index, part in zip(teams, pieces, strict=True):
            units = effort_units(part.effort)
            loads[index] = loads.get(index, 0) + units
            if part.skill is not None:
                at = resources.skills[index, part.skill]
                loads[at] = loads.get(at, 0) + units
        found.append(Option(teams, tuple(sorted(loads.items())), ()))
    resources.ways[alike] = found
    return found


def _options(
    item: Item, problem: Problem, resources: _Resources, options: dict[str, tuple[Option, ...]]
) -> tuple[Option, ...]:
    """How and when ``item`` can be done, after the earliest its prerequisites can be finished."""
    bound = problem.bounds[item.key]
    first = bound.first - 1
    for need in problem.needs[item.key]:
        if need not in options:
            return ()
        lag = problem.lags.get((item.key, need), problem.lag)
        first = max(first, min(option.sprints[0] for option in options[need]) + lag)
    found: dict[tuple[tuple[int, int], ...], Option] = {}
    for way in _ways(item, problem, resources):
        sprints = tuple(
            sprint
            for sprint in range(first, bound.last)
            if all(units <= resources.capacity[r][sprint] for r, units in way.loads)
        )
        if sprints and way.loads not in found:
            found[way.loads] = Option(way.teams, way.loads, sprints)
    return tuple(found.values())


def _heavy(problem: Problem, sequence: tuple[str, ...], resources: _Resources) -> dict[str, int]:
    """Units of what cannot fit with its prerequisites into all capacity there is.

    Not looked for among very many items, whose sets of prerequisites would fill the memory.
    """
    if len(sequence) > _MOST_MASKED:
        return {}
    total = sum(map(sum, resources.capacity[: len(problem.teams)]))
    units = {
        key: sum(effort_units(part.effort) for part in problem.by_key[key].pieces)
        for key in sequence
    }
    largest = max(units.values(), default=0)
    position = {key: index for index, key in enumerate(sequence)}
    masks: dict[str, int] = {}
    found: dict[str, int] = {}
    for key in sequence:
        mask = 1 << position[key]
        for need in problem.needs[key]:
            mask |= masks[need]
        masks[key] = mask
        if mask.bit_count() * largest > total:
            together = sum(units[other] for other in graph.closure(problem.needs, [key]))
            if together > total:
                found[key] = together
    return found


def _removal(
    item: Item,
    problem: Problem,
    resources: _Resources,
    left_out: dict[str, Reason],
    found: tuple[Option, ...],
    heavy: dict[str, int],
) -> Reason | None:
    """Why ``item`` can be in no plan; ``None`` when it can."""
    if problem.bounds[item.key].must_not:
        return reasons.ruled_out(item)
    blocker = next((need for need in problem.needs[item.key] if need in left_out), None)
    if not found and blocker is None:
        ways = _ways(item, problem, resources)
        if not ways:
            return reasons.no_team(item)
        if len(item.pieces) == 1 and item.skill is None:
            largest = max(max(resources.capacity[way.team]) for way in ways)
            if effort_units(item.remaining) > largest:
                return reasons.too_large(item, largest)
        elif not any(
            all(units <= resources.capacity[r][sprint] for r, units in way.loads)
            for way in ways
            for sprint in range(problem.sprints)
        ):
            return reasons.too_large_in_parts(item)
        return reasons.no_window(item, problem)
    if blocker is not None:
        return reasons.blocked(item, blocker, *_root(blocker, left_out))
    if item.key in heavy:
        closure = graph.closure(problem.needs, [item.key])
        total = sum(map(sum, resources.capacity[: len(problem.teams)]))
        return reasons.too_large_together(item, closure, heavy[item.key], total)
    return None


def _root(blocker: str, left_out: dict[str, Reason]) -> tuple[str, Reason]:
    root = blocker
    while left_out[root].code == "blocked":
        root = left_out[root].about[-1]
    return root, left_out[root]


def _spread(
    problem: Problem,
    sequence: tuple[str, ...],
    left_out: dict[str, Reason],
    options: dict[str, tuple[Option, ...]],
) -> None:
    """Take out what pulls in something that is out, until nothing more falls."""
    changed = bool(left_out) and any(problem.pulls[key] != problem.needs[key] for key in sequence)
    while changed:
        changed = False
        for key in sequence:
            gone = next((other for other in problem.pulls[key] if other in left_out), None)
            if key in options and gone is not None:
                left_out[key] = reasons.blocked(problem.by_key[key], gone, *_root(gone, left_out))
                del options[key]
                changed = True


def _worthless(
    sequence: tuple[str, ...],
    problem: Problem,
    options: dict[str, tuple[Option, ...]],
    must: frozenset[str],
) -> list[str]:
    """Items that bring nothing and that nothing worth having needs, dependants first."""
    needed = spoken_of(problem)
    found: list[str] = []
    for key in reversed(sequence):
        if key not in options:
            continue
        if problem.by_key[key].value <= 0 and key not in must and key not in needed:
            found.append(key)
        else:
            needed.update(problem.needs[key])
    return found
