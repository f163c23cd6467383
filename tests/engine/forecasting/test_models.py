"""The three models against what can be computed without drawing."""

from datetime import date
from itertools import islice

import numpy as np
import pytest
from scipy import stats

from tandem_engine.forecasting.bootstrap import BootstrapModel, exact_totals, fit_bootstrap
from tandem_engine.forecasting.entered import EnteredModel
from tandem_engine.forecasting.history import History, Range
from tandem_engine.forecasting.steady import (
    SteadyModel,
    dispersion,
    fit_steady,
    fit_thin,
    one_step_likelihood,
)

TRIALS = 40_000


def generator(seed: int = 5) -> np.random.Generator:
    return np.random.Generator(np.random.PCG64(seed))


@pytest.mark.parametrize("weeks", [1, 4, 12, 20])
@pytest.mark.parametrize("phi", [1.0, 2.5])
def test_steady_totals_have_the_mean_and_variance_of_the_formula(weeks, phi):
    model = SteadyModel(shape=30.0, rate=10.0, delta=0.92, phi=phi)
    totals = model.totals(weeks, TRIALS, generator())
    # Four standard errors of a mean; the variance's own error is about 2 % of it here.
    assert abs(totals.mean() - model.mean(weeks)) < 4 * (model.variance(weeks) / TRIALS) ** 0.5
    assert totals.var() == pytest.approx(model.variance(weeks), rel=0.06)


def test_steady_totals_without_overdispersion_are_negative_binomial():
    model = SteadyModel(shape=12.0, rate=4.0, delta=0.85, phi=1.0)
    weeks, discount = 4, 0.85**2
    exact = stats.nbinom(12 * discount, 4 * discount / (4 * discount + weeks))
    totals = model.totals(weeks, TRIALS, generator())
    points = np.arange(40)
    drawn = np.array([(totals <= point).mean() for point in points])
    assert np.abs(drawn - exact.cdf(points)).max() < 0.01
    assert model.mean(weeks) == pytest.approx(exact.mean())
    assert model.variance(weeks) == pytest.approx(exact.var())


def test_steady_weeks_add_up_to_the_totals():
    model = SteadyModel(shape=20.0, rate=6.0, delta=0.92, phi=2.0)
    weekly = np.stack(list(islice(model.weeks(TRIALS, generator()), 16)))
    assert weekly.min() >= 0
    for weeks in (1, 5, 12, 16):
        summed = weekly[:weeks].sum(axis=0)
        total = model.totals(weeks, TRIALS, generator(6))
        for level in (0.05, 0.15, 0.5, 0.85, 0.95):
            assert np.quantile(summed, level) == pytest.approx(
                np.quantile(total, level), rel=0.05, abs=1
            )


def test_the_first_weeks_do_not_depend_on_how_many_are_asked_for():
    for model in (
        SteadyModel(shape=20.0, rate=6.0, delta=0.92, phi=2.0),
        BootstrapModel(sample=(0, 3, 5)),
        EnteredModel(Range(1, 4)),
    ):
        short = list(islice(model.weeks(50, generator()), 3))
        long = list(islice(model.weeks(50, generator()), 30))
        assert np.array_equal(short, long[:3])


def test_steady_learning_follows_the_recursion():
    # By hand for phi = 1: a <- d a + y, b <- d b + 1 from a = 1/2, b = 0.
    counts = [2, 3, 1, 2, 3, 2]
    model = fit_steady(counts)
    assert model.phi == 1.0
    shape, rate = 0.5, 0.0
    for count in counts:
        shape, rate = model.delta * shape + count, model.delta * rate + 1
    assert (model.shape, model.rate) == (pytest.approx(shape), pytest.approx(rate))


def test_steady_likelihood_is_the_gamma_poisson_predictive():
    counts, delta = [2, 3, 1, 2, 3, 2, 5], 0.92
    shape, rate, total = 0.5, 0.0, 0.0
    for week, count in enumerate(counts):
        if week >= 4:
            a, b = delta * shape, delta * rate
            total += stats.nbinom(a, b / (b + 1)).logpmf(count)
        shape, rate = delta * shape + count, delta * rate + 1
    assert one_step_likelihood(counts, 1.0, delta) == pytest.approx(total)


def test_steady_forgets_faster_after_a_jump_in_pace():
    calm = fit_steady([5, 4, 6, 5, 5, 4, 6, 5, 4, 6, 5, 5] * 2)
    jump = fit_steady([2, 1, 3, 2, 2, 1, 3, 2, 2, 1, 2, 3, 12, 11, 13, 12, 11, 12, 13, 12])
    assert calm.delta > jump.delta
    assert jump.mean(1) == pytest.approx(12, abs=1.5)


@pytest.mark.parametrize(
    ("counts", "phi"),
    [
        ([5, 5, 5, 5], 1.0),  # less than chance is still taken as chance
        ([0, 0, 0], 1.0),
        ([0, 20, 0, 20], 6.0),  # variance / mean is 13.3
        ([2, 4, 6, 8], 20 / 3 / 5),
    ],
)
def test_dispersion_is_variance_over_mean_within_bounds(counts, phi):
    assert dispersion(counts) == pytest.approx(phi)


def test_an_idle_history_still_leaves_a_small_pace():
    assert 0 < fit_steady([0] * 20).mean(1) < 0.1


def test_a_thin_history_learns_the_pace_of_the_open_week_if_there_is_no_other():
    today = date(2026, 9, 30)  # a Wednesday: three days of the week are gone
    history = History.from_dates([date(2026, 9, 28), today], today=today)
    assert fit_thin(history).mean(1) == pytest.approx(2.5 / (3 / 7))


def test_the_exact_convolution_matches_a_count_of_all_cases():
    # Three weeks drawn from {0, 1, 1, 3}: 64 equally likely triples, counted one by one.
    sample, weeks = (0, 1, 1, 3), 3
    totals = [a + b + c for a in sample for b in sample for c in sample]
    assert exact_totals(sample, weeks) == pytest.approx(np.bincount(totals) / 64)


def test_the_exact_convolution_of_a_constant_is_certain():
    assert exact_totals((4, 4), 5)[20] == pytest.approx(1)


def test_the_bootstrap_approaches_the_exact_convolution():
    model = fit_bootstrap([9] * 10 + [0, 2, 2, 5, 1, 0, 3, 4, 2, 7, 0, 1])
    assert model.sample == (0, 2, 2, 5, 1, 0, 3, 4, 2, 7, 0, 1)
    exact = np.cumsum(exact_totals(model.sample, 6))
    for drawn in (
        model.totals(6, TRIALS, generator()),
        np.sum(list(islice(model.weeks(TRIALS, generator()), 6)), axis=0),
    ):
        shares = np.array([(drawn <= point).mean() for point in range(len(exact))])
        assert np.abs(shares - exact).max() < 0.01


def test_an_entered_pace_is_kept_through_a_future():
    model = EnteredModel(Range(2, 6))
    summed = np.sum(list(islice(model.weeks(TRIALS, generator()), 10)), axis=0)
    # Poisson around 10 x uniform(2, 6): the doubt about the pace doesn't average out.
    assert summed.mean() == pytest.approx(40, rel=0.02)
    assert summed.var() == pytest.approx(40 + 100 * 16 / 12, rel=0.06)
    assert model.totals(10, TRIALS, generator()).var() == pytest.approx(summed.var(), rel=0.06)
