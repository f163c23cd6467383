"""Every plan worth considering: the complete front of value against cost."""

import heapq
import time
from collections.abc import Callable
from dataclasses import dataclass
from itertools import pairwise

import numpy as np

from tandem_engine.planning.selection.hull import Hull, Point, hull
from tandem_engine.planning.selection.losses import core_within, losses_at
from tandem_engine.planning.selection.problem import SelectionProblem
from tandem_engine.planning.selection.programme import best_in_core
from tandem_engine.planning.selection.reduced import Reduced, reduce
from tandem_engine.planning.selection.result import Front, FrontPoint
from tandem_engine.planning.selection.stairs import stair

#: Told the part of the hull that is done (0 to 1); a true answer stops the search.
Watch = Callable[[float], bool]


@dataclass(frozen=True, slots=True)
class _Box:
    """Where undominated plans may still hide: costs and profits strictly between the corners."""

    segment: int
    low: Point
    high: Point
    area: float


def front(
    problem: SelectionProblem,
    *,
    seconds: float = 60.0,
    seed: int = 1,
    watch: Watch | None = None,
) -> Front:
    """All undominated plans of ``problem``, by rising cost.

    First every extreme plan, then the stairs between each two of them. Where wishes overlap so
    much that listing fails, one programme after the other halves the largest place in which
    plans could still hide, until nothing is left or ``seconds`` have passed; the answer says how
    much could be missing. ``watch`` hears about progress and may stop the search.
    """
    deadline = time.monotonic() + seconds
    reduced = reduce(problem)
    whole = hull(reduced)
    points: dict[int, int] = {0: 0}
    for _, end in whole.segments:
        points[end[0]] = max(end[1], points.get(end[0], 0))
    extreme = set(points)
    boxes: list[tuple[float, int, _Box]] = []
    stopped = False
    for number, (start, end) in enumerate(whole.segments):
        stopped = stopped or time.monotonic() > deadline
        if stopped:
            steps = [start, end]
        else:
            found = stair(reduced, whole, number, deadline=deadline)
            steps = list(zip(found.cost.tolist(), found.profit.tolist(), strict=True))
            points.update(steps)
            if found.complete:
                stopped = watch is not None and watch((number + 1) / len(whole.segments))
                continue
        for low, high in pairwise(steps):
            _push(boxes, whole, number, low, high)
    while boxes and not stopped and time.monotonic() < deadline:
        stopped = watch is not None and watch(1.0)
        _halve(boxes, reduced, whole, points, deadline, seed)
    return _told(problem, points, extreme, [box for _, _, box in boxes])


def _push(
    boxes: list[tuple[float, int, _Box]], whole: Hull, segment: int, low: Point, high: Point
) -> None:
    if high[0] - low[0] < 2 or high[1] - low[1] < 2:
        return
    start, end = whole.segments[segment]
    slope = (end[1] - start[1]) / (end[0] - start[0])
    costs = np.arange(low[0] + 1, high[0], max(1, (high[0] - low[0]) // 1_000))
    under_line = np.minimum(start[1] + slope * (costs - start[0]), high[1] - 1) - low[1]
    area = float(np.maximum(under_line, 0).mean() * (high[0] - low[0] - 1))
    if area > 0:
        box = _Box(segment, low, high, area)
        heapq.heappush(boxes, (-area, low[0], box))


def _halve(
    boxes: list[tuple[float, int, _Box]],
    reduced: Reduced,
    whole: Hull,
    points: dict[int, int],
    deadline: float,
    seed: int,
) -> None:
    """Solve for the middle cost of the largest box, and put back what it leaves open."""
    box = heapq.heappop(boxes)[2]
    middle = (box.low[0] + box.high[0]) // 2
    losses = losses_at(reduced, whole, box.segment)
    line = losses.level(*whole.segments[box.segment][0])
    limit = line - losses.run * (box.low[1] + 1) + losses.rise * middle
    core = core_within(reduced, losses, limit + losses.bound - line + 0.5)
    left = deadline - time.monotonic()
    answer = best_in_core(reduced, core, middle, seconds=left, seed=seed)
    best = box.low
    if answer.chosen is not None:
        cost, profit = reduced.measure(answer.chosen)
        if profit > box.low[1]:
            best = (cost, profit)
            points[cost] = max(profit, points.get(cost, 0))
            # As much may be had for less: the programme minds the profit alone.
            _push(boxes, whole, box.segment, box.low, (cost, profit + 1))
    if answer.proven:
        # Nothing up to the middle is worth more than the best found there.
        _push(boxes, whole, box.segment, (middle, best[1]), box.high)
    else:
        _push(boxes, whole, box.segment, box.low, box.high)


def _told(
    problem: SelectionProblem, points: dict[int, int], extreme: set[int], boxes: list[_Box]
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
    hidden = sum(box.area for box in boxes)
    return Front(tuple(kept), not boxes, hidden / (area + hidden) if boxes else 0.0)
