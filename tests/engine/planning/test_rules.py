"""Rules about items: each by hand, refused where it cannot be read, and all against every plan."""

import pytest
from hypothesis import HealthCheck, given, settings

from tandem_engine.planning import (
    Item,
    Part,
    Problem,
    ProblemError,
    Skill,
    Team,
    fingerprint,
    solve,
)
from tandem_engine.planning import rules as r
from tandem_engine.planning.lists import score_and_fill

from .brute import best_objective, keeps_rules, placements, worth
from .strategies import ruled_problems

WEB = Team("Web", (5, 5, 5))


@settings(
    max_examples=250,
    deadline=None,
    database=None,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.filter_too_much],
)
@given(ruled_problems())
def test_the_plan_under_rules_of_every_kind_is_the_best_of_all_plans(problem):
    best = best_objective(problem)
    plan = solve(problem)
    if best is None:
        assert plan.status == "infeasible"
        assert plan.conflict.proven
        return
    assert plan.status == "optimal"
    placed = placements(problem, plan)
    assert keeps_rules(problem, placed)
    assert abs(plan.objective - best) < 1e-6
    assert abs(worth(problem, placed) - best) < 1e-6
    listed = score_and_fill(problem)
    if listed.keeps_rules:
        assert keeps_rules(problem, placements(problem, listed))


def test_a_part_takes_its_own_team_and_skill_in_the_same_sprint():
    teams = (Team("Web", (3, 3)), Team("App", (2, 4), (Skill("db", (0, 3)),)))
    both = Item("BOTH", 9, 5, parts=(Part(3, "Web"), Part(2, "App", "db")))
    plan = solve(Problem((both,), teams))
    (placement,) = plan.sprints[1].placements
    assert placement.team == "Web + App"
    assert [(t.team, t.skill, t.effort) for t in placement.takes] == [
        ("Web", "", 3),
        ("App", "db", 2),
    ]
    assert [load.used for load in plan.sprints[1].loads] == [3, 2]
    assert [(load.skill, load.used) for load in plan.sprints[1].skill_loads] == [("db", 2)]


def test_a_skill_no_team_has_is_named():
    plan = solve(Problem((Item("A", 9, 1, skill="rust"),), (WEB,)))
    assert plan.reason("A").code == "no_team"
    assert "rust" in plan.reason("A").text


def test_what_was_done_before_takes_no_capacity():
    plan = solve(Problem((Item("A", 9, 8, done=3),), (WEB,)))
    assert plan.sprint_of("A") == 1
    assert plan.sprints[0].used == 5


def test_a_pin_puts_carried_over_work_where_it_was():
    items = (Item("A", 1, 3), Item("B", 9, 5))
    plan = solve(Problem(items, (Team("Web", (5, 5)),), rules=(r.Pin("A", 1),)))
    assert (plan.sprint_of("A"), plan.sprint_of("B")) == (1, 2)


@pytest.mark.parametrize(("lag", "sprint"), [(0, 1), (1, 2), (2, 3), (None, 1)])
def test_a_lag_leaves_so_many_sprints_between(lag, sprint):
    items = (Item("A", 5, 1), Item("B", 5, 1, needs={"A"}))
    plan = solve(Problem(items, (WEB,), rules=(r.Need("B", "A", lag),)))
    assert plan.sprint_of("B") == sprint


def test_an_order_holds_only_between_what_is_planned():
    items = (Item("A", -5, 1), Item("B", 5, 1))
    order = (r.Before("A", "B", 2),)
    assert solve(Problem(items, (WEB,), rules=order)).sprint_of("B") == 1
    plan = solve(Problem(items, (WEB,), rules=(*order, r.Must("A"))))
    assert plan.sprint_of("B") == 3


def test_what_belongs_together_stands_or_falls_together():
    items = (Item("A", 9, 1), Item("B", 0, 1, must_not=True), Item("C", 1, 1))
    plan = solve(Problem(items, (WEB,), rules=(r.Together({"A", "B"}),)))
    assert plan.items == ("C",)
    assert "Waits for B" in plan.reason("A").text


