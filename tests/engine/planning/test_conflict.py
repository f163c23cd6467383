"""Must-haves that cannot fit: a value that says which, and by how much."""

from dataclasses import replace

import pytest
from hypothesis import assume, given, settings

from tandem_engine.planning import Item, Problem, Team, solve
from tandem_engine.planning.solver import Solution

from .brute import best_objective
from .strategies import problems


def test_it_names_the_must_haves_with_what_they_pull_in_and_both_numbers():
    items = (
        Item("LAW", 5, 3, needs={"AUDIT"}, must=True),
        Item("AUDIT", 0, 2),
        Item("TAX", 5, 4, must=True),
        Item("NICE", 9, 1),
    )
    plan = solve(Problem(items, (Team("Web", (4, 4)),)))
    assert plan.status == "infeasible"
    conflict = plan.conflict
    assert set(conflict.musts) == {"LAW", "TAX"}
    assert conflict.pulled_in == ("AUDIT",)
    assert (conflict.needed, conflict.available) == (9, 8)
    assert conflict.irreducible
    assert conflict.proven
    assert "LAW and TAX" in conflict.text
    assert "9 of 8" in conflict.text
    assert plan.explain() == conflict.text
    assert plan.items == ()
    assert plan.reason("NICE").code == "no_plan"
    assert plan.reason("TAX").code == "conflict"


def test_it_leaves_innocent_must_haves_out_of_the_conflict():
    items = (
        Item("SMALL", 1, 1, must=True),
        Item("A", 1, 3, latest=1, must=True),
        Item("B", 1, 3, latest=1, must=True),
        Item("OTHER", 1, 2, team="App", must=True),
    )
    teams = (Team("Web", (4, 4)), Team("App", (2, 2)))
    plan = solve(Problem(items, teams))
    assert plan.conflict.musts == ("A", "B")
    assert "due dates" in plan.conflict.text
    assert "All 4 must-haves" in plan.conflict.text


@pytest.mark.parametrize(
    ("blocker", "words"),
    [
        (Item("X", 1, 1, must_not=True), "ruled out"),
        (Item("X", 1, 9), "too large"),
        (Item("X", 1, 1, earliest=4), "not before sprint 4"),
    ],
)
def test_a_must_have_that_needs_what_cannot_be_planned_says_so(blocker, words):
    items = (Item("LAW", 5, 1, needs={"X"}, must=True), blocker)
    plan = solve(Problem(items, (Team("Web", (4, 4)),)))
    assert plan.status == "infeasible"
    assert plan.conflict.musts == ("LAW",)
    assert "LAW needs X" in plan.conflict.text
    assert words in plan.conflict.text.lower()


def test_a_must_have_larger_than_any_sprint_says_so():
    plan = solve(Problem((Item("LAW", 5, 9, must=True),), (Team("Web", (4, 6)),)))
    assert "LAW cannot be planned. Too large: it takes 9" in plan.conflict.text
    assert plan.reason("LAW").number("largest_sprint") == 6


class GivesUp:
    """A solver whose time ended before it found anything."""

    def solve(self, reduced, budget):
        return Solution("unknown", None, float("-inf"), 10.0)


def test_time_that_ends_before_a_plan_is_found_is_not_called_a_proof():
    plan = solve(Problem((Item("A", 1, 1, must=True),), (Team("Web", (4,)),)), solver=GivesUp())
    assert plan.status == "infeasible"
    assert not plan.conflict.proven
    assert "not proven" in plan.conflict.text


@settings(max_examples=60, deadline=None, database=None)
@given(problems(most_items=4))
def test_a_conflict_is_real_and_dropping_any_one_of_it_resolves_it(problem):
    problem = replace(
        problem,
        items=tuple(replace(item, must=not item.must_not) for item in problem.items),
    )
    plan = solve(problem)
    assume(plan.conflict is not None and plan.conflict.irreducible)

    def only(musts):
        return replace(problem, items=tuple(replace(i, must=i.key in musts) for i in problem.items))

    conflict = plan.conflict
    assert best_objective(only(conflict.musts)) is None
    for key in conflict.musts:
        assert best_objective(only(set(conflict.musts) - {key})) is not None
