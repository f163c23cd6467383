"""Small problems whose best plan is known by hand."""

from itertools import pairwise

import pytest

from tandem_engine.planning import (
    Item,
    Problem,
    ProblemError,
    Team,
    highs,
    score_and_fill,
    solve,
    solver,
)

WEB = Team("Web", (5, 5))


def test_it_takes_two_small_items_over_the_one_with_the_highest_score():
    # The knapsack every sorted list gets wrong: 10 for 6 against 7 + 7 for 3 + 3.
    items = (Item("BIG", 10, 6), Item("A", 7, 3), Item("B", 7, 3))
    plan = solve(Problem(items, (Team("Web", (6,)),)))
    assert (plan.status, plan.value, set(plan.items)) == ("optimal", 14, {"A", "B"})
    assert plan.bound == plan.objective == 14
    assert plan.gap == 0


def test_it_takes_a_prerequisite_that_pays_only_through_what_needs_it():
    items = (Item("API", 0, 3), Item("SHOP", 20, 3, needs={"API"}), Item("FIX", 12, 5))
    plan = solve(Problem(items, (Team("Web", (3, 3)),)))
    assert [sprint.items for sprint in plan.sprints] == [("API",), ("SHOP",)]


@pytest.mark.parametrize(("allowed", "sprints"), [(True, (1, 1)), (False, (1, 2))])
def test_a_prerequisite_may_be_finished_in_the_same_sprint_only_if_allowed(allowed, sprints):
    items = (Item("A", 5, 1), Item("B", 5, 1, needs={"A"}))
    plan = solve(Problem(items, (WEB,), same_sprint_allowed=allowed))
    assert (plan.sprint_of("A"), plan.sprint_of("B")) == sprints


def test_it_keeps_dates():
    items = (Item("LATE", 9, 1, earliest=2), Item("SOON", 1, 5, latest=1), Item("ANY", 5, 4))
    plan = solve(Problem(items, (WEB,)))
    assert plan.sprint_of("LATE") == 2
    assert plan.sprint_of("SOON") == 1
    assert plan.sprint_of("ANY") == 2


def test_a_must_have_is_in_even_when_it_is_not_worth_it():
    items = (Item("LAW", 0, 4, must=True), Item("A", 9, 4))
    plan = solve(Problem(items, (Team("Web", (5,)),)))
    assert plan.items == ("LAW",)
    assert plan.status == "optimal"


def test_an_item_goes_to_its_own_team_and_a_free_one_to_whoever_has_room():
    items = (Item("A", 5, 3, team="App"), Item("B", 5, 3, team="App"), Item("C", 5, 3))
    plan = solve(Problem(items, (Team("Web", (3,)), Team("App", (6,)))))
    teams = {p.key: p.team for sprint in plan.sprints for p in sprint.placements}
    assert teams == {"A": "App", "B": "App", "C": "Web"}


def test_items_without_effort_cost_nothing():
    plan = solve(Problem((Item("A", 1, 0), Item("B", 3, 5)), (Team("Web", (5,)),)))
    assert set(plan.items) == {"A", "B"}


@pytest.mark.parametrize(
    ("efforts", "capacity"),
    [
        # Sums that floats get wrong.
        ((0.1, 0.2), 0.3),
        ((2 / 3, 2 / 3, 2 / 3), 2),
        ((1.1, 2.2, 3.3), 6.6),
        (((1 + 4 * 2 + 5) / 6,) * 3, 7),
    ],
)
def test_what_fits_exactly_is_planned(efforts, capacity):
    items = tuple(Item(f"I{n}", 1, effort) for n, effort in enumerate(efforts))
    plan = solve(Problem(items, (Team("Web", (capacity,)),)))
    assert len(plan.items) == len(items)


def test_what_is_a_thousandth_too_much_is_not_planned():
    items = (Item("A", 1, 1.001), Item("B", 1, 1))
    plan = solve(Problem(items, (Team("Web", (2,)),)))
    assert plan.value == 1


def test_equal_plans_deliver_the_more_valuable_item_first():
    items = (Item("LOW", 1, 5), Item("HIGH", 9, 5))
    plan = solve(Problem(items, (WEB,)))
    assert [sprint.items for sprint in plan.sprints] == [("HIGH",), ("LOW",)]


def test_delivery_weights_make_early_value_count_more():
    # Without weights B and C (7 + 7) beat A (10); in sprint 2 their value halves.
    items = (
        Item("A", 10, 6, latest=1),
        Item("B", 7, 3, earliest=2),
        Item("C", 7, 3, earliest=2),
    )
    team = (Team("Web", (6, 3)),)
    plain = solve(Problem(items, team))
    weighted = solve(Problem(items, team, delivery_weights=(1, 0.5)))
    assert plain.value == plain.objective == 17
    assert weighted.value == 17
    assert weighted.objective == pytest.approx(13.5)


