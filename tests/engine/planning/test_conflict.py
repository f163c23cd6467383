"""Must-haves that cannot fit: a value that says which, and by how much."""

import itertools
from dataclasses import replace

import pytest
from hypothesis import assume, given, settings

from tandem_engine.planning import Item, Problem, Team, in_force, solve, without
from tandem_engine.planning import rules as r
from tandem_engine.planning.solver import Solution

from .brute import best_objective, every_plan
from .strategies import problems, ruled_problems


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


def test_rules_that_clash_are_named_with_the_least_to_give_up():
    items = (
        Item("A", 5, 2, kind="feature"),
        Item("B", 5, 2, kind="debt", needs={"C"}),
        Item("C", 1, 2, kind="debt"),
    )
    rules = (
        r.Pin("A", 1, reason="promised"),
        r.Share(minimum=0.5, kind="debt"),
        r.MustNot("C"),
        r.Window("B", latest=2),
    )
    plan = solve(Problem(items, (Team("Web", (4, 4)),), rules=rules))
    assert plan.status == "infeasible"
    assert [rule.where for rule in plan.conflict.rules] == [
        "items.B.needs.C",
        "rules.0",
        "rules.1",
        "rules.2",
    ]
    assert plan.conflict.rules[1].reason == "promised"
    assert len(plan.conflict.relax) == 1
    assert "Least to give up" in plan.explain()


@settings(max_examples=250, deadline=None, database=None)
@given(ruled_problems(most_items=3, most_rules=5))
def test_a_conflict_over_all_rules_is_irreducible_and_the_least_is_relaxed(problem):
    conflict = solve(problem).conflict
    assume(conflict is not None)
    assert conflict.irreducible
    assert conflict.smallest
    places = {rule.where for rule in in_force(problem)}
    clash = {rule.where for rule in conflict.rules}

    def some(dropped):
        return next(iter(every_plan(without(problem, dropped))), None) is not None

    assert not some(places - clash)
    for place in clash:
        assert some(places - clash | {place})
    relaxed = {rule.where for rule in conflict.relax}
    assert some(relaxed)
    for size in range(len(relaxed)):
        assert not any(some(fewer) for fewer in itertools.combinations(places, size))
