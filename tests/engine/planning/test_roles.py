"""The plan in words for each role, and searches that end at the same place."""

from tandem_engine.planning import Item, Problem, Team, prices_of_rules, score_and_cut, solve
from tandem_engine.planning import rules as r
from tandem_engine.planning.roles import for_roles


def test_each_role_hears_what_it_asks_for():
    items = (
        Item("API", 1, 3, kind="debt"),
        Item("SHOP", 20, 3, needs={"API"}),
        Item("FIX", 12, 4),
        Item("LAW", 0, 1, must=True),
    )
    problem = Problem(items, (Team("Web", (4, 3)),))
    plan = solve(problem)
    words = for_roles(
        problem, plan, listed=score_and_cut(problem), prices=prices_of_rules(problem, plan)
    )
    assert words.owner[0].startswith("3 items worth 21.")
    assert "more than sorting by score and cutting at the line" in words.owner[1]
    assert words.owner[2] == "The highest scores left out: FIX."
    assert words.technical[0] == "42.86 % of the planned work is debt."
    assert words.technical[1] == "Full to the last point: Web in sprint 1 and Web in sprint 2."
    assert words.technical[-1] == "API carries most: 1 planned item needs it directly."


def test_both_roles_hear_the_same_of_a_conflict():
    problem = Problem((Item("A", 1, 1),), (Team("Web", (2,)),), rules=(r.Must("A"), r.MustNot("A")))
    words = for_roles(problem, solve(problem))
    assert words.owner == words.technical


def test_a_search_of_so_many_rounds_ends_at_the_same_place():
    items = tuple(
        Item(
            f"I{n}",
            10 + n * 37 % 91,
            (1.5, 2, 3.25, 5, 8)[n * 13 % 5],
            {f"I{n * 7 % n}"} if n % 3 == 2 else set(),
            (None, "Web", "App")[n % 3],
            kind=("debt", "feature")[n % 2],
        )
        for n in range(24)
    )
    problem = Problem(
        items,
        (Team("Web", (8, 7, 8)), Team("App", (5, 6, 5))),
        delivery_weights=(1, 0.95, 0.9),
        rules=(r.Share(minimum=0.3, kind="debt"),),
    )
    one, other = (solve(problem, time_limit=120, seed=5, rounds=2) for _ in range(2))
    assert one == other
    assert one.gap < 0.05
