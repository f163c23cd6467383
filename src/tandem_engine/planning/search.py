"""Better plans around a plan: everything but a window of sprints is held, the window solved anew."""

from dataclasses import replace

from tandem_engine.planning import highs
from tandem_engine.planning.assignment import Assignment, objective
from tandem_engine.planning.model import LinearModel, Model
from tandem_engine.planning.rolling import Clock

#: Ends a window's search at the same place in every run.
_WINDOW_NODES = 300
#: Windows of so many neighbouring sprints are tried, the narrow ones first.
_WIDTHS = (2, 3)


def improve(
    model: Model, plan: Assignment, *, enough: float, left: Clock, seed: int, stop: highs.Watch
) -> Assignment:
    """``plan``, or one with a higher objective: ends at ``enough``, when no window helps or in time.

    Large-neighbourhood search (Shaw 1998) over sprint windows; what is left out may enter.
    """
    best, value = plan, objective(model.reduced, plan)
    for width in _WIDTHS:
        moved = True
        while moved:
            moved = False
            # The last sprints hold what earlier steps could not foresee: start there.
            for first in range(model.reduced.sprints - width, -1, -1):
                if value >= enough or left() <= 0:
                    return best
                answer = highs.maximise(
                    _window(model, best, range(first, first + width)),
                    time_limit=left(),
                    seed=seed,
                    gap=1e-6,
                    nodes=_WINDOW_NODES,
                    start=model.write(best),
                    watch=lambda found, possible: found >= enough or stop(found, possible),
                )
                if answer.values is None:
                    continue
                found = model.read(answer.values)
                worth = objective(model.reduced, found)
                if worth > value + 1e-9 * abs(value):
                    best, value, moved = found, worth, True
    return best


def _window(model: Model, plan: Assignment, window: range) -> LinearModel:
    """The programme with every item planned outside ``window`` held where it is."""
    held = model.write(plan)
    lower, upper = model.linear.lower.copy(), model.linear.upper.copy()
    for i, (candidate, ranges) in enumerate(
        zip(model.reduced.candidates, model.columns, strict=True)
    ):
        fixed = i in plan and plan[i][1] not in window
        for option, columns in zip(candidate.options, ranges, strict=True):
            for sprint, column in zip(option.sprints, columns, strict=True):
                if fixed:
                    lower[column] = upper[column] = held[column]
                elif sprint < window.start:
                    upper[column] = 0.0
    return replace(model.linear, lower=lower, upper=upper)
