"""The core as a mixed-integer programme: what is left to decide, within what is left to spend.

Requesters are binary; groups are continuous, because a group is as cheap bought in part as its
requesters allow, and whole requesters leave it whole.
"""

from dataclasses import dataclass

import numpy as np

from tandem_engine.planning.highs import MipAnswer, maximise
from tandem_engine.planning.linear import LinearModel
from tandem_engine.planning.selection.losses import Core
from tandem_engine.planning.selection.reduced import Flags, Reduced


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


def _programme(reduced: Reduced, core: Core, left: int) -> LinearModel:
    free = np.zeros(reduced.requesters, dtype=bool)
    free[core.free] = True
    live = free[reduced.arc_requester] & ~core.bought[reduced.arc_group]
    who, group = reduced.arc_requester[live], reduced.arc_group[live]
    column = np.full(reduced.requesters, -1, dtype=np.int64)
    column[core.free] = np.arange(len(core.free))
    groups, group_column = np.unique(group, return_inverse=True)
    count, extra, arcs = len(core.free), len(groups), len(group)
    total = count + extra
    index = np.empty(total + 2 * arcs, dtype=np.int32)
    value = np.empty(total + 2 * arcs)
    index[:total] = np.arange(total)
    value[:count] = reduced.private[core.free]
    value[count:total] = reduced.group_cost[groups]
    # Requester minus group is at most 0, arc by arc: the disaggregated form, whose relaxation is tight.
    index[total::2], index[total + 1 :: 2] = column[who], count + group_column
    value[total::2], value[total + 1 :: 2] = 1.0, -1.0
    start = np.concatenate([[0], total + 2 * np.arange(arcs + 1)]).astype(np.int32)
    return LinearModel(
        cost=np.concatenate([reduced.profit[core.free].astype(float), np.zeros(extra)]),
        lower=np.zeros(total),
        upper=np.ones(total),
        row_lower=np.full(1 + arcs, -np.inf),
        row_upper=np.concatenate([[float(left)], np.zeros(arcs)]),
        start=start,
        index=index,
        value=value,
        whole=count,
    )
