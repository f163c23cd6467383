"""Learning from past forecasts how wrong forecasts are, and widening the next ones by it.

At every fourth past week the forecast is made again with what was known that day and compared
with what happened. If totals strayed further than the model expected, the surplus becomes the
variance of a log-normal factor on the next forecasts. Nothing is ever judged with knowledge of
its own future: a forecast made at week ``o`` for ``H`` weeks teaches from week ``o + H`` on.
"""

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

import numpy as np

from tandem_engine.forecasting.completion import at_least
from tandem_engine.forecasting.model import Counts, Floats, Model
from tandem_engine.words import figure, said

#: Weeks ahead at which past forecasts are checked, with the variance assumed before any is.
PRIOR_VARIANCE = {4: 0.09, 12: 0.12}
#: The assumption weighs as much as this many checked forecasts.
PRIOR_FORECASTS = 6
MOST_VARIANCE = 0.8
#: A thin history has no past forecasts; the assumption is widened instead.
THIN_FACTOR = 2.0

WEEKS_BETWEEN_ORIGINS = 4
#: Weeks a past forecast must have had to look back on.
LEAST_WEEKS_KNOWN = 8
TRIALS = 2_000
CHECKED_PERCENTILES = (0.5, 0.7, 0.85, 0.95)


@dataclass(frozen=True, slots=True)
class PastForecast:
    """A forecast made again as of ``made_on``, and what then happened."""

    made_on: date
    horizon_weeks: int
    expected: float
    #: "At least this many", for each of :data:`CHECKED_PERCENTILES`.
    promised: tuple[int, ...]
    actual: int
    #: Where the actual total fell among the imagined ones, 0 to 1; even spread is ideal.
    place: float
    #: Continuous ranked probability score in items (0 is perfect), and that of "the same again".
    score: float
    naive_score: float


@dataclass(frozen=True, slots=True)
class Coverage:
    """How often "at least N, with this probability" held."""

    probability: float
    held: int
    of: int

    @property
    def sentence(self) -> str:
        share = figure(100 * self.probability)
        if not self.of:
            return said("No %(share)s %% forecast can be checked yet.", share=share)
        return said(
            "Your %(share)s %% forecasts held %(held)s of %(of)s times.",
            share=share,
            held=self.held,
            of=self.of,
        )


@dataclass(frozen=True, slots=True)
class HorizonCalibration:
    """What the past forecasts of one horizon taught."""

    horizon_weeks: int
    #: Variance of the log-normal factor, 0 (the model was wide enough) to 0.8.
    variance: float
    past: tuple[PastForecast, ...]

    @property
    def coverage(self) -> tuple[Coverage, ...]:
        """Held and made, for each checked percentile."""
        return tuple(
            Coverage(
                probability=probability,
                held=sum(1 for each in self.past if each.actual >= each.promised[index]),
                of=len(self.past),
            )
            for index, probability in enumerate(CHECKED_PERCENTILES)
        )

    def held(self, probability: float) -> Coverage:
        """The coverage of one of :data:`CHECKED_PERCENTILES`."""
        return self.coverage[CHECKED_PERCENTILES.index(probability)]

    @property
    def skill(self) -> float | None:
        """Share of the naive error that the forecasts avoided; 0 or less: no better."""
        naive = sum(each.naive_score for each in self.past)
        return 1 - sum(each.score for each in self.past) / naive if naive else None


@dataclass(frozen=True, slots=True)
class Calibration:
    """The learned widening at each horizon, shortest first."""

    horizons: tuple[HorizonCalibration, ...]

    def at(self, weeks: int) -> float:
        """The variance for a total ``weeks`` ahead, in a straight line between the horizons."""
        return float(
            np.interp(
                weeks,
                [each.horizon_weeks for each in self.horizons],
                [each.variance for each in self.horizons],
            )
        )

    def nearest(self, weeks: float) -> HorizonCalibration:
        """The horizon closest to ``weeks``, among those with past forecasts if any has some."""
        checked = [each for each in self.horizons if each.past] or list(self.horizons)
        return min(checked, key=lambda each: abs(each.horizon_weeks - weeks))


