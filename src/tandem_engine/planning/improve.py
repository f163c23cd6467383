"""From the relaxation and a first plan to the best: parts of the programme solved exactly.

First a part close to the relaxation, then windows of sprints and small sets of items around the
best plan (large-neighbourhood search; Shaw 1998), and the rest of the time the core: what no
reduced cost has settled. The core's bound holds for the whole.
"""

from math import inf
from typing import Literal

import numpy as np

from tandem_engine.planning import highs
from tandem_engine.planning.linear import Floats, part
from tandem_engine.planning.model import Model
from tandem_engine.planning.run import GAP, Run
from tandem_engine.planning.search import Relaxed, around, core, near, sprints_of

Outcome = Literal["infeasible", "done"]
Bounds = tuple[Floats, Floats]

#: Ends a part's search at the same place in every run.
_PART_NODES = 200
#: Open columns a part should have.
_PART = 3_000


def improve(model: Model, relaxed: Relaxed, run: Run) -> Outcome:
    """Better plans until the proof or the end of the time."""
    return _Improving(model, relaxed, run).all()


class _Improving:
    """Mutable, and private to one solve."""

    def __init__(self, model: Model, relaxed: Relaxed, run: Run) -> None:
        self.model = model
        self.relaxed = relaxed
        self.run = run
        self.chance = np.random.default_rng(run.budget.seed)

    def all(self) -> Outcome:
        """Everything in turn."""
        run = self.run
        if run.found:
            self.try_part(self.tightened(near(self.model, self.relaxed, 1)), share=0.3)
            self.rounds()
        if run.closed or (run.found and run.budget.left() <= 0):
            return "done"
        return self.whole()

    def core(self) -> Bounds:
        """What no reduced cost has settled, given the best plan."""
        if not self.run.found:
            return self.model.linear.lower, self.model.linear.upper
        return core(self.model, self.relaxed, self.run.value)

    def tightened(self, bounds: Bounds) -> Bounds:
        """Both the bounds and the core's."""
        lower, upper = self.core()
        # The core cuts off only what is no better, so that clashing bounds mean "nothing here".
        return np.maximum(lower, bounds[0]), np.minimum(upper, bounds[1])

    def try_part(self, bounds: Bounds, *, share: float, nodes: int = _PART_NODES) -> bool:
        """Solve within ``bounds``; whether a better plan came of it."""
        run, model = self.run, self.model
        if (bounds[0] > bounds[1]).any():
            return False
        open_part = part(model.linear, *bounds)
        if not len(open_part.open):
            return False
        start = None
        if run.found:
            held = model.write(run.best)
            if ((held >= bounds[0]) & (held <= bounds[1])).all():
                start = held[open_part.open]
        answer = highs.maximise(
            open_part.linear,
            time_limit=run.budget.left() * share,
            seed=run.budget.seed,
            gap=1e-5,
            nodes=nodes,
            start=start,
            watch=lambda found, possible: (
                found + open_part.constant >= run.enough or run.budget.stopped()
            ),
        )
        if answer.values is None:
            return False
        return run.offer(model.read(open_part.whole(answer.values)), tidied=False)

    def rounds(self) -> None:
        """Windows of sprints, the narrow ones first, as long as they help."""
        sprints = self.model.reduced.sprints
        for width in (2, 3):
            moved = True
            while moved:
                moved = False
                for first in range(sprints - width, -1, -1):
                    if self.run.closed or self.run.budget.left() <= 0:
                        return
                    window = range(first, first + width)
                    at = sprints_of(self.model, self.run.best)
                    free = ((at >= first) & (at < first + width)) | (at == sprints)
                    bounds = around(self.model, self.run.best, free, window, self.core())
                    moved |= self.try_part(bounds, share=0.2)

    def whole(self) -> Outcome:
        """The core with all the time that is left; its bound holds for every plan."""
        run, model = self.run, self.model
        bounds = self.core()
        open_part = part(model.linear, *bounds)
        start = model.write(run.best)[open_part.open] if run.found else None

        def watch(found: float, possible: float) -> bool:
            run.budget.tell(
                max(run.value, found + open_part.constant),
                max(run.value, min(run.bound, possible + open_part.constant)),
            )
            return found + open_part.constant >= run.enough or run.budget.stopped()

        answer = highs.maximise(
            open_part.linear,
            time_limit=run.budget.left(),
            seed=run.budget.seed,
            gap=GAP / 2,
            start=start,
            watch=watch,
        )
        if answer.status == "infeasible":
            if not run.found:
                return "infeasible"
            run.lower(run.value)
            return "done"
        if answer.values is not None:
            run.offer(model.read(open_part.whole(answer.values)), tidied=False)
        if answer.bound < inf:
            run.lower(max(run.value, answer.bound + open_part.constant))
        return "done"
