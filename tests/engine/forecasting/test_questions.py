"""When, and how many: known answers, and what must hold for any team."""

from datetime import date, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import stats

from tandem_engine.forecasting import (
    ForecastError,
    History,
    Range,
    Settings,
    forecast_how_many,
    forecast_when,
)
from tandem_engine.forecasting.bootstrap import exact_totals

TODAY = date(2026, 9, 28)  # a Monday
PLAIN = Settings(method="bootstrap", widen=False)
QUICK = Settings(trials=300)
LEVELS = (0.5, 0.7, 0.85, 0.95)


def history(counts, today=TODAY):
    return History.from_counts(counts, today=today, active_days=30)


def days_after(forecast):
    return [(each.on - forecast.question.today).days for each in forecast.percentiles]


def items(forecast):
    return [each.items for each in forecast.percentiles]


@pytest.mark.parametrize(
    ("asked", "days"),
    [
        (5, 7),  # a week's worth takes a week
        (30, 42),
        (1, 2),  # a fifth of a week, rounded up to the day it is done on
        (3, 5),  # 4.2 days
        (6, 9),  # a week and 1.4 days
        (0, 0),
    ],
)
def test_a_constant_pace_answers_when_to_the_day(asked, days):
    forecast = forecast_when(asked, history([5] * 20), today=TODAY, settings=PLAIN)
    assert days_after(forecast) == [days] * 4


@pytest.mark.parametrize(("days", "done"), [(7, 5), (42, 30), (1, 0), (2, 1), (5, 3), (9, 6)])
def test_a_constant_pace_answers_how_many_to_the_item(days, done):
    forecast = forecast_how_many(
        TODAY + timedelta(days=days), history([5] * 20), today=TODAY, settings=PLAIN
    )
    assert items(forecast) == [done] * 4


def test_the_steady_model_of_a_constant_pace_adds_the_chance_of_a_poisson_process():
    # The 40th event of a Poisson process of 5 per week is Gamma(40) / 5 weeks away; the doubt
    # about the pace after a year of such weeks adds a little.
    forecast = forecast_when(
        40, history([5] * 52), today=TODAY, seed=1, settings=Settings(widen=False)
    )
    assert days_after(forecast) == pytest.approx(stats.gamma(40).ppf(LEVELS) / 5 * 7, abs=4)


def test_the_bootstrap_gives_the_percentiles_of_the_exact_sum():
    counts = [0, 2, 2, 5, 1, 0, 3, 4, 2, 7, 0, 1]
    exact = exact_totals(counts, 8)
    by = TODAY + timedelta(weeks=8)
    forecast = forecast_how_many(by, history(counts), today=TODAY, seed=3, settings=PLAIN)
    for each in forecast.percentiles:
        # The promise and one item more enclose the probability, give or take the trials.
        assert exact[each.items :].sum() > each.probability - 0.015
        assert exact[each.items + 1 :].sum() < each.probability + 0.015


def test_zero_weeks_push_the_date_out():
    busy = forecast_when(30, history([4] * 20), today=TODAY)
    idle = forecast_when(30, history([4, 0] * 20), today=TODAY)
    assert idle.percentile(0.5).on > busy.percentile(0.5).on + timedelta(weeks=4)


def test_the_open_week_does_not_slow_the_pace():
    # Five items each Tuesday. On Wednesday the open week must change nothing about the pace.
    wednesday = TODAY + timedelta(days=2)
    tuesdays = [TODAY + timedelta(days=1) - timedelta(weeks=weeks) for weeks in range(1, 20)]
    finished = [day for day in tuesdays for _ in range(5)]
    forecast = forecast_when(10, finished, today=wednesday, settings=PLAIN)
    assert days_after(forecast) == [14] * 4


def test_the_same_seed_gives_the_same_forecast_and_another_seed_another():
    pace = history([3, 0, 5, 2, 8, 1, 4, 4, 0, 6] * 4)
    first = forecast_when(40, pace, today=TODAY, seed=11)
    assert forecast_when(40, pace, today=TODAY, seed=11) == first
    other = forecast_when(40, pace, today=TODAY, seed=12)
    assert other.histogram != first.histogram
    assert other.fingerprint != first.fingerprint


