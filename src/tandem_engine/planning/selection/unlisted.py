"""A segment of the hull whose plans are too many to list: good plans, and what they may miss.

First plans are climbed to at every cost. Then programmes halve the largest place left, as long as
they are solved at once; where one is not, the ceiling over all costs is lowered instead.
"""

import heapq
import time
from collections.abc import Callable
from dataclasses import dataclass, replace
from itertools import pairwise

import numpy as np

from tandem_engine.planning.selection.ceiling import Ceiling, Cells
from tandem_engine.planning.selection.climb import Climb
from tandem_engine.planning.selection.hull import Hull, Point, hull
from tandem_engine.planning.selection.losses import core_within, losses_at
from tandem_engine.planning.selection.programme import best_in_core
from tandem_engine.planning.selection.reduced import Floats, Ints, Reduced

#: Seconds a programme may take before its segment counts as one for the ceiling.
AT_ONCE = 1.0
#: Problems with some groups left free, for plans to begin from, and how many of the groups are.
STARTS = 30
_FREE = (0.15, 0.5)
#: Divisions of the ceiling made at a time.
_DIVISIONS = 4


@dataclass(frozen=True, slots=True)
class _Box:
    """Where undominated plans may still hide: costs and profits strictly between the corners."""

    low: Point
    high: Point
    area: float


class Unlisted:
    """One segment, its undominated plans so far in ``points``, and what may hide above them."""

    def __init__(
        self, reduced: Reduced, whole: Hull, segment: int, steps: list[Point], seed: int
    ) -> None:
        self.reduced, self.whole, self.segment, self.seed = reduced, whole, segment, seed
        self.start, self.end = whole.segments[segment]
        self.points = dict(steps)
        self._losses = losses_at(reduced, whole, segment)
        self._boxes: list[tuple[float, int, _Box]] = []
        self._ceiling: Ceiling | None = None
        self._cells = Cells(self.start, self.end)
        self._climb: Climb | None = None
        self.exhausted = False
        # What stairs found before they gave up is undominated: nothing hides at its corners.
        for low, high in pairwise(steps):
            self._push(low, high)

    @property
    def hidden(self) -> float:
        """The area above the plans known in which others may lie."""
        if self._ceiling is not None:
            return self._ceiling.hidden(self._cells.reached(self.points))
        return sum(box.area for _, _, box in self._boxes)

    def climb(self, deadline: float, stop: Callable[[], bool]) -> None:
        """Good plans at every cost between the corners."""
        line = self._losses.level(*self.start)
        deepest = max(
            (
                line - self._losses.run * (box.low[1] + 1) + self._losses.rise * (box.high[0] - 1)
                for _, _, box in self._boxes
            ),
            default=0,
        )
        core = core_within(self.reduced, self._losses, deepest + self._losses.bound - line + 0.5)
        low = self.whole.plan_before(self.segment)
        climb = Climb(self.reduced, low, core.free, self.start, self.end)
        if not climb.fits or not len(core.free):
            return
        self._climb = climb
        climb.offer(np.stack([low, self.whole.plan_before(self.segment + 1)]))
        climb.walk(low)
        chance = np.random.default_rng(self.seed)
        began, half = time.monotonic(), time.monotonic() / 2 + deadline / 2
        for _ in range(STARTS if deadline > began else 0):
            if time.monotonic() > half or stop():
                break
            free = chance.random(self.reduced.groups) < chance.uniform(*_FREE)
            other = hull(
                replace(self.reduced, group_cost=np.where(free, 0, self.reduced.group_cost))
            )
            climb.offer(other.block < np.arange(len(other.segments) + 1)[:, None])
        climb.run(deadline, stop)
        self._learn()
        boxes, self._boxes = self._boxes, []
        for _, _, box in boxes:
            self._push(box.low, box.high)

    def step(self, deadline: float) -> None:
        """One programme, or some divisions of the ceiling."""
        if self._ceiling is None:
            if not self._halve(deadline):
                self._ceiling = Ceiling(self.reduced, self._cells, self._cap())
            return
        for _ in range(_DIVISIONS):
            met = self._ceiling.divide(self._cells.reached(self.points))
            if met is None:
                self.exhausted = True
                return
            if self._climb is not None:
                self._climb.offer(met)
                self._climb.run(min(deadline, time.monotonic() + 0.05), lambda: False)
                self._learn()

    def _learn(self) -> None:
        if self._climb is not None:
            for cost, profit in self._climb.points():
                self.points[cost] = max(profit, self.points.get(cost, 0))

    def _known(self, costs: Ints) -> Ints:
        """What the plans known bring for each of the costs."""
        have = np.array(sorted(self.points), dtype=np.int64)
        best = np.maximum.accumulate(np.array([self.points[c] for c in have.tolist()]))
        return np.asarray(best[np.searchsorted(have, costs, side="right") - 1])

    def _push(self, low: Point, high: Point) -> None:
        """A place for plans with costs between the corners' and profits below the upper one's."""
        if high[0] - low[0] < 2 or high[1] - low[1] < 2:
            return
        costs = np.arange(low[0] + 1, high[0], max(1, (high[0] - low[0]) // 1_000))
        above = np.minimum(np.floor(self._line(costs) + 1e-6), high[1] - 1) - self._known(costs)
        area = float(np.maximum(above, 0).mean() * (high[0] - low[0] - 1))
        if area > 0:
            heapq.heappush(self._boxes, (-area, low[0], _Box(low, high, area)))

    def _line(self, costs: Ints) -> Floats:
        slope = (self.end[1] - self.start[1]) / (self.end[0] - self.start[0])
        return np.asarray(self.start[1] + slope * (costs - self.start[0]), dtype=np.float64)

    def _cap(self) -> Floats:
        """What the line and the programmes solved leave possible, per cell."""
        cells = self._cells
        cap = np.zeros(len(cells.first))
        for _, _, box in self._boxes:
            touched = (cells.last > box.low[0]) & (cells.first < box.high[0])
            cap[touched] = np.maximum(cap[touched], box.high[1] - 1)
        return np.minimum(cap, np.floor(self._line(cells.last) + 1e-6))

    def _halve(self, deadline: float) -> bool:
        """Solve for the middle cost of the largest box, and put back what it leaves open."""
        box = heapq.heappop(self._boxes)[2]
        middle = (box.low[0] + box.high[0]) // 2
        losses, known = self._losses, int(self._known(np.array([middle]))[0])
        line = losses.level(*self.start)
        limit = line - losses.run * (known + 1) + losses.rise * middle
        core = core_within(self.reduced, losses, limit + losses.bound - line + 0.5)
        left = min(AT_ONCE, deadline - time.monotonic())
        answer = best_in_core(self.reduced, core, middle, seconds=left, seed=self.seed)
        if answer.chosen is not None:
            cost, profit = self.reduced.measure(answer.chosen)
            self.points[cost] = max(profit, self.points.get(cost, 0))
        if not answer.proven:
            self._push(box.low, box.high)
            return False
        # Nothing up to the middle is worth more than the best known there; as much may be had for less.
        profit, cost = max((p, -c) for c, p in self.points.items() if c <= middle)
        self._push(box.low, (max(-cost, box.low[0]), profit + 1))
        self._push((middle, profit), box.high)
        return True
