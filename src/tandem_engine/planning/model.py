"""The reduced problem as a mixed-integer programme, in the form whose relaxation is tight.

A column means "this way this item has been finished by the end of this sprint" and never falls
from sprint to sprint, instead of the usual "finished in this sprint": prerequisites, capacity and
delivery weights are then differences of neighbours, and the linear relaxation lies close to the
best plan (the "by" formulation of precedence-constrained scheduling; Lambert et al. 2014,
Interfaces 44(2)). Built from sparse matrices, never row by row.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy import sparse

from tandem_engine.planning.assignment import Assignment
from tandem_engine.planning.linear import Floats, Ints, LinearModel, from_rows
from tandem_engine.planning.quantity import UNITS
from tandem_engine.planning.reduced import Reduced

__all__ = ["Floats", "Ints", "LinearModel", "Model", "build"]

#: Above this many grains a capacity is counted in the caller's unit, to spare the numerics.
_MOST_GRAINS = 1_000_000
#: Above this many candidates all needs are written: what each reaches would take too much memory.
_MOST_THINNED = 20_000

Positions = NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class Model:
    """The programme and where each decision stands in it.

    By column: ``candidate``, ``way`` (the option's number within the candidate) and ``sprint``.
    ``by_end`` has a row for each candidate and sprint: the columns whose sum says that it is
    finished by then. ``capacity_rows`` maps (resource, sprint) to its row; ``scale`` are the units
    in 1 of such a row.
    """

    reduced: Reduced
    linear: LinearModel
    candidate: Positions
    way: Positions
    sprint: Positions
    by_end: "sparse.csr_array"
    capacity_rows: dict[tuple[int, int], int]
    scale: float
    #: The row that a candidate is finished in one way, where there is one.
    once_rows: dict[int, int]
    #: Where the rows over what is planned begin.
    counted_rows: int

    def columns_of(self, i: int) -> Positions:
        """The columns of a candidate."""
        span = np.searchsorted(self.candidate, [i, i + 1])
        return np.arange(*span)

    def last_columns(self, i: int) -> list[int]:
        """The column of each of its ways that says it is finished at all."""
        columns = self.columns_of(i)
        ways = self.way[columns]
        ends = np.r_[ways[1:] != ways[:-1], True]
        return [int(column) for column in columns[ends]]

    def once_limits(self, i: int) -> tuple[float, float]:
        """The limits of its row in ``once_rows``."""
        row = self.once_rows[i]
        return float(self.linear.row_lower[row]), float(self.linear.row_upper[row])

    def finished(self, values: Floats) -> Floats:
        """By candidate and sprint, how far it is finished by its end."""
        shape = (len(self.reduced.candidates), self.reduced.sprints)
        done: Floats = np.reshape(self.by_end @ values, shape)
        return done

    def read(self, values: Floats) -> dict[int, tuple[int, int]]:
        """The assignment a solution means: the first sprint in which a column is 1."""
        done = np.flatnonzero(values > 0.5)
        # Later entries overwrite earlier ones: the first sprint has to come last.
        ordered = done[np.lexsort((-self.sprint[done], self.candidate[done]))]
        triples = zip(
            self.candidate[ordered].tolist(),
            self.way[ordered].tolist(),
            self.sprint[ordered].tolist(),
            strict=True,
        )
        return {i: (way, sprint) for i, way, sprint in triples}

    def write(self, assignment: Assignment) -> Floats:
        """The column values that mean ``assignment``."""
        ways = np.full(len(self.reduced.candidates), -1, dtype=np.int64)
        sprints = np.zeros(len(self.reduced.candidates), dtype=np.int64)
        for i, (way, sprint) in assignment.items():
            ways[i], sprints[i] = way, sprint
        chosen = (self.way == ways[self.candidate]) & (self.sprint >= sprints[self.candidate])
        return np.where(chosen, 1.0, 0.0)


@dataclass(frozen=True, slots=True)
class _Rows:
    """A block of rows with its limits."""

    matrix: "sparse.csr_array"
    lower: Floats
    upper: Floats


def build(reduced: Reduced) -> Model:
    """The programme of ``reduced``."""
    candidate, way, sprint, option = _columns(reduced)
    count, sprints = len(candidate), reduced.sprints
    size = len(reduced.candidates)
    options = int(option[-1]) + 1 if count else 0
    # By option and sprint, the column that says it is finished by then; -1 before the first.
    table = np.full((options, sprints), -1, dtype=np.int64)
    table[option, sprint] = np.arange(count)
    table = np.maximum.accumulate(table, axis=1) if options else table
    owner = np.zeros(options, dtype=np.int64)
    owner[option] = candidate
    known = np.argwhere(table >= 0)
    # One more row, of nothing: "by the end of a sprint before the first".
    by_end = _matrix(
        owner[known[:, 0]] * sprints + known[:, 1],
        table[known[:, 0], known[:, 1]],
        np.ones(len(known)),
        (size * sprints + 1, count),
    )
    same_option = np.flatnonzero(option[1:] == option[:-1]) + 1
    before = np.full(count, -1, dtype=np.int64)
    before[same_option] = same_option - 1
    blocks = [
        _monotone(same_option, count),
        _once(reduced, by_end),
        _needs(reduced, by_end, candidate, sprint),
        _ties(reduced, by_end),
        _counted(reduced, by_end),
    ]
    scale = _scale(reduced)
    capacity, spots = _capacity(reduced, option, sprint, before, scale, count)
    first = sum(block.matrix.shape[0] for block in blocks)
    blocks += [capacity, _roof(reduced, capacity, spots, scale)]
    matrix = sparse.vstack([block.matrix for block in blocks], format="csr")
    linear = from_rows(
        _cost(reduced, candidate, sprint, before),
        np.zeros(count),
        np.ones(count),
        sparse.csr_array(matrix),
        np.concatenate([block.lower for block in blocks]),
        np.concatenate([block.upper for block in blocks]),
    )
    rows = {spot: first + number for number, spot in enumerate(spots)}
    once = {i: len(same_option) + number for number, i in enumerate(_once_of(reduced))}
    counted = sum(block.matrix.shape[0] for block in blocks[:4])
    return Model(reduced, linear, candidate, way, sprint, by_end[:-1], rows, scale, once, counted)


def limit_of(model: Model, units: int) -> float:
    """What a capacity of so many units is as the limit of its row."""
    return _limit(model.reduced, units, model.scale)


def _matrix(
    rows: Positions, columns: Positions, values: Floats, shape: tuple[int, int]
) -> "sparse.csr_array":
    found = sparse.coo_array((values, (rows, columns)), shape=shape).tocsr()
    found.eliminate_zeros()
    return sparse.csr_array(found)


def _columns(reduced: Reduced) -> tuple[Positions, Positions, Positions, Positions]:
    """A column for each option and sprint; where nothing can finish, the one before stands."""
    candidate: list[int] = []
    way: list[int] = []
    sprint: list[int] = []
    option: list[int] = []
    number = -1
    for i, one in enumerate(reduced.candidates):
        for w, choice in enumerate(one.options):
            number += 1
            length = len(choice.sprints)
            candidate += [i] * length
            way += [w] * length
            sprint += choice.sprints
            option += [number] * length
    return (
        np.array(candidate, dtype=np.int64),
        np.array(way, dtype=np.int64),
        np.array(sprint, dtype=np.int64),
        np.array(option, dtype=np.int64),
    )


def _monotone(same_option: Positions, count: int) -> _Rows:
    """Finished stays finished."""
    size = len(same_option)
    row = np.arange(size)
    matrix = _matrix(
        np.concatenate([row, row]),
        np.concatenate([same_option, same_option - 1]),
        np.concatenate([np.ones(size), -np.ones(size)]),
        (size, count),
    )
    return _Rows(matrix, np.zeros(size), np.full(size, np.inf))


def _once(reduced: Reduced, by_end: "sparse.csr_array") -> _Rows:
    """At most one way is taken; a must-have is finished in exactly one."""
    found = _once_of(reduced)
    rows = np.array(found, dtype=np.int64) * reduced.sprints + reduced.sprints - 1
    lower = np.array([float(reduced.candidates[i].must) for i in found])
    return _Rows(by_end[rows], lower, np.ones(len(found)))


def _once_of(reduced: Reduced) -> list[int]:
    return [i for i, c in enumerate(reduced.candidates) if c.must or len(c.options) > 1]


def _needs(
    reduced: Reduced, by_end: "sparse.csr_array", candidate: Positions, sprint: Positions
) -> _Rows:
    """In each sprint an item can be finished in, its prerequisites are finished by then."""
    sprints = reduced.sprints
    possible = np.zeros((len(reduced.candidates), sprints), dtype=bool)
    possible[candidate, sprint] = True
    pairs = np.array(direct_needs(reduced), dtype=np.int64).reshape(-1, 3)
    number, at = np.nonzero(possible[pairs[:, 0]])
    item, need, lag = pairs[number].T
    matrix = _earlier(by_end, need, at - lag, sprints) - by_end[item * sprints + at]
    size = matrix.shape[0]
    return _Rows(sparse.csr_array(matrix), np.zeros(size), np.full(size, np.inf))


def direct_needs(reduced: Reduced) -> list[tuple[int, int, int]]:
    """(item, need, lag) without what follows from others: of a, b and c in a row, not a to c.

    The transitive reduction (Aho, Garey & Ullman 1972, SIAM J. Comput. 1(2)), as far as the first
    lag of the longer way is enough. Up to a fifth of all needs; the relaxation stays as tight.
    """
    if len(reduced.candidates) > _MOST_THINNED:
        return [(i, j, lag) for i, one in enumerate(reduced.candidates) for j, lag in one.needs]
    reach: list[int] = []
    found: list[tuple[int, int, int]] = []
    for i, candidate in enumerate(reduced.candidates):
        within = 0
        for j, _ in candidate.needs:
            within |= reach[j]
        for j, lag in candidate.needs:
            follows = within >> j & 1 and any(
                least >= lag and reach[k] >> j & 1 for k, least in candidate.needs
            )
            if not follows:
                found.append((i, j, lag))
        for j, _ in candidate.needs:
            within |= 1 << j
        reach.append(within)
    return found


def _earlier(
    by_end: "sparse.csr_array", item: Positions, at: Positions, sprints: int
) -> "sparse.csr_array":
    nothing = by_end.shape[0] - 1
    return by_end[np.where(at >= 0, item * sprints + np.maximum(at, 0), nothing)]


def _ties(reduced: Reduced, by_end: "sparse.csr_array") -> _Rows:
    """Orders between what is planned, and pairs in the same sprint."""
    sprints = reduced.sprints
    every = np.arange(sprints)
    orders = np.array(reduced.orders, dtype=np.int64).reshape(-1, 3)
    first, then, lag = (np.repeat(column, sprints) for column in orders.T)
    at = np.tile(every, len(orders))
    # Finished by now implies the other was finished earlier, or is not planned at all.
    order = (
        by_end[then * sprints + at]
        - _earlier(by_end, first, at - lag, sprints)
        + by_end[first * sprints + sprints - 1]
    )
    pairs = np.array(reduced.same, dtype=np.int64).reshape(-1, 2)
    a, b = (np.repeat(column, sprints) for column in pairs.T)
    at = np.tile(every, len(pairs))
    same = by_end[a * sprints + at] - by_end[b * sprints + at]
    lower = np.concatenate([np.full(order.shape[0], -np.inf), np.zeros(same.shape[0])])
    upper = np.concatenate([np.ones(order.shape[0]), np.zeros(same.shape[0])])
    matrix = sparse.vstack([order, same], format="csr")
    return _Rows(sparse.csr_array(matrix), lower, upper)


def _counted(reduced: Reduced, by_end: "sparse.csr_array") -> _Rows:
    """Rows over what is planned at all, or finished in a sprint: by then and not before."""
    last = reduced.sprints - 1
    entries: list[tuple[int, int, float]] = []
    for number, row in enumerate(reduced.rows):
        at = last if row.sprint is None else row.sprint
        for i, coefficient in row.entries:
            entries.append((number, i * reduced.sprints + at, coefficient / row.scale))
            if row.sprint:
                entries.append((number, i * reduced.sprints + at - 1, -coefficient / row.scale))
    shape = (len(reduced.rows), by_end.shape[0])
    triples = np.array(entries, dtype=np.float64).reshape(-1, 3)
    counted = _matrix(
        triples[:, 0].astype(np.int64),
        triples[:, 1].astype(np.int64),
        triples[:, 2],
        shape,
    )
    limits = np.array([row.limits for row in reduced.rows]).reshape(-1, 2)
    lower, upper = limits[:, 0], limits[:, 1]
    return _Rows(sparse.csr_array(counted @ by_end), lower, upper)


def _scale(reduced: Reduced) -> float:
    """Units that count as 1 in a capacity row: the grain of all efforts while numbers stay small."""
    largest = max(max(row) for row in reduced.capacity)
    return float(reduced.grain if largest // reduced.grain <= _MOST_GRAINS else UNITS)


def _limit(reduced: Reduced, units: int, scale: float) -> float:
    # Efforts are whole grains, so a part of a grain is room for nothing.
    return (units - units % reduced.grain if scale == reduced.grain else units) / scale


def _capacity(
    reduced: Reduced,
    option: Positions,
    sprint: Positions,
    before: Positions,
    scale: float,
    count: int,
) -> tuple[_Rows, list[tuple[int, int]]]:
    """What is finished in a sprint takes no more than there is."""
    choices = [choice for c in reduced.candidates for choice in c.options]
    uses = np.array(
        [(o, r, units) for o, choice in enumerate(choices) for r, units in choice.loads if units],
        dtype=np.int64,
    ).reshape(-1, 3)
    first = np.searchsorted(option, uses[:, 0], side="left")
    length = np.searchsorted(option, uses[:, 0], side="right") - first
    which = np.repeat(np.arange(len(uses)), length)
    start = np.cumsum(length) - length
    column = np.arange(len(which)) - np.repeat(start - first, length)
    spot = uses[which, 1] * reduced.sprints + sprint[column]
    size = uses[which, 2] / scale
    later = before[column] >= 0
    spots, row = np.unique(spot, return_inverse=True)
    matrix = _matrix(
        np.concatenate([row, row[later]]),
        np.concatenate([column, before[column][later]]),
        np.concatenate([size, -size[later]]),
        (len(spots), count),
    )
    found = [divmod(int(one), reduced.sprints) for one in spots]
    upper = np.array([_limit(reduced, reduced.capacity[r][s], scale) for r, s in found])
    return _Rows(matrix, np.full(len(found), -np.inf), upper), found


def _roof(reduced: Reduced, capacity: _Rows, spots: list[tuple[int, int]], scale: float) -> _Rows:
    """A limit on all resources together, sprint by sprint."""
    roof = reduced.roof or ()
    member = [(sprint, number) for number, (_, sprint) in enumerate(spots) if sprint < len(roof)]
    pairs = np.array(member, dtype=np.int64).reshape(-1, 2)
    together = _matrix(pairs[:, 0], pairs[:, 1], np.ones(len(pairs)), (len(roof), len(spots)))
    upper = np.array([_limit(reduced, units, scale) for units in roof])
    return _Rows(sparse.csr_array(together @ capacity.matrix), np.full(len(roof), -np.inf), upper)


def _cost(reduced: Reduced, candidate: Positions, sprint: Positions, before: Positions) -> Floats:
    """What it brings in the finishing sprint, telescoped over the columns."""
    if not len(candidate):
        return np.zeros(0)
    worths = np.array([c.worths for c in reduced.candidates])[candidate, sprint]
    cost = worths.copy()
    later = np.flatnonzero(before >= 0)
    # A column stays 1 after it: what it brings ends where the next one begins.
    cost[before[later]] -= worths[later]
    return cost
