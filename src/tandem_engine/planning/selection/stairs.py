"""The undominated plans between two neighbouring extreme plans."""

import math
import time
from dataclasses import dataclass

import numpy as np

from tandem_engine.planning.selection.hull import Hull, Point
from tandem_engine.planning.selection.labels import Labels, TooLarge, plans_within, undominated
from tandem_engine.planning.selection.losses import Losses, core_within, losses_at
from tandem_engine.planning.selection.reduced import Ints, Reduced

#: The first limit below the line, as a part of the triangle under it; then it doubles.
_FIRST = 0.002
_GROWTH = 1.5


@dataclass(frozen=True)
class Stair:
    """The undominated plans along a segment; ``limit`` below the line nothing is missing.

    ``complete`` says that no other undominated plan lies between its ends.
    """

    cost: Ints
    profit: Ints
    complete: bool


def stair(reduced: Reduced, hull: Hull, segment: int, *, deadline: float = math.inf) -> Stair:
    """All undominated plans between two neighbouring extreme plans.

    Lists every plan within a limit below the line, and raises the limit until no undominated
    plan can hide under the stairs found: the best place left for one, just inside a corner,
    would lie within the limit already searched. Gives up when there are too many plans to list,
    or at ``deadline`` (of ``time.monotonic``).
    """
    start, end = hull.segments[segment]
    found = _ends(start, end)
    if start[0] == end[0]:
        return Stair(found.cost, found.profit, complete=True)
    losses = losses_at(reduced, hull, segment)
    line = losses.level(*start)
    needed = _deepest(losses, line, found)
    limit = min(needed, max(int(needed * _FIRST), (losses.run + losses.rise) // 3, 1))
    while needed >= 0:
        # What the flow does not prove tight is added to the limit; half a step absorbs rounding.
        core = core_within(reduced, losses, limit + losses.bound - line + 0.5)
        try:
            plans = plans_within(reduced, losses, core)
        except TooLarge:
            return Stair(found.cost, found.profit, complete=False)
        inside = np.flatnonzero((plans.cost >= start[0]) & (plans.cost <= end[0]))
        found = undominated(_joined(_ends(start, end), plans.take(inside)))
        needed = _deepest(losses, line, found)
        if limit >= needed:
            break
        if time.monotonic() > deadline:
            return Stair(found.cost, found.profit, complete=False)
        limit = min(needed, int(limit * _GROWTH) + 1)
    return Stair(found.cost, found.profit, complete=True)


def _ends(start: Point, end: Point) -> Labels:
    return Labels(
        np.array([start[0], end[0]], dtype=np.int64),
        np.array([start[1], end[1]], dtype=np.int64),
        np.zeros(2),
    )


def _joined(one: Labels, other: Labels) -> Labels:
    return Labels(
        np.concatenate([one.cost, other.cost]),
        np.concatenate([one.profit, other.profit]),
        np.concatenate([one.loss, other.loss]),
    )


def _deepest(losses: Losses, line: int, stairs: Labels) -> int:
    """How far below the line an undominated plan could still hide; -1 when nowhere."""
    left, right = stairs.cost[:-1], stairs.cost[1:]
    low, high = stairs.profit[:-1], stairs.profit[1:]
    room = (right - left > 1) & (high - low > 1)
    if not room.any():
        return -1
    depth = line - losses.run * (low + 1) + losses.rise * (right - 1)
    return int(depth[room].max())
