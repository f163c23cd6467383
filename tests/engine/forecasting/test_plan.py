"""Several teams working on one plan."""

from datetime import date, timedelta

import numpy as np
import pytest

from tandem_engine.forecasting import (
    ForecastError,
    History,
    Range,
    Settings,
    TeamWork,
    forecast_plan,
    forecast_when,
    items_in,
)
from tandem_engine.forecasting.completion import Completion
from tandem_engine.forecasting.paths import NEVER

TODAY = date(2026, 9, 28)
PLAIN = Settings(method="bootstrap", widen=False)


def constant(count):
    return History.from_counts([count] * 20, today=TODAY, active_days=30)


def test_a_plan_is_finished_with_its_last_team():
    forecast = forecast_plan(
        [TeamWork("Web", 10, constant(5)), TeamWork("App", 12, constant(3))],
        today=TODAY,
        settings=PLAIN,
    )
    assert {each.on for each in forecast.percentiles} == {TODAY + timedelta(weeks=4)}
    assert {each.on for each in forecast.teams[0].percentiles} == {TODAY + timedelta(weeks=2)}
    assert [team.name for team in forecast.teams] == ["Web", "App"]


def test_a_plan_of_one_team_is_answered_like_when():
    alone = forecast_plan([TeamWork("Web", 30, Range(2, 5))], today=TODAY, seed=4)
    assert alone.percentiles == forecast_when(30, Range(2, 5), today=TODAY, seed=4).percentiles


def test_independent_teams_multiply_their_chances():
    # Two fair coins: finished on day 1 or 2. Both on day 1 has a chance of one in four.
    coin = Completion.of(np.array([1, 2] * 50))
    both = Completion.of_all([coin, coin])
    assert list(both.days) == [1, 2]
    assert list(both.probability) == pytest.approx([0.25, 1.0])
    assert list(Completion.of_all_together([coin, coin]).probability) == pytest.approx([0.5, 1.0])


def test_a_team_that_never_finishes_keeps_the_plan_from_finishing():
    stuck = Completion.of(np.array([5, NEVER]))
    joint = Completion.of_all([stuck, Completion.of(np.array([3, 3]))])
    assert joint.day_by(0.5) == 5
    assert joint.day_by(0.51) is None
    assert joint.chance_by(4) == 0


def test_more_teams_make_a_plan_later_and_shared_luck_earlier():
    pace = History.from_counts([3, 0, 5, 2, 8, 1, 4, 4, 0, 6] * 4, today=TODAY, active_days=30)
    teams = [TeamWork(name, 20, pace) for name in ("A", "B", "C")]
    alone = forecast_plan(teams[:1], today=TODAY)
    together = forecast_plan(teams, today=TODAY)
    assert together.percentile(0.5).on > alone.percentile(0.5).on
    assert any("good and bad weeks the same" in note for note in together.notes)
    assert not any("good and bad weeks the same" in note for note in alone.notes)


def test_notes_name_the_team_they_are_about():
    forecast = forecast_plan(
        [TeamWork("Web", 5, constant(5)), TeamWork("App", 5, Range(1, 2))], today=TODAY
    )
    assert any(note.startswith("App: The pace is an entered range") for note in forecast.notes)


def test_a_team_with_nothing_left_does_not_delay_the_plan():
    forecast = forecast_plan(
        [TeamWork("Web", 10, constant(5)), TeamWork("App", 0, constant(1))],
        today=TODAY,
        settings=PLAIN,
    )
    assert forecast.percentile(0.95).on == TODAY + timedelta(weeks=2)


def test_it_refuses_a_plan_without_teams_or_with_two_of_a_name():
    with pytest.raises(ForecastError, match="at least one team"):
        forecast_plan([], today=TODAY)
    with pytest.raises(ForecastError, match="same name"):
        forecast_plan([TeamWork("A", 1, Range(1, 2))] * 2, today=TODAY)


def test_effort_is_read_as_items_of_average_size():
    assert items_in(40, [3, 5, 8, 4]) == pytest.approx(8)


@pytest.mark.parametrize(
    ("effort", "finished", "where"),
    [
        (-1, [3], "effort"),
        (float("nan"), [3], "effort"),
        (5, [], "finished_efforts"),
        (5, [0, 0], "finished_efforts"),
        (5, [9, -2], "finished_efforts"),
    ],
)
def test_it_refuses_effort_it_cannot_measure(effort, finished, where):
    with pytest.raises(ForecastError) as refusal:
        items_in(effort, finished)
    assert refusal.value.where == where
