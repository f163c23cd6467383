"""What every single decision loses against the line through two neighbouring extreme plans.

With a feasible flow ``f`` the distance of any plan below the line splits exactly into losses that
are never negative: each requester left out loses its unspent profit, each requester in that is
not worth its private cost loses the rest, each group bought loses the part of its cost nobody
pays, and each group bought without one of its requesters loses that requester's share. A plan
within ``limit`` of the line can therefore afford no decision that loses more: those are fixed.
"""

from dataclasses import dataclass

import numpy as np

from tandem_engine.planning.selection.hull import Hull
from tandem_engine.planning.selection.reduced import Flags, Floats, Ints, Reduced

#: Losses below this part of a step are noise of the arithmetic.
_NOISE = 1e-6


@dataclass(frozen=True)
class Losses:
    """Losses along one segment, in units of ``run * profit - rise * cost``.

    ``bound`` is the most any plan reaches; ``out`` and ``inside`` are a requester's losses when
    left out or taken in, ``group`` a group's when bought, ``share`` an arc's when its group is
    bought without its requester.
    """

    run: int
    rise: int
    bound: float
    out: Floats
    inside: Floats
    group: Floats
    share: Floats

    def level(self, cost: int, profit: int) -> int:
        """How high a plan lies in the direction of the segment."""
        return self.run * profit - self.rise * cost


def losses_at(reduced: Reduced, hull: Hull, segment: int) -> Losses:
    """The losses along a segment of the hull, from the flows of all its segments.

    A segment's own flow spends all profit and pays all cost of its requesters at its slope. At a
    flatter slope, costs count less: scaled down it still pays them all. At a steeper slope
    requesters have less to spend: scaled to that, it still spends all. So one flow per segment,
    found once, bounds every segment.
    """
    start, end = hull.segments[segment]
    run, rise = end[0] - start[0], end[1] - start[1]
    slope = rise / run
    own = hull.slope[hull.block]
    free_profit = reduced.profit - slope * reduced.private
    before = own >= slope
    with np.errstate(divide="ignore", invalid="ignore"):
        at_own = reduced.profit - own * reduced.private
        spend = np.where(at_own > _NOISE, np.maximum(free_profit, 0) / at_own, 0.0)
        scale = np.where(before, slope / own, spend)
    share = hull.flow * scale[reduced.arc_requester] * run
    spent = reduced.per_requester(share)
    out = np.maximum(run * np.maximum(free_profit, 0) - spent, 0)
    inside = np.maximum(-run * free_profit, 0)
    group = np.maximum(rise * reduced.group_cost - reduced.per_group(share), 0)
    for amounts in (out, inside, group):
        amounts[amounts < _NOISE * max(run, rise)] = 0
    return Losses(run, rise, float(out.sum()), out, inside, group, share)


@dataclass(frozen=True)
class Core:
    """What is left to decide: ``free`` requesters; ``taken`` ones are in, the others out.

    ``slack`` is what free decisions may lose together; below 0 there is no plan. ``out`` and
    ``inside`` hold the free requesters' losses after what is fixed, ``group`` the groups'.
    """

    free: Ints
    taken: Flags
    bought: Flags
    slack: float
    out: Floats
    inside: Floats
    group: Floats


def core_within(reduced: Reduced, losses: Losses, limit: float) -> Core:
    """The decisions open to plans that lie at most ``limit`` below the bound."""
    taken = np.zeros(reduced.requesters, dtype=bool)
    dropped = np.zeros(reduced.requesters, dtype=bool)
    while True:
        bought = reduced.groups_of(taken)
        group = losses.group + reduced.per_group(losses.share * dropped[reduced.arc_requester])
        lost = losses.out[dropped].sum() + losses.inside[taken].sum() + group[bought].sum()
        slack = limit - lost
        in_bought = bought[reduced.arc_group]
        out = losses.out + reduced.per_requester(losses.share * in_bought)
        inside = losses.inside + reduced.per_requester(
            np.where(in_bought, 0.0, group[reduced.arc_group])
        )
        free = ~(taken | dropped)
        must = free & (out > slack)
        cannot = free & (inside > slack)
        if not (must.any() or cannot.any()):
            break
        taken |= must
        dropped |= cannot & ~must
        if (must & cannot).any():
            slack = -1.0
            break
    return Core(np.flatnonzero(free), taken, bought, float(slack), out, inside, group)
