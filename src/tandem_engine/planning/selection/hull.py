"""The concave hull of all plans: every extreme plan, with the flows that prove it.

For a slope, the plan that maximises ``run * profit - rise * cost`` is a maximum closure, that is a
minimum cut (Picard 1976, Manage. Sci. 22; Gallo, Grigoriadis & Tarjan 1989, SIAM J. Comput. 18).
Dichotomic search over slopes finds every extreme point. Extreme plans are nested, so that the
segments still open have no free requester in common: each round of the search is one flow over
all of them at once, and there are about as many rounds as a halving needs.
"""

from dataclasses import dataclass

import numpy as np
from scipy.sparse import csr_array
from scipy.sparse.csgraph import maximum_flow

from tandem_engine.planning.selection.reduced import Flags, Floats, Ints, Reduced

#: What the flow's whole numbers may add up to (it counts in 32 bits).
_MOST_FLOW = 2**30

Point = tuple[int, int]
"""(cost, profit) in steps."""


@dataclass(frozen=True)
class Hull:
    """Neighbouring extreme plans, and a flow that bounds every plan.

    ``segments[i]`` joins two neighbouring extreme points. ``block[j]`` is the number of the
    segment along which requester ``j`` comes in: the extreme plan at the start of segment ``i``
    is ``block < i``. ``slope[i]`` is profit per cost along it. ``flow`` is, per arc, how much of
    a requester's profit pays for the group, at the slope of the requester's segment; arcs that
    join different segments carry none.
    """

    segments: tuple[tuple[Point, Point], ...]
    block: Ints
    slope: Floats
    flow: Floats

    def plan_before(self, segment: int) -> Flags:
        """The requesters of the extreme plan where a segment starts."""
        return np.asarray(self.block < segment)


def hull(reduced: Reduced) -> Hull:
    """Every extreme supported plan, from nothing to everything worth its cost."""
    everyone = np.ones(reduced.requesters, dtype=bool)
    whole = reduced.measure(everyone)
    open_segments: list[tuple[Point, Point]] = [((0, 0), whole)] if whole[1] else []
    in_segment = np.zeros(reduced.requesters, dtype=np.int64)
    group_segment = np.zeros(reduced.groups, dtype=np.int64)
    flow = np.zeros(len(reduced.arc_group))
    done: list[tuple[Point, Point]] = []
    block = np.zeros(reduced.requesters, dtype=np.int64)
    while open_segments:
        cut = _cut(reduced, open_segments, in_segment, group_segment)
        next_segments: list[tuple[Point, Point]] = []
        next_in = np.full(reduced.requesters, -1, dtype=np.int64)
        next_group = np.full(reduced.groups, -1, dtype=np.int64)
        by_segment = _members(in_segment, len(open_segments))
        groups_by = _members(group_segment, len(open_segments))
        finished = np.zeros(len(open_segments), dtype=bool)
        for number, (start, end) in enumerate(open_segments):
            who, groups = by_segment[number], groups_by[number]
            chosen, bought = cut.chosen[who], cut.bought[groups]
            cost = int(
                reduced.private[who[chosen]].sum() + reduced.group_cost[groups[bought]].sum()
            )
            profit = int(reduced.profit[who[chosen]].sum())
            run, rise = end[0] - start[0], end[1] - start[1]
            if run * profit <= rise * cost:
                finished[number] = True
                block[who] = len(done)
                done.append((start, end))
                continue
            middle = (start[0] + cost, start[1] + profit)
            for part, who_in, groups_in in (
                ((start, middle), chosen, bought),
                ((middle, end), ~chosen, ~bought),
            ):
                next_in[who[who_in]] = len(next_segments)
                next_group[groups[groups_in]] = len(next_segments)
                next_segments.append(part)
        ended = finished[in_segment[reduced.arc_requester[cut.arcs]]]
        flow[cut.arcs[ended]] = cut.flow[ended]
        open_segments, in_segment, group_segment = next_segments, next_in, next_group
    return _sorted(done, block, flow)


@dataclass(frozen=True)
class _Cut:
    """The best choice within every open segment; ``flow`` per arc of ``arcs``, in profit steps."""

    chosen: Flags
    bought: Flags
    arcs: Ints
    flow: Floats


