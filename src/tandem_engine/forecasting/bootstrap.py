"""The transparent alternative: coming weeks drawn, with replacement, from the latest weeks.

This is what most tools call a Monte Carlo forecast. Easy to follow and, on its own, far too
sure of itself: it knows neither that a pace drifts nor that twelve weeks show it only roughly.
Use it with the learned dispersion of ``calibration``.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np

from tandem_engine.forecasting.model import Counts, Floats

#: Weeks drawn from; the usual advice is 8 to 12, recent enough to be the same team.
SAMPLED_WEEKS = 12


@dataclass(frozen=True, slots=True)
class BootstrapModel:
    """Each coming week repeats one of ``sample``, chosen at random."""

    sample: tuple[int, ...]

    @property
    def name(self) -> str:
        return "bootstrap"

    @property
    def parameters(self) -> tuple[tuple[str, float], ...]:
        return (("weeks_sampled", float(len(self.sample))), ("items_per_week", self.mean(1)))

    def mean(self, weeks: int) -> float:
        """Items expected in ``weeks`` weeks."""
        return weeks * sum(self.sample) / len(self.sample)

    def weeks(self, trials: int, rng: np.random.Generator) -> Iterator[Counts]:
        sample = np.asarray(self.sample, dtype=np.int64)
        while True:
            yield sample[rng.integers(len(sample), size=trials)]

    def totals(self, weeks: int, trials: int, rng: np.random.Generator) -> Counts:
        sample = np.asarray(self.sample, dtype=np.int64)
        drawn = sample[rng.integers(len(sample), size=(weeks, trials))]
        return np.asarray(drawn.sum(axis=0), dtype=np.int64)


def fit_bootstrap(counts: Sequence[int]) -> BootstrapModel:
    """Draw from the latest :data:`SAMPLED_WEEKS` of the weekly counts (at least one week)."""
    return BootstrapModel(sample=tuple(counts[-SAMPLED_WEEKS:]))


def exact_totals(sample: Sequence[int], weeks: int) -> Floats:
    """Probability of 0, 1, 2, ... items in ``weeks`` weeks drawn from ``sample``, without trials.

    The distribution of a sum of independent weeks is the repeated convolution of the one-week
    distribution; computed by squaring. What the trials approach as their number grows.
    """
    power = np.bincount(np.asarray(sample, dtype=np.int64)) / len(sample)
    total = np.ones(1)
    remaining = weeks
    while remaining:
        if remaining & 1:
            total = np.convolve(total, power)
        remaining >>= 1
        if remaining:
            power = np.convolve(power, power)
    return total
