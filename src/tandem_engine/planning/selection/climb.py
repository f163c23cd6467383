"""Good plans at every cost, by exchange: what one requester more, less or another one makes of them.

A Pareto local search (Paquete, Chiarandini & Stützle 2004, LNEMS 535) over one plan per cost: every
plan is tried with each requester added, each left out, and the cheapest exchanged for each other;
what beats the plan known for its cost takes its place and is tried next.
"""

import time
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from tandem_engine.planning.selection.hull import Point
from tandem_engine.planning.selection.reduced import Flags, Ints, Reduced

Singles = NDArray[np.float32]

#: Plans tried at a time, and costs kept between two corners.
_BLOCK = 256
_MOST_KEPT = 4_000
#: Requesters a plan gives up, one at a time, for each other one.
_LEAVERS = 10
#: Requesters times groups up to which plans are kept as tables.
MOST_CELLS = 4_000_000


@dataclass
class _Part:
    """The free requesters with what they cost by themselves and the groups they want, as a table."""

    profit: Ints
    private: Ints
    wants: Singles
    group_cost: Singles


class Climb:
    """Plans between two corners, one per cost at most, that only become better.

    ``free`` requesters are decided here; ``base`` says who is in apart from them.
    """

    def __init__(self, reduced: Reduced, base: Flags, free: Ints, low: Point, high: Point) -> None:
        self.reduced, self.base, self.free = reduced, base, free
        is_free = np.zeros(reduced.requesters, dtype=bool)
        is_free[free] = True
        fixed = base & ~is_free
        bought = reduced.groups_of(fixed)
        live = is_free[reduced.arc_requester] & ~bought[reduced.arc_group]
        groups, number = np.unique(reduced.arc_group[live], return_inverse=True)
        self.fits = len(free) * max(1, len(groups)) <= MOST_CELLS
        row = np.full(reduced.requesters, -1, dtype=np.int64)
        row[free] = np.arange(len(free))
        wants = np.zeros((len(free), len(groups)) if self.fits else (0, 0), dtype=np.float32)
        if self.fits:
            wants[row[reduced.arc_requester[live]], number] = 1
        self.part = _Part(
            reduced.profit[free],
            reduced.private[free],
            wants,
            reduced.group_cost[groups].astype(np.float32),
        )
        self.fixed = fixed
        self.spent = int(reduced.private[fixed].sum() + reduced.group_cost[bought].sum())
        self.earned = int(reduced.profit[fixed].sum())
        self.low, self.high = low, high
        self.slope = (high[1] - low[1]) / (high[0] - low[0])
        self.width = max(1, (high[0] - low[0]) // _MOST_KEPT)
        slots = (high[0] - low[0]) // self.width + 1
        self.profit = np.full(slots, -1, dtype=np.int64)
        self.cost = np.zeros(slots, dtype=np.int64)
        self.plans = np.zeros((slots, len(free)), dtype=bool)
        self.fresh = np.zeros(slots, dtype=bool)
        self.untried = np.zeros(slots, dtype=bool)

    def offer(self, plans: Flags) -> None:
        """Plans of the whole problem, one a row: their free requesters together with the fixed ones."""
        self._keep(plans[:, self.free])

    def walk(self, chosen: Flags) -> None:
        """All plans on the way up from one: always the requester next that brings most for the cost."""
        plan = chosen[self.free][None, :].copy()
        count = plan.astype(np.float32) @ self.part.wants
        while True:
            dearer = self._changes(count)[0][0]
            ratio = np.where(plan[0], -1.0, self.part.profit / np.maximum(dearer, 0.5))
            best = int(np.argmax(ratio))
            if ratio[best] < 0:
                return
            plan[0, best] = True
            count += self.part.wants[best]
            self._keep(plan)

    def run(self, deadline: float, stop: Callable[[], bool]) -> None:
        """Exchange until nothing becomes better, or until ``deadline`` (of ``time.monotonic``)."""
        while time.monotonic() < deadline and not stop():
            if self.fresh.any():
                self._try(self._next(self.fresh), exchange=False)
            elif self.untried.any():
                self._try(self._next(self.untried), exchange=True)
            else:
                break

    def _next(self, flags: Flags) -> Ints:
        """Some plans that wait, evenly over all costs, so that what is found helps everywhere."""
        best = np.maximum.accumulate(self.profit)
        waiting = np.flatnonzero(flags & (self.profit == best))
        if not len(waiting):
            waiting = np.flatnonzero(flags)
        some = waiting[:: max(1, len(waiting) // _BLOCK)][:_BLOCK]
        flags[some] = False
        return some

    def points(self) -> list[Point]:
        """(cost, profit) of every plan kept."""
        have = np.flatnonzero(self.profit >= 0)
        return list(zip(self.cost[have].tolist(), self.profit[have].tolist(), strict=True))

    def _try(self, slots: Ints, *, exchange: bool) -> None:
        part = self.part
        plans, cost, profit = self.plans[slots], self.cost[slots], self.profit[slots]
        count = plans.astype(np.float32) @ part.wants
        dearer, cheaper = self._changes(count)
        ways = np.where(plans, cost[:, None] - cheaper, cost[:, None] + dearer)
        worth = profit[:, None] + np.where(plans, -part.profit, part.profit)
        if not exchange:
            self._flip(plans, ways, worth)
            return
        # Whom to give up: those that save most for what they bring.
        lost = np.where(plans, part.profit - self.slope * cheaper, np.inf)
        few = min(_LEAVERS, plans.shape[1])
        leavers = np.argpartition(lost, few - 1, axis=1)[:, :few]
        rows = np.arange(len(plans))
        for leaver in leavers.T:
            able = plans[rows, leaver]
            if not able.any():
                continue
            rest, who = plans[able].copy(), leaver[able]
            rest[np.arange(len(rest)), who] = False
            left = count[able] - part.wants[who]
            dearer, _ = self._changes(left, only_more=True)
            base_cost = cost[able] - cheaper[able, who]
            base_profit = profit[able] - part.profit[who]
            ways = np.where(rest, -1, base_cost[:, None] + dearer)
            ways[np.arange(len(rest)), who] = -1
            self._flip(rest, ways, base_profit[:, None] + part.profit)

    def _changes(self, count: Singles, *, only_more: bool = False) -> tuple[Ints, Ints]:
        """What each requester adds to the cost when taken in, and saves when left out."""
        part = self.part
        more = ((count == 0) * part.group_cost) @ part.wants.T
        dearer = part.private + np.rint(more).astype(np.int64)
        if only_more:
            return dearer, dearer
        less = ((count == 1) * part.group_cost) @ part.wants.T
        return dearer, part.private + np.rint(less).astype(np.int64)

    def _flip(self, plans: Flags, cost: Ints, profit: Ints) -> None:
        """Of all plans with one requester changed, keep those better than what their cost has."""
        inside = (cost >= self.low[0]) & (cost <= self.high[0])
        slot = np.where(inside, (cost - self.low[0]) // self.width, 0)
        better = np.flatnonzero((inside & (profit > self.profit[slot])).ravel())
        if not len(better):
            return
        places, gains, costs = slot.ravel()[better], profit.ravel()[better], cost.ravel()[better]
        order = np.lexsort((costs, -gains, places))
        first = order[np.concatenate([[True], places[order][1:] != places[order][:-1]])]
        row, column = np.divmod(better[first], plans.shape[1])
        made = plans[row].copy()
        made[np.arange(len(row)), column] ^= True
        self._put(places[first], made, costs[first], gains[first])

    def _keep(self, plans: Flags) -> None:
        count = plans.astype(np.float32) @ self.part.wants
        groups = np.rint((count > 0) @ self.part.group_cost).astype(np.int64)
        cost = self.spent + plans @ self.part.private + groups
        profit = self.earned + plans @ self.part.profit
        slot = (cost - self.low[0]) // self.width
        for at, where in enumerate(slot.tolist()):
            if 0 <= where < len(self.profit) and profit[at] > self.profit[where]:
                one = slice(at, at + 1)
                self._put(np.array([where]), plans[one], cost[one], profit[one])

    def _put(self, slots: Ints, plans: Flags, cost: Ints, profit: Ints) -> None:
        self.plans[slots], self.cost[slots], self.profit[slots] = plans, cost, profit
        self.fresh[slots] = self.untried[slots] = True