def test_a_share_of_the_plan_pulls_in_what_nobody_scored():
    items = (Item("A", 9, 3, kind="feature"), Item("B", 0, 2, kind="debt"))
    alone = solve(Problem(items, (WEB,)))
    shared = solve(Problem(items, (WEB,), rules=(r.Share(minimum=0.4, kind="debt"),)))
    assert alone.items == ("A",)
    assert set(shared.items) == {"A", "B"}


def test_an_item_a_rule_keeps_out_though_there_is_room_says_so():
    items = (Item("A", 9, 1), Item("B", 5, 1))
    plan = solve(Problem(items, (WEB,), rules=(r.AtMost({"A", "B"}, 1),)))
    assert plan.items == ("A",)
    assert plan.reason("B").code in ("costs_more", "rule")


@pytest.mark.parametrize(
    ("rule", "words"),
    [
        (r.Must("Z"), "Z, which is not among the items"),
        (r.Window("A", 0), "count from 1"),
        (r.Pin("A", 4), "sprints 1 to 3"),
        (r.Pin("A", 1, "Ops"), "team Ops"),
        (r.Need("A", "A"), "wait for itself"),
        (r.Before("A", "B", -1), "lag of -1"),
        (r.Together({"A"}), "at least two"),
        (r.AtMost({"A"}, 1, at_least=2), "From 2 to 1"),
        (r.Share(minimum=0.1), "Say whose share"),
        (r.Share(kind="debt"), "smallest or a largest"),
        (r.Share(kind="debt", minimum=1.5), "from 0 to 1"),
        (r.Share(kind="debt", minimum=float("nan")), "from 0 to 1"),
        (r.Share(kind="debt", minimum=0.5, maximum=0.2), "swap"),
    ],
)
def test_it_refuses_a_rule_it_cannot_read_and_names_its_place(rule, words):
    items = (Item("A", 1, 1), Item("B", 1, 1))
    with pytest.raises(ProblemError) as refused:
        Problem(items, (WEB,), rules=(r.Must("A"), rule))
    assert refused.value.where == "rules.1"
    assert words in refused.value.message


def test_it_refuses_a_need_that_closes_a_circle():
    items = (Item("A", 1, 1, needs={"B"}), Item("B", 1, 1))
    with pytest.raises(ProblemError, match="A -> B -> A"):
        Problem(items, (WEB,), rules=(r.Need("B", "A"),))


@pytest.mark.parametrize(
    ("make", "where"),
    [
        (lambda: Item("A", 1, 3, done=4), "items.A.done"),
        (lambda: Item("A", 1, 3, parts=(Part(1), Part(1))), "items.A.parts"),
        (lambda: Item("A", 1, 2, team="Web", parts=(Part(2),)), "items.A.parts"),
        (lambda: Item("A", 1, 2, parts=(Part(-1), Part(3))), "items.A.parts"),
        (lambda: Item("A", 1, 2, delivery_weights=(0.5, 1)), "items.A.delivery_weights"),
        (lambda: Team("Web", (1,), (Skill("db", (1, 2)),)), "teams.Web.skills.db"),
        (lambda: Team("Web", (1,), (Skill("db", (-1,)),)), "teams.Web.skills.db"),
        (lambda: Team("Web", (1,), (Skill("", (1,)),)), "teams.Web.skills."),
    ],
)
def test_it_refuses_parts_and_skills_that_do_not_add_up(make, where):
    with pytest.raises(ProblemError) as refused:
        make()
    assert refused.value.where == where


@pytest.mark.parametrize(
    "other",
    [
        Problem((Item("A", 1, 1, done=0.5),), (WEB,)),
        Problem((Item("A", 1, 1, kind="debt"),), (WEB,)),
        Problem((Item("A", 1, 1),), (Team("Web", (5, 5, 5), (Skill("db", (1, 1, 1)),)),)),
        Problem((Item("A", 1, 1),), (WEB,), rules=(r.Must("A"),)),
    ],
)
def test_the_fingerprint_changes_with_rules_skills_and_parts(other):
    assert fingerprint(other) != fingerprint(Problem((Item("A", 1, 1),), (WEB,)))
