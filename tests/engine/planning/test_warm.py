"""Quick answers: never below what a plan can be worth, and the same whatever was asked before."""

from dataclasses import replace

import pytest
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st

from tandem_engine.planning import Change, Item, Problem, ProblemError, Team, WhatIf, solve
from tandem_engine.planning import rules as r
from tandem_engine.planning.lumped import equal_periods, periods_for
from tandem_engine.planning.reduce import reduce

from .brute import best_objective
from .strategies import ruled_problems

ITEMS = (
    Item("A", 10, 3, kind="feature"),
    Item("B", 8, 3, kind="feature"),
    Item("C", 3, 3, kind="debt"),
)
PROBLEM = Problem(ITEMS, (Team("Web", (3, 3)),))


def test_forcing_an_item_in_says_what_it_pushes_out():
    ask = WhatIf(PROBLEM, solve(PROBLEM))
    answer = ask.ask(Change(take_in=frozenset({"C"})), with_plan=True)
    assert (answer.bound, answer.estimate, answer.change) == (13, 13, -5)
    assert (answer.value, set(answer.items)) == (13, {"A", "C"})
    assert (answer.enters, answer.out) == (("C",), ("B",))
    assert answer.text == "About 5 less than before: C in; B out. An estimate: solve for the plan."


def test_capacity_taken_away_and_a_share_moved_cost_what_they_cost():
    ask = WhatIf(PROBLEM)
    assert ask.ask(Change(capacity={"Web": (1.0, 0.0)})).change == -8
    assert ask.ask(Change(shares={"debt": 0.5})).change == -5
    assert ask.ask(Change(leave_out=frozenset({"A"}))).change == -7
    assert ask.ask(Change(capacity={"Web": 2.0})).bounded is False
    assert ask.ask(Change()).change == 0


def test_what_cannot_be_is_said():
    ask = WhatIf(replace(PROBLEM, rules=(r.AtMost({"A", "B", "C"}, 2), r.Must("A"))))
    answer = ask.ask(Change(take_in=frozenset({"B", "C"})))
    assert not answer.possible
    ruled_out = WhatIf(replace(PROBLEM, rules=(r.MustNot("A"),)))
    assert "Ruled out" in ruled_out.ask(Change(take_in=frozenset({"A"}))).text


@pytest.mark.parametrize(
    ("change", "where"),
    [
        (Change(take_in=frozenset({"Z"})), "items.Z"),
        (Change(capacity={"Ops": 0.5}), "teams.Ops"),
        (Change(shares={"debt": 2}), "shares.debt"),
        (Change(shares={"joy": 0.2}), "shares.joy"),
    ],
)
def test_it_refuses_a_question_about_what_is_not_there(change, where):
    with pytest.raises(ProblemError) as refused:
        WhatIf(PROBLEM).ask(change)
    assert refused.value.where == where


def test_an_answer_in_no_time_is_a_bound_that_holds():
    items = tuple(Item(f"I{n}", 3 + n * 7 % 11, 1 + n % 4) for n in range(60))
    problem = Problem(items, (Team("Web", (9, 9, 9)),))
    ask = WhatIf(problem)
    quick = ask.ask(Change(capacity={"Web": 0.5}), within=0.0)
    settled = ask.ask(Change(capacity={"Web": 0.5}))
    assert settled.settled
    assert quick.bound >= settled.bound - 1e-6
    assert quick.bound < ask.bound


def test_a_large_problem_is_answered_by_periods_within_a_few_per_cent():
    items = tuple(
        Item(f"I{n}", 3 + n * 7 % 11, 1 + n % 4, needs={f"I{n - 1}"} if n % 3 == 2 else set())
        for n in range(240)
    )
    problem = Problem(items, (Team("Web", (20,) * 9), Team("App", (20,) * 9)))
    plan = solve(problem)
    change = Change(capacity={"Web": 0.8})
    by_sprint = WhatIf(problem, plan, periods=9).ask(change, with_plan=True)
    by_period = WhatIf(problem, plan, periods=2).ask(change, with_plan=True)
    assert by_period.change == pytest.approx(by_sprint.change, rel=0.05)
    assert by_sprint.value <= by_period.bound <= plan.bound
    assert by_period.value >= 0.97 * by_sprint.bound
    assert [periods_for(reduce(problem).reduced).first, equal_periods(9, 2).of] == [
        tuple(range(9)),
        (0, 0, 0, 0, 1, 1, 1, 1, 1),
    ]


@settings(
    max_examples=80,
    deadline=None,
    database=None,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.filter_too_much],
)
@given(ruled_problems(most_items=4, most_rules=2), st.data())
def test_no_plan_under_the_change_is_worth_more_and_the_rounded_one_keeps_it(problem, data):
    assume(best_objective(problem) is not None)
    ask = WhatIf(problem, periods=data.draw(st.sampled_from([None, 1, 2])))
    keys = st.sampled_from(sorted(problem.by_key))
    one, other = data.draw(keys), data.draw(keys)
    half = tuple(replace(t, capacity=tuple(a * 0.5 for a in t.capacity)) for t in problem.teams)
    half = tuple(
        replace(
            t,
            skills=tuple(replace(s, capacity=tuple(a * 0.5 for a in s.capacity)) for s in t.skills),
        )
        for t in half
    )
    share = r.Share(minimum=0.4, kind="debt")
    # The share asked for replaces one there is over the horizon.
    others = tuple(
        rule
        for rule in problem.rules
        if not (isinstance(rule, r.Share) and rule.kind == "debt" and rule.minimum is not None)
        or rule.each_sprint
    )
    questions = [
        (Change(take_in=frozenset({one})), replace(problem, rules=(*problem.rules, r.Must(one)))),
        (
            Change(leave_out=frozenset({other})),
            replace(problem, rules=(*problem.rules, r.MustNot(other))),
        ),
        (Change(capacity={t.name: 0.5 for t in problem.teams}), replace(problem, teams=half)),
        (Change(shares={"debt": 0.4}), replace(problem, rules=(*others, share))),
    ]
    if len(others) < len(problem.rules):
        questions.pop()
    first = ask.ask(questions[0][0])
    for change, changed in questions:
        answer = ask.ask(change, with_plan=True)
        best = best_objective(changed)
        if best is not None:
            assert answer.possible
            assert answer.bound >= best - 1e-6
        if answer.value is not None:
            assert best is not None
            assert answer.value <= best + 1e-6
    again = ask.ask(questions[0][0])
    assert (first.possible, first.enters) == (again.possible, again.enters)
    assert first.bound == pytest.approx(again.bound)
