"""What fits the next release, and every plan worth considering, against brute force."""

from itertools import combinations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tandem_engine.planning.problem import ProblemError
from tandem_engine.planning.selection import (
    Requester,
    Requirement,
    SelectionProblem,
    front,
    select,
)
from tandem_engine.planning.selection import climb as climb_module
from tandem_engine.planning.selection import labels as labels_module
from tandem_engine.planning.selection import programme as programme_module
from tandem_engine.planning.selection import unlisted as unlisted_module


def worth(problem: SelectionProblem, keys: frozenset[str]) -> float:
    own = sum(r.value for r in problem.requirements if r.key in keys)
    return own + sum(r.value for r in problem.requesters if r.wants <= keys)


def every_plan(problem: SelectionProblem) -> list[tuple[float, float]]:
    """(cost, value) of every choice that holds its own prerequisites."""
    found = []
    for size in range(len(problem.requirements) + 1):
        for some in combinations(problem.requirements, size):
            keys = frozenset(r.key for r in some)
            if all(r.needs <= keys for r in some):
                found.append((sum(r.cost for r in some), worth(problem, keys)))
    return found


def undominated(plans: list[tuple[float, float]]) -> list[tuple[float, float]]:
    kept: list[tuple[float, float]] = []
    for cost, value in sorted(plans, key=lambda plan: (plan[0], -plan[1])):
        if not kept or value > kept[-1][1]:
            kept.append((cost, value))
    return kept


@st.composite
def problems(draw: st.DrawFn) -> SelectionProblem:
    count = draw(st.integers(1, 7))
    requirements = []
    for i in range(count):
        needs = draw(st.sets(st.integers(0, i - 1), max_size=2)) if i else set()
        requirements.append(
            Requirement(
                key=f"R{i}",
                cost=draw(st.integers(0, 9)),
                value=draw(st.sampled_from([0, 0, 1, 4])),
                needs=frozenset(f"R{n}" for n in needs),
            )
        )
    requesters = [
        Requester(
            key=f"C{j}",
            value=draw(st.integers(0, 12)),
            wants=frozenset(
                f"R{n}" for n in draw(st.sets(st.integers(0, count - 1), min_size=1, max_size=4))
            ),
        )
        for j in range(draw(st.integers(0, 6)))
    ]
    return SelectionProblem(tuple(requirements), tuple(requesters))


@settings(max_examples=60, deadline=None)
@given(problems(), st.integers(0, 40))
def test_a_selection_is_worth_as_much_as_the_best_of_all_choices(
    problem: SelectionProblem, budget: int
) -> None:
    best = max(value for cost, value in every_plan(problem) if cost <= budget)
    found = select(problem, budget)
    assert found.status == "optimal"
    assert found.value == best == found.bound
    assert found.cost <= budget


@settings(max_examples=60, deadline=None)
@given(problems(), st.integers(0, 40))
def test_a_selection_holds_all_it_needs_and_is_worth_what_it_says(
    problem: SelectionProblem, budget: int
) -> None:
    found = select(problem, budget)
    keys = frozenset(found.requirements)
    assert all(r.needs <= keys for r in problem.requirements if r.key in keys)
    assert worth(problem, keys) == found.value
    assert sum(r.cost for r in problem.requirements if r.key in keys) == found.cost
    assert set(found.requesters) == {r.key for r in problem.requesters if r.wants <= keys}


@settings(max_examples=40, deadline=None)
@given(problems(), st.integers(0, 40))
def test_a_selection_is_the_best_by_programmes_over_requirements_when_plans_are_not_listed(
    problem: SelectionProblem, budget: int
) -> None:
    most, labels_module.MOST_LABELS = labels_module.MOST_LABELS, 0
    many, programme_module.MANY = programme_module.MANY, -1
    try:
        found = select(problem, budget)
    finally:
        labels_module.MOST_LABELS, programme_module.MANY = most, many
    assert found.status == "optimal"
    assert found.value == max(value for cost, value in every_plan(problem) if cost <= budget)
    assert found.cost <= budget


@settings(max_examples=80, deadline=None)
@given(problems())
def test_the_front_is_every_undominated_plan(problem: SelectionProblem) -> None:
    found = front(problem)
    assert found.complete
    assert found.missing == 0
    assert [(p.cost, p.value) for p in found.points] == undominated(every_plan(problem))


@settings(max_examples=40, deadline=None)
@given(problems())
def test_the_front_is_complete_by_programmes_when_plans_are_too_many_to_list(
    problem: SelectionProblem,
) -> None:
    most, labels_module.MOST_LABELS = labels_module.MOST_LABELS, 0
    starts, unlisted_module.STARTS = unlisted_module.STARTS, 1
    try:
        found = front(problem)
    finally:
        labels_module.MOST_LABELS, unlisted_module.STARTS = most, starts
    assert found.complete
    assert [(p.cost, p.value) for p in found.points] == undominated(every_plan(problem))


