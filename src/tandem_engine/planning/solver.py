"""Solving the reduced problem: what every solver promises, and the one on HiGHS."""

from dataclasses import dataclass
from math import inf
from typing import Literal, Protocol

from tandem_engine.planning import highs
from tandem_engine.planning.assignment import Assignment
from tandem_engine.planning.budget import Budget, Progress, relative_gap
from tandem_engine.planning.improve import improve
from tandem_engine.planning.lists import starts
from tandem_engine.planning.model import build
from tandem_engine.planning.pool import Relaxed, pooled, read
from tandem_engine.planning.reduced import Reduced
from tandem_engine.planning.rolling import roll
from tandem_engine.planning.run import GAP, Run
from tandem_engine.planning.search import rounded
from tandem_engine.planning.tighten import tighten

__all__ = ["GAP", "Budget", "HighsSolver", "Progress", "Solution", "Solver", "relative_gap"]

#: Up to so many items times sprints, sprint by sprint comes before the whole.
_ROLLED = 3_000
#: Above so many items times sprints there is no time and memory for a relaxation: lists alone.
MOST_RELAXED = 400_000


@dataclass(frozen=True, slots=True)
class Solution:
    """``assignment`` is ``None`` when no plan was found; ``bound`` holds for every plan.

    ``prices`` are what one unit of (resource, sprint) is worth in the linear relaxation.
    """

    status: Literal["optimal", "feasible", "infeasible", "unknown"]
    assignment: Assignment | None
    objective: float
    bound: float
    prices: dict[tuple[int, int], float] | None = None


class Solver(Protocol):
    """Finds the best assignment within a budget, and says how sure it is."""

    def solve(self, reduced: Reduced, budget: Budget) -> Solution:
        """The best plan found: proven, with its gap, or the proof that there is none."""
        ...


class HighsSolver:
    """Lists, the relaxation, rounding in its order, parts solved exactly; stops at the proof."""

    def solve(self, reduced: Reduced, budget: Budget) -> Solution:
        if not reduced.candidates:
            empty = Run(reduced, budget)
            empty.offer({})
            status: Literal["optimal", "infeasible"] = "optimal" if empty.found else "infeasible"
            return Solution(status, {} if empty.found else None, 0.0, 0.0)
        tight = tighten(reduced)
        run = Run(tight, budget)
        if budget.start is not None:
            run.offer(budget.start, tidied=False)
        for plan in starts(tight, lambda: budget.left() <= 0):
            run.offer(plan)
        if run.closed or (run.found and budget.left() <= 0):
            return _solution(run, None)
        if tight.plain and len(tight.candidates) * tight.sprints <= _ROLLED and not tight.dated:
            rolled = roll(
                tight,
                left=budget.left,
                seed=budget.seed,
                gap=GAP,
                stop=lambda found, possible: budget.stopped(),
            )
            if rolled.bound == -inf:
                return Solution("infeasible", None, -inf, -inf)
            run.lower(rolled.bound)
            run.offer(rolled.assignment, tidied=False)
            if run.closed or (run.found and budget.left() <= 0):
                return _solution(run, None)
        return _by_relaxation(tight, run, budget)


def _by_relaxation(reduced: Reduced, run: Run, budget: Budget) -> Solution:
    if len(reduced.candidates) * reduced.sprints > MOST_RELAXED:
        return _solution(run, None)
    small = build(pooled(reduced))
    relaxation = highs.Relaxation(
        small.linear, seed=budget.seed, stop=lambda found, possible: budget.stopped()
    )
    answer = relaxation.solve(budget.left())
    if answer is None:
        if relaxation.infeasible:
            return Solution("infeasible", None, -inf, -inf)
        return _solution(run, None)
    relaxed = read(small, answer, len(reduced.capacity))
    del relaxation, small
    run.lower(relaxed.objective)
    for plan in rounded(reduced, relaxed):
        run.offer(plan, tidied=False)
        if run.closed or budget.left() <= 0:
            break
    if run.closed or (run.found and budget.left() <= 0):
        return _solution(run, relaxed)
    if improve(build(reduced), relaxed, run) == "infeasible":
        return Solution("infeasible", None, -inf, -inf)
    return _solution(run, relaxed)


def relax(reduced: Reduced, *, time_limit: float, seed: int) -> Relaxed | None:
    """The relaxation of ``reduced``; ``None`` when it was not solved in time."""
    small = build(pooled(reduced))
    answer = highs.relax(small.linear, time_limit=time_limit, seed=seed)
    return None if answer is None else read(small, answer, len(reduced.capacity))


def _solution(run: Run, relaxed: Relaxed | None) -> Solution:
    prices = None if relaxed is None else relaxed.prices
    if not run.found:
        return Solution("unknown", None, -inf, run.bound, prices)
    if len(run.reduced.candidates) * run.reduced.sprints <= MOST_RELAXED:
        run.tidy()
    status: Literal["optimal", "feasible"] = "optimal" if run.closed else "feasible"
    # HiGHS proves within tolerances; a plan in hand is a proof that no lower bound holds.
    return Solution(status, run.best, run.value, max(run.bound, run.value), prices)
