"""A plan being filled item by item: the first sprint with room, and back again when it fails."""

from collections.abc import Iterable

from tandem_engine.planning.assignment import Assignment, used
from tandem_engine.planning.reduce import Reduced


class Filling:
    """Capacity being used up. Mutable, and private to the functions that fill a list."""

    def __init__(self, reduced: Reduced, start: Assignment | None = None) -> None:
        self.reduced = reduced
        self.placed: dict[int, tuple[int, int]] = dict(start or {})
        taken = used(reduced, self.placed)
        self.room = [
            [capacity - use for capacity, use in zip(row, uses, strict=True)]
            for row, uses in zip(reduced.capacity, taken, strict=True)
        ]

    def ready(self, i: int) -> bool:
        """All prerequisites of ``i`` are placed."""
        return all(j in self.placed for j in self.reduced.candidates[i].needs)

    def place(self, i: int) -> bool:
        """Put ``i`` where it is finished first, then where most room is; false when nowhere."""
        candidate = self.reduced.candidates[i]
        if not self.ready(i):
            return False
        needed_by = [self.placed[j][1] for j in candidate.needs]
        spots = [
            (sprint, -self.room[option.team][sprint], option.team)
            for option in candidate.options
            for sprint in option.sprints
            if candidate.effort <= self.room[option.team][sprint]
            and all(done <= self.reduced.before[sprint] for done in needed_by)
        ]
        if not spots:
            return False
        sprint, _, team = min(spots)
        self.placed[i] = (team, sprint)
        self.room[team][sprint] -= candidate.effort
        return True

    def remove(self, i: int) -> None:
        """Take ``i`` out again."""
        team, sprint = self.placed.pop(i)
        self.room[team][sprint] += self.reduced.candidates[i].effort

    def missing(self, i: int) -> list[int]:
        """``i`` and what it needs and is not placed, prerequisites first."""
        found: set[int] = set()
        todo = [i]
        while todo:
            j = todo.pop()
            if j not in found and j not in self.placed:
                found.add(j)
                todo.extend(self.reduced.candidates[j].needs)
        return sorted(found)

    def pull_in(self, i: int) -> tuple[int, ...]:
        """Place ``i`` together with all it needs, or nothing of it; what was placed."""
        added: list[int] = []
        for j in self.missing(i):
            if not self.place(j):
                self._undo(added)
                return ()
            added.append(j)
        return tuple(added)

    def pull_in_all(self, order: Iterable[int]) -> None:
        """:meth:`pull_in` one after the other, skipping what does not fit or brings nothing."""
        candidates, weights = self.reduced.candidates, self.reduced.weights
        for i in order:
            if i in self.placed:
                continue
            group = self.missing(i)
            must = candidates[i].must
            if not must and sum(candidates[j].value for j in group) <= 0:
                continue
            added = self.pull_in(i)
            # Delivered late it may be worth less than what a prerequisite below 0 costs.
            gain = sum(candidates[j].worth(weights[self.placed[j][1]]) for j in added)
            if not must and gain <= 0:
                self._undo(added)

    def _undo(self, added: Iterable[int]) -> None:
        for j in added:
            self.remove(j)
