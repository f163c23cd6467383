"""The same problem with other values: plans to compare, and a bound that often makes them needless."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Final

import numpy as np
import numpy.typing as npt

from tandem_engine.planning.errors import ProblemError
from tandem_engine.planning.problem import Problem
from tandem_engine.planning.result import Plan
from tandem_engine.planning.solve import solve
from tandem_engine.planning.solver import Progress, Solver
from tandem_engine.planning.warm import Change, WhatIf

_GOLDEN: Final = (math.sqrt(5) - 1) / 2
_ROUNDS: Final = 4
#: By so much of a bound the relaxation's solver may be off.
_SLACK: Final = 1e-7

Array = npt.NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Answer:
    """A plan's items with what their values count in it, its objective, and what none exceeds."""

    weights: Mapping[str, float]
    objective: float
    bound: float


class Revalued:
    """Plans for one problem under changed values. What was asked before is remembered.

    ``time_limit`` (seconds) holds for each plan, ``present_limit`` for the one with today's values. ``plan``: the plan of ``problem``, when it is made
    already. Fulfils :class:`tandem_engine.prioritisation.decisive.Planner`.
    """

    def __init__(
        self,
        problem: Problem,
        *,
        time_limit: float = 5.0,
        present_limit: float | None = None,
        seed: int = 0,
        plan: Plan | None = None,
        solver: Solver | None = None,
    ) -> None:
        self._problem = problem
        self._limit = time_limit
        self._present_limit = time_limit if present_limit is None else present_limit
        self._seed = seed
        self._solver = solver
        self._sides: dict[tuple[str, bool], float] = {}
        self._known: dict[tuple[tuple[str, float], ...], Answer] = {}
        if plan is not None:
            self._known[()] = self._answer(problem, plan)

    @property
    def dates_count(self) -> bool:
        """Whether a value counts less when it is delivered later."""
        dates = [self._problem.weights, *(i.delivery_weights for i in self._problem.items)]
        return any(min(each) < max(each) for each in dates if each is not None)

    def plan(self, values: Mapping[str, float]) -> Answer:
        """The best plan when these items are worth this; an infeasible problem plans nothing."""
        asked = tuple(sorted(values.items()))
        if asked not in self._known:
            limit = self._limit if asked else self._present_limit
            self._known[asked] = self._solved(self._revalued(values), limit)
        return self._known[asked]

    def other_side(self, key: str, value: float, *, inside: bool, enough: float) -> Answer:
        """The best plan with ``key`` in it (``inside``) or left out, when it is worth ``value``.

        The search ends as soon as its bound is not above ``enough``.
        """
        problem = self._revalued({key: value})
        if inside:
            problem = problem.with_must(key)
        else:
            items = tuple(
                replace(item, must=False, must_not=True) if item.key == key else item
                for item in problem.items
            )
            problem = replace(problem, items=items)
        return self._solved(problem, self._limit, enough)

    def _revalued(self, values: Mapping[str, float]) -> Problem:
        items = tuple(
            replace(item, value=values[item.key]) if item.key in values else item
            for item in self._problem.items
        )
        return replace(self._problem, items=items)

    def _solved(self, problem: Problem, limit: float, enough: float = -math.inf) -> Answer:
        told = [math.inf]

        def hear(step: Progress) -> None:
            told[0] = min(told[0], step.bound)

        found = solve(
            problem,
            time_limit=limit,
            seed=self._seed,
            solver=self._solver,
            on_progress=hear,
            should_stop=lambda: told[0] <= enough,
        )
        return self._answer(problem, found)

    def bound(self, key: str, value: float, *, inside: bool) -> float:
        """No plan with ``key`` inside (or outside) is worth more when the item is worth ``value``.

        The smaller one of two. Lagrangian relaxation: capacity is bought at prices, every other rule but prerequisites and
        must-haves is left out, so that each item decides for itself (M. Held, P. Wolfe and
        H. Crowder, "Validation of subgradient optimization", Math. Programming 6 (1974) 62-88).
        And, where delivery dates do not count, the linear relaxation kept warm (:class:`WhatIf`).
        """
        if key not in self._problem.by_key:
            return -math.inf if inside else math.inf
        found = self._lagrangian(key, value, inside=inside)
        if self.dates_count or found == -math.inf:
            return found
        # The warm relaxation is tighter; it holds today's value, which counts in full or not at all.
        change = value - self._problem.by_key[key].value if inside else 0.0
        return min(found, self._warm_bound(key, inside=inside) + change)

    def _warm_bound(self, key: str, *, inside: bool) -> float:
        """No plan with ``key`` on that side is worth more, at today's values; ``inf``: not known."""
        side = (key, inside)
        if side not in self._sides:
            self._sides[side] = math.inf
            # An item that is left out before anything is solved says nothing about another value.
            if self._warm is not None and self._warm.holds(key):
                asked = frozenset((key,))
                change = Change(take_in=asked) if inside else Change(leave_out=asked)
                answer = self._warm.ask(change)
                if answer.settled and answer.bounded:
                    slack = _SLACK * max(1.0, abs(answer.bound)) if answer.possible else 0.0
                    self._sides[side] = answer.bound + slack
        return self._sides[side]

    @cached_property
    def _warm(self) -> WhatIf | None:
        try:
            return WhatIf(self._problem, time_limit=self._limit)
        except ProblemError:
            return None

    def _lagrangian(self, key: str, value: float, *, inside: bool) -> float:
        relaxed = self._relaxed
        row = relaxed.row[key]
        total = relaxed.total
        if inside:
            if relaxed.never[row]:
                return -math.inf
            joined = [relaxed.row[each] for each in self._problem.closure(key)]
            if relaxed.never[joined].any():
                return -math.inf
            others = [each for each in joined if each != row]
            own = value * relaxed.best[row] if value > 0 else value
            return float(
                total
                - relaxed.taken[joined].sum()
                + np.sum(relaxed.margin[others])
                + own
                - relaxed.cost[row]
            )
        if relaxed.always[row]:
            return -math.inf
        waiting = relaxed.waiting[row]
        if relaxed.always[waiting].any():
            return -math.inf
        return float(total - relaxed.taken[waiting].sum())

    def _answer(self, problem: Problem, plan: Plan) -> Answer:
        weights: dict[str, float] = {}
        for sprint in plan.sprints:
            for key in sprint.items:
                item = problem.by_key[key]
                dates = item.delivery_weights or problem.weights
                # A negative value counts in full whenever it is delivered.
                weights[key] = 1.0 if item.value < 0 else dates[sprint.number - 1]
        if plan.status == "infeasible":
            proven = plan.conflict is not None and plan.conflict.proven
            return Answer({}, -math.inf, -math.inf if proven else math.inf)
        return Answer(weights, plan.objective, plan.bound)

    @cached_property
    def _relaxed(self) -> _Relaxed:
        return _Relaxed(self._problem)


