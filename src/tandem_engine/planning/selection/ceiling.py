"""What no plan exceeds at any cost, lowered step by step: branch and bound over all budgets at once.

The hull of all plans bounds every cost, and so does the hull of a part of them: those that buy a
group of requirements, and those that do without. The larger of the two bounds all plans, and lies
lower than the hull of the whole. The part that lies highest above the plans known is divided again.
"""

import heapq

import numpy as np

from tandem_engine.planning.selection.hull import Hull, Point, hull
from tandem_engine.planning.selection.reduced import Flags, Floats, Ints, Reduced, without

#: Cells into which the costs of a segment are divided at most; bounds hold for all of a cell.
_MOST_CELLS = 4_000


class Cells:
    """The costs between two corners, one by one or a few together."""

    def __init__(self, low: Point, high: Point) -> None:
        self.low, self.high = low, high
        self.width = max(1, -(-(high[0] - low[0]) // _MOST_CELLS))
        self.first: Ints = np.arange(low[0], high[0], self.width, dtype=np.int64)
        self.last: Ints = np.minimum(self.first + self.width, high[0]) - 1

    def reached(self, points: dict[int, int]) -> Floats:
        """What a plan known brings at the first cost of each cell."""
        costs = np.array(sorted(points), dtype=np.int64)
        best = np.maximum.accumulate(np.array([points[c] for c in costs.tolist()], dtype=float))
        at = np.searchsorted(costs, self.first, side="right") - 1
        return np.where(at >= 0, best[np.maximum(at, 0)], 0.0)


class Ceiling:
    """Leaves of the search, and what they leave possible above the plans known."""

    def __init__(self, reduced: Reduced, cells: Cells, cap: Floats) -> None:
        self.reduced, self.cells = reduced, cells
        nothing = np.zeros(reduced.groups, dtype=bool)
        self._made = 0
        #: What leaves leave possible that cannot be divided.
        self._settled: Floats = np.zeros(len(cap))
        #: (-area above the plans known when made, number, bought, refused, most per cell)
        self._leaves: list[tuple[float, int, Flags, Flags, Floats]] = []
        self._push(nothing, nothing, cap, np.zeros(len(cap)))

    def hidden(self, reached: Floats) -> float:
        """The area between the plans known and what may be possible."""
        most = np.maximum(reached, self._settled)
        for *_, leaf in self._leaves:
            np.maximum(most, leaf, out=most)
        return float((most - reached).sum() * self.cells.width)

    def divide(self, reached: Floats) -> Flags | None:
        """Divide the highest leaf by the group that matters most; the plans met on the way.

        ``None`` when no leaf is left that could be divided.
        """
        while self._leaves:
            *_, bought, refused, most = heapq.heappop(self._leaves)
            if not (most > reached).any():
                continue
            group = self._widest(bought, refused)
            if group is None:
                # Nothing left to decide but private costs: the bound stays as it is.
                np.maximum(self._settled, most, out=self._settled)
                continue
            met = []
            for taken in (False, True):
                one, other = bought.copy(), refused.copy()
                (one if taken else other)[group] = True
                part, keep, spent = without(self.reduced, one, other)
                whole = hull(part)
                self._push(one, other, np.minimum(most, self._under(whole, spent)), reached)
                plans = np.zeros((len(whole.segments) + 1, self.reduced.requesters), dtype=bool)
                plans[:, keep] = whole.block < np.arange(len(plans))[:, None]
                met.append(plans)
            return np.concatenate(met)
        return None

    def _push(self, bought: Flags, refused: Flags, most: Floats, reached: Floats) -> None:
        above = np.maximum(most - reached, 0)
        if above.any():
            self._made += 1
            leaf = (-float(above.sum()), self._made, bought, refused, most)
            heapq.heappush(self._leaves, leaf)

    def _widest(self, bought: Flags, refused: Flags) -> int | None:
        """The undecided group whose requesters bring most."""
        reduced = self.reduced
        away = (
            np.bincount(reduced.arc_requester, refused[reduced.arc_group], reduced.requesters) > 0
        )
        rest = np.where(away, 0, reduced.profit)
        weight = np.bincount(reduced.arc_group, rest[reduced.arc_requester], reduced.groups)
        weight[bought | refused] = 0
        return int(np.argmax(weight)) if weight.any() else None

    def _under(self, whole: Hull, spent: int) -> Floats:
        """The hull at the last cost of each cell, once ``spent`` is spent."""
        corners = [(0, 0), *(end for _, end in whole.segments)]
        costs = np.array([spent + cost for cost, _ in corners], dtype=float)
        most = np.interp(self.cells.last, costs, [float(profit) for _, profit in corners])
        most[self.cells.last < spent] = -1.0
        return np.floor(most + 1e-6)