def assumed(factor: float = 1.0) -> Calibration:
    """The widening assumed before anything was checked, times ``factor``."""
    return Calibration(
        horizons=tuple(
            HorizonCalibration(horizon_weeks=weeks, variance=factor * variance, past=())
            for weeks, variance in PRIOR_VARIANCE.items()
        )
    )


def calibrate(
    counts: Sequence[int],
    fit: Callable[[Sequence[int]], Model],
    *,
    until: date,
    rng: np.random.Generator,
) -> Calibration:
    """Check the forecasts ``fit`` would have made, and learn the widening from them.

    ``counts`` are complete weeks, oldest first, the last ending just before ``until``.
    """
    return Calibration(
        horizons=tuple(
            _check(counts, fit, horizon, until, rng) for horizon in sorted(PRIOR_VARIANCE)
        )
    )


def learned_variance(errors: Sequence[tuple[float, float]], horizon_weeks: int) -> float:
    """``max(0, (sum r^2 - sum v + n0 s0^2) / (n + n0))``, at most :data:`MOST_VARIANCE`.

    ``errors`` holds for each past forecast its log error ``r = ln((actual + 1/2) / (mean + 1/2))``
    and the variance ``v`` the model itself expected of it.
    """
    surplus = sum(error**2 - expected for error, expected in errors)
    prior = PRIOR_FORECASTS * PRIOR_VARIANCE[horizon_weeks]
    variance = (surplus + prior) / (len(errors) + PRIOR_FORECASTS)
    return min(max(variance, 0.0), MOST_VARIANCE)


def _check(
    counts: Sequence[int],
    fit: Callable[[Sequence[int]], Model],
    horizon: int,
    until: date,
    rng: np.random.Generator,
) -> HorizonCalibration:
    origins = range(len(counts) - horizon, LEAST_WEEKS_KNOWN - 1, -WEEKS_BETWEEN_ORIGINS)
    past: list[PastForecast] = []
    errors: list[tuple[float, float]] = []
    ends: list[int] = []
    for origin in reversed(origins):
        known, actual = counts[:origin], sum(counts[origin : origin + horizon])
        model = fit(known)
        total = model.totals(horizon, TRIALS, rng)
        # Only forecasts whose outcome was known on that day teach this one.
        sofar = [error for error, end in zip(errors, ends, strict=True) if end <= origin]
        widened = _widen(total, learned_variance(sofar, horizon), rng)

        expected = model.mean(horizon)
        errors.append(
            (math.log((actual + 0.5) / (expected + 0.5)), float(np.var(np.log(total + 0.5))))
        )
        ends.append(origin + horizon)
        recent = known[-horizon:]
        past.append(
            PastForecast(
                made_on=until - timedelta(weeks=len(counts) - origin),
                horizon_weeks=horizon,
                expected=expected,
                promised=tuple(
                    at_least(np.floor(widened + 1e-9).astype(np.int64), probability)
                    for probability in CHECKED_PERCENTILES
                ),
                actual=actual,
                place=float(np.mean(widened < actual) + np.mean(widened == actual) / 2),
                score=ranked_score(widened, actual),
                naive_score=abs(sum(recent) * horizon / len(recent) - actual),
            )
        )
    return HorizonCalibration(
        horizon_weeks=horizon, variance=learned_variance(errors, horizon), past=tuple(past)
    )


def _widen(total: Counts, variance: float, rng: np.random.Generator) -> Floats:
    stray = rng.standard_normal(len(total))
    return np.asarray(total * np.exp(math.sqrt(variance) * stray - variance / 2))


def ranked_score(sample: Floats, actual: float) -> float:
    """Continuous ranked probability score: ``E|X - actual| - E|X - X'| / 2`` over the sample.

    Gneiting & Raftery 2007, JASA 102, eq. 21; the second term from the ordered sample.
    """
    ordered = np.sort(sample)
    count = len(ordered)
    weights = 2 * np.arange(1, count + 1) - count - 1
    return float(np.abs(ordered - actual).mean() - (weights * ordered).sum() / count**2)
