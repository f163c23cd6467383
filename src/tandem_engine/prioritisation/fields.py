"""Inputs of a formula that are neither rated nor estimated: demand, and a product's own fields."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Final

from tandem_engine.words import said

from .errors import ScoringError


@dataclass(frozen=True, slots=True)
class Field:
    """A number every item may have, read by custom formulas under ``slug``.

    ``missing`` is what an item without the number counts as, and ``missing_note`` says so in its
    derivation. ``low`` and ``high`` bound the number (None: without bound); they are used to warn
    about divisions by 0, not to refuse values.
    """

    slug: str
    name: str
    unit: str = ""
    missing: float = 0.0
    missing_note: str = ""
    low: float | None = None
    high: float | None = None

    def __post_init__(self) -> None:
        if not self.slug.isidentifier():
            raise ScoringError(
                said("a field's slug has letters, digits and _"), f"field {self.slug!r}"
            )
        if not math.isfinite(self.missing):
            raise ScoringError(
                said("what a missing value counts as is a number"), f"field {self.slug}"
            )


#: The evidence-based weight of an item. Until feedback is linked to items there is none to count.
DEMAND: Final = Field(
    "demand",
    said("Demand"),
    said("requesters"),
    missing=0.0,
    missing_note=said("No evidence is linked to this item yet, so its demand counts as 0."),
    low=0.0,
)
