"""The core as a mixed-integer programme: what is left to decide, within what is left to spend.

Requesters are binary; what they buy is continuous, because it is as cheap bought in part as its
requesters allow, and whole requesters leave it whole. What is bought are groups of requirements, or
the requirements themselves with their direct prerequisites, whichever takes fewer rows: deep
prerequisites closed into groups make many (nrp2: 3,339 rows of groups, 2,018 direct).
"""

from dataclasses import dataclass

import numpy as np

from tandem_engine.planning.highs import MipAnswer, maximise
from tandem_engine.planning.linear import LinearModel
from tandem_engine.planning.selection.losses import Core
from tandem_engine.planning.selection.reduced import Flags, Floats, Ints, Reduced

#: Up to so many rows the groups are taken as they are.
MANY = 500


@dataclass(frozen=True)
class Answer:
    """``chosen`` requesters of the whole problem, or ``None``; ``bound`` on profit in steps."""

    chosen: Flags | None
    bound: float
    proven: bool


def best_in_core(reduced: Reduced, core: Core, budget: int, *, seconds: float, seed: int) -> Answer:
    """The most profitable choice that agrees with the core and costs at most ``budget`` steps."""
    spent = int(reduced.private[core.taken].sum() + reduced.group_cost[core.bought].sum())
    earned = int(reduced.profit[core.taken].sum())
    if spent > budget or core.slack < 0:
        return Answer(None, -np.inf, proven=True)
    if not len(core.free):
        return Answer(core.taken.copy(), earned, proven=True)
    linear = _programme(reduced, core, budget - spent)
    answer: MipAnswer = maximise(linear, time_limit=seconds, seed=seed, gap=0.0)
    if answer.values is None:
        return Answer(None, earned + answer.bound, proven=answer.status == "infeasible")
    chosen = core.taken.copy()
    chosen[core.free[answer.values[: len(core.free)] > 0.5]] = True
    return Answer(chosen, earned + answer.bound, proven=answer.status == "optimal")


@dataclass(frozen=True)
class _Arcs:
    """What the core's free requesters may buy at which ``price``, and pairs: one only with the other.

    Requesters are numbered as in the core, then follows what is bought; ``own`` is a requester's
    private cost.
    """

    own: Floats
    price: Floats
    one: Ints
    other: Ints


def _by_groups(reduced: Reduced, core: Core) -> _Arcs:
    free = np.zeros(reduced.requesters, dtype=bool)
    free[core.free] = True
    live = free[reduced.arc_requester] & ~core.bought[reduced.arc_group]
    column = np.full(reduced.requesters, -1, dtype=np.int64)
    column[core.free] = np.arange(len(core.free))
    groups, number = np.unique(reduced.arc_group[live], return_inverse=True)
    return _Arcs(
        own=reduced.private[core.free].astype(float),
        price=reduced.group_cost[groups].astype(float),
        one=column[reduced.arc_requester[live]],
        other=len(core.free) + number,
    )


def _by_requirements(reduced: Reduced, core: Core) -> _Arcs:
    bought = {i for j in np.flatnonzero(core.taken).tolist() for i in reduced.wanted[j]}
    free = core.free.tolist()
    live = sorted({i for j in free for i in reduced.wanted[j]} - bought)
    place = {i: len(free) + number for number, i in enumerate(live)}
    pairs = [(n, place[i]) for n, j in enumerate(free) for i in reduced.wishes[j] if i in place]
    pairs += [(place[i], place[need]) for i in live for need in reduced.needs[i] if need in place]
    arcs = np.array(pairs, dtype=np.int64).reshape(-1, 2)
    return _Arcs(
        own=np.zeros(len(free)),
        price=reduced.cost[live].astype(float),
        one=arcs[:, 0],
        other=arcs[:, 1],
    )


def _programme(reduced: Reduced, core: Core, left: int) -> LinearModel:
    arcs = _by_groups(reduced, core)
    if len(arcs.one) > MANY:
        arcs = min(arcs, _by_requirements(reduced, core), key=lambda some: len(some.one))
    count, size = len(core.free), len(arcs.one)
    total = count + len(arcs.price)
    index = np.empty(total + 2 * size, dtype=np.int32)
    value = np.empty(total + 2 * size)
    index[:total] = np.arange(total)
    value[:total] = np.concatenate([arcs.own, arcs.price])
    # The one minus the other is at most 0, arc by arc: the disaggregated form, whose relaxation is tight.
    index[total::2], index[total + 1 :: 2] = arcs.one, arcs.other
    value[total::2], value[total + 1 :: 2] = 1.0, -1.0
    start = np.concatenate([[0], total + 2 * np.arange(size + 1)]).astype(np.int32)
    return LinearModel(
        cost=np.concatenate([reduced.profit[core.free].astype(float), np.zeros(total - count)]),
        lower=np.zeros(total),
        upper=np.ones(total),
        row_lower=np.full(1 + size, -np.inf),
        row_upper=np.concatenate([[float(left)], np.zeros(size)]),
        start=start,
        index=index,
        value=value,
        whole=count,
    )
