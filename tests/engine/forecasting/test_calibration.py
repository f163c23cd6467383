"""Learning from past forecasts, without ever looking ahead."""

from datetime import date, timedelta

import numpy as np
import pytest

from tandem_engine.forecasting import History, Settings, forecast_how_many
from tandem_engine.forecasting.bootstrap import fit_bootstrap
from tandem_engine.forecasting.calibration import (
    assumed,
    calibrate,
    learned_variance,
    ranked_score,
)
from tandem_engine.forecasting.steady import fit_steady

TODAY = date(2026, 9, 28)


def generator(seed: int = 5) -> np.random.Generator:
    return np.random.Generator(np.random.PCG64(seed))


def drifting_team(seed: int, *, weeks: int, drift: float) -> list[int]:
    """Poisson weeks around a pace of about six whose logarithm walks at random."""
    rng = generator(seed)
    pace = np.exp(np.log(6) + np.cumsum(rng.normal(0, drift, weeks)))
    return [int(count) for count in rng.poisson(pace)]


@pytest.mark.parametrize(
    ("errors", "horizon", "variance"),
    [
        ([], 4, 0.09),  # nothing checked: the assumption
        ([], 12, 0.12),
        ([(0.5, 0.1)] * 6, 4, (6 * 0.15 + 6 * 0.09) / 12),
        ([(0.0, 0.5)] * 6, 4, 0.0),  # the model was too wide already
        ([(3.0, 0.1)] * 50, 12, 0.8),  # capped
    ],
)
def test_the_learned_variance_follows_the_formula(errors, horizon, variance):
    assert learned_variance(errors, horizon) == pytest.approx(variance)


def test_the_widening_lies_in_a_straight_line_between_the_horizons():
    calibration = assumed()
    found = [calibration.at(weeks) for weeks in (1, 4, 8, 12, 100)]
    assert found == pytest.approx([0.09, 0.09, 0.105, 0.12, 0.12])
    assert assumed(2.0).at(4) == pytest.approx(0.18)


def test_it_forecasts_again_every_fourth_week_up_to_the_latest_whose_outcome_is_known():
    calibration = calibrate([5, 3] * 26, fit_steady, until=TODAY, rng=generator())
    short, long = calibration.horizons
    assert [each.made_on for each in short.past] == [
        TODAY - timedelta(weeks=weeks) for weeks in range(44, 3, -4)
    ]
    assert len(short.past) == 11
    assert long.past[-1].made_on == TODAY - timedelta(weeks=12)
    assert {each.actual for each in short.past} == {16}


def test_no_past_forecast_knows_its_future():
    # Whatever the last twenty weeks held, forecasts made before them stay the same.
    calm, wild = [5, 3, 4, 6] * 8 + [5] * 20, [5, 3, 4, 6] * 8 + [0, 40] * 10
    before = TODAY - timedelta(weeks=20)
    seen = [
        [
            (each.made_on, each.horizon_weeks, each.expected, each.promised)
            for horizon in calibrate(counts, fit_steady, until=TODAY, rng=generator()).horizons[:1]
            for each in horizon.past
            if each.made_on <= before
        ]
        for counts in (calm, wild)
    ]
    assert len(seen[0]) == 7
    assert seen[0] == seen[1]


def test_it_says_how_often_past_forecasts_held():
    calibration = calibrate([5] * 52, fit_bootstrap, until=TODAY, rng=generator())
    held = calibration.nearest(3).held(0.85)
    assert (held.held, held.of) == (11, 11)
    assert held.sentence == "Your 85 % forecasts held 11 of 11 times."
    nothing = calibrate([5] * 8, fit_bootstrap, until=TODAY, rng=generator()).nearest(4)
    assert nothing.held(0.85).sentence == "No 85 % forecast can be checked yet."
    assert nothing.skill is None


def test_a_horizon_without_past_forecasts_gives_way_to_one_with():
    calibration = calibrate([5, 4] * 8, fit_steady, until=TODAY, rng=generator())
    assert [len(each.past) for each in calibration.horizons] == [2, 0]
    assert calibration.nearest(30).horizon_weeks == 4


def test_it_widens_more_after_forecasts_that_were_wrong():
    steady, wild = (
        calibrate(counts, fit_bootstrap, until=TODAY, rng=generator())
        for counts in ([5, 4, 6] * 17, drifting_team(4, weeks=51, drift=0.35))
    )
    assert wild.at(12) > 0.12 > steady.at(12)


def test_the_place_of_the_outcome_is_even_on_average():
    places = [
        past.place
        for seed in range(12)
        for past in calibrate(
            drifting_team(seed, weeks=52, drift=0.05), fit_steady, until=TODAY, rng=generator()
        )
        .horizons[0]
        .past
    ]
    assert np.mean(places) == pytest.approx(0.5, abs=0.1)


@pytest.mark.parametrize(
    ("sample", "actual", "score"),
    [
        ([4.0], 6, 2.0),  # of a single point: the distance
        ([0.0, 2.0], 1, 0.5),  # 1 - 2/4
        ([1.0, 1.0, 1.0], 1, 0.0),
    ],
)
def test_the_ranked_score_is_the_textbook_one(sample, actual, score):
    assert ranked_score(np.array(sample), actual) == pytest.approx(score)


def hit_rate(*, method: str, widen: bool, teams: int = 90) -> float:
    """Share of teams that reach what was promised at 85 % for the next twelve weeks."""
    how = Settings(method=method, trials=300, widen=widen)  # type: ignore[arg-type]
    by, held = TODAY + timedelta(weeks=12), 0
    for team in range(teams):
        counts = drifting_team(1000 + team, weeks=64, drift=0.1)
        history = History.from_counts(counts[:52], today=TODAY, active_days=100)
        forecast = forecast_how_many(by, history, today=TODAY, seed=team, settings=how)
        held += sum(counts[52:]) >= forecast.percentile(0.85).items
    return held / teams


def test_learning_restores_the_coverage_a_drifting_pace_destroys():
    plain, learned = (hit_rate(method="bootstrap", widen=widen) for widen in (False, True))
    # One standard error of a share of .85 of ninety is .04.
    assert plain < 0.75
    assert learned == pytest.approx(0.85, abs=0.08)


def test_the_default_keeps_its_promises_for_a_drifting_pace():
    assert hit_rate(method="auto", widen=True) == pytest.approx(0.85, abs=0.08)
