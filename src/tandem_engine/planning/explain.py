"""Why each item is left out, and what taking it would cost."""

from dataclasses import dataclass

from tandem_engine.planning import highs, reasons
from tandem_engine.planning.assignment import Assignment
from tandem_engine.planning.filling import Filling
from tandem_engine.planning.model import build
from tandem_engine.planning.problem import Problem
from tandem_engine.planning.quantity import from_units
from tandem_engine.planning.reduce import Reduced, Reduction
from tandem_engine.planning.result import LeftOut, Reason


@dataclass(frozen=True, slots=True)
class Prices:
    """What one unit of capacity is worth to the plan, by team and sprint (linear relaxation)."""

    by_sprint: dict[tuple[int, int], float]

    def cheapest(self, reduced: Reduced, i: int) -> float:
        """The least the capacity for candidate ``i`` is worth, over all its teams and sprints."""
        candidate = reduced.candidates[i]
        return candidate.effort * min(
            self.by_sprint.get((option.team, sprint), 0.0)
            for option in candidate.options
            for sprint in option.sprints
        )


def prices(reduced: Reduced, *, time_limit: float, seed: int) -> Prices | None:
    """The capacity's dual values; ``None`` when the relaxation was not solved in time."""
    if not reduced.candidates:
        return None
    model = build(reduced)
    answer = highs.relax(model.linear, time_limit=time_limit, seed=seed)
    if answer is None:
        return None
    return Prices(
        {
            spot: max(0.0, float(answer.row_prices[row])) / model.scale
            for spot, row in model.capacity_rows.items()
        }
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
    """By team and sprint, what no rule and no planned item holds there; the cheapest first."""
    needed = {j for i in plan for j in reduced.candidates[i].needs}
    found: dict[tuple[int, int], list[int]] = {}
    for i, spot in plan.items():
        if i not in needed and not reduced.candidates[i].must:
            found.setdefault(spot, []).append(i)
    for group in found.values():
        group.sort(key=lambda i: (reduced.candidates[i].value, i))
    return found


def _exchange(filling: Filling, i: int, removable: dict[tuple[int, int], list[int]]) -> int | None:
    """The cheapest planned item that alone would make room for ``i``; ``None`` when none does."""
    reduced = filling.reduced
    candidate = reduced.candidates[i]
    found: list[int] = []
    for option in candidate.options:
        for sprint in option.sprints:
            if any(filling.placed[j][1] > reduced.before[sprint] for j in candidate.needs):
                continue
            lacking = candidate.effort - filling.room[option.team][sprint]
            spot = removable.get((option.team, sprint), [])
            found += [j for j in spot if reduced.candidates[j].effort >= lacking][:1]
    return min(found, key=lambda j: (reduced.candidates[j].value, j), default=None)


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
        if max(free) < reduced.candidates[i].effort:
            return reasons.no_room(value, effort, from_units(max(free)))
    return reasons.no_room_together(value, effort, others)