def _cut(
    reduced: Reduced,
    segments: list[tuple[Point, Point]],
    in_segment: Ints,
    group_segment: Ints,
) -> _Cut:
    run = np.array([end[0] - start[0] for start, end in segments], dtype=np.int64)
    rise = np.array([end[1] - start[1] for start, end in segments], dtype=np.int64)
    common = np.maximum(np.gcd(run, rise), 1)
    run, rise = run // common, rise // common
    who = np.flatnonzero(in_segment >= 0)
    groups = np.flatnonzero(group_segment >= 0)
    arcs = np.flatnonzero(
        (in_segment[reduced.arc_requester] >= 0)
        & (in_segment[reduced.arc_requester] == group_segment[reduced.arc_group])
    )
    worth = np.maximum(
        run[in_segment[who]] * reduced.profit[who] - rise[in_segment[who]] * reduced.private[who], 0
    )
    price = rise[group_segment[groups]] * reduced.group_cost[groups]
    # Rounded down, capacities still make a flow that proves a bound, only a little less tight.
    grain = _grain(worth, in_segment[who], len(segments))
    worth_in = worth // grain[in_segment[who]]
    price_in = price // grain[group_segment[groups]]
    place = np.full(reduced.requesters, -1, dtype=np.int64)
    place[who] = np.arange(len(who))
    group_place = np.full(reduced.groups, -1, dtype=np.int64)
    group_place[groups] = np.arange(len(groups))
    arc_from, arc_to = place[reduced.arc_requester[arcs]], group_place[reduced.arc_group[arcs]]
    into, through = _flow(worth_in, price_in, arc_from, arc_to)
    left = worth_in > into
    while True:
        # What still has flow to give, and what could get its flow back through a bought group.
        bought = np.bincount(arc_to, left[arc_from], len(groups)) > 0
        more = left.copy()
        more[arc_from[(through > 0) & bought[arc_to]]] = True
        if (more == left).all():
            break
        left = more
    chosen = np.zeros(reduced.requesters, dtype=bool)
    chosen[who[left]] = True
    all_bought = np.zeros(reduced.groups, dtype=bool)
    all_bought[groups[bought]] = True
    segment_of_arc = in_segment[reduced.arc_requester[arcs]]
    flow = through * grain[segment_of_arc] / np.maximum(run[segment_of_arc], 1)
    return _Cut(chosen, all_bought, arcs, flow)


def _grain(worth: Ints, segment: Ints, count: int) -> Ints:
    """How many units make one of the flow's, per segment, so that they all fit into 32 bits."""
    total = np.bincount(segment, worth.astype(np.float64), count)
    grain = np.ones(count, dtype=np.int64)
    over = total.sum() / _MOST_FLOW
    if over > 1:
        share = _MOST_FLOW / count
        grain = np.maximum(1, np.ceil(total / share)).astype(np.int64)
    return grain


def _flow(worth: Ints, price: Ints, arc_from: Ints, arc_to: Ints) -> tuple[Ints, Ints]:
    """A maximum flow from requesters through arcs to groups: (out of the source, along arcs)."""
    count, groups = len(worth), len(price)
    source, sink = count + groups, count + groups + 1
    price = np.minimum(price, 2**31 - 1)
    rows = np.concatenate([np.full(count, source), arc_from, count + np.arange(groups)])
    columns = np.concatenate([np.arange(count), count + arc_to, np.full(groups, sink)])
    capacity = np.concatenate([worth, worth[arc_from], price]).astype(np.int32)
    graph = csr_array((capacity, (rows, columns)), shape=(sink + 1, sink + 1))
    answer = maximum_flow(graph, source, sink).flow
    inner = count + len(arc_from)
    along = np.asarray(answer[rows[:inner], columns[:inner]]).ravel().astype(np.int64)
    return along[:count], along[count:]


def _members(numbers: Ints, count: int) -> list[Ints]:
    """The positions that carry each number from 0 to ``count`` - 1."""
    order = np.argsort(numbers, kind="stable")
    edges = np.searchsorted(numbers[order], np.arange(count + 1))
    return [order[edges[i] : edges[i + 1]] for i in range(count)]


def _sorted(done: list[tuple[Point, Point]], block: Ints, flow: Floats) -> Hull:
    """Segments by cost, without those that cost nothing or bring nothing."""
    order = sorted(range(len(done)), key=lambda number: done[number])
    place = np.empty(len(done), dtype=np.int64)
    place[order] = np.arange(len(done))
    segments = tuple(done[number] for number in order)
    slope = np.array(
        [
            (end[1] - start[1]) / (end[0] - start[0]) if end[0] > start[0] else np.inf
            for start, end in segments
        ]
    )
    return Hull(segments, place[block] if len(done) else block, slope, flow)
