"""Counting finish dates into complete weeks, and the range entered instead."""

from datetime import date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tandem_engine.forecasting import ForecastError, History, Range

WEDNESDAY = date(2026, 9, 30)
MONDAY = date(2026, 9, 28)


def test_it_counts_weeks_without_finished_items():
    # 7, 14 and 21 September are Mondays; nothing was finished from the 14th to the 20th.
    finished = [date(2026, 9, 8), date(2026, 9, 8), date(2026, 9, 23)]
    history = History.from_dates(finished, today=WEDNESDAY)
    assert history.counts == (2, 0, 1)
    assert history.first_week == date(2026, 9, 7)
    assert history.until == MONDAY
    assert (history.zero_weeks, history.active_days) == (1, 2)


def test_it_leaves_the_open_week_out():
    history = History.from_dates(
        [date(2026, 9, 22), date(2026, 9, 28), date(2026, 9, 30)], today=WEDNESDAY
    )
    assert history.counts == (1,)
    assert history.open_week_finished == 2


def test_it_takes_a_week_in_once_it_is_over():
    # On Sunday the week is still open, on Monday it is complete.
    finished = [date(2026, 9, 22)]
    assert History.from_dates(finished, today=date(2026, 9, 27)).counts == ()
    assert History.from_dates(finished, today=MONDAY).counts == (1,)


def test_weeks_are_half_open():
    # Sunday belongs to the week before, Monday to the week it starts.
    finished = [date(2026, 9, 20), date(2026, 9, 21)]
    assert History.from_dates(finished, today=MONDAY).counts == (1, 1)


def test_it_looks_back_no_further_than_the_window():
    finished = [MONDAY - timedelta(weeks=weeks) for weeks in range(1, 60)]
    history = History.from_dates(finished, today=WEDNESDAY, window_weeks=26)
    assert history.weeks == 26
    assert history.first_week == MONDAY - timedelta(weeks=26)


def test_it_counts_idle_weeks_since_the_team_started():
    history = History.from_dates([date(2026, 9, 22)], today=WEDNESDAY, since=date(2026, 9, 2))
    assert history.counts == (0, 0, 0, 1)


def test_it_takes_moments_for_their_days():
    history = History.from_dates([datetime(2026, 9, 22, 23, 59)], today=WEDNESDAY)
    assert history.counts == (1,)


@given(st.lists(st.integers(0, 500)), st.integers(0, 6))
def test_it_loses_no_item_of_the_period(ages, weekday):
    today = MONDAY + timedelta(days=weekday)
    finished = [today - timedelta(days=age) for age in ages]
    history = History.from_dates(finished, today=today)
    inside = [day for day in finished if history.first_week <= day < history.until]
    assert history.finished == len(inside)
    assert history.active_days == len(set(inside))
    assert history.first_week.weekday() == history.until.weekday() == 0


def test_it_refuses_a_finish_in_the_future():
    with pytest.raises(ForecastError, match="2026-10-01, which is after 2026-09-30") as refusal:
        History.from_dates([date(2026, 10, 1)], today=WEDNESDAY)
    assert refusal.value.where == "finished"


@pytest.mark.parametrize("weeks", [0, -1, 261])
def test_it_refuses_a_window_out_of_bounds(weeks):
    with pytest.raises(ForecastError) as refusal:
        History.from_dates([], today=WEDNESDAY, window_weeks=weeks)
    assert refusal.value.where == "window_weeks"


def test_it_refuses_negative_counts():
    with pytest.raises(ForecastError, match="fewer than zero"):
        History.from_counts([3, -1], today=WEDNESDAY)


@pytest.mark.parametrize(
    ("counts", "active_days", "enough"),
    [
        ([1] * 6, 5, True),
        ([1] * 5, 5, False),  # a week short
        ([1] * 6, 4, False),  # an active day short
        ([], 0, False),
    ],
)
def test_it_says_whether_it_suffices(counts, active_days, enough):
    found = History.from_counts(counts, today=WEDNESDAY, active_days=active_days).sufficiency
    assert found.enough is enough
    assert f"{len(counts)} complete week" in found.sentence
    assert ("thin" in found.sentence) is not enough


@pytest.mark.parametrize(
    ("low", "high", "says"),
    [
        (3, 2, "Swap"),
        (-1, 2, "negative"),
        (float("nan"), 2, "must be a number"),
        (1, float("nan"), "must be a number"),
        (1, float("inf"), "must be a number"),
        (0, 0, "above zero"),
    ],
)
def test_a_range_refuses_bounds_that_mean_nothing(low, high, says):
    with pytest.raises(ForecastError, match=says) as refusal:
        Range(low, high)
    assert refusal.value.where == "range"


def test_a_range_may_be_a_single_pace_or_start_at_zero():
    assert Range(2, 2).low == Range(2, 2).high
    assert Range(0, 2).low == 0
