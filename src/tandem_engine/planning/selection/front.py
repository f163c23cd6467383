"""Every plan worth considering: the complete front of value against cost."""

import heapq
import time
from collections.abc import Callable

from tandem_engine.planning.selection.hull import hull
from tandem_engine.planning.selection.problem import SelectionProblem
from tandem_engine.planning.selection.reduced import reduce
from tandem_engine.planning.selection.result import Front, FrontPoint
from tandem_engine.planning.selection.stairs import stair
from tandem_engine.planning.selection.unlisted import Unlisted

#: The part of the time left in which good plans are looked for before anything is proven.
_CLIMBING = 0.4

#: Told the part of the hull that is done (0 to 1); a true answer stops the search.
Watch = Callable[[float], bool]


def front(
    problem: SelectionProblem,
    *,
    seconds: float = 60.0,
    seed: int = 1,
    watch: Watch | None = None,
) -> Front:
    """All undominated plans of ``problem``, by rising cost.

    First every extreme plan, then the stairs between each two of them. Where wishes overlap so
    much that listing fails, plans are climbed to at every cost; then the largest place in which
    better ones could still hide is made smaller, by programmes where these are solved at once,
    else by a falling ceiling, until nothing is left or ``seconds`` have passed. The answer says
    how much could be missing. ``watch`` hears about progress and may stop the search.
    """
    deadline = time.monotonic() + seconds
    reduced = reduce(problem)
    whole = hull(reduced)
    points: dict[int, int] = {0: 0}
    for _, end in whole.segments:
        points[end[0]] = max(end[1], points.get(end[0], 0))
    extreme = set(points)
    unlisted: list[Unlisted] = []
    stopped = False

    def stop() -> bool:
        nonlocal stopped
        stopped = stopped or (watch is not None and watch(1.0)) or time.monotonic() > deadline
        return stopped

    for number in range(len(whole.segments)):
        stopped = stopped or time.monotonic() > deadline
        if stopped:
            unlisted.append(Unlisted(reduced, whole, number, list(whole.segments[number]), seed))
            continue
        found = stair(reduced, whole, number, deadline=deadline)
        steps = list(zip(found.cost.tolist(), found.profit.tolist(), strict=True))
        points.update(steps)
        if found.complete:
            stopped = watch is not None and watch((number + 1) / len(whole.segments))
        else:
            unlisted.append(Unlisted(reduced, whole, number, steps, seed))
    _fill(unlisted, deadline, stop)
    for one in unlisted:
        for cost, profit in one.points.items():
            points[cost] = max(profit, points.get(cost, 0))
    return _told(problem, points, extreme, sum(one.hidden for one in unlisted))


def _fill(unlisted: list[Unlisted], deadline: float, stop: Callable[[], bool]) -> None:
    """Good plans where none could be listed, each place in proportion; then the largest gap first."""
    began = time.monotonic()
    areas = [one.hidden for one in unlisted]
    until = began
    for one, area in zip(unlisted, areas, strict=True):
        if area <= 0 or stop():
            continue
        until += _CLIMBING * (deadline - began) * area / sum(areas)
        one.climb(until, stop)
    heap = [(-one.hidden, number) for number, one in enumerate(unlisted) if one.hidden > 0]
    heapq.heapify(heap)
    while heap and not stop():
        _, number = heapq.heappop(heap)
        unlisted[number].step(deadline)
        hidden = unlisted[number].hidden
        if hidden > 0 and not unlisted[number].exhausted:
            heapq.heappush(heap, (-hidden, number))


def _told(
    problem: SelectionProblem, points: dict[int, int], extreme: set[int], hidden: float
) -> Front:
    kept: list[FrontPoint] = []
    best = -1
    area = 0.0
    last = 0
    for cost in sorted(points):
        if points[cost] <= best:
            continue
        area += max(best, 0) * (cost - last)
        best, last = points[cost], cost
        kept.append(
            FrontPoint(cost / problem.cost_scale, best / problem.value_scale, cost in extreme)
        )
    return Front(tuple(kept), hidden <= 0, hidden / (area + hidden) if hidden > 0 else 0.0)
