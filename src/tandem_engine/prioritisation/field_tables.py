"""A field's values for a block of signatures; they are known, so every draw is the same."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt

from .fields import Field
from .formula import Leaf
from .scale import FloatArray

if TYPE_CHECKING:
    from .simulation import Room, Stream


@dataclass(frozen=True)
class FieldTables:
    """The values as a column, (rows, 1); a missing one is what the field says it counts as."""

    field: Field
    values: FloatArray

    @property
    def guessed(self) -> npt.NDArray[np.bool_]:
        return np.zeros(self.values.shape[0], dtype=np.bool_)

    def likely_in(self, leaf: Leaf) -> FloatArray:
        return self.values

    def draws_in(self, leaf: Leaf, stream: Stream, room: Room) -> FloatArray:
        return np.broadcast_to(self.values, (self.values.shape[0], stream.lower.size))

    def part(self, start: int, end: int) -> FieldTables:
        return FieldTables(self.field, self.values[start:end])

    def known(self) -> FieldTables:
        return self


def field_tables(field: Field, given: list[float | None]) -> FieldTables:
    """The values of one field, in the signatures' order."""
    column = [field.missing if value is None else value for value in given]
    return FieldTables(field, np.array(column, dtype=np.float64)[:, None])
