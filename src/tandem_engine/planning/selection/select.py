"""What fits the next release: the best choice within a budget, with its proof."""

import time

import numpy as np

from tandem_engine.planning.problem import ProblemError
from tandem_engine.planning.selection.hull import Hull, hull
from tandem_engine.planning.selection.losses import Losses, core_within, losses_at
from tandem_engine.planning.selection.problem import SelectionProblem
from tandem_engine.planning.selection.programme import best_in_core
from tandem_engine.planning.selection.reduced import Flags, Reduced, reduce
from tandem_engine.planning.selection.result import Selection
from tandem_engine.planning.selection.stairs import stair

#: The first core searched holds plans this near to the line, in steps of cost and profit.
_FIRST = 6
#: A first core with so large a part of all that a better plan could decide is not worth its time.
_NEARLY_ALL = 0.8
#: Seconds after which listing plans has to be done, or is given up.
_LISTING = 0.5


def select(
    problem: SelectionProblem, budget: float, *, seconds: float = 60.0, seed: int = 1
) -> Selection:
    """The most valuable choice that costs at most ``budget``, proven within ``seconds``.

    The hull of all plans gives a bound at once. Where the plans along the budget's segment of it can
    be listed, the best of them is the optimum. Otherwise decisions that lose more than an optimum
    can are fixed, and HiGHS decides the rest: first near the line for a good plan, then as far
    below it as a better plan could lie. Same seed, same answer, unless time runs out. Raises
    :class:`ProblemError` on a budget that is no number from 0.
    """
    if not np.isfinite(budget) or budget < 0:
        raise ProblemError("The budget must be a number, 0 or more.", "budget")
    started = time.monotonic()
    reduced = reduce(problem)
    return _Search(problem, reduced, hull(reduced), budget, started + seconds, seed).run()


class _Search:
    """One search: the best choice so far and the bound, both in steps."""

    def __init__(
        self,
        problem: SelectionProblem,
        reduced: Reduced,
        whole: Hull,
        budget: float,
        deadline: float,
        seed: int,
    ) -> None:
        self.problem, self.reduced, self.hull = problem, reduced, whole
        self.wanted = budget
        self.budget = int(np.floor(budget * problem.cost_scale + 1e-6))
        self.deadline, self.seed = deadline, seed
        self.chosen: Flags = np.zeros(reduced.requesters, dtype=bool)
        self.profit = 0
        self.bound = float(reduced.profit.sum())

    def run(self) -> Selection:
        segments = self.hull.segments
        at = next((i for i, (_, end) in enumerate(segments) if end[0] > self.budget), None)
        if at is None:
            self._keep(np.ones(self.reduced.requesters, dtype=bool))
            return self._told()
        self._keep(self.hull.plan_before(at))
        losses = losses_at(self.reduced, self.hull, at)
        line = losses.level(*segments[at][0])
        # No plan lies above the line: what the line earns at the budget bounds every plan.
        self.bound = min(self.bound, np.floor((line + losses.rise * self.budget) / losses.run))
        listed = self._listed(losses, line, at)
        limit = min(self._needed(losses, line), _FIRST * (losses.run + losses.rise))
        if listed is not None:
            limit = listed
        while self.profit < self.bound:
            needed = self._needed(losses, line)
            core = core_within(self.reduced, losses, limit + losses.bound - line + 0.5)
            if limit < needed:
                all_better = core_within(self.reduced, losses, needed + losses.bound - line + 0.5)
                if len(core.free) > _NEARLY_ALL * len(all_better.free):
                    # Nearly as hard, and then the whole would still have to be proven.
                    core, limit = all_better, needed
            left = self.deadline - time.monotonic()
            answer = best_in_core(self.reduced, core, self.budget, seconds=left, seed=self.seed)
            if answer.chosen is not None:
                self._keep(answer.chosen)
            if limit >= needed:
                # Everything better than the best known was in this core.
                self.bound = min(self.bound, max(self.profit, np.floor(answer.bound + 1e-6)))
                break
            if left <= 0:
                break
            limit = self._needed(losses, line)
        return self._told()

    def _listed(self, losses: Losses, line: int, at: int) -> int | None:
        """How far below the line the optimum lies, from all undominated plans around the budget."""
        left = self.deadline - time.monotonic()
        steps = stair(self.reduced, self.hull, at, deadline=time.monotonic() + min(left, _LISTING))
        if not steps.complete:
            return None
        best = int(np.flatnonzero(steps.cost <= self.budget)[-1])
        profit = int(steps.profit[best])
        self.bound = min(self.bound, profit)
        return line - losses.level(int(steps.cost[best]), profit)

    def _needed(self, losses: Losses, line: int) -> int:
        """How far below the line a plan better than the best known can lie."""
        return line - losses.run * (self.profit + 1) + losses.rise * self.budget

    def _keep(self, chosen: Flags) -> None:
        cost, profit = self.reduced.measure(chosen)
        if cost <= self.budget and profit >= self.profit:
            self.chosen, self.profit = chosen, profit

    def _told(self) -> Selection:
        problem, reduced = self.problem, self.reduced
        inside: set[int] = set()
        for j in np.flatnonzero(self.chosen):
            inside.update(reduced.wanted[j])
        keys = {problem.requirements[i].key for i in inside}
        scale = problem.value_scale
        return Selection(
            status="optimal" if self.profit >= self.bound else "feasible",
            value=self.profit / scale,
            cost=sum(problem.requirements[i].cost for i in sorted(inside)),
            budget=self.wanted,
            bound=max(self.bound, self.profit) / scale,
            requirements=tuple(r.key for r in problem.requirements if r.key in keys),
            requesters=tuple(r.key for r in problem.requesters if r.wants <= keys),
        )
