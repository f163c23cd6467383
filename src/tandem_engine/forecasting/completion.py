"""When work is finished, as probabilities over days."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Self

import numpy as np

from tandem_engine.forecasting.model import Counts, Floats
from tandem_engine.forecasting.paths import NEVER

#: Forgives the last digits of a product of shares when it is compared with a percentile.
TOLERANCE = 1e-12


@dataclass(frozen=True, slots=True, eq=False)
class Completion:
    """``probability[i]`` is the chance to be finished by the end of ``days[i]`` (increasing).

    What is missing to 1 at the last day is the chance of finishing later or never.
    """

    days: Counts
    probability: Floats

    @classmethod
    def of(cls, days: Counts) -> Self:
        """From the finishing day of each trial."""
        distinct, counts = np.unique(days[days != NEVER], return_counts=True)
        return cls(days=distinct, probability=np.cumsum(counts) / len(days))

    @classmethod
    def of_all(cls, parts: Sequence[Self]) -> Self:
        """All of several parts, finishing independently: the product of their chances."""
        return cls._joined(parts, together=False)

    @classmethod
    def of_all_together(cls, parts: Sequence[Self]) -> Self:
        """All of several parts, good and bad luck shared: the smallest of their chances."""
        return cls._joined(parts, together=True)

    @classmethod
    def _joined(cls, parts: Sequence[Self], *, together: bool) -> Self:
        days = np.unique(np.concatenate([part.days for part in parts]))
        chances = np.stack([part.chances_by(days) for part in parts])
        joint = chances.min(axis=0) if together else chances.prod(axis=0)
        return cls(days=days, probability=np.asarray(joint, dtype=np.float64))

    def chances_by(self, days: Counts) -> Floats:
        """The chance to be finished by the end of each of ``days``."""
        known = np.concatenate([[0.0], self.probability])
        return np.asarray(known[np.searchsorted(self.days, days, side="right")])

    def chance_by(self, day: int) -> float:
        """The chance to be finished by the end of ``day``."""
        return float(self.chances_by(np.asarray([day], dtype=np.int64))[0])

    def day_by(self, probability: float) -> int | None:
        """The first day with at least this chance, or None when no day known has it."""
        (found,) = np.nonzero(self.probability >= probability - TOLERANCE)
        return int(self.days[found[0]]) if len(found) else None


def at_least(items: Counts, probability: float) -> int:
    """The largest number reached in at least this share of the trials (nearest rank)."""
    rank = int(np.ceil(probability * len(items) - 1e-9))
    return int(np.partition(items, len(items) - rank)[len(items) - rank])
