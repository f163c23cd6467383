"""How long one item takes."""

from datetime import date, timedelta

import pytest

from tandem_engine.forecasting import ForecastError, cycle_times

TODAY = date(2026, 9, 30)


def finished(days):
    """An item that took so many days, the first and the last included."""
    return (TODAY - timedelta(days=days - 1), TODAY)


def open_for(days):
    return (TODAY - timedelta(days=days - 1), None)


def test_percentiles_are_nearest_ranks():
    times = cycle_times([finished(days) for days in (1, 2, 3, 4, 5, 6, 7, 8, 9, 30)], today=TODAY)
    assert [each.finished_only for each in times.percentiles] == [5, 7, 9, 30]
    # Without open items both readings are the same.
    assert [each.days for each in times.percentiles] == [5, 7, 9, 30]


def test_an_item_of_one_day_took_one_day():
    assert cycle_times([(TODAY, TODAY)], today=TODAY).percentiles[0].finished_only == 1


def test_open_items_lengthen_the_percentiles():
    # By hand: at 2, 1 of 4 finishes (3/4 remain); the item of 3 is open; at 5, 1 of 2 (3/8).
    times = cycle_times(
        [finished(2), open_for(3), finished(5), open_for(9)], today=TODAY, percentiles=(0.25, 0.5)
    )
    assert [each.finished_only for each in times.percentiles] == [2, 2]
    assert [each.days for each in times.percentiles] == [2, 5]
    assert dict(times.survival)[5] == pytest.approx(0.375)
    assert (times.finished, times.open) == (2, 2)


def test_a_share_hidden_by_open_items_is_unknown():
    times = cycle_times([finished(2), open_for(10)], today=TODAY, percentiles=(0.85,))
    assert times.percentiles[0].days is None
    assert times.percentiles[0].finished_only == 2


def test_an_old_item_is_likelier_to_be_late():
    times = cycle_times([finished(days) for days in (1, 2, 3, 4)], today=TODAY)
    assert times.chance_longer(3) == pytest.approx(0.25)
    assert times.chance_longer(3, age=2) == pytest.approx(0.5)
    assert times.chance_longer(3, age=3) == pytest.approx(1.0)
    assert times.chance_longer(9, age=9) is None


def test_it_refuses_a_finish_before_the_start():
    with pytest.raises(ForecastError, match="before it started"):
        cycle_times([(TODAY, TODAY - timedelta(days=1))], today=TODAY)


def test_it_refuses_when_nothing_was_finished():
    with pytest.raises(ForecastError, match="no cycle time"):
        cycle_times([open_for(3)], today=TODAY)
