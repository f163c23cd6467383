"""Which part of the programme to solve anew: the core, near the relaxation, around a plan."""

from collections.abc import Iterator

import numpy as np
from numpy.typing import NDArray

from tandem_engine.planning.assignment import Assignment
from tandem_engine.planning.filling import Filling
from tandem_engine.planning.linear import Flags, Floats, Scope
from tandem_engine.planning.lists import with_musts
from tandem_engine.planning.model import Model
from tandem_engine.planning.pool import Relaxed
from tandem_engine.planning.reduced import Reduced

Numbers = NDArray[np.int64]

#: Rounding takes an item up once the relaxation has finished this part of it.
_ALPHAS = (0.5, 0.02)
_ZERO = 1e-6


def rounded(reduced: Reduced, relaxed: Relaxed) -> Iterator[Assignment]:
    """Plans close to the relaxation.

    Most items it finishes in one sprint: these stay there. The others follow in the order in
    which the relaxation has finished the part alpha of them (alpha points; Phillips, Stein &
    Wein 1998, Math. Prog. 82), then what it leaves out, by value for effort. A second plan is
    made in that order alone.
    """
    finished = relaxed.finished
    for alpha in _ALPHAS:
        order = _order(reduced, finished, alpha)
        for exact in (True, False):
            yield _finish(_as_relaxed(reduced, finished) if exact else with_musts(reduced), order)


def round_off(reduced: Reduced, finished: Floats) -> Assignment:
    """The plan closest to the relaxation alone; ``finished`` by candidate and sprint."""
    return _finish(_as_relaxed(reduced, finished), _order(reduced, finished, _ALPHAS[0]))


def _finish(filling: Filling, order: list[int]) -> Assignment:
    musts = [i for i in order if filling.reduced.candidates[i].must]
    for i in musts:
        if i not in filling.placed:
            filling.pull_in(i)
    filling.satisfy(order)
    while filling.pull_in_all(order) and filling.reduced.rows:
        pass
    return filling.placed


def _order(reduced: Reduced, finished: Floats, alpha: float) -> list[int]:
    unfinished = reduced.sprints - finished.sum(axis=1)
    value = np.array([candidate.worths[0] for candidate in reduced.candidates])
    effort = np.array([max(candidate.effort, 1) for candidate in reduced.candidates])
    reached = np.where(
        finished[:, -1] >= alpha - _ZERO,
        (finished < alpha - _ZERO).sum(axis=1),
        reduced.sprints,
    )
    order: list[int] = np.lexsort((-value / effort, unfinished, reached)).tolist()
    return order


def _as_relaxed(reduced: Reduced, finished: Floats) -> Filling:
    """What the relaxation finishes in one sprint, there; items of several teams last."""
    begun, done = _span(finished)
    filling = Filling(reduced)
    settled = [i for i in np.flatnonzero(begun == done).tolist() if done[i] < reduced.sprints]
    settled.sort(
        key=lambda i: (
            done[i],
            len(reduced.candidates[i].options) > 1,
            0 if len(reduced.candidates[i].options) == 1 else -reduced.candidates[i].effort,
            i,
        )
    )
    for i in settled:
        ways = enumerate(reduced.candidates[i].options)
        sprint = int(done[i])
        able = [way for way, o in ways if sprint in o.sprints and filling.fits(i, way, sprint)]
        if able and filling.ready(i):
            options = reduced.candidates[i].options
            way = max(able, key=lambda w: filling.room[options[w].loads[0][0]][sprint])
            filling.put(i, way, sprint)
    return filling


def _span(finished: Floats) -> tuple[Numbers, Numbers]:
    """The first sprint with something finished, and the one with all; past the last if never."""
    sprints = finished.shape[1]
    begun = np.where(finished[:, -1] > _ZERO, (finished <= _ZERO).sum(axis=1), sprints)
    done = np.where(finished[:, -1] > 1 - _ZERO, (finished <= 1 - _ZERO).sum(axis=1), sprints)
    return begun, done


def everything(model: Model) -> Scope:
    """Nothing held."""
    linear = model.linear
    return Scope(linear.lower, linear.upper, np.arange(len(linear.cost)))


def core(model: Model, relaxed: Relaxed, value: float) -> Scope:
    """What cuts off only plans worth no more than ``value``.

    A column at a bound whose reduced cost exceeds what the relaxation has above ``value`` cannot
    leave it in a better plan (reduced-cost fixing; Dantzig, Fulkerson & Johnson 1954).
    """
    margin = relaxed.objective - value + 1e-6 * max(1.0, abs(value))
    scope = everything(model)
    at = model.candidate, model.sprint
    lone = np.array([len(c.options) == 1 for c in model.reduced.candidates], dtype=bool)
    upper = np.where(relaxed.rising[at] > margin, 0.0, scope.upper)
    lower = np.where((relaxed.falling[at] > margin) & lone[model.candidate], 1.0, scope.lower)
    return Scope(lower, np.maximum(lower, upper), scope.leader)