def test_seeds_differ_by_little():
    pace = history([3, 0, 5, 2, 8, 1, 4, 4, 0, 6] * 4)
    dates = [
        forecast_when(40, pace, today=TODAY, seed=seed).percentile(0.85).on for seed in range(4)
    ]
    assert max(dates) - min(dates) <= timedelta(days=7)


paces = st.one_of(
    st.lists(st.integers(0, 9), min_size=7, max_size=40).filter(any).map(history),
    st.tuples(st.integers(0, 40), st.integers(1, 40)).map(
        lambda bounds: Range(min(bounds) / 10, max(bounds) / 10)
    ),
)
methods = st.sampled_from(["steady", "bootstrap"])


@settings(max_examples=60, deadline=None)
@given(paces, methods, st.integers(1, 60), st.integers(1, 250), st.integers(0, 5))
def test_when_and_how_many_say_the_same(pace, method, asked, days, seed):
    how = Settings(method=method, trials=200, horizon_weeks=60)
    by = TODAY + timedelta(days=days)
    when = forecast_when(asked, pace, today=TODAY, seed=seed, settings=how)
    many = forecast_how_many(by, pace, today=TODAY, seed=seed, settings=how)
    for level in LEVELS:
        on = when.percentile(level).on
        assert (on is not None and on <= by) == (many.percentile(level).items >= asked)


@settings(max_examples=40, deadline=None)
@given(paces, methods, st.integers(1, 40), st.integers(1, 30))
def test_more_items_are_never_finished_earlier(pace, method, asked, more):
    how = Settings(method=method, trials=200, horizon_weeks=60)
    few = forecast_when(asked, pace, today=TODAY, settings=how)
    many = forecast_when(asked + more, pace, today=TODAY, settings=how)
    for less, greater in zip(few.percentiles, many.percentiles, strict=True):
        assert (less.on or less.beyond) <= (greater.on or greater.beyond)


@settings(max_examples=40, deadline=None)
@given(paces, methods, st.integers(1, 200), st.integers(1, 60))
def test_a_later_day_never_has_fewer_items(pace, method, days, more):
    how = Settings(method=method, trials=200)
    early = forecast_how_many(TODAY + timedelta(days=days), pace, today=TODAY, settings=how)
    late = forecast_how_many(TODAY + timedelta(days=days + more), pace, today=TODAY, settings=how)
    for sooner, later in zip(items(early), items(late), strict=True):
        assert sooner <= later


@settings(max_examples=30, deadline=None)
@given(paces, methods, st.integers(1, 40))
def test_a_safer_answer_is_never_bolder(pace, method, asked):
    how = Settings(method=method, trials=200, horizon_weeks=60)
    when = forecast_when(asked, pace, today=TODAY, settings=how)
    dates = [each.on or each.beyond for each in when.percentiles]
    assert dates == sorted(dates)
    many = forecast_how_many(TODAY + timedelta(days=90), pace, today=TODAY, settings=how)
    assert items(many) == sorted(items(many), reverse=True)


def test_growing_work_is_finished_later():
    pace = history([5] * 20)
    certain = forecast_when(30, pace, today=TODAY, growth=(1.5, 1.5), settings=PLAIN)
    assert days_after(certain) == [63] * 4  # 45 items
    doubtful = forecast_when(30, pace, today=TODAY, growth=(1.0, 1.5), settings=PLAIN)
    # 37 or 38 items at the median, 43 at 85 %.
    assert days_after(doubtful)[0] in (52, 53, 54)
    assert days_after(doubtful)[2] in (60, 61)


def test_what_is_not_finished_within_the_horizon_is_beyond_it():
    forecast = forecast_when(
        100, Range(0.1, 2), today=TODAY, settings=Settings(horizon_weeks=104, trials=1000)
    )
    likely, safe = forecast.percentile(0.5), forecast.percentile(0.95)
    assert safe.on is None
    assert safe.beyond == TODAY + timedelta(weeks=104)
    assert "beyond" in safe.text
    assert likely.on is None or likely.on <= safe.beyond
    assert forecast.histogram.later > 0.05


