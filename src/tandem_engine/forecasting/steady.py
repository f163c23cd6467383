"""The steady model: a weekly pace that drifts, learned from weekly counts.

The pace of a week is Gamma distributed; each week older evidence is discounted by ``delta`` and
the new count added (the "steady" forecasting model: Smith 1979, JRSS B 41; Smith & Miller 1986,
JRSS B 48; West & Harrison, "Bayesian Forecasting and Dynamic Models", ch. 10 and 14). Counts
spread more than Poisson counts do, so they are first divided by their dispersion ``phi``.
"""

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np

from tandem_engine.forecasting.history import History
from tandem_engine.forecasting.model import Counts, Floats

#: Discounts tried. 0.75 forgets within a month, 0.995 hardly within years.
DISCOUNTS = (0.75, 0.85, 0.92, 0.97, 0.995)
LEAST_DISPERSION, MOST_DISPERSION = 1.0, 6.0

#: Half an item before the first week: Jeffreys' prior for a Poisson rate, Gamma(1/2, 0).
PRIOR_ITEMS = 0.5
#: One-step predictions scored from here on; the very first ones only mirror the prior.
WARM_UP_WEEKS = 4

#: The pace's uncertainty grows over this many weeks ahead and then stays. The model's own
#: growth is exponential: right over a quarter, where it was measured, absurd over years.
GROWTH_WEEKS = 13

#: Assumed for a thin history, whose own spread cannot be told from luck.
THIN_DISPERSION = 2.0
THIN_DISCOUNT = 0.85


@dataclass(frozen=True, slots=True)
class SteadyModel:
    """A pace of ``phi * Gamma(shape, rate)`` items per week that drifts with discount ``delta``."""

    shape: float
    rate: float
    delta: float
    phi: float

    @property
    def name(self) -> str:
        return "steady"

    @property
    def parameters(self) -> tuple[tuple[str, float], ...]:
        return (
            ("phi", self.phi),
            ("delta", self.delta),
            ("shape", self.shape),
            ("rate", self.rate),
            ("items_per_week", self.mean(1)),
        )

    def mean(self, weeks: int) -> float:
        """Items expected in ``weeks`` weeks: ``weeks * phi * shape / rate``."""
        return weeks * self.phi * self.shape / self.rate

    def variance(self, weeks: int) -> float:
        """Variance of the items of ``weeks`` weeks.

        Chance around the pace, ``phi * mean``, plus doubt about the pace,
        ``mean^2 / (shape * delta^(h/2))`` with ``h = min(weeks, GROWTH_WEEKS)``.
        """
        mean = self.mean(weeks)
        return self.phi * mean + mean**2 / (self.shape * self._discount(weeks))

    def weeks(self, trials: int, rng: np.random.Generator) -> Iterator[Counts]:
        """Each trial keeps its place ``u`` among the possible paces and adds chance per week.

        The items of the first k weeks are then exactly negative binomial around a pace
        ``phi * Gamma(shape * delta^(k/2), rate * delta^(k/2))``, for every k: given the pace,
        counts with variance ``phi * mean`` add up over weeks (a compound Poisson process).
        """
        from scipy.special import gammaincinv  # when it is used: it takes long to load

        # A uniform of exactly 0 or 1 would be a pace of nothing or of infinity.
        place = np.clip(rng.random(trials), 1e-12, 1 - 1e-12)
        expected: Floats = np.zeros(trials)
        pace: Floats = expected
        week = 0
        while True:
            week += 1
            if week <= GROWTH_WEEKS:
                discount = self._discount(week)
                level: Floats = np.asarray(gammaincinv(self.shape * discount, place), float)
                pace = self.phi * level / (self.rate * discount)
            # As doubt grows the slow paces sink, in the extreme below what an earlier week
            # had reached. What is done stays done, hence the maximum.
            reached = np.maximum(expected, week * pace)
            yield _counts(reached - expected, self.phi, rng)
            expected = reached

    def totals(self, weeks: int, trials: int, rng: np.random.Generator) -> Counts:
        discount = self._discount(weeks)
        pace = self.phi * rng.gamma(self.shape * discount, 1 / (self.rate * discount), trials)
        return _counts(weeks * pace, self.phi, rng)

    def _discount(self, weeks: int) -> float:
        return float(self.delta ** (min(weeks, GROWTH_WEEKS) / 2))


def fit_steady(counts: Sequence[int]) -> SteadyModel:
    """Learn dispersion, discount and pace from weekly counts, oldest first (at least one).

    ``phi`` is variance over mean, kept within 1 to 6; ``delta`` is the one of
    :data:`DISCOUNTS` under which each week was the least surprising given the weeks before it.
    """
    phi = dispersion(counts)
    # Ties go to the slowest forgetting: the simpler story.
    delta = max(DISCOUNTS, key=lambda each: (one_step_likelihood(counts, phi, each), each))
    shape, rate = PRIOR_ITEMS / phi, 0.0
    for count in counts:
        shape, rate = delta * shape + count / phi, delta * rate + 1
    return SteadyModel(shape=shape, rate=rate, delta=delta, phi=phi)


def fit_thin(history: History) -> SteadyModel:
    """The same model where the history is too thin to learn dispersion and discount from.

    Both are assumed, and pessimistically. Without a single complete week the open one counts,
    with the days it has had.
    """
    if history.weeks:
        items, weeks = history.finished, float(history.weeks)
    else:
        days = (history.today - history.until).days + 1
        items, weeks = history.open_week_finished, days / 7
    return SteadyModel(
        shape=(PRIOR_ITEMS + items) / THIN_DISPERSION,
        rate=weeks,
        delta=THIN_DISCOUNT,
        phi=THIN_DISPERSION,
    )


def dispersion(counts: Sequence[int]) -> float:
    """Variance of weekly counts over their mean, kept within 1 (pure chance) to 6."""
    mean = sum(counts) / len(counts)
    if len(counts) < 2 or mean == 0:
        return LEAST_DISPERSION
    ratio = float(np.var(counts, ddof=1)) / mean
    return min(max(ratio, LEAST_DISPERSION), MOST_DISPERSION)


def one_step_likelihood(counts: Sequence[int], phi: float, delta: float) -> float:
    """Log likelihood of each week's count given only the weeks before it.

    The prediction is a negative binomial with the model's mean ``m = phi a / b`` and variance
    ``phi m (1 + 1 / (delta b))``; for ``phi = 1`` that is the exact Gamma-Poisson predictive.
    """
    shape, rate = PRIOR_ITEMS / phi, 0.0
    total = 0.0
    for week, count in enumerate(counts):
        if week >= WARM_UP_WEEKS:
            mean = phi * shape / rate
            total += _log_negative_binomial(count, mean, phi * mean * (1 + 1 / (delta * rate)))
        shape, rate = delta * shape + count / phi, delta * rate + 1
    return total


def _log_negative_binomial(count: int, mean: float, variance: float) -> float:
    size = mean**2 / (variance - mean)
    return (
        math.lgamma(count + size)
        - math.lgamma(size)
        - math.lgamma(count + 1)
        + size * math.log(mean / variance)
        + count * math.log1p(-mean / variance)
    )


def _counts(mean: Floats, phi: float, rng: np.random.Generator) -> Counts:
    """Counts with the given means and variance ``phi * mean``."""
    if phi > 1:
        # A negative binomial drawn as Poisson of Gamma: a mean of zero is allowed this way.
        return rng.poisson(rng.gamma(mean / (phi - 1), phi - 1)).astype(np.int64)
    return rng.poisson(mean).astype(np.int64)
