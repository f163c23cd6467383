"""The reduced problem as a mixed-integer programme, in the form whose relaxation is tight.

A column means "this team has finished this item by the end of this sprint" and never falls from
sprint to sprint, instead of the usual "finished in this sprint": prerequisites, capacity and
delivery weights are then differences of neighbours, and the linear relaxation lies close to the
best plan (the "by" formulation of precedence-constrained scheduling; Lambert et al. 2014,
Interfaces 44(2)).
"""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from tandem_engine.planning.assignment import Assignment
from tandem_engine.planning.quantity import UNITS
from tandem_engine.planning.reduce import Candidate, Reduced

Floats = NDArray[np.float64]
Ints = NDArray[np.int32]

#: Above this many grains a capacity is counted in the caller's unit, to spare the numerics.
_MOST_GRAINS = 1_000_000


@dataclass(frozen=True, slots=True)
class LinearModel:
    """Maximise ``cost`` over columns from ``lower`` to ``upper`` within the rows.

    The first ``whole`` columns take whole numbers only; ``None``: all do.
    """

    cost: Floats
    lower: Floats
    upper: Floats
    row_lower: Floats
    row_upper: Floats
    start: Ints
    index: Ints
    value: Floats
    whole: int | None = None


@dataclass(frozen=True, slots=True)
class Model:
    """The programme and where each decision stands in it.

    ``columns[i][k]`` are the columns of candidate ``i``'s option ``k``, one for each of its
    sprints. ``capacity_rows`` maps (team, sprint) to its row; ``scale`` are the units in 1 of
    such a row.
    """

    reduced: Reduced
    linear: LinearModel
    columns: tuple[tuple[range, ...], ...]
    capacity_rows: dict[tuple[int, int], int]
    scale: float

    def read(self, values: Floats) -> Assignment:
        """The assignment a solution means: the first sprint in which a column is 1."""
        placed: dict[int, tuple[int, int]] = {}
        for i, (candidate, ranges) in enumerate(
            zip(self.reduced.candidates, self.columns, strict=True)
        ):
            for option, columns in zip(candidate.options, ranges, strict=True):
                for sprint, column in zip(option.sprints, columns, strict=True):
                    if i not in placed and values[column] > 0.5:
                        placed[i] = (option.team, sprint)
        return placed

    def write(self, assignment: Assignment) -> Floats:
        """The column values that mean ``assignment``."""
        values = np.zeros(len(self.linear.cost))
        for i, (team, sprint) in assignment.items():
            options = self.reduced.candidates[i].options
            for option, columns in zip(options, self.columns[i], strict=True):
                if option.team == team:
                    for done, column in zip(option.sprints, columns, strict=True):
                        values[column] = float(done >= sprint)
        return values


class _Rows:
    """Rows collected one entry list after the other."""

    def __init__(self) -> None:
        self.lower: list[float] = []
        self.upper: list[float] = []
        self.start: list[int] = [0]
        self.index: list[int] = []
        self.value: list[float] = []

    def add(self, lower: float, upper: float, entries: list[tuple[int, float]]) -> int:
        for column, coefficient in entries:
            self.index.append(column)
            self.value.append(coefficient)
        self.start.append(len(self.index))
        self.lower.append(lower)
        self.upper.append(upper)
        return len(self.lower) - 1


def build(reduced: Reduced) -> Model:
    """The programme of ``reduced``."""
    columns, count = _columns(reduced)
    rows = _Rows()
    for i, candidate in enumerate(reduced.candidates):
        for entries in _monotone(columns[i]):
            rows.add(0.0, np.inf, entries)
        _once(rows, candidate, columns[i])
        for j in candidate.needs:
            for sprint in _finishes(candidate):
                before = reduced.before[sprint]
                entries = [
                    (column, 1.0) for column in _by(reduced.candidates[j], columns[j], before)
                ]
                entries += [(column, -1.0) for column in _by(candidate, columns[i], sprint)]
                rows.add(0.0, np.inf, entries)
    scale = _scale(reduced)
    capacity_rows = _capacity(rows, reduced, columns, scale)
    linear = LinearModel(
        cost=_cost(reduced, columns, count),
        lower=np.zeros(count),
        upper=np.ones(count),
        row_lower=np.array(rows.lower, dtype=np.float64),
        row_upper=np.array(rows.upper, dtype=np.float64),
        start=np.array(rows.start, dtype=np.int32),
        index=np.array(rows.index, dtype=np.int32),
        value=np.array(rows.value, dtype=np.float64),
    )
    return Model(reduced, linear, columns, capacity_rows, scale)


