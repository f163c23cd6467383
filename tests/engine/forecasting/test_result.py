"""What a forecast stores, shows and explains."""

import json
from datetime import date, timedelta

import pytest

from tandem_engine import ENGINE_VERSION
from tandem_engine.forecasting import (
    History,
    Range,
    Settings,
    TeamWork,
    forecast_how_many,
    forecast_plan,
    forecast_when,
)

TODAY = date(2026, 9, 28)
PACE = History.from_counts([3, 0, 5, 2, 8, 1, 4, 4, 0, 6] * 4, today=TODAY, active_days=90)
QUICK = Settings(trials=1000)


@pytest.fixture
def when():
    return forecast_when(30, PACE, today=TODAY, seed=7, settings=QUICK)


def test_it_carries_what_is_needed_to_repeat_it(when):
    assert (when.seed, when.trials, when.method) == (7, 1000, "steady")
    assert when.engine_version == ENGINE_VERSION
    assert when.history.counts == PACE.counts
    assert (when.history.first_week, when.history.until) == (PACE.first_week, TODAY)
    assert len(when.fingerprint) == 64


@pytest.mark.parametrize(
    "change",
    [
        {"seed": 8},
        {"items": 31},
        {"growth": (1.0, 1.2)},
        {"settings": Settings(trials=1000, widen=False)},
        {"pace": Range(1, 2)},
    ],
)
def test_its_fingerprint_changes_with_every_input(when, change):
    inputs = {"items": 30, "pace": PACE, "seed": 7, "growth": (1.0, 1.0), "settings": QUICK}
    other = forecast_when(today=TODAY, **{**inputs, **change})
    assert other.fingerprint != when.fingerprint


def test_its_fingerprint_stays_with_the_same_inputs(when):
    again = forecast_when(30.0, PACE, today=TODAY, seed=7, settings=QUICK)
    assert again.fingerprint == when.fingerprint


def test_it_turns_into_json(when):
    plan = forecast_plan([TeamWork("A", 3, PACE), TeamWork("B", 3, Range(1, 2))], today=TODAY)
    many = forecast_how_many(TODAY + timedelta(days=30), PACE, today=TODAY, settings=QUICK)
    for forecast in (when, many, plan):
        plain = json.loads(json.dumps(forecast.as_dict(), allow_nan=False))
        assert plain["question"]["today"] == "2026-09-28"
        assert len(plain["percentiles"]) == 4


def test_its_fan_starts_with_nothing_and_opens(when):
    assert when.fan.days[:2] == (TODAY, TODAY + timedelta(weeks=1))
    levels = [band.probability for band in when.fan.bands]
    assert levels == [0.05, 0.15, 0.5, 0.85, 0.95]
    for band in when.fan.bands:
        assert band.items[0] == 0
        assert list(band.items) == sorted(band.items)
    for lower, upper in zip(when.fan.bands, when.fan.bands[1:], strict=False):
        assert all(low <= high for low, high in zip(lower.items, upper.items, strict=True))


def test_its_fan_reaches_the_safest_date(when):
    assert when.fan.days[-1] >= when.percentile(0.95).on


def test_its_histogram_adds_up_and_agrees_with_the_percentiles(when):
    weeks = when.histogram.weeks
    assert sum(week.share for week in weeks) + when.histogram.later == pytest.approx(1)
    on = when.percentile(0.85).on
    first = next(week for week in weeks if week.by_then >= 0.85 - 1e-9)
    assert first.until - timedelta(days=7) < on <= first.until


def test_its_percentile_is_the_nearest_rank_of_the_trials(when):
    # At the answer the share is reached, a day earlier it is not: true of the histogram's weeks.
    before = [week for week in when.histogram.weeks if week.until < when.percentile(0.85).on]
    assert all(week.by_then < 0.85 for week in before)


def test_it_knows_only_the_percentiles_asked_for(when):
    with pytest.raises(KeyError):
        when.percentile(0.42)


def test_it_explains_a_date(when):
    text = " ".join(when.explain())
    for part in (
        "132 items were finished, 3.3 per week",
        "Weeks with none count too: 8",
        "seed 7",
        "until 30 items are finished after 2026-09-28",
        "Your 85 % forecasts held",
        when.percentile(0.85).text,
    ):
        assert part in text


@pytest.mark.parametrize(
    ("forecast", "part"),
    [
        (
            lambda: forecast_how_many(TODAY + timedelta(days=30), PACE, today=TODAY),
            "up to and including 2026-10-28",
        ),
        (
            lambda: forecast_when(9, PACE, today=TODAY, settings=Settings(method="bootstrap")),
            "repeats one of the latest 12 weeks",
        ),
        (lambda: forecast_when(9, Range(1, 2.5), today=TODAY), "1 to 2.5 items per week"),
        (
            lambda: forecast_when(9, Range(1, 2), today=TODAY, growth=(1, 1.3)),
            "a factor between 1 and 1.3 for growth",
        ),
        (
            lambda: forecast_when(9, Range(1, 2), today=TODAY, settings=Settings(widen=False)),
            "not widened",
        ),
        (
            lambda: forecast_when(9, History.from_counts([2], today=TODAY), today=TODAY),
            "is assumed",
        ),
        (
            lambda: forecast_plan(
                [TeamWork("A", 3, PACE), TeamWork("B", 3, PACE)], today=TODAY, settings=QUICK
            ),
            "the product of their chances",
        ),
    ],
)
def test_it_explains_every_kind_of_answer(forecast, part):
    assert part in " ".join(forecast().explain())


def test_it_names_how_often_the_teams_past_forecasts_held(when):
    short = when.calibration.nearest(4)
    assert short.held(0.85).of == len(short.past) == 8
    assert all(0 <= past.place <= 1 for past in short.past)
