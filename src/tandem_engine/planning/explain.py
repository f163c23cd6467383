"""Why each item is left out, and what taking it would cost."""

from collections.abc import Mapping
from dataclasses import dataclass
from itertools import accumulate

from tandem_engine.planning import reasons
from tandem_engine.planning.assignment import Assignment
from tandem_engine.planning.filling import Filling
from tandem_engine.planning.problem import Problem
from tandem_engine.planning.quantity import from_units
from tandem_engine.planning.reduce import Reduction
from tandem_engine.planning.reduced import Reduced
from tandem_engine.planning.result import LeftOut, Reason


@dataclass(frozen=True, slots=True)
class Prices:
    """What one unit of capacity is worth to the plan, by resource and sprint (linear relaxation)."""

    by_sprint: Mapping[tuple[int, int], float]

    def cheapest(self, reduced: Reduced, i: int) -> float:
        """The least the capacity for candidate ``i`` is worth, over all its ways and sprints."""
        return min(
            sum(
                units * self.by_sprint.get((resource, sprint), 0.0)
                for resource, units in option.loads
            )
            for option in reduced.candidates[i].options
            for sprint in option.sprints
        )


def left_out(
    problem: Problem, reduction: Reduction, plan: Assignment, worth: Prices | None
) -> tuple[LeftOut, ...]:
    """Every item not in ``plan`` with its reason, in the order of the problem."""
    reduced = reduction.reduced
    filling = Filling(reduced, plan)
    removable = _removable(reduced, plan)
    found = dict(reduction.left_out)
    for i, candidate in enumerate(reduced.candidates):
        if i not in plan:
            found[candidate.key] = _beaten(reduced, filling, i, removable, worth)
    return tuple(LeftOut(item.key, found[item.key]) for item in problem.items if item.key in found)


def _removable(reduced: Reduced, plan: Assignment) -> dict[tuple[int, int], list[int]]:
    """By team and sprint, what no rule and no planned item holds there; the cheapest first.

    Only those larger than all cheaper ones: the cheapest that makes enough room is one of them.
    """
    needed = {j for i in plan for j in reduced.pulls[i]}
    found: dict[tuple[int, int], list[int]] = {}
    for i, (way, sprint) in plan.items():
        candidate = reduced.candidates[i]
        if i not in needed and not candidate.must and len(candidate.options[way].loads) == 1:
            found.setdefault((candidate.options[way].team, sprint), []).append(i)
    for group in found.values():
        group.sort(key=lambda i: (reduced.candidates[i].value, i))
        largest = accumulate((reduced.candidates[i].effort for i in group), max, initial=-1)
        group[:] = [
            i
            for i, before in zip(group, largest, strict=False)
            if reduced.candidates[i].effort > before
        ]
    return found


def _exchange(filling: Filling, i: int, removable: dict[tuple[int, int], list[int]]) -> int | None:
    """The cheapest planned item that alone would make room for ``i``; ``None`` when none does."""
    reduced = filling.reduced
    candidate = reduced.candidates[i]
    first, last = filling.reach(i)
    found: list[tuple[int, int, int]] = []
    for way, option in enumerate(candidate.options):
        if len(option.loads) > 1 or not filling.ready(i):
            continue
        for sprint in option.sprints:
            if not first <= sprint <= last:
                continue
            lacking = option.loads[0][1] - filling.room[option.team][sprint]
            spot = removable.get((option.team, sprint), [])
            fitting = (j for j in spot if reduced.candidates[j].effort >= lacking)
            found += [(j, way, sprint) for j in fitting][:1]
    found.sort(key=lambda one: (reduced.candidates[one[0]].value, one[0]))
    return next((j for j, _, sprint in found[:1] if _balanced(filling, i, j, sprint)), None)


def _balanced(filling: Filling, i: int, j: int, sprint: int) -> bool:
    """Every rule about several items still holds when ``i`` comes for ``j`` in ``sprint``."""
    change: dict[int, float] = {}
    for who, sign in ((i, 1), (j, -1)):
        for row, coefficient in filling.reduced.counts(who, sprint):
            change[row] = change.get(row, 0) + sign * coefficient
    return all(
        filling.reduced.rows[row].excess(filling.totals[row] + more) <= 0
        for row, more in change.items()
    )


def _beaten(
    reduced: Reduced,
    filling: Filling,
    i: int,
    removable: dict[tuple[int, int], list[int]],
    worth: Prices | None,
) -> Reason:
    """Why candidate ``i``, which could be planned, is not."""
    group = filling.missing(i)
    others = tuple(reduced.candidates[j].key for j in group if j != i)
    value = sum(reduced.candidates[j].value for j in group)
    effort = from_units(sum(reduced.candidates[j].effort for j in group))
    if value <= 0:
        return reasons.not_worth_its_needs(value, effort, others)
    if not others:
        other = _exchange(filling, i, removable)
        if other is not None and reduced.candidates[other].value >= value:
            rival = reduced.candidates[other]
            return reasons.costs_more(value, effort, rival.key, rival.value)
    if worth is not None:
        displaced = sum(worth.cheapest(reduced, j) for j in group)
        if displaced > value * (1 + 1e-9):
            return reasons.earns_less(value, effort, others, displaced)
    if not others:
        free = [
            filling.room[option.team][sprint]
            for option in reduced.candidates[i].options
            for sprint in option.sprints
        ]
        if max(free) < min(option.loads[0][1] for option in reduced.candidates[i].options):
            return reasons.no_room(value, effort, from_units(max(free)))
    if any(filling.fits(i, *spot) for spot in _spots(reduced, i)) and i in reduced.rows_of:
        return reasons.unbalanced(value, effort)
    return reasons.no_room_together(value, effort, others)


def _spots(reduced: Reduced, i: int) -> list[tuple[int, int]]:
    options = enumerate(reduced.candidates[i].options)
    return [(way, sprint) for way, option in options for sprint in option.sprints]
