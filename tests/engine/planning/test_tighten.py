"""Capacity nothing can use is taken away, and nothing else."""

import pytest
from hypothesis import given, settings

from tandem_engine.planning import Item, Problem, Team, solve
from tandem_engine.planning.reduce import reduce
from tandem_engine.planning.tighten import tighten

from .strategies import problems


@pytest.mark.parametrize(
    ("efforts", "capacity", "usable"),
    [
        ((4.37,) * 9, 23, 21.85),  # five of them
        ((2, 4, 6), 5, 4),  # even sums only
        ((1, 2, 5), 4, 3),
        ((1, 2, 3), 4, 4),
        ((0.5,), 3, 0.5),  # everything there is
    ],
)
def test_a_capacity_is_the_largest_sum_it_can_hold(efforts, capacity, usable):
    items = tuple(Item(f"I{n}", 1, effort) for n, effort in enumerate(efforts))
    reduced = reduce(Problem(items, (Team("Web", (capacity,)),))).reduced
    problem = Problem(items, (Team("Web", (usable,)),))
    assert tighten(reduced).capacity == tuple(
        tuple(row) for row in reduce(problem).reduced.capacity
    )


def test_equal_items_that_leave_a_rest_are_proven_at_once():
    items = tuple(Item(f"I{n}", 10 + n % 9, 4.37) for n in range(60))
    plan = solve(Problem(items, (Team("Web", (23, 23, 23)), Team("App", (19, 19, 19)))))
    assert plan.status == "optimal"
    assert len(plan.items) == 3 * 5 + 3 * 4


@settings(max_examples=60, deadline=None, database=None)
@given(problems(most_items=8))
def test_it_never_raises_a_capacity(problem):
    reduced = reduce(problem).reduced
    tight = tighten(reduced)
    assert all(
        0 <= after <= before
        for rows in zip(tight.capacity, reduced.capacity, strict=True)
        for after, before in zip(*rows, strict=True)
    )
    assert tight.candidates == reduced.candidates
