"""The problem made small: closed wishes, requirements grouped by who wants them, private costs."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from tandem_engine.planning.selection.problem import SelectionProblem

Ints = NDArray[np.int64]
Floats = NDArray[np.float64]
Flags = NDArray[np.bool_]


@dataclass(frozen=True)
class Reduced:
    """Requesters, and the groups of requirements they share, as arrays of whole steps.

    ``profit[j]`` and ``private[j]`` are what requester ``j`` brings and what only ``j`` costs;
    ``group_cost[g]`` is paid once when any requester of group ``g`` is in. Arc ``a`` says that
    requester ``arc_requester[a]`` wants group ``arc_group[a]``; arcs stand by requester.
    ``wanted[j]`` are the positions of all requirements that ``j`` pulls in, ``wishes[j]`` of those
    asked for directly; ``cost[i]`` and ``needs[i]`` are a requirement's cost and direct prerequisites.
    """

    profit: Ints
    private: Ints
    group_cost: Ints
    arc_requester: Ints
    arc_group: Ints
    wanted: tuple[tuple[int, ...], ...]
    wishes: tuple[tuple[int, ...], ...]
    cost: Ints
    needs: tuple[tuple[int, ...], ...]

    @property
    def requesters(self) -> int:
        return len(self.profit)

    @property
    def groups(self) -> int:
        return len(self.group_cost)

    def groups_of(self, chosen: Flags) -> Flags:
        """The groups that the chosen requesters pull in."""
        hits = np.bincount(self.arc_group, chosen[self.arc_requester], self.groups)
        return np.asarray(hits > 0)

    def per_requester(self, amounts: NDArray[np.generic]) -> Floats:
        """The sum of an amount per arc over each requester's arcs."""
        return np.bincount(self.arc_requester, amounts, self.requesters).astype(np.float64)

    def per_group(self, amounts: NDArray[np.generic]) -> Floats:
        """The sum of an amount per arc over each group's arcs."""
        return np.bincount(self.arc_group, amounts, self.groups).astype(np.float64)

    def measure(self, chosen: Flags) -> tuple[int, int]:
        """(cost, profit) in steps of a choice of requesters with all they pull in."""
        cost = self.private[chosen].sum() + self.group_cost[self.groups_of(chosen)].sum()
        return int(cost), int(self.profit[chosen].sum())


def reduce(problem: SelectionProblem) -> Reduced:
    """The equivalent small problem.

    Wishes are closed under prerequisites; requirements wanted by exactly the same requesters are
    in or out together and become one group with the summed cost; what a single requester wants
    becomes that requester's private cost; what nobody wants, and who brings nothing, drops out.
    """
    scale = problem.cost_scale
    costs = np.array(
        [_steps_up(r.cost * scale) for r in problem.requirements], dtype=np.int64
    ).reshape(-1)
    position = {r.key: i for i, r in enumerate(problem.requirements)}
    needs = [[position[key] for key in r.needs] for r in problem.requirements]
    profits: list[int] = []
    wanted: list[tuple[int, ...]] = []
    direct: list[tuple[int, ...]] = []
    wishes = [(r.value, [position[key] for key in r.wants]) for r in problem.requesters]
    wishes += [(r.value, [i]) for i, r in enumerate(problem.requirements)]
    for value, wants in wishes:
        profit = round(value * problem.value_scale)
        if profit:
            profits.append(profit)
            wanted.append(_closed(wants, needs))
            direct.append(tuple(sorted(wants)))
    wanters: list[list[int]] = [[] for _ in problem.requirements]
    for j, members in enumerate(wanted):
        for i in members:
            wanters[i].append(j)
    shared: dict[tuple[int, ...], int] = {}
    private = np.zeros(len(profits), dtype=np.int64)
    for i, who in enumerate(wanters):
        if len(who) == 1:
            private[who[0]] += costs[i]
        elif who and costs[i]:
            key = tuple(who)
            shared[key] = shared.get(key, 0) + int(costs[i])
    arcs = np.array(
        sorted((j, g) for g, who in enumerate(shared) for j in who), dtype=np.int64
    ).reshape(-1, 2)
    return Reduced(
        profit=np.array(profits, dtype=np.int64),
        private=private,
        group_cost=np.array(list(shared.values()), dtype=np.int64),
        arc_requester=np.ascontiguousarray(arcs[:, 0]),
        arc_group=np.ascontiguousarray(arcs[:, 1]),
        wanted=tuple(wanted),
        wishes=tuple(direct),
        cost=costs,
        needs=tuple(tuple(sorted(one)) for one in needs),
    )


def without(reduced: Reduced, bought: Flags, refused: Flags) -> tuple[Reduced, Flags, int]:
    """The problem once some groups are bought and others never are: who is left, and what is spent."""
    away = np.bincount(reduced.arc_requester, refused[reduced.arc_group], reduced.requesters) > 0
    keep = ~away
    place = np.cumsum(keep) - 1
    live = keep[reduced.arc_requester] & ~bought[reduced.arc_group]
    part = replace(
        reduced,
        profit=reduced.profit[keep],
        private=reduced.private[keep],
        arc_requester=place[reduced.arc_requester[live]],
        arc_group=reduced.arc_group[live],
        wanted=(),
        wishes=(),
    )
    return part, keep, int(reduced.group_cost[bought].sum())


def _steps_up(amount: float) -> int:
    """Whole steps, never fewer than the amount: a plan must not cost more than it says."""
    return int(np.ceil(amount - 1e-6))


def _closed(wants: Sequence[int], needs: Sequence[Sequence[int]]) -> tuple[int, ...]:
    found = set(wants)
    todo = list(found)
    while todo:
        for need in needs[todo.pop()]:
            if need not in found:
                found.add(need)
                todo.append(need)
    return tuple(sorted(found))