def _columns(reduced: Reduced) -> tuple[tuple[tuple[range, ...], ...], int]:
    """A column for each option and sprint; where nothing can finish, the one before stands."""
    count = 0
    columns: list[tuple[range, ...]] = []
    for candidate in reduced.candidates:
        ranges: list[range] = []
        for option in candidate.options:
            ranges.append(range(count, count + len(option.sprints)))
            count += len(option.sprints)
        columns.append(tuple(ranges))
    return tuple(columns), count


def _monotone(ranges: tuple[range, ...]) -> Iterator[list[tuple[int, float]]]:
    """Finished stays finished."""
    for columns in ranges:
        for column in columns[1:]:
            yield [(column, 1.0), (column - 1, -1.0)]


def _once(rows: _Rows, candidate: Candidate, ranges: tuple[range, ...]) -> None:
    """At most one team finishes it; a must-have is finished by exactly one."""
    if candidate.must or len(ranges) > 1:
        rows.add(float(candidate.must), 1.0, [(columns[-1], 1.0) for columns in ranges])


def _finishes(candidate: Candidate) -> list[int]:
    return sorted({sprint for option in candidate.options for sprint in option.sprints})


def _by(candidate: Candidate, ranges: tuple[range, ...], sprint: int) -> list[int]:
    """The columns whose sum says that ``candidate`` is finished by the end of ``sprint``."""
    found: list[int] = []
    for option, columns in zip(candidate.options, ranges, strict=True):
        reached = sum(1 for possible in option.sprints if possible <= sprint)
        if reached:
            found.append(columns[reached - 1])
    return found


def _scale(reduced: Reduced) -> float:
    """Units that count as 1 in a capacity row: the grain of all efforts while numbers stay small."""
    largest = max(max(row) for row in reduced.capacity)
    return float(reduced.grain if largest // reduced.grain <= _MOST_GRAINS else UNITS)


def _capacity(
    rows: _Rows,
    reduced: Reduced,
    columns: tuple[tuple[range, ...], ...],
    scale: float,
) -> dict[tuple[int, int], int]:
    entries: dict[tuple[int, int], list[tuple[int, float]]] = {}
    for candidate, ranges in zip(reduced.candidates, columns, strict=True):
        size = candidate.effort / scale
        if not candidate.effort:
            continue
        for option, span in zip(candidate.options, ranges, strict=True):
            for place, (sprint, column) in enumerate(zip(option.sprints, span, strict=True)):
                row = entries.setdefault((option.team, sprint), [])
                row.append((column, size))
                if place:
                    row.append((column - 1, -size))

    def limit(units: int) -> float:
        # Efforts are whole grains, so a part of a grain is room for nothing.
        return (units - units % reduced.grain if scale == reduced.grain else units) / scale

    found: dict[tuple[int, int], int] = {}
    for (team, sprint), row in sorted(entries.items()):
        found[team, sprint] = rows.add(-np.inf, limit(reduced.capacity[team][sprint]), row)
    for sprint, units in enumerate(reduced.roof or ()):
        together = [
            entry for (_, at), row in sorted(entries.items()) if at == sprint for entry in row
        ]
        rows.add(-np.inf, limit(units), together)
    return found


def _cost(reduced: Reduced, columns: tuple[tuple[range, ...], ...], count: int) -> Floats:
    """Value times weight of the finishing sprint, telescoped over the columns."""
    cost = np.zeros(count)
    weights = reduced.weights
    for candidate, ranges in zip(reduced.candidates, columns, strict=True):
        for option, span in zip(candidate.options, ranges, strict=True):
            worth = [candidate.worth(weights[sprint]) for sprint in option.sprints]
            for column, now, next_one in zip(span, worth, [*worth[1:], 0.0], strict=True):
                cost[column] = now - next_one
    return cost
