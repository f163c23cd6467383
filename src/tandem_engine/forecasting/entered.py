"""A pace taken from an entered range, for a team that has not finished anything yet."""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from tandem_engine.forecasting.history import Range
from tandem_engine.forecasting.model import Counts


@dataclass(frozen=True, slots=True)
class EnteredModel:
    """One pace per trial, anywhere in the range with equal chance, and Poisson weeks around it.

    The pace is drawn once and kept. Drawing it anew each week would average the doubt away
    and turn a wide range into a narrow forecast.
    """

    range: Range

    @property
    def name(self) -> str:
        return "range"

    @property
    def parameters(self) -> tuple[tuple[str, float], ...]:
        return (
            ("low", self.range.low),
            ("high", self.range.high),
            ("items_per_week", self.mean(1)),
        )

    def mean(self, weeks: int) -> float:
        """Items expected in ``weeks`` weeks."""
        return weeks * (self.range.low + self.range.high) / 2

    def weeks(self, trials: int, rng: np.random.Generator) -> Iterator[Counts]:
        pace = rng.uniform(self.range.low, self.range.high, trials)
        while True:
            yield rng.poisson(pace).astype(np.int64)

    def totals(self, weeks: int, trials: int, rng: np.random.Generator) -> Counts:
        pace = rng.uniform(self.range.low, self.range.high, trials)
        return rng.poisson(weeks * pace).astype(np.int64)
