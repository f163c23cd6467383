"""Two lenses on one budget: the plans between the best for the one and the best for the other.

Each item has two scores, and a plan is worth two sums. The front holds the plans no other beats in
both; it is walked by asking for a little more of the second lens each time and making the most of
the first (epsilon-constraint method; Haimes, Lasdon & Wismer 1971), each made sure by asking for
the most of the second with as much of the first. Points on the upper hull are best for some weight
of the lenses (supported); the others no weighting ever finds.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from itertools import pairwise
from math import inf
from time import perf_counter

from tandem_engine.planning.errors import ProblemError, is_number, shown
from tandem_engine.planning.limits import Limit
from tandem_engine.planning.problem import Problem
from tandem_engine.planning.result import Plan
from tandem_engine.planning.solve import solve

_NOISE = 1e-7


@dataclass(frozen=True, slots=True)
class LensPoint:
    """A plan, and what it is worth to each lens. ``exact``: proven that no plan beats it in both."""

    first: float
    second: float
    plan: Plan
    supported: bool
    exact: bool


@dataclass(frozen=True, slots=True)
class LensFront:
    """Plans from the best for the first lens to the best for the second.

    ``complete``: every plan worth considering is among them (of several worth the same, one).
    """

    points: tuple[LensPoint, ...]
    complete: bool
    seconds: float


def lens_front(
    problem: Problem,
    first: Mapping[str, float],
    second: Mapping[str, float],
    *,
    most: int = 15,
    step: float | None = None,
    time_limit: float = 60.0,
    seed: int = 0,
    on_point: Callable[[LensPoint], None] | None = None,
    should_stop: Callable[[], bool] | None = None,
) -> LensFront:
    """The front of ``problem`` under two scorings; items not given count 0. Dates do not count.

    Up to ``most`` points, spread evenly over the second lens. With ``step``, smaller than any
    difference between two sums of the second lens, every point is found instead (1 for whole
    scores). Raises :class:`ProblemError` when a score is no number.
    """
    _check(problem, first, "first")
    _check(problem, second, "second")
    walk = _Walk(problem, first, second, time_limit, seed, should_stop)
    low, high = walk.ends(most)
    if low is None or high is None:
        return LensFront((), complete=low is None and not walk.ended, seconds=walk.seconds)
    found = [low]
    gap = (high.second - low.second) / (most - 1) if most > 1 else inf
    complete = True
    # The best for the second lens was found at the start, and ends the walk.
    while found[-1].second < high.second - _NOISE:
        at = found[-1].second + (step if step is not None else max(gap, _NOISE))
        if at >= high.second - _NOISE and step is None:
            break
        point = walk.point(at)
        if point is None:
            complete = complete and not walk.ended
            break
        if point.second <= found[-1].second + _NOISE:
            complete = False
            break
        found.append(point)
        if on_point is not None:
            on_point(point)
    if found[-1].second < high.second - _NOISE:
        found.append(high)
    points = _hull(_undominated(found))
    proven = all(point.exact for point in points)
    return LensFront(
        points, complete and proven and step is not None and not walk.ended, walk.seconds
    )


class _Walk:
    """One walk along the front. Mutable, and private to it."""

    def __init__(
        self,
        problem: Problem,
        first: Mapping[str, float],
        second: Mapping[str, float],
        time_limit: float,
        seed: int,
        should_stop: Callable[[], bool] | None,
    ) -> None:
        self.problem = problem
        self.scores = (first, second)
        self.seed = seed
        self.should_stop = should_stop
        self.ended = False
        self.share = time_limit
        self._began = perf_counter()
        self._limit = time_limit
        self._last: Plan | None = None

    @property
    def seconds(self) -> float:
        """Since the walk began."""
        return perf_counter() - self._began

    def ends(self, most: int) -> tuple[LensPoint | None, LensPoint | None]:
        """The best for each lens, as good as may be for the other."""
        self.share = self._limit / (2 * max(most, 2))
        low = self.point(-inf)
        top = self._solve(1, ())
        if top is None or low is None:
            return low, None
        held = self._worth(top, 1)
        return low, self.point(held)

    def point(self, least: float) -> LensPoint | None:
        """The most of the first lens with at least this much of the second, then most of the second."""
        asked = () if least == -inf else (Limit(self.scores[1], lower=least - _NOISE),)
        plan = self._solve(0, asked)
        if plan is None:
            return None
        best = self._worth(plan, 0)
        again = self._solve(1, (Limit(self.scores[0], lower=best - _NOISE * max(1.0, abs(best))),))
        chosen = plan
        if again is not None and self._worth(again, 1) > self._worth(plan, 1):
            chosen = again
        exact = plan.status == "optimal" and again is not None and again.status == "optimal"
        self._last = chosen
        return LensPoint(
            self._worth(chosen, 0), self._worth(chosen, 1), chosen, supported=False, exact=exact
        )

    def _worth(self, plan: Plan, lens: int) -> float:
        scores = self.scores[lens]
        return sum(scores.get(key, 0.0) for key in sorted(plan.items))

    def _solve(self, lens: int, limits: tuple[Limit, ...]) -> Plan | None:
        left = self._limit - self.seconds
        if left <= 0 or (self.should_stop is not None and self.should_stop()):
            self.ended = True
            return None
        items = tuple(
            replace(item, value=self.scores[lens].get(item.key, 0.0), delivery_weights=None)
            for item in self.problem.items
        )
        # What is worth nothing to this lens may be wanted by the other.
        seen = replace(self.problem, items=items, delivery_weights=None)
        plan = solve(
            seen,
            time_limit=max(0.05, min(left, self.share)),
            seed=self.seed,
            start=self._last,
            limits=limits,
            should_stop=self.should_stop,
        )
        return None if plan.status == "infeasible" else plan


def _check(problem: Problem, scores: Mapping[str, float], lens: str) -> None:
    for key, score in scores.items():
        if key not in problem.by_key:
            raise ProblemError(f"{key} is not among the items.", f"{lens}.{key}")
        if not is_number(score):
            raise ProblemError(
                f"{key}: its score is {shown(score)}; give it a number.", f"{lens}.{key}"
            )


def _undominated(points: list[LensPoint]) -> list[LensPoint]:
    kept: list[LensPoint] = []
    for point in sorted(points, key=lambda p: (-p.first, -p.second)):
        if not kept or point.second > kept[-1].second + _NOISE:
            kept.append(point)
    return kept


def _hull(points: list[LensPoint]) -> tuple[LensPoint, ...]:
    """Mark the points on the upper right hull (Andrew's monotone chain)."""
    hull: list[LensPoint] = []
    for point in points:
        while len(hull) >= 2 and _below(hull[-2], hull[-1], point):
            hull.pop()
        hull.append(point)
    corners = {(point.first, point.second) for point in hull}
    return tuple(
        replace(point, supported=(point.first, point.second) in corners or _on(point, hull))
        for point in points
    )


def _below(a: LensPoint, b: LensPoint, c: LensPoint) -> bool:
    """``b`` lies strictly below the line from ``a`` to ``c``."""
    return _cross(a, b, c) < -1e-9 * max(1.0, abs(a.first), abs(a.second))


def _cross(a: LensPoint, b: LensPoint, c: LensPoint) -> float:
    # Going along the front the first lens falls and the second rises.
    return (b.first - a.first) * (c.second - a.second) - (b.second - a.second) * (c.first - a.first)


def _on(point: LensPoint, hull: list[LensPoint]) -> bool:
    return any(
        a.first >= point.first >= b.first and abs(_cross(a, point, b)) <= 1e-9
        for a, b in pairwise(hull)
    )