def test_a_thin_history_is_answered_wider_and_says_so():
    thin = forecast_when(20, History.from_counts([5, 5, 5], today=TODAY), today=TODAY)
    full = forecast_when(20, history([5] * 40), today=TODAY)
    assert any("thin" in note for note in thin.notes)
    assert not full.notes
    spread = [(each.percentile(0.95).on - each.percentile(0.5).on).days for each in (thin, full)]
    assert spread[0] > 2 * spread[1]


def test_a_thin_history_is_not_drawn_from():
    thin = History.from_counts([5, 5, 5], today=TODAY)
    forecast = forecast_when(20, thin, today=TODAY, settings=Settings(method="bootstrap"))
    assert forecast.method == "steady"
    assert any("steady model is used instead" in note for note in forecast.notes)


def test_an_entered_range_is_answered_and_named_as_such():
    forecast = forecast_when(20, Range(4, 6), today=TODAY)
    assert forecast.method == "range"
    assert forecast.history is None
    assert any("entered range" in note for note in forecast.notes)
    assert 21 <= days_after(forecast)[0] <= 35


@pytest.mark.parametrize("pace", [[], history([0] * 20), History.from_counts([], today=TODAY)])
def test_it_refuses_a_team_that_finished_nothing_and_names_the_way_out(pace):
    with pytest.raises(ForecastError, match="Enter a range") as refusal:
        forecast_when(5, pace, today=TODAY)
    assert refusal.value.where == "range"


@pytest.mark.parametrize("asked", [-1, float("nan"), float("inf"), 2_000_000])
def test_it_refuses_items_that_cannot_be(asked):
    with pytest.raises(ForecastError) as refusal:
        forecast_when(asked, Range(1, 2), today=TODAY)
    assert refusal.value.where == "items"


@pytest.mark.parametrize("days", [0, -3, 7 * 520 + 1])
def test_it_refuses_a_day_it_cannot_look_at(days):
    with pytest.raises(ForecastError) as refusal:
        forecast_how_many(TODAY + timedelta(days=days), Range(1, 2), today=TODAY)
    assert refusal.value.where == "by"


@pytest.mark.parametrize("growth", [(1.3, 1.0), (0, 1), (1, 11), (float("nan"), 1)])
def test_it_refuses_growth_out_of_bounds(growth):
    with pytest.raises(ForecastError) as refusal:
        forecast_when(5, Range(1, 2), today=TODAY, growth=growth)
    assert refusal.value.where == "growth"


def test_it_refuses_a_history_of_another_day():
    with pytest.raises(ForecastError, match="Count it again"):
        forecast_when(5, history([3] * 10), today=TODAY + timedelta(days=7))


def test_it_refuses_a_negative_seed():
    with pytest.raises(ForecastError) as refusal:
        forecast_when(5, Range(1, 2), today=TODAY, seed=-1)
    assert refusal.value.where == "seed"


@pytest.mark.parametrize(
    ("wrong", "where"),
    [
        ({"method": "guess"}, "method"),
        ({"trials": 10}, "trials"),
        ({"horizon_weeks": 0}, "horizon_weeks"),
        ({"percentiles": ()}, "percentiles"),
        ({"percentiles": (0.5, 1.0)}, "percentiles"),
    ],
)
def test_it_refuses_settings_out_of_bounds(wrong, where):
    with pytest.raises(ForecastError) as refusal:
        Settings(**wrong)
    assert refusal.value.where == where


def test_it_warns_of_a_quiet_month_and_of_tidying_up():
    quiet = forecast_when(5, history([4] * 10 + [0] * 4), today=TODAY, settings=QUICK)
    assert any("latest 4 weeks" in note for note in quiet.notes)
    weekly = [TODAY - timedelta(weeks=weeks) for weeks in range(1, 13)]
    tidied = forecast_when(5, [*weekly, *[weekly[3]] * 9], today=TODAY, settings=QUICK)
    assert any(f"10 of 21 items were closed on {weekly[3]}" in note for note in tidied.notes)


def test_it_warns_when_it_looks_further_ahead_than_back():
    far = forecast_when(100, history([4] * 10), today=TODAY, settings=QUICK)
    assert any("further ahead" in note for note in far.notes)
