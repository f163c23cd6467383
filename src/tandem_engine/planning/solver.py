"""Solving the reduced problem: what every solver promises, and the one on HiGHS."""

from collections.abc import Callable
from dataclasses import dataclass
from math import inf
from time import perf_counter
from typing import Literal, Protocol

from tandem_engine.planning import highs
from tandem_engine.planning.assignment import Assignment, is_plan, misplaced, objective
from tandem_engine.planning.lists import best_start
from tandem_engine.planning.model import build
from tandem_engine.planning.reduce import Reduced
from tandem_engine.planning.rolling import roll
from tandem_engine.planning.search import improve
from tandem_engine.planning.tidy import tidy
from tandem_engine.planning.tighten import tighten

#: A plan this close to its bound, relative to the bound, counts as proven best.
GAP = 1e-6


@dataclass(frozen=True, slots=True)
class Progress:
    """Where a search stands. ``value`` is the objective of the best plan yet, ``-inf`` for none."""

    value: float
    bound: float
    seconds: float

    @property
    def gap(self) -> float:
        """How much of the bound the plan may miss, 0 to 1; 1 without a plan."""
        return relative_gap(self.value, self.bound)


class Budget:
    """The time, the seed and the two ways to talk to a running search."""

    def __init__(
        self,
        time_limit: float,
        seed: int,
        on_progress: Callable[[Progress], None] | None = None,
        should_stop: Callable[[], bool] | None = None,
    ) -> None:
        self.seed = seed
        self._started = perf_counter()
        self._limit = time_limit
        self._on_progress = on_progress
        self._should_stop = should_stop
        self._told: tuple[float, float] | None = None

    @property
    def seconds(self) -> float:
        """Since the search began."""
        return perf_counter() - self._started

    def left(self) -> float:
        """Seconds left, 0 when time is over or the caller wants an end."""
        return 0.0 if self.stopped() else max(0.0, self._limit - self.seconds)

    def stopped(self) -> bool:
        """The caller wants an end."""
        return self._should_stop is not None and self._should_stop()

    def tell(self, value: float, bound: float) -> None:
        """Report a better plan or a lower bound, once each."""
        if self._on_progress is not None and self._told != (value, bound):
            self._told = (value, bound)
            self._on_progress(Progress(value, bound, self.seconds))


@dataclass(frozen=True, slots=True)
class Solution:
    """``assignment`` is ``None`` when no plan was found; ``bound`` holds for every plan."""

    status: Literal["optimal", "feasible", "infeasible", "unknown"]
    assignment: Assignment | None
    objective: float
    bound: float


class Solver(Protocol):
    """Finds the best assignment within a budget, and says how sure it is."""

    def solve(self, reduced: Reduced, budget: Budget) -> Solution:
        """The best plan found: proven, with its gap, or the proof that there is none."""
        ...


class HighsSolver:
    """Lists, then sprint by sprint, then windows, then the whole programme; stops at the proof."""

    def solve(self, reduced: Reduced, budget: Budget) -> Solution:
        reduced = tighten(reduced)
        best = best_start(reduced, lambda plan: objective(reduced, plan))
        value = -inf if best is None else objective(reduced, best)
        bound = sum(max(candidate.value, 0.0) for candidate in reduced.candidates)
        if not reduced.candidates:
            return Solution("optimal", {}, 0.0, 0.0)
        if min(reduced.weights) < max(reduced.weights):
            # Lumped sprints all count like their first; the relaxation knows the dates.
            relaxed = highs.relax(
                build(reduced).linear, time_limit=budget.left() / 4, seed=budget.seed
            )
            bound = bound if relaxed is None else min(bound, relaxed.objective)
        if not _close(value, bound):
            budget.tell(value, bound)
            rolled = roll(
                reduced,
                left=budget.left,
                seed=budget.seed,
                gap=GAP,
                stop=lambda found, possible: budget.stopped(),
            )
            if rolled.bound == -inf:
                return Solution("infeasible", None, -inf, -inf)
            bound = min(bound, rolled.bound)
            best = _better(reduced, best, rolled.assignment)
            value = -inf if best is None else objective(reduced, best)
            budget.tell(value, bound)
        if _close(value, bound) or (best is not None and budget.left() <= 0):
            return _solution(reduced, best, bound)
        return self._whole(reduced, best, bound, budget)

    def _whole(
        self, reduced: Reduced, best: Assignment | None, bound: float, budget: Budget
    ) -> Solution:
        """Improve ``best`` in windows, then let HiGHS have the whole programme."""
        model = build(reduced)
        if best is not None:
            best = improve(
                model,
                best,
                enough=bound - GAP * abs(bound),
                left=budget.left,
                seed=budget.seed,
                stop=lambda found, possible: budget.stopped(),
            )
            budget.tell(objective(reduced, best), bound)
            if _close(objective(reduced, best), bound) or budget.left() <= 0:
                return _solution(reduced, best, bound)

        def watch(found: float, possible: float) -> bool:
            value = max(found, -inf if best is None else objective(reduced, best))
            budget.tell(value, min(bound, possible))
            return _close(value, bound) or budget.stopped()

        answer = highs.maximise(
            model.linear,
            time_limit=budget.left(),
            seed=budget.seed,
            gap=GAP / 2,
            start=None if best is None else model.write(best),
            watch=watch,
        )
        if answer.status == "infeasible" and best is None:
            return Solution("infeasible", None, -inf, -inf)
        if answer.status != "infeasible":
            bound = min(bound, answer.bound)
        if answer.values is not None:
            best = _better(reduced, best, model.read(answer.values))
        return _solution(reduced, best, bound)


def relative_gap(value: float, bound: float) -> float:
    """(bound - value) / |bound|, from 0 to 1."""
    if value >= bound:
        return 0.0
    if value == -inf or bound == 0:
        return 1.0
    return min(1.0, (bound - value) / abs(bound))


def _close(value: float, bound: float) -> bool:
    return value > -inf and value >= bound - GAP * abs(bound) - 1e-12


def _better(reduced: Reduced, best: Assignment | None, found: Assignment) -> Assignment | None:
    """``found`` with its room filled, if it keeps every rule and beats ``best``."""
    if any(misplaced(reduced, found)):
        return best
    filled = tidy(reduced, found)
    if not is_plan(reduced, filled):
        return best
    if best is None or objective(reduced, filled) > objective(reduced, best):
        return filled
    return best


def _solution(reduced: Reduced, best: Assignment | None, bound: float) -> Solution:
    if best is None:
        return Solution("unknown", None, -inf, bound)
    best = tidy(reduced, best)
    value = objective(reduced, best)
    # HiGHS proves within tolerances; a plan in hand is a proof that no lower bound holds.
    bound = max(bound, value)
    return Solution("optimal" if _close(value, bound) else "feasible", best, value, bound)
