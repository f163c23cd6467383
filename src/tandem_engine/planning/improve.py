"""From the relaxation and a first plan to the best: parts of the programme solved exactly.

First a part close to the relaxation, then windows of sprints and small sets of items around the
best plan (large-neighbourhood search; Shaw 1998), and the rest of the time the core: what no
reduced cost has settled. The core's bound holds for the whole.
"""

from math import inf
from typing import Literal

import numpy as np

from tandem_engine.planning import highs
from tandem_engine.planning.linear import Flags, Scope, part
from tandem_engine.planning.model import Model
from tandem_engine.planning.pool import Relaxed
from tandem_engine.planning.run import GAP, Run
from tandem_engine.planning.search import around, core, everything, near, promising, sprints_of

Outcome = Literal["infeasible", "done"]

#: Ends a part's search at the same place in every run.
_PART_NODES = 200
#: With rounds given, what ends the search of the whole.
_WHOLE_NODES = 500
#: Open columns up to which the core as a whole is worth trying.
_WHOLE = 15_000
#: Open columns a window should not exceed by much.
_WINDOW = 2_500


def improve(model: Model, relaxed: Relaxed, run: Run) -> Outcome:
    """Better plans until the proof or the end of the time."""
    return _Improving(model, relaxed, run).all()


class _Improving:
    """Mutable, and private to one solve."""

    def __init__(self, model: Model, relaxed: Relaxed, run: Run) -> None:
        self.model = model
        self.relaxed = relaxed
        self.run = run
        self.tried = 0
        self.chance = np.random.default_rng(run.budget.seed)

    def all(self) -> Outcome:
        """Everything in turn."""
        run = self.run
        if run.found:
            self.windows(2)
            self.near(1)
            self.windows(3)
            while not self.over and self.size > _WHOLE:
                self.random_window()
        if run.closed or (run.found and run.budget.left() <= 0):
            return "done"
        return self.whole()

    @property
    def over(self) -> bool:
        """The proof, the time or the rounds end it."""
        rounds = self.run.budget.rounds
        spent = rounds is not None and self.tried >= rounds
        return spent or self.run.closed or self.run.budget.left() <= 0

    @property
    def size(self) -> int:
        """Open columns of the core."""
        scope = core(self.model, self.relaxed, self.run.value)
        return int((scope.lower < scope.upper).sum())

    def candidates_to_add(self, share: float) -> Flags:
        """Left-out items that may enter, as a share of what is planned."""
        most = max(20, int(share * len(self.run.best)))
        return promising(self.model.reduced, self.relaxed, self.run.best, most)

    def near(self, width: int) -> None:
        """A part close to the relaxation."""
        if not self.over:
            added = self.candidates_to_add(0.2)
            self.try_part(near(self.model, self.relaxed, self.run.best, width, added), share=0.4)

    def windows(self, width: int) -> None:
        """Windows of sprints from the last to the first, as long as they help."""
        sprints = self.model.reduced.sprints
        width = min(width, sprints)
        moved = True
        while moved:
            moved = False
            added = self.candidates_to_add(0.1)
            for first in range(sprints - width, -1, -1):
                if self.over:
                    return
                moved |= self.window(range(first, first + width), added)

    def random_window(self) -> None:
        """A window anywhere, of any width."""
        sprints = self.model.reduced.sprints
        width = int(self.chance.integers(1, min(4, sprints) + 1))
        first = int(self.chance.integers(0, sprints - width + 1))
        self.window(range(first, first + width), self.candidates_to_add(0.1))

    def window(self, window: range, added: Flags) -> bool:
        """What is planned in ``window``, and what may be added, solved anew; a part if it is much."""
        at = sprints_of(self.model, self.run.best)
        inside = (at >= window.start) & (at < window.stop)
        free = inside | (added & (at == self.model.reduced.sprints))
        columns = np.isin(self.model.sprint, window) & free[self.model.candidate]
        much = columns.sum() / _WINDOW
        if much > 1:
            free &= self.chance.random(len(free)) < 1 / much
        return self.try_part(around(self.model, self.run.best, free, window), share=0.2)

    def try_part(self, scope: Scope, *, share: float, nodes: int = _PART_NODES) -> bool:
        """Solve within ``scope``; whether a better plan came of it."""
        run, model = self.run, self.model
        self.tried += 1
        open_part = part(model.linear, scope)
        if not len(open_part.open):
            return False
        held = model.write(run.best)
        start = held[open_part.open] if run.found and scope.holds(held) else None
        answer = highs.maximise(
            open_part.linear,
            time_limit=run.budget.left() * share,
            seed=run.budget.seed,
            gap=1e-5,
            nodes=nodes,
            start=start,
            watch=lambda found, possible: (
                found + open_part.constant >= run.enough or run.budget.left() <= 0
            ),
        )
        if answer.values is None:
            return False
        return run.offer(model.read(open_part.whole(answer.values)), tidied=False)

    def whole(self) -> Outcome:
        """The core with all the time that is left; its bound holds for every plan."""
        run, model = self.run, self.model
        scope = core(model, self.relaxed, run.value) if run.found else everything(model)
        open_part = part(model.linear, scope)
        start = model.write(run.best)[open_part.open] if run.found else None

        def watch(found: float, possible: float) -> bool:
            run.budget.tell(
                max(run.value, found + open_part.constant),
                max(run.value, min(run.bound, possible + open_part.constant)),
            )
            return found + open_part.constant >= run.enough or run.budget.left() <= 0

        answer = highs.maximise(
            open_part.linear,
            time_limit=run.budget.left(),
            seed=run.budget.seed,
            gap=GAP / 2,
            nodes=None if run.budget.rounds is None else _WHOLE_NODES,
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