def test_a_problem_without_items_has_an_empty_plan():
    plan = solve(Problem((), (WEB,)))
    assert (plan.status, plan.value, plan.items, plan.left_out) == ("optimal", 0, (), ())
    assert [sprint.capacity for sprint in plan.sprints] == [5, 5]


def test_each_sprint_says_how_full_it_is():
    teams = (Team("Web", (5,)), Team("App", (2,)))
    plan = solve(Problem((Item("A", 3, 4, team="Web"), Item("B", 1, 0.5, team="App")), teams))
    (sprint,) = plan.sprints
    assert (sprint.capacity, sprint.used) == (7, 4.5)
    assert [(load.team, load.capacity, load.used) for load in sprint.loads] == [
        ("Web", 5, 4),
        ("App", 2, 0.5),
    ]


def test_a_plan_says_how_it_stands():
    assert "No other plan" in solve(Problem((Item("A", 3, 4),), (WEB,))).explain()


def test_it_refuses_a_time_limit_of_nothing():
    with pytest.raises(ProblemError, match="more than 0 seconds"):
        solve(Problem((), (WEB,)), time_limit=0)


def test_progress_rises_and_the_bound_falls():
    items = tuple(Item(f"I{n}", 3 + n % 7, 1 + n % 5) for n in range(40))
    seen = []
    plan = solve(Problem(items, (Team("Web", (7, 7, 7)),)), on_progress=seen.append)
    assert seen
    assert all(a.value <= b.value and a.bound >= b.bound for a, b in pairwise(seen))
    assert seen[-1].value <= plan.objective <= seen[-1].bound + 1e-6
    assert all(0 <= progress.gap <= 1 for progress in seen)


def test_a_search_that_is_stopped_still_answers_with_a_plan():
    items = tuple(Item(f"I{n}", 3 + n % 7, 1 + n % 5) for n in range(40))
    problem = Problem(items, (Team("Web", (7, 7, 7)),))
    plan = solve(problem, should_stop=lambda: True)
    assert plan.status in ("optimal", "feasible")
    assert plan.value <= plan.bound
    assert plan.value > 0


def test_an_error_while_watching_reaches_the_caller():
    def fail(progress):
        raise RuntimeError("gone")

    items = tuple(Item(f"I{n}", 3 + n % 7, 1 + n % 5) for n in range(40))
    with pytest.raises(RuntimeError, match="gone"):
        solve(Problem(items, (Team("Web", (7, 7, 7)),)), on_progress=fail)


def test_solving_prints_nothing(capfd):
    solve(Problem(tuple(Item(f"I{n}", 5 + n % 3, 2 + n % 2) for n in range(9)), (WEB,)))
    assert capfd.readouterr() == ("", "")


MANY = Problem(
    tuple(Item(f"I{n}", 3 + n * 7 % 11, 1 + n % 4) for n in range(60)),
    (Team("Web", (9, 9, 9)), Team("App", (8, 8, 8))),
    delivery_weights=(1, 0.9, 0.8),
)


def test_a_solve_stopped_during_the_relaxation_keeps_the_best_list(monkeypatch):
    begun, answers = [], []
    original = highs.Relaxation.solve

    def relaxed(self, time_limit):
        begun.append(True)
        answers.append(original(self, time_limit))
        return answers[-1]

    monkeypatch.setattr(highs.Relaxation, "solve", relaxed)
    plan = solve(MANY, should_stop=lambda: bool(begun))
    assert answers[0] is None, "the simplex was not interrupted"
    assert plan.status == "feasible"
    assert plan.value >= max(score_and_fill(MANY).value, 0)


def test_progress_shows_the_best_plan_yet_sprint_by_sprint():
    told = []
    plan = solve(MANY, on_progress=told.append, rounds=2)
    shown = [step for step in told if step.sprints is not None]
    assert shown[0].sprints() != plan.sprints
    for step in (shown[0], shown[-1]):
        worth = sum(
            placement.value * (1, 0.9, 0.8)[sprint.number - 1]
            for sprint in step.sprints()
            for placement in sprint.placements
        )
        assert worth == pytest.approx(step.value)


def test_too_large_for_a_relaxation_is_the_best_list_with_the_sum_of_all_as_its_bound(monkeypatch):
    monkeypatch.setattr(solver, "MOST_RELAXED", 100)
    plan = solve(MANY)
    assert plan.status == "feasible"
    assert plan.bound == sum(item.value for item in MANY.items)
    assert {left.reason.code for left in plan.left_out} <= {"costs_more", "no_room"}
