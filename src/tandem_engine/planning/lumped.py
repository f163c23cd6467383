"""Sprints lumped into periods: a smaller relaxation, for answers while one types.

Within a period any order and any spread of the work over its sprints is taken to be possible, and
what is finished in it counts as if finished in the first sprint it can be. All of that only loosens rules, so
what bounds the lumped problem bounds the problem. (Time aggregation of the "by" formulation;
Rogers, Plante, Wong & Evans 1991, Oper. Res. 39(4).)
"""

from dataclasses import dataclass, replace
from math import inf

import numpy as np

from tandem_engine.planning.linear import Floats
from tandem_engine.planning.reduced import Candidate, Reduced, Row

#: Rows of the relaxation that are solved on in some 50 ms, and in 300; the latter for large problems.
_QUICK, _SLOWER = 6_000, 18_000
#: Candidates that make a problem a large one.
_LARGE = 2_000

_LOOSE = Row((), -inf, inf)


@dataclass(frozen=True, slots=True)
class Periods:
    """``first[period]`` is the first sprint of each period, counted from 0."""

    first: tuple[int, ...]
    sprints: int

    @property
    def each_one(self) -> bool:
        """Every sprint is a period of its own."""
        return len(self.first) == self.sprints

    @property
    def of(self) -> tuple[int, ...]:
        """The period of each sprint."""
        return tuple(
            period
            for period, (start, end) in enumerate(
                zip(self.first, (*self.first[1:], self.sprints), strict=True)
            )
            for _ in range(start, end)
        )

    def summed(self, row: tuple[int, ...] | list[int]) -> tuple[int, ...]:
        """What a row by sprint comes to by period."""
        ends = (*self.first[1:], self.sprints)
        return tuple(sum(row[a:b]) for a, b in zip(self.first, ends, strict=True))

    def spread(self, finished: Floats) -> Floats:
        """How far each candidate is finished by sprint, as early as its period allows."""
        return finished[:, np.array(self.of, dtype=np.int64)]


def periods_for(reduced: Reduced) -> Periods:
    """As many periods, about equally long, as are answered quickly; each sprint one if it can be."""
    size = len(reduced.candidates)
    lines = max(1, size + sum(len(candidate.needs) for candidate in reduced.candidates))
    count = min(reduced.sprints, max(2, (_SLOWER if size > _LARGE else _QUICK) // lines))
    return equal_periods(reduced.sprints, count)


def equal_periods(sprints: int, count: int) -> Periods:
    """``count`` periods; the earlier ones are the shorter where they cannot all be equal."""
    return Periods(tuple(sprints * number // count for number in range(count)), sprints)


def lumped(reduced: Reduced, periods: Periods) -> Reduced:
    """``reduced`` with periods for sprints; itself when every sprint is one."""
    if periods.each_one:
        return reduced
    of, first = periods.of, periods.first
    # Two sprints so many apart are so many periods apart at least.
    width = max(b - a for a, b in zip(first, (*first[1:], periods.sprints), strict=True))
    return replace(
        reduced,
        candidates=tuple(_candidate(one, of, first, width) for one in reduced.candidates),
        capacity=tuple(periods.summed(row) for row in reduced.capacity),
        orders=tuple((a, b, _lag(lag, width)) for a, b, lag in reduced.orders),
        # What binds one sprint says too little of a period; a row without entries keeps its place.
        rows=tuple(row if row.sprint is None else _LOOSE for row in reduced.rows),
        roof=None if reduced.roof is None else periods.summed(reduced.roof),
    )


def _lag(lag: int, width: int) -> int:
    return lag // width


def _candidate(
    candidate: Candidate, of: tuple[int, ...], first: tuple[int, ...], width: int
) -> Candidate:
    soonest = list(first)
    for sprint in sorted({s for option in candidate.options for s in option.sprints}, reverse=True):
        soonest[of[sprint]] = sprint
    return replace(
        candidate,
        needs=tuple((j, _lag(lag, width)) for j, lag in candidate.needs),
        options=tuple(
            replace(option, sprints=tuple(sorted({of[sprint] for sprint in option.sprints})))
            for option in candidate.options
        ),
        worths=tuple(candidate.worths[sprint] for sprint in soonest),
    )