def area(points: list[tuple[float, float]], until: float) -> float:
    ends = [*[cost for cost, _ in points[1:]], until]
    return sum(value * (end - cost) for (cost, value), end in zip(points, ends, strict=True))


@settings(max_examples=30, deadline=None)
@given(problems())
def test_what_may_be_missing_is_never_less_than_what_is_without_any_luck(
    problem: SelectionProblem,
) -> None:
    most, labels_module.MOST_LABELS = labels_module.MOST_LABELS, 0
    at_once, unlisted_module.AT_ONCE = unlisted_module.AT_ONCE, 0.0
    cells, climb_module.MOST_CELLS = climb_module.MOST_CELLS, -1
    try:
        found = front(problem)
    finally:
        labels_module.MOST_LABELS = most
        unlisted_module.AT_ONCE, climb_module.MOST_CELLS = at_once, cells
    plans = every_plan(problem)
    points, best = [(p.cost, p.value) for p in found.points], undominated(plans)
    assert set(points) <= set(plans)
    until = best[-1][0]
    reached, possible = area(points, until), area(best, until)
    assert reached >= (1 - found.missing) * possible - 1e-6
    assert not found.complete or points == best


def test_extreme_plans_are_marked() -> None:
    problem = SelectionProblem(
        (Requirement("A", 2, 6), Requirement("B", 3, 6), Requirement("C", 4, 4))
    )
    found = front(problem)
    assert [(p.cost, p.value, p.extreme) for p in found.points] == [
        (0, 0, True),
        (2, 6, True),
        (5, 12, True),
        (9, 16, True),
    ]


def test_the_front_stops_when_told_and_says_what_may_be_missing() -> None:
    wants = [Requirement(f"R{i}", 3 + i % 5, 2 + (i * 7) % 11) for i in range(30)]
    found = front(SelectionProblem(tuple(wants)), watch=lambda done: True)
    assert not found.complete
    assert 0 < found.missing < 1


def test_amounts_keep_their_decimals() -> None:
    problem = SelectionProblem(
        (Requirement("A", 0.125, 1.5), Requirement("B", 0.25, 2.25)),
    )
    found = select(problem, 0.3)
    assert (found.cost, found.value) == (0.25, 2.25)


def test_a_cost_finer_than_three_decimals_never_breaks_the_budget() -> None:
    problem = SelectionProblem(tuple(Requirement(f"R{i}", 0.33334, 1) for i in range(3)))
    assert len(select(problem, 1.0).requirements) == 2


def test_it_refuses_prerequisites_that_go_in_a_circle() -> None:
    with pytest.raises(ProblemError, match="circle: A → B → A"):
        SelectionProblem(
            (
                Requirement("A", 1, needs=frozenset({"B"})),
                Requirement("B", 1, needs=frozenset({"A"})),
            )
        )


@pytest.mark.parametrize("bad", [-1.0, float("nan"), float("inf"), 1e9])
def test_it_refuses_a_cost_or_value_out_of_range(bad: float) -> None:
    with pytest.raises(ProblemError) as cost:
        Requirement("A", bad)
    assert cost.value.where == "requirements.A.cost"
    with pytest.raises(ProblemError) as value:
        Requester("C", bad, frozenset())
    assert value.value.where == "requesters.C.value"


@pytest.mark.parametrize("bad", [-1.0, float("nan")])
def test_it_refuses_a_budget_that_is_no_amount(bad: float) -> None:
    with pytest.raises(ProblemError) as caught:
        select(SelectionProblem((Requirement("A", 1, 1),)), bad)
    assert caught.value.where == "budget"


def test_it_refuses_what_is_unknown_or_doubled() -> None:
    with pytest.raises(ProblemError, match="A needs Z"):
        SelectionProblem((Requirement("A", 1, needs=frozenset({"Z"})),))
    with pytest.raises(ProblemError, match="C wants Z"):
        SelectionProblem((Requirement("A", 1),), (Requester("C", 1, frozenset({"Z"})),))
    with pytest.raises(ProblemError, match="A appears twice"):
        SelectionProblem((Requirement("A", 1), Requirement("A", 2)))


def test_nothing_to_select_is_an_empty_optimal_selection() -> None:
    found = select(SelectionProblem(()), 10)
    assert (found.status, found.value, found.requirements) == ("optimal", 0, ())
    assert [(p.cost, p.value) for p in front(SelectionProblem(())).points] == [(0, 0)]
