"""Plans between two lenses: every one worth considering, against every plan there is."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tandem_engine.planning import Item, Problem, ProblemError, Team
from tandem_engine.planning.lenses import lens_front

from .brute import every_plan
from .strategies import problems

WEB = (Team("Web", (2,)),)


def test_it_finds_what_no_weighting_of_the_lenses_finds():
    # Two of three: A and B each best for one lens, M in the middle but below the line.
    items = (Item("A", 1, 2), Item("M", 1, 2), Item("B", 1, 2))
    first, second = {"A": 10, "M": 4, "B": 0}, {"A": 0, "M": 4, "B": 10}
    found = lens_front(Problem(items, WEB), first, second, step=1)
    assert found.complete
    assert [(p.first, p.second, p.supported) for p in found.points] == [
        (10, 0, True),
        (4, 4, False),
        (0, 10, True),
    ]


@settings(max_examples=60, deadline=None, database=None)
@given(problems(most_items=4), st.data())
def test_the_front_is_every_plan_that_no_other_beats(problem, data):
    scores = st.integers(0, 5)
    first = {key: data.draw(scores) for key in problem.by_key}
    second = {key: data.draw(scores) for key in problem.by_key}
    worths = {
        (sum(first[k] for k in plan), sum(second[k] for k in plan)) for plan in every_plan(problem)
    }
    best = sorted(
        (a, b)
        for a, b in worths
        if not any(c >= a and d >= b and (c, d) != (a, b) for c, d in worths)
    )
    found = lens_front(problem, first, second, step=1)
    assert found.complete
    assert sorted((p.first, p.second) for p in found.points) == best
    for point in found.points:
        weights = [w / 40 for w in range(1, 40)]
        if not point.supported:
            assert not any(
                w * point.first + (1 - w) * point.second
                >= max(w * a + (1 - w) * b for a, b in best) + 1e-9
                for w in weights
            )


def test_a_few_points_spread_over_the_front_are_not_called_complete():
    items = tuple(Item(f"I{n}", 1, 1) for n in range(12))
    first = {item.key: 1 + n for n, item in enumerate(items)}
    second = {item.key: 12 - n for n, item in enumerate(items)}
    found = lens_front(Problem(items, (Team("Web", (5,)),)), first, second, most=4)
    assert not found.complete
    assert 2 <= len(found.points) <= 5
    assert found.points[0].first == 50
    assert found.points[-1].second == 50


def test_it_refuses_scores_of_nothing_and_of_no_number():
    problem = Problem((Item("A", 1, 1),), WEB)
    with pytest.raises(ProblemError) as refused:
        lens_front(problem, {"Z": 1}, {})
    assert refused.value.where == "first.Z"
    with pytest.raises(ProblemError) as refused:
        lens_front(problem, {}, {"A": float("nan")})
    assert refused.value.where == "second.A"
