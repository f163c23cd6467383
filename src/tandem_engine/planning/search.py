"""Better plans around a plan: most is held, a part is solved anew."""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from tandem_engine.planning.assignment import Assignment
from tandem_engine.planning.filling import Filling
from tandem_engine.planning.highs import LpAnswer
from tandem_engine.planning.linear import Flags, Floats
from tandem_engine.planning.lists import with_musts
from tandem_engine.planning.model import Model

#: Rounding takes an item up once the relaxation has finished this part of it.
_ALPHAS = (0.5, 0.02, 0.8, 0.25)
_ZERO = 1e-7


@dataclass(frozen=True, slots=True)
class Relaxed:
    """The relaxation's answer, and by candidate and sprint how far it is finished."""

    answer: LpAnswer
    finished: Floats

    @classmethod
    def of(cls, model: Model, answer: LpAnswer) -> "Relaxed":
        """Read from ``answer``."""
        return cls(answer, model.finished(answer.values))


def rounded(model: Model, relaxed: Relaxed) -> Iterator[Assignment]:
    """Plans that take items up in the order the relaxation finishes them.

    An item's turn comes in the sprint in which the relaxation has finished the part alpha of it
    (alpha points; Phillips, Stein, Wein 1998, Math. Prog. 82); ties by the mean sprint.
    """
    reduced = model.reduced
    sprints = reduced.sprints
    finished = relaxed.finished
    unfinished = sprints - finished.sum(axis=1)
    value = np.array([candidate.worths[0] for candidate in reduced.candidates])
    effort = np.array([max(candidate.effort, 1) for candidate in reduced.candidates])
    density = -value / effort
    for alpha in _ALPHAS:
        reached = np.where(
            finished[:, -1] >= alpha - _ZERO, (finished < alpha - _ZERO).sum(axis=1), sprints
        )
        order = np.lexsort((density, unfinished, reached)).tolist()
        filling = with_musts(reduced)
        filling.satisfy(order)
        while filling.pull_in_all(order) and reduced.rows:
            pass
        yield filling.placed


def core(model: Model, relaxed: Relaxed, value: float) -> tuple[Floats, Floats]:
    """Bounds that cut off only plans worth no more than ``value``.

    A column at a bound whose reduced cost exceeds what the relaxation has above ``value`` cannot
    leave it in a better plan (reduced-cost fixing; Dantzig, Fulkerson, Johnson 1954).
    """
    slack = relaxed.answer.objective - value
    cost = relaxed.answer.reduced_costs
    margin = slack + 1e-6 * max(1.0, abs(value))
    lower, upper = model.linear.lower.copy(), model.linear.upper.copy()
    upper[(cost < -margin) & (relaxed.answer.values < _ZERO)] = 0.0
    lower[(cost > margin) & (relaxed.answer.values > 1 - _ZERO)] = 1.0
    return lower, np.maximum(lower, upper)


def near(model: Model, relaxed: Relaxed, width: int) -> tuple[Floats, Floats]:
    """Bounds that let each item finish up to ``width`` sprints from where the relaxation does."""
    finished = relaxed.finished[model.candidate]
    lower, upper = model.linear.lower.copy(), model.linear.upper.copy()
    begun = (finished > _ZERO).argmax(axis=1)
    begun[finished[:, -1] <= _ZERO] = model.reduced.sprints
    done = (finished > 1 - _ZERO).argmax(axis=1)
    never = finished[:, -1] <= 1 - _ZERO
    upper[(model.sprint < begun - width) & (begun < model.reduced.sprints)] = 0.0
    single = np.array([len(c.options) == 1 for c in model.reduced.candidates])[model.candidate]
    lower[~never & single & (model.sprint >= done + width)] = 1.0
    return lower, np.maximum(lower, upper)


def around(
    model: Model, plan: Assignment, free: Flags, window: range, bounds: tuple[Floats, Floats]
) -> tuple[Floats, Floats]:
    """Bounds that hold ``plan`` but for the candidates ``free``, which move within ``window``.

    A free item stays finished, or unfinished, outside of the window as it is in the plan.
    """
    held = model.write(plan)
    lower, upper = bounds[0].copy(), bounds[1].copy()
    open_column = free[model.candidate] & (model.sprint >= window.start)
    planned = np.zeros(len(model.reduced.candidates), dtype=bool)
    planned[list(plan)] = True
    # After the window, what is planned stays done; what is not stays open to be left out.
    open_column &= (model.sprint < window.stop) | (window.stop >= model.reduced.sprints)
    lower = np.where(open_column, lower, held)
    upper = np.where(open_column, upper, held)
    return np.minimum(lower, held), np.maximum(upper, held)


def sprints_of(model: Model, plan: Assignment) -> "np.ndarray[tuple[int], np.dtype[np.int64]]":
    """By candidate, the sprint it is finished in; past the last one for what is left out."""
    found = np.full(len(model.reduced.candidates), model.reduced.sprints, dtype=np.int64)
    for i, (_, sprint) in plan.items():
        found[i] = sprint
    return found


def filled(filling: Filling) -> Assignment:
    """What a filling holds."""
    return filling.placed
