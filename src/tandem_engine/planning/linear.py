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
class Part:
    """What is open of a programme: ``linear`` over the columns ``open``, ``constant`` by the rest."""

    linear: LinearModel
    open: NDArray[np.int64]
    held: Floats
    constant: float

    def whole(self, values: Floats) -> Floats:
        """Values of the open columns put among the held ones."""
        found = self.held.copy()
        found[self.open] = values
        return found


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


def part(linear: LinearModel, lower: Floats, upper: Floats) -> Part:
    """The programme with these bounds, without its settled columns and its empty rows."""
    free = lower < upper
    held = np.where(free, 0.0, lower)
    matrix = linear.matrix
    shift = matrix @ held
    still_open = np.flatnonzero(free)
    rest = matrix[:, still_open]
    live = np.flatnonzero(np.diff(rest.indptr))
    rest = rest[live]
    inner = from_rows(
        linear.cost[still_open],
        lower[still_open],
        upper[still_open],
        rest,
        (linear.row_lower - shift)[live],
        (linear.row_upper - shift)[live],
    )
    return Part(inner, still_open, held, float(linear.cost @ held))