def near(model: Model, relaxed: Relaxed, plan: Assignment, width: int, extra: Flags) -> Scope:
    """Each item within ``width`` sprints of where the relaxation finishes it, or out.

    What the relaxation leaves out is open for ``extra`` only. Planned items keep their team.
    """
    begun, done = _span(relaxed.finished)
    sprints = model.reduced.sprints
    first, last = begun - width, np.where(done < sprints, done + width, sprints - 1)
    # The plan stays within reach.
    at = sprints_of(model, plan)
    planned = at < sprints
    first = np.where(planned, np.minimum(first, at), first)
    last = np.where(planned, np.maximum(last, at), last)
    first[~planned & (begun >= sprints) & ~extra] = sprints
    first[~planned & (begun >= sprints) & extra] = 0
    ways = np.full(len(model.reduced.candidates), -1, dtype=np.int64)
    for i, (way, _) in plan.items():
        ways[i] = way
    other = (ways[model.candidate] >= 0) & (model.way != ways[model.candidate])
    return _within(model, first, last, other)


def _within(model: Model, first: Numbers, last: Numbers, barred: Flags) -> Scope:
    """Finished from ``first`` to ``last`` or not at all; columns ``barred`` not at all."""
    scope = everything(model)
    sprint, who = model.sprint, model.candidate
    upper = np.where((sprint < first[who]) | barred, 0.0, 1.0)
    leader = scope.leader.copy()
    late = sprint > last[who]
    # Columns of an option lie side by side: the one to follow is the last that is not late.
    position = np.where(late, -1, scope.leader)
    starts = np.flatnonzero(np.r_[True, (who[1:] != who[:-1]) | (model.way[1:] != model.way[:-1])])
    group = np.repeat(np.arange(len(starts)), np.diff(np.r_[starts, len(who)]))
    best = np.full(len(starts), -1, dtype=np.int64)
    np.maximum.at(best, group, position)
    follow = late & (best[group] >= 0)
    leader[follow] = best[group][follow]
    upper[late & (best[group] < 0)] = 0.0
    return Scope(scope.lower, upper, leader)


def around(model: Model, plan: Assignment, free: Flags, window: range) -> Scope:
    """``plan`` held but for the candidates ``free``, which finish within ``window`` or not at all."""
    size = len(model.reduced.candidates)
    scope = _within(
        model,
        np.full(size, window.start),
        np.full(size, window.stop - 1),
        np.zeros(len(model.sprint), dtype=bool),
    )
    held = model.write(plan)
    open_column = free[model.candidate]
    leader = np.where(open_column, scope.leader, np.arange(len(held)))
    return Scope(
        np.where(open_column, scope.lower, held), np.where(open_column, scope.upper, held), leader
    )


def sprints_of(model: Model, plan: Assignment) -> Numbers:
    """By candidate, the sprint it is finished in; past the last one for what is left out."""
    found = np.full(len(model.reduced.candidates), model.reduced.sprints, dtype=np.int64)
    for i, (_, sprint) in plan.items():
        found[i] = sprint
    return found


def promising(reduced: Reduced, relaxed: Relaxed, plan: Assignment, most: int) -> Flags:
    """Of what ``plan`` leaves out, the ``most`` items nearest to paying for their capacity.

    An item's loss is what its effort is worth in the cheapest sprint by the relaxation's prices
    less what it brings there, taken together with what it needs and is not planned.
    """
    filling = Filling(reduced, plan)
    own: dict[int, float] = {}
    out = [i for i in range(len(reduced.candidates)) if i not in plan]
    for i in out:
        candidate = reduced.candidates[i]
        own[i] = min(
            sum(units * relaxed.prices.get((resource, sprint), 0.0) for resource, units in o.loads)
            - candidate.worths[sprint]
            for o in candidate.options
            for sprint in o.sprints
        )
    groups = {i: filling.missing(i) for i in out}
    losses = sorted(out, key=lambda i: (sum(own[j] for j in groups[i]), i))
    found = np.zeros(len(reduced.candidates), dtype=bool)
    left = most
    for i in losses:
        if left <= 0:
            break
        fresh = [j for j in groups[i] if not found[j]]
        found[fresh] = True
        left -= len(fresh)
    return found
