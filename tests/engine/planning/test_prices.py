"""What rules, items and other plans cost: every figure against every plan there is."""

from dataclasses import replace

from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st

from tandem_engine.planning import (
    Item,
    Problem,
    Team,
    alternatives,
    in_force,
    price_of_entry,
    price_of_rule,
    prices_of_rules,
    solve,
    without,
)
from tandem_engine.planning import rules as r

from .brute import best_objective, every_plan, worth
from .strategies import problems, ruled_problems

few = settings(
    max_examples=60,
    deadline=None,
    database=None,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.filter_too_much],
)
WEB = Team("Web", (5,))


def test_a_rule_costs_what_the_plan_gains_without_it():
    items = (Item("LAW", 1, 4, must=True), Item("A", 15, 4), Item("B", 2, 1))
    problem = Problem(items, (WEB,), rules=(r.AtMost({"A", "B"}, 2),))
    dear, free = prices_of_rules(problem, solve(problem))
    assert dear.price == 14
    assert dear.exact
    assert (dear.enters, dear.out) == (("A",), ("LAW",))
    assert (
        dear.text == "LAW is a must-have: costs 14. Without it A would enter and LAW would leave."
    )
    assert free.price == 0
    assert free.text == "At most 2 of A, B are planned: costs nothing."


@few
@given(ruled_problems(most_items=3, most_rules=4), st.data())
def test_the_price_of_a_rule_is_the_difference_of_the_two_best_plans(problem, data):
    plan = solve(problem)
    rules = in_force(problem)
    assume(plan.status == "optimal" and rules)
    rule = data.draw(st.sampled_from(rules))
    price = price_of_rule(problem, plan, rule)
    assert price.exact
    assert (
        abs(price.price - (best_objective(without(problem, [rule.where])) - plan.objective)) < 1e-6
    )


def test_an_item_left_out_knows_its_score_and_effort_of_entry():
    items = (Item("A", 20, 4), Item("B", 18, 4), Item("C", 9, 6))
    problem = Problem(items, (Team("Web", (4, 6)),))
    price = price_of_entry(problem, solve(problem), "C", thresholds=True)
    assert (price.price, price.score, price.effort) == (9, 18, 2)
    assert price.text.endswith("It would enter by itself if its score were 18 or its effort 2.")


@few
@given(problems(most_items=4), st.data())
def test_with_its_score_of_entry_an_item_is_in_a_best_plan_and_with_less_in_none(problem, data):
    plan = solve(problem)
    assume(plan.status == "optimal" and plan.left_out)
    key = data.draw(st.sampled_from([left.key for left in plan.left_out]))
    price = price_of_entry(problem, plan, key, thresholds=True)
    assume(price.possible and price.price > 1e-6)

    def best(held, **change):
        change |= {"must_not": False}
        items = tuple(replace(i, **change) if i.key == key else i for i in problem.items)
        changed = replace(problem, items=items)
        plans = (p for p in every_plan(changed) if (key in p) == held)
        return max((worth(changed, p) for p in plans), default=float("-inf"))

    without_it = best(False)
    if price.exact and price.score is not None:
        assert best(True, value=price.score) >= without_it - 1e-5
        assert best(True, value=price.score - 0.01) < without_it
    if price.exact:
        effort = problem.by_key[key].effort
        pays = [
            step / 2
            for step in range(2 * 6)
            if step / 2 < effort and best(True, effort=step / 2) >= without_it - 1e-6
        ]
        assert price.effort == (max(pays) if pays else None)


def test_alternatives_say_what_is_exchanged_for_what():
    items = (Item("A", 10, 3), Item("B", 8, 2), Item("C", 9.5, 3), Item("D", 1, 5))
    problem = Problem(items, (WEB,))
    found = alternatives(problem, solve(problem), least=2)
    assert [(one.enters, one.out, one.loss) for one in found] == [(("C",), ("A",), 0.5)]
    assert found[0].text == "C instead of A: 0.5 less (2.78 %)."


@few
@given(problems(most_items=4, rules=False))
def test_each_alternative_is_the_best_plan_as_different(problem):
    items = tuple(replace(item, value=abs(item.value) + 1) for item in problem.items)
    problem = replace(problem, items=items)
    plan = solve(problem)
    seen = [set(plan.items)]
    for one in alternatives(problem, plan, count=2, least=2, loss=1):
        assert one.exact
        far = [
            worth(problem, other)
            for other in every_plan(problem)
            if all(len(set(other) ^ earlier) >= 2 for earlier in seen)
        ]
        assert abs(max(far) - one.plan.objective) < 1e-6
        assert abs(plan.objective - one.plan.objective - one.loss) < 1e-9
        seen.append(set(one.plan.items))


def test_one_more_of_a_full_team_is_worth_what_the_next_item_brings():
    items = tuple(Item(f"I{n}", 10 - n, 1) for n in range(6))
    plan = solve(Problem(items, (Team("Web", (2, 1)),)))
    assert {(p.team, p.sprint, round(p.price, 6)) for p in plan.capacity_prices} <= {
        ("Web", 1, price) for price in (7, 8)
    } | {("Web", 2, price) for price in (7, 8)}
    assert plan.capacity_prices
    assert "One more of Web in sprint" in plan.capacity_prices[0].text