class _Relaxed:
    """Every item's margin over the price of the capacity it takes, at good prices."""

    def __init__(self, problem: Problem) -> None:
        names = [team.name for team in problem.teams]
        keys = [item.key for item in problem.items]
        self.row = {key: row for row, key in enumerate(keys)}
        bounds = problem.bounds
        musts = problem.closure(*problem.musts) if problem.musts else frozenset()
        self.always = np.array([key in musts for key in keys], dtype=bool)
        self.never = np.array(
            [bounds[key].must_not or bounds[key].first > bounds[key].last for key in keys],
            dtype=bool,
        )
        dates = [item.delivery_weights or problem.weights for item in problem.items]
        self.best = np.array([max(each) for each in dates])
        values = np.array([item.value for item in problem.items])
        worth = np.where(values > 0, values * self.best, values)
        # What an item takes of each team where the team is fixed, and of any team.
        fixed = np.zeros((len(keys), len(names)))
        free = np.zeros(len(keys))
        for row, item in enumerate(problem.items):
            for part in item.pieces:
                team = part.team or (bounds[item.key].team if not item.parts else None)
                if team is None:
                    free[row] += part.effort
                else:
                    fixed[row, names.index(team)] += part.effort
        capacity = np.array([math.fsum(team.capacity) for team in problem.teams])
        prices = self._prices(worth, fixed, free, capacity)
        self.cost = self._cost(prices, fixed, free)
        self.margin = worth - self.cost
        self.taken = self._taken(self.margin)
        self.total = float(prices @ capacity + self.taken.sum())
        closures = {key: problem.closure(key) for key in keys}
        waiting: list[list[int]] = [[] for _ in keys]
        for key, pulled in closures.items():
            for each in pulled:
                waiting[self.row[each]].append(self.row[key])
        self.waiting = waiting

    def _cost(self, prices: Array, fixed: Array, free: Array) -> Array:
        return np.asarray(fixed @ prices + free * prices.min(), dtype=np.float64)

    def _taken(self, margin: Array) -> Array:
        """What each item adds: nothing when it is left out, its margin when it must be in."""
        chosen = np.where(self.always, margin, np.maximum(margin, 0.0))
        return np.asarray(np.where(self.never & ~self.always, 0.0, chosen), dtype=np.float64)

    def _prices(self, worth: Array, fixed: Array, free: Array, capacity: Array) -> Array:
        """Prices that make the bound small: one team's at a time, by golden section.

        Any prices give a valid bound; the function is convex in each of them.
        """
        efforts = fixed.sum(axis=1) + free
        ratios = worth[efforts > 0] / efforts[efforts > 0]
        highest = float(ratios.max()) if ratios.size and ratios.max() > 0 else 0.0
        prices = np.full(capacity.size, highest / 2)

        def bound(trial: Array) -> float:
            margin = worth - self._cost(trial, fixed, free)
            return float(trial @ capacity + self._taken(margin).sum())

        def along(direction: Array, start: Array) -> Array:
            low, high = 0.0, highest
            while high - low > 1e-4 * (highest or 1.0):
                left, right = high - _GOLDEN * (high - low), low + _GOLDEN * (high - low)
                if bound(start + direction * left) <= bound(start + direction * right):
                    high = right
                else:
                    low = left
            return start + direction * ((low + high) / 2)

        everyone = np.ones(capacity.size)
        prices = along(everyone, np.zeros(capacity.size))
        best = bound(prices)
        for _ in range(_ROUNDS if capacity.size > 1 else 0):
            for team in range(capacity.size):
                direction = np.zeros(capacity.size)
                direction[team] = 1.0
                trial = along(direction, prices * (1 - direction))
                if bound(trial) < best:
                    prices, best = trial, bound(trial)
        return prices
