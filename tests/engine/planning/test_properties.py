"""What holds for every problem, tried on random ones and against every plan there is."""

from dataclasses import replace

from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st

from tandem_engine.planning import Item, Problem, Team, score_and_cut, score_and_fill, solve

from .brute import best_objective, keeps_rules, placements
from .strategies import problems

quick = settings(
    max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow], database=None
)


@settings(quick, max_examples=120)
@given(problems(most_items=4))
def test_the_plan_is_the_best_of_all_plans(problem):
    best = best_objective(problem)
    plan = solve(problem)
    if best is None:
        assert plan.status == "infeasible"
    else:
        assert plan.status == "optimal"
        assert abs(plan.objective - best) < 1e-6
        assert abs(plan.bound - best) < 1e-4


@quick
@given(problems(most_items=12))
def test_the_plan_keeps_every_rule_and_accounts_for_every_item(problem):
    plan = solve(problem)
    assume(plan.status != "infeasible")
    placed = placements(problem, plan)
    assert keeps_rules(problem, placed)
    assert {*placed, *(left.key for left in plan.left_out)} == set(problem.by_key)
    assert len(placed) + len(plan.left_out) == len(problem.items)
    assert abs(plan.value - sum(problem.by_key[key].value for key in placed)) < 1e-9


@quick
@given(problems(most_items=12))
def test_the_plan_is_never_worse_than_the_lists(problem):
    plain = replace(problem, delivery_weights=None)
    plan = solve(plain)
    assume(plan.status != "infeasible")
    for listed in (score_and_cut(plain), score_and_fill(plain)):
        if listed.keeps_rules:
            assert plan.value >= listed.value - 1e-9


@quick
@given(problems(most_items=8), st.data())
def test_more_capacity_never_lowers_the_value(problem, data):
    before = solve(problem)
    assume(before.status != "infeasible")
    sprint = data.draw(st.integers(0, problem.sprints - 1))
    first, *others = problem.teams
    more = list(first.capacity)
    more[sprint] += data.draw(st.sampled_from([0.5, 1, 4]))
    after = solve(replace(problem, teams=(Team(first.name, tuple(more)), *others)))
    assert after.objective >= before.objective - 1e-6


@quick
@given(problems(most_items=8), st.integers(0, 2**40))
def test_the_same_seed_gives_the_same_plan(problem, seed):
    assert solve(problem, seed=seed) == solve(problem, seed=seed)


@quick
@given(problems(most_items=8), st.randoms())
def test_other_keys_and_another_order_give_the_same_value(problem, random):
    names = {key: f"X-{number}" for number, key in enumerate(reversed(problem.by_key))}
    items = [
        replace(item, key=names[item.key], needs=frozenset(names[need] for need in item.needs))
        for item in problem.items
    ]
    random.shuffle(items)
    before, after = solve(problem), solve(replace(problem, items=tuple(items)))
    assert before.status == after.status
    assert abs(before.objective - after.objective) < 1e-6


@quick
@given(problems(most_items=10))
def test_nothing_valuable_could_come_earlier_or_still_fit(problem):
    plan = solve(problem)
    assume(plan.status != "infeasible")
    placed = placements(problem, plan)
    for item in problem.items:
        if item.value <= 0:
            continue
        last = placed[item.key][1] if item.key in placed else problem.sprints
        for team in range(len(problem.teams)):
            for sprint in range(last):
                assert not keeps_rules(problem, {**placed, item.key: (team, sprint)})


def test_a_middle_sized_backlog_is_proven_best():
    items = []
    for n in range(60):
        needs = {f"I{n * 7 % n}"} if n % 3 == 2 else set()
        team = (None, "Web", "App")[n % 3]
        items.append(Item(f"I{n}", 10 + n * 37 % 91, (1, 2, 3, 5, 8)[n * 13 % 5], needs, team))
    problem = Problem(tuple(items), (Team("Web", (12, 10, 12)), Team("App", (9, 9, 9))))
    plan = solve(problem, time_limit=60)
    assert plan.status == "optimal"
    assert plan.gap <= 1e-6
    assert keeps_rules(problem, placements(problem, plan))
    assert plan.value > score_and_fill(problem).value > score_and_cut(problem).value
