"""A linear programme as arrays, and the part of it that is still open when columns are held."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy import sparse

Floats = NDArray[np.float64]
Ints = NDArray[np.int32]
Flags = NDArray[np.bool_]


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

    @property
    def matrix(self) -> "sparse.csr_array":
        """The rows, sharing memory with the arrays."""
        shape = (len(self.row_lower), len(self.cost))
        return sparse.csr_array((self.value, self.index, self.start), shape=shape)


@dataclass(frozen=True, slots=True)
class Scope:
    """What of a programme is open: bounds, and for each column the one it follows (itself mostly)."""

    lower: Floats
    upper: Floats
    leader: NDArray[np.int64]

    def holds(self, values: Floats) -> bool:
        """``values`` lie within."""
        inside = ((values >= self.lower) & (values <= self.upper)).all()
        return bool(inside and (values == values[self.leader]).all())


@dataclass(frozen=True, slots=True)
class Part:
    """What is open of a programme: ``linear`` over the columns ``open``, ``constant`` by the rest."""

    linear: LinearModel
    open: NDArray[np.int64]
    scope: Scope
    constant: float

    def whole(self, values: Floats) -> Floats:
        """Values of the open columns put among the held ones and those that follow."""
        found = np.where(self.scope.lower < self.scope.upper, 0.0, self.scope.lower)
        found[self.open] = values
        return found[self.scope.leader]


def from_rows(
    cost: Floats, lower: Floats, upper: Floats, rows: "sparse.csr_array", low: Floats, high: Floats
) -> LinearModel:
    """A programme from a sparse matrix."""
    return LinearModel(
        cost=cost,
        lower=lower,
        upper=upper,
        row_lower=low,
        row_upper=high,
        start=rows.indptr.astype(np.int32),
        index=rows.indices.astype(np.int32),
        value=rows.data.astype(np.float64),
    )


def part(linear: LinearModel, scope: Scope) -> Part:
    """The programme within ``scope``: no settled columns, no followers, no empty rows."""
    free = scope.lower < scope.upper
    held = np.where(free, 0.0, scope.lower)
    matrix = linear.matrix
    cost = linear.cost
    columns = np.arange(len(cost))
    follows = scope.leader != columns
    if follows.any():
        shape = (len(cost), len(cost))
        join = sparse.csr_array((np.ones(len(cost)), (columns, scope.leader)), shape=shape)
        matrix = sparse.csr_array(matrix @ join)
        cost = np.asarray(cost @ join, dtype=np.float64)
        free &= ~follows
        held = np.where(follows, 0.0, held)
    shift = matrix @ held
    still_open = np.flatnonzero(free)
    rest = matrix[:, still_open]
    rest.eliminate_zeros()
    live = np.flatnonzero(np.diff(rest.indptr))
    rest = rest[live]
    inner = from_rows(
        cost[still_open],
        scope.lower[still_open],
        scope.upper[still_open],
        rest,
        (linear.row_lower - shift)[live],
        (linear.row_upper - shift)[live],
    )
    return Part(inner, still_open, scope, float(cost @ held))
