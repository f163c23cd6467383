"""Why an item is out, and what taking it costs: every claim checked."""

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from tandem_engine.planning import Item, Problem, ProblemError, Team, price_of_entry, solve

from .brute import best_objective, keeps_rules, placements
from .strategies import problems


@pytest.mark.parametrize(
    ("items", "key", "code", "words"),
    [
        ([Item("A", 9, 1, must_not=True)], "A", "ruled_out", "must-not"),
        ([Item("A", 9, 8)], "A", "too_large", "takes 8, the largest sprint of any team holds 6"),
        ([Item("A", 9, 5, team="App")], "A", "too_large", "of team App holds 3"),
        ([Item("A", 9, 1, earliest=9)], "A", "no_window", "Not before sprint 9"),
        ([Item("A", 9, 6, latest=1)], "A", "no_window", "from 1 to 1 has room for its 6"),
        (
            [Item("A", 9, 1, latest=1, needs={"B"}), Item("B", 1, 1, earliest=2)],
            "A",
            "no_window",
            "once B can be finished",
        ),
        (
            [Item("A", 9, 1, needs={"B"}), Item("B", 1, 1, must_not=True)],
            "A",
            "blocked",
            "Waits for B, which cannot be planned: ruled out",
        ),
        (
            [
                Item("A", 9, 1, needs={"B"}),
                Item("B", 1, 1, needs={"C"}),
                Item("C", 1, 1, needs={"D"}),
                Item("D", 1, 9),
            ],
            "A",
            "blocked",
            "Waits for D (through B), which cannot be planned: too large",
        ),
        (
            [Item("A", 9, 6, needs={"B", "C"}), Item("B", 0, 6), Item("C", 0, 6)],
            "A",
            "too_large_together",
            "(B and C) it takes 18; all sprints together hold 16",
        ),
        ([Item("A", 0, 1)], "A", "no_value", "nothing worth planning needs it"),
        (
            [Item("A", 1, 1, needs={"B"}), Item("B", -5, 1)],
            "A",
            "not_worth_it",
            "With what it needs (B) it is worth -4",
        ),
    ],
)
def test_it_says_why_an_item_is_out(items, key, code, words):
    teams = (Team("Web", (4, 6)), Team("App", (3, 3)))
    plan = solve(Problem(tuple(items), teams))
    assert plan.reason(key).code == code
    assert words in plan.reason(key).text


def test_an_item_beaten_by_one_that_would_have_to_go_names_it():
    items = (Item("A", 20, 4), Item("B", 18, 4), Item("C", 3, 4))
    plan = solve(Problem(items, (Team("Web", (4, 4)),)))
    reason = plan.reason("C")
    assert reason.code == "costs_more"
    assert reason.about == ("B",)
    assert (reason.number("value"), reason.number("displaced")) == (3, 18)
    assert not reason.estimated


def test_an_item_that_earns_less_with_what_it_needs_says_so_as_an_estimate():
    items = (Item("A", 20, 4), Item("B", 18, 4), Item("C", 3, 2, needs={"D"}), Item("D", 0, 1))
    plan = solve(Problem(items, (Team("Web", (4, 4.5)),)))
    reason = plan.reason("C")
    assert reason.code == "earns_less"
    assert reason.about == ("D",)
    assert reason.estimated
    assert reason.number("displaced") > reason.number("value") == 3


def test_an_item_that_would_push_out_more_than_one_says_how_much_room_is_left():
    items = (Item("A", 10, 3), Item("B", 10, 3), Item("C", 19, 7))
    plan = solve(Problem(items, (Team("Web", (8,)),)))
    (left,) = plan.left_out
    assert left.reason.code == "no_room"
    assert left.reason.number("free") == 2
    assert not left.reason.estimated


def test_what_is_planned_has_no_reason_to_be_out():
    plan = solve(Problem((Item("A", 10, 3),), (Team("Web", (5,)),)))
    assert plan.reason("A") is None
    assert plan.sprint_of("A") == 1
    assert plan.sprint_of("Z") is None


def test_the_price_of_entry_is_what_the_plan_loses():
    items = (Item("A", 10, 3), Item("B", 8, 2), Item("C", 5, 5))
    problem = Problem(items, (Team("Web", (5,)),))
    price = price_of_entry(problem, solve(problem), "C")
    assert price.possible
    assert price.exact
    assert price.price == 13
    assert set(price.out) == {"A", "B"}
    assert price.enters == ("C",)
    assert "costs 13" in price.text


def test_what_is_planned_already_enters_for_nothing():
    problem = Problem((Item("A", 10, 3),), (Team("Web", (5,)),))
    assert price_of_entry(problem, solve(problem), "A").price == 0


def test_a_price_below_zero_is_what_the_rule_costs():
    problem = Problem((Item("A", 10, 3, must_not=True), Item("B", 4, 3)), (Team("Web", (5,)),))
    price = price_of_entry(problem, solve(problem), "A")
    assert price.price == -6
    assert "adds 6" in price.text


def test_what_can_be_in_no_plan_has_no_price():
    problem = Problem((Item("A", 10, 9),), (Team("Web", (5,)),))
    price = price_of_entry(problem, solve(problem), "A")
    assert not price.possible
    assert "Too large" in price.text


def test_it_refuses_to_price_what_it_does_not_know():
    problem = Problem((Item("A", 10, 9, must=True),), (Team("Web", (5,)),))
    with pytest.raises(ProblemError, match="Z is not among the items"):
        price_of_entry(problem, solve(problem), "Z")
    with pytest.raises(ProblemError, match="no plan to enter"):
        price_of_entry(problem, solve(problem), "A")


@settings(max_examples=50, deadline=None, database=None)
@given(problems(most_items=4), st.data())
def test_the_price_of_entry_is_the_difference_of_the_two_best_plans(problem, data):
    plan = solve(problem)
    assume(plan.status == "optimal" and plan.left_out)
    key = data.draw(st.sampled_from([left.key for left in plan.left_out]))
    price = price_of_entry(problem, plan, key)
    best = best_objective(problem.with_must(key))
    assert price.possible == (best is not None)
    if best is not None:
        assert abs(price.price - (plan.objective - best)) < 1e-6


@settings(max_examples=60, deadline=None, database=None)
@given(problems(most_items=10))
def test_whoever_would_have_to_go_is_worth_at_least_as_much_and_makes_room(problem):
    plan = solve(problem)
    placed = placements(problem, plan)
    claims = [left for left in plan.left_out if left.reason.code == "costs_more"]
    for left in claims:
        (other,) = left.reason.about
        without = {key: spot for key, spot in placed.items() if key != other}
        assert problem.by_key[other].value >= problem.by_key[left.key].value
        assert keeps_rules(problem, {**without, left.key: placed[other]})
    assert all(left.reason.text.endswith(".") for left in plan.left_out)
