"""Chances that a plan holds: against exact ones, and against what simulation measures anew."""

import numpy as np
import pytest

from tandem_engine.planning import Item, Problem, ProblemError, Team, solve
from tandem_engine.planning.robust import Effort, odds, robust


def test_an_estimate_is_drawn_with_its_ends_one_time_in_ten_and_its_mean():
    effort = Effort(1, 2, 9)
    drawn = effort.draw(np.random.default_rng(1), 200_000)
    assert np.quantile(drawn, (0.1, 0.5, 0.9)) == pytest.approx((1, 2, 9), rel=0.02)
    assert drawn.mean() == pytest.approx(effort.mean, rel=0.01)
    assert drawn.max() == pytest.approx(2 * 4.5 ** (2.5758 / 1.2816), rel=1e-3)
    # Even in its logarithm: what is twice as much and half as much are as likely.
    assert Effort(2, 4, 8).at(np.array([-1.0, 1.0])).prod() == pytest.approx(16)
    assert (Effort(0, 0, 0).mean, Effort(3, 3, 3).mean) == (0, 3)
    assert Effort(0, 2, 4).mean > 0


def test_the_chance_of_one_even_estimate_is_its_distribution():
    # The likely number is the median: it is exceeded every other time.
    problem = Problem((Item("A", 5, 4),), (Team("Web", (4, 4)),))
    found = odds(problem, solve(problem), {"A": Effort(2.5, 4, 5.5)}, trials=20_000)
    assert found.sprints[0].holds == pytest.approx(0.5, abs=0.02)
    assert found.sprints[1].holds == 1
    assert found.whole == found.sprints[0].holds
    assert found.error < 0.005


def test_independent_teams_hold_with_the_product_of_their_chances():
    items = (Item("A", 5, 4, team="Web"), Item("B", 5, 4, team="App"))
    problem = Problem(items, (Team("Web", (4,)), Team("App", (4,))))
    efforts = {"A": Effort(2, 4, 6), "B": Effort(2, 4, 6)}
    found = odds(problem, solve(problem), efforts, trials=20_000)
    assert found.whole == pytest.approx(0.25, abs=0.02)
    assert dict(found.sprints[0].by_team)["Web"] == pytest.approx(0.5, abs=0.02)


def test_what_is_late_is_carried_on_and_room_later_takes_it():
    problem = Problem((Item("A", 5, 4), Item("B", 4, 1, earliest=2)), (Team("Web", (4, 4)),))
    found = odds(problem, solve(problem), {"A": Effort(4.5, 5, 5.8)})
    assert found.sprints[0].holds < 0.05
    assert found.sprints[1].holds == 1


def test_the_widest_estimate_makes_a_plan_fragile():
    items = tuple(Item(key, 5, 3) for key in "ABC")
    problem = Problem(items, (Team("Web", (9.5,)),))
    efforts = {"A": Effort(1, 3, 5), "B": Effort(2.9, 3, 3.1)}
    found = odds(problem, solve(problem), efforts)
    assert found.fragile[0].key == "A"
    assert found.whole + found.fragile[0].gain == pytest.approx(1)
    assert "If A took 2.97 for certain" in found.fragile[0].text
    assert odds(problem, solve(problem), {}).whole == 1


def test_a_robust_plan_holds_as_often_as_asked_in_draws_it_has_not_seen():
    items = tuple(Item(f"I{n}", 5 + n % 3, 3, team=("Web", "App")[n % 2]) for n in range(16))
    problem = Problem(items, (Team("Web", (9, 9)), Team("App", (9, 9))))
    efforts = {item.key: Effort(2, 3, 7) for item in items}
    plain = odds(problem, solve(problem), efforts)
    found = robust(problem, efforts, confidence=0.8)
    assert found.reached
    again = odds(problem, found.plan, efforts, seed=99, trials=20_000)
    for sprint in again.sprints:
        assert all(holds >= 0.78 for _, holds in sprint.by_team)
    assert again.whole > plain.whole
    # All that fits in the mean bounds it.
    assert found.plan.status == "feasible"
    assert found.plan.value < found.plan.bound <= solve(problem).value
    assert solve(found.problem).value == found.plan.value


def test_a_plan_that_holds_without_a_reserve_is_proven_best():
    problem = Problem((Item("A", 5, 3), Item("B", 4, 3)), (Team("Web", (9,)),))
    found = robust(problem, {"A": Effort(2.5, 3, 4)})
    assert (found.reached, found.plan.status, found.plan.value, found.rounds) == (
        True,
        "optimal",
        9,
        1,
    )


def test_a_careful_solve_tells_its_bound_and_stops_when_asked():
    items = tuple(Item(f"I{n}", 5 + n % 3, 3) for n in range(8))
    problem = Problem(items, (Team("Web", (9, 9)),))
    told = []
    efforts = {item.key: Effort(2, 3, 7) for item in items}
    found = robust(problem, efforts, on_progress=told.append, should_stop=lambda: bool(told))
    assert found.rounds == 1
    assert not found.reached
    assert found.plan.status == "feasible"
    assert told
    assert all(step.bound >= found.plan.value for step in told)


def test_it_refuses_estimates_and_confidences_that_make_no_sense():
    for low, likely, high in ((3, 2, 4), (-1, 2, 3), (1, 2, float("nan"))):
        with pytest.raises(ProblemError):
            Effort(low, likely, high)
    problem = Problem((Item("A", 5, 4),), (Team("Web", (4,)),))
    for confidence in (0, 1, float("nan")):
        with pytest.raises(ProblemError) as refused:
            robust(problem, {}, confidence=confidence)
        assert refused.value.where == "confidence"
