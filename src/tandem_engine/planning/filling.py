"""A plan being filled item by item: the first sprint with room, and back again when it fails."""

from collections.abc import Callable, Iterable

from tandem_engine.planning.assignment import Assignment, totals, used
from tandem_engine.planning.reduced import Reduced

#: Items after which it is asked whether there is time for more.
_ASKED = 64


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
        self.totals = totals(reduced, self.placed)
        self._together = {i for pair in reduced.same for i in pair}

    def ready(self, i: int) -> bool:
        """All prerequisites of ``i`` are placed."""
        return all(j in self.placed for j, _ in self.reduced.candidates[i].needs)

    def reach(self, i: int) -> tuple[int, int]:
        """The first and the last sprint what is placed leaves to ``i``."""
        placed = self.placed
        first, last = 0, self.reduced.sprints - 1
        for j, lag in self.reduced.candidates[i].needs:
            if j in placed:
                first = max(first, placed[j][1] + lag)
        for other, least, most in self.reduced.ties.get(i, ()):
            if other in placed:
                first = max(first, placed[other][1] + least)
                last = min(last, placed[other][1] + most)
        return first, last

    def fits(self, i: int, way: int, sprint: int) -> bool:
        """There is room for ``i`` that way in that sprint."""
        return all(
            units <= self.room[resource][sprint]
            for resource, units in self.reduced.candidates[i].options[way].loads
        )

    def place(self, i: int, floor: int = 0) -> bool:
        """Put ``i`` where it is finished first, then where most room is; false when nowhere."""
        if not self.ready(i):
            return False
        first, last = self.reach(i)
        first = max(first, floor)
        best: tuple[int, int, int] | None = None
        for way, option in enumerate(self.reduced.candidates[i].options):
            for sprint in option.sprints:
                if best is not None and sprint > best[0]:
                    break
                if first <= sprint <= last and self.fits(i, way, sprint):
                    spot = (sprint, -self.room[option.loads[0][0]][sprint], way)
                    best = spot if best is None or spot < best else best
                    break
        if best is None:
            return False
        self.put(i, best[2], best[0])
        return True

    def put(self, i: int, way: int, sprint: int) -> None:
        """Put ``i`` there, come what may."""
        self.placed[i] = (way, sprint)
        for resource, units in self.reduced.candidates[i].options[way].loads:
            self.room[resource][sprint] -= units
        for row, coefficient in self.reduced.counts(i, sprint):
            self.totals[row] += coefficient

    def remove(self, i: int) -> None:
        """Take ``i`` out again."""
        way, sprint = self.placed.pop(i)
        for resource, units in self.reduced.candidates[i].options[way].loads:
            self.room[resource][sprint] += units
        for row, coefficient in self.reduced.counts(i, sprint):
            self.totals[row] -= coefficient

    def missing(self, i: int) -> list[int]:
        """``i`` and what has to be planned with it and is not, prerequisites first."""
        found: set[int] = set()
        todo = [i]
        pulls = self.reduced.pulls
        while todo:
            j = todo.pop()
            if j not in found and j not in self.placed:
                found.add(j)
                todo.extend(pulls[j])
        return sorted(found)

    def pull_in(self, i: int, first: int = 0) -> tuple[int, ...]:
        """Place ``i`` together with all it needs, or nothing of it; what was placed.

        Where something binds its sprint, ``first`` is the first one tried.

        Nothing is placed either if a rule about several items would be broken more than before.
        """
        group = self.missing(i)
        bound = self.reduced.by_sprint or not self._together.isdisjoint(group)
        for floor in range(first, self.reduced.sprints) if bound else range(1):
            added = self._pull(group, floor)
            if added:
                return added
        return ()

    def _pull(self, group: list[int], floor: int) -> tuple[int, ...]:
        before = self.excess(group)
        added: list[int] = []
        for j in group:
            if not self.place(j, floor if self.reduced.by_sprint or j in self._together else 0):
                self.undo(added)
                return ()
            added.append(j)
        if any(now > then for now, then in zip(self.excess(group), before, strict=True)):
            self.undo(added)
            return ()
        return tuple(added)

    def excess(self, group: list[int]) -> list[float]:
        """By how much each row that any of ``group`` counts in is broken."""
        touched = {row for j in group for row, _ in self.reduced.rows_of.get(j, ())}
        return [self.reduced.rows[row].excess(self.totals[row]) for row in sorted(touched)]

    def pull_in_all(self, order: Iterable[int], enough: Callable[[], bool] | None = None) -> bool:
        """:meth:`pull_in` one after the other, skipping what does not fit or brings nothing.

        Whether anything was placed. Ends early once ``enough`` says so.
        """
        candidates = self.reduced.candidates
        any_placed = False
        for number, i in enumerate(order):
            if i in self.placed:
                continue
            if enough is not None and number % _ASKED == 0 and enough():
                return False
            group = self.missing(i)
            must = candidates[i].must
            if not must and sum(candidates[j].value for j in group) <= 0:
                continue
            added = self.pull_in(i)
            # Delivered late it may be worth less than what a prerequisite below 0 costs.
            gain = sum(candidates[j].worths[self.placed[j][1]] for j in added)
            if added and not must and gain <= 0:
                self.undo(added)
            else:
                any_placed |= bool(added)
        return any_placed

    def satisfy(self, order: list[int]) -> None:
        """Pull in what rows with too small a sum still want, in ``order``."""
        for number, row in enumerate(self.reduced.rows):
            wanted = {i: coefficient for i, coefficient in row.entries if coefficient > 0}
            got = sum(coefficient for i, coefficient in wanted.items() if i in self.placed)
            for i in order:
                if self.totals[number] >= row.lower and got >= row.aim:
                    break
                if i in wanted and i not in self.placed:
                    got += sum(wanted.get(j, 0) for j in self.pull_in(i, row.sprint or 0))

    def undo(self, added: Iterable[int]) -> None:
        """Take out what was just placed."""
        for j in added:
            self.remove(j)
