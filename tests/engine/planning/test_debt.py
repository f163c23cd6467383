"""Debt against features: interest in the unit of the scores, break-even and the frontier, by hand."""

import datetime
import itertools

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tandem_engine.planning import Item, Problem, ProblemError, Share, Team, solve
from tandem_engine.planning.debt import Interest, break_even, debt_frontier, with_interest
from tandem_engine.planning.payback import payback

from .brute import every_plan, worth

ITEMS = (
    Item("F1", 10, 4, kind="feature"),
    Item("F2", 8, 4, kind="feature"),
    Item("D1", 0, 2, kind="debt"),
    Item("D2", 1, 2, kind="debt"),
)
PROBLEM = Problem(ITEMS, (Team("Web", (6, 4)),))
INTEREST = Interest({"D1": 1.0, "D2": 0.1}, sprint_weeks=2, horizon_weeks=10)


def test_paying_off_earlier_saves_more():
    problem = with_interest(PROBLEM, INTEREST)
    item = problem.by_key["D1"]
    worths = [item.value * weight for weight in item.delivery_weights]
    # 8 weeks are left after sprint 1 and 6 after sprint 2.
    assert worths == pytest.approx([8, 6])
    kept = problem.by_key["D2"]
    assert [kept.value * w for w in kept.delivery_weights] == pytest.approx([1.8, 1.6])
    assert solve(problem).sprint_of("D1") == 1


def test_debt_breaks_even_when_its_interest_has_paid_its_principal():
    found = break_even(
        PROBLEM, INTEREST, "D1", unit_worth=2, sprint=2, start=datetime.date(2026, 1, 5)
    )
    # 2 points worth 2 each, 1 a week: 4 weeks after sprint 2 ends in week 4.
    assert (found.cost, found.weeks) == (4, 4)
    assert found.date == datetime.date(2026, 3, 2)
    assert found.within_horizon
    assert found.text.endswith("4 weeks after sprint 2, on 2026-03-02.")
    late = break_even(PROBLEM, INTEREST, "D2", unit_worth=2)
    assert not late.within_horizon
    assert break_even(PROBLEM, INTEREST, "F1", unit_worth=2).weeks is None


@given(st.integers(0, 400), st.integers(1, 40))
def test_the_day_of_payback_is_the_first_by_which_all_has_come_back(cost, per_week):
    start = datetime.date(2026, 1, 5)
    found = payback(cost, per_week, start)
    day = next(day for day in itertools.count() if day * per_week >= 7 * cost)
    assert found.date == start + datetime.timedelta(days=day)
    assert payback(cost, 0).weeks is None
    assert payback(cost + 1, 0.001).date is None


def test_the_frontier_has_the_best_plan_of_each_share():
    shares = (0.0, 0.2, 0.4)
    found = debt_frontier(PROBLEM, INTEREST, shares=shares)
    problem = with_interest(PROBLEM, INTEREST)
    for point, (low, high) in zip(found.points, ((0, 0), (0.1, 0.3), (0.3, 0.5)), strict=True):
        best = max(
            worth(problem, plan) for plan in every_plan(problem) if low <= _share(plan) <= high
        )
        assert point.total == pytest.approx(best)
        assert point.features + point.saved == pytest.approx(point.total)
        assert low <= point.share <= high
    assert found.points[0].saved == 0
    assert found.best == 1
    assert found.text.startswith("Worth most at 20 % debt: 18 of features and 8 saved.")


def _share(plan):
    efforts = {item.key: item.effort for item in ITEMS}
    whole = sum(efforts[key] for key in plan)
    return sum(efforts[key] for key in plan if key[0] == "D") / whole if whole else 0


def test_a_share_no_plan_can_have_is_named_and_other_rules_stay():
    problem = Problem(ITEMS[:2], (Team("Web", (4,)),), rules=(Share(minimum=0.3, kind="debt"),))
    found = debt_frontier(problem, Interest({}), shares=(0.0, 0.5))
    assert found.impossible == (0.5,)
    assert found.points[0].total == 10


@pytest.mark.parametrize(
    ("interest", "where"),
    [
        (Interest({"Z": 1}), "interest.Z"),
        (Interest({"D1": -1}), "interest.D1"),
        (Interest({"D1": float("nan")}), "interest.D1"),
        (Interest({"D1": 1}, sprint_weeks=0), "sprint_weeks"),
        (Interest({"D1": 1}, horizon_weeks=3), "horizon_weeks"),
    ],
)
def test_it_refuses_interest_that_makes_no_sense(interest, where):
    with pytest.raises(ProblemError) as refused:
        with_interest(PROBLEM, interest)
    assert refused.value.where == where
