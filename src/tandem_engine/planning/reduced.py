"""What is left to decide: candidates with their options, resources and rows, in whole units."""

from dataclasses import dataclass, replace
from functools import cached_property
from math import inf


@dataclass(frozen=True, slots=True)
class Option:
    """A way to do an item, and the sprints (from 0, rising) it can be finished in that way.

    ``teams`` are who does its pieces, ``loads`` what it takes: (resource, units).
    """

    teams: tuple[int, ...]
    loads: tuple[tuple[int, int], ...]
    sprints: tuple[int, ...]

    @property
    def team(self) -> int:
        """Who does it, or its first piece."""
        return self.teams[0]


@dataclass(frozen=True, slots=True)
class Candidate:
    """An item that may be planned.

    ``needs`` are positions of other candidates, always earlier, with the sprints that have to
    lie between. ``worths[sprint]`` is what it brings when finished there: never rising.
    """

    key: str
    value: float
    effort: int
    must: bool
    needs: tuple[tuple[int, int], ...]
    options: tuple[Option, ...]
    worths: tuple[float, ...]


@dataclass(frozen=True, slots=True)
class Row:
    """``lower`` <= the sum of the coefficients of what is planned <= ``upper``.

    With ``sprint``, counted from 0, only what is finished there counts. Coefficients that are integers are summed exactly. ``scale`` divides the row for the solver.
    ``aim`` is what the positive ones should come to in a full plan, for lists to begin with.
    """

    entries: tuple[tuple[int, float], ...]
    lower: float
    upper: float
    scale: float = 1.0
    aim: float = 0.0
    sprint: int | None = None

    @property
    def limits(self) -> tuple[float, float]:
        """Its bounds as the solver sees them."""
        return self.lower / self.scale, self.upper / self.scale

    def excess(self, total: float) -> float:
        """By how much ``total`` lies outside; 0 when it does not."""
        slack = 0.0 if float(total).is_integer() else 1e-9 * max(1.0, abs(total))
        return max(self.lower - total - slack, total - self.upper - slack, 0.0)


@dataclass(frozen=True)
class Reduced:
    """What is left to decide. Efforts and capacities are in whole units (see ``quantity``).

    ``capacity[resource][sprint]`` counts from 0: the teams first, then their skills.
    ``grain`` divides every load. ``orders`` are (first, then, lag) for when both are planned,
    ``same`` pairs finished in one sprint, ``rows`` count what is planned over the whole horizon or
    in one sprint.
    ``roof[sprint]``, when given, limits all resources together.
    """

    candidates: tuple[Candidate, ...]
    capacity: tuple[tuple[int, ...], ...]
    grain: int
    orders: tuple[tuple[int, int, int], ...] = ()
    same: tuple[tuple[int, int], ...] = ()
    rows: tuple[Row, ...] = ()
    roof: tuple[int, ...] | None = None

    @property
    def sprints(self) -> int:
        """How many sprints are decided about."""
        return len(self.capacity[0])

    @cached_property
    def dated(self) -> bool:
        """Some item brings less when it is finished later."""
        return any(c.worths[0] != c.worths[-1] for c in self.candidates)

    @cached_property
    def plain(self) -> bool:
        """Nothing but one team per item, prerequisites and must-haves."""
        return not (self.orders or self.same or self.rows) and all(
            len(option.loads) == 1 for c in self.candidates for option in c.options
        )

    @cached_property
    def pulls(self) -> tuple[tuple[int, ...], ...]:
        """What has to be planned with each candidate: its prerequisites and its companions."""
        found = [{j for j, _ in candidate.needs} for candidate in self.candidates]
        for row in self.rows:
            if row.lower == row.upper == 0 and len(row.entries) == 2 and row.sprint is None:
                (a, one), (b, other) = row.entries
                if one == -other:
                    found[a].add(b)
                    found[b].add(a)
        for a, b in self.same:
            found[a].add(b)
            found[b].add(a)
        return tuple(tuple(sorted(pulled)) for pulled in found)

    @cached_property
    def rows_of(self) -> dict[int, tuple[tuple[int, float], ...]]:
        """By candidate, the rows it counts in: (row, coefficient)."""
        found: dict[int, list[tuple[int, float]]] = {}
        for number, row in enumerate(self.rows):
            for i, coefficient in row.entries:
                found.setdefault(i, []).append((number, coefficient))
        return {i: tuple(entries) for i, entries in found.items()}

    @cached_property
    def by_sprint(self) -> bool:
        """Some row counts what is finished in one sprint."""
        return any(row.sprint is not None for row in self.rows)

    def counts(self, i: int, sprint: int) -> tuple[tuple[int, float], ...]:
        """The rows that ``i`` counts in when it is finished in ``sprint``: (row, coefficient)."""
        found = self.rows_of.get(i, ())
        if not self.by_sprint:
            return found
        return tuple(one for one in found if self.rows[one[0]].sprint in (None, sprint))

    @cached_property
    def ties(self) -> dict[int, tuple[tuple[int, int, int], ...]]:
        """By candidate, (other, least sprint after the other's, most): orders and same sprints."""
        found: dict[int, list[tuple[int, int, int]]] = {}
        far = self.sprints
        for first, then, lag in self.orders:
            found.setdefault(then, []).append((first, lag, far))
            found.setdefault(first, []).append((then, -far, -lag))
        for a, b in self.same:
            found.setdefault(a, []).append((b, 0, 0))
            found.setdefault(b, []).append((a, 0, 0))
        return {i: tuple(entries) for i, entries in found.items()}

    def with_row(self, row: Row) -> "Reduced":
        """The same with one more row."""
        return replace(self, rows=(*self.rows, row))


def at_most(entries: tuple[tuple[int, float], ...], upper: float) -> Row:
    """A row that is only limited upwards."""
    return Row(entries, -inf, upper)
