"""Bad input is refused where it stands, in a sentence a person can act on."""

import math
from dataclasses import FrozenInstanceError

import pytest

from tandem_engine.planning import Item, Problem, ProblemError, Team, fingerprint

WEB = Team("Web", (5, 5))


@pytest.mark.parametrize(
    ("make", "where", "words"),
    [
        # Efforts and values that are no numbers, or make no sense.
        (lambda: Item("A", 1, math.nan), "items.A.effort", "effort is nan"),
        (lambda: Item("A", 1, -3), "items.A.effort", "effort is -3"),
        (lambda: Item("A", 1, None), "items.A.effort", "effort is missing"),
        (lambda: Item("A", 1, math.inf), "items.A.effort", "effort is inf"),
        (lambda: Item("A", 1, 1e9), "items.A.effort", "effort"),
        (lambda: Item("A", 1, "5"), "items.A.effort", "effort is 5"),
        (lambda: Item("A", 1, True), "items.A.effort", "effort"),
        (lambda: Item("A", math.nan, 1), "items.A.value", "value is nan"),
        (lambda: Item("A", None, 1), "items.A.value", "value is missing"),
        (lambda: Item("", 1, 1), "items", "key"),
        # Rules that contradict themselves.
        (lambda: Item("A", 1, 1, must=True, must_not=True), "items.A.must", "both"),
        (lambda: Item("A", 1, 1, earliest=3, latest=2), "items.A.latest", "sprint 3"),
        (lambda: Item("A", 1, 1, earliest=0), "items.A.earliest", "count from 1"),
        # Teams.
        (lambda: Team("Web", ()), "teams.Web.capacity", "no sprints"),
        (lambda: Team("", (1,)), "teams", "name"),
        (lambda: Team("Web", (1, -2)), "teams.Web.capacity", "-2 in sprint 2"),
        (lambda: Team("Web", (math.nan,)), "teams.Web.capacity", "nan in sprint 1"),
        (lambda: Problem((), ()), "teams", "no team"),
        (lambda: Problem((), (WEB, WEB)), "teams.Web", "Two teams"),
        (
            lambda: Problem((), (WEB, Team("App", (1,)))),
            "teams.App.capacity",
            "App has 1 sprints and Web 2",
        ),
        (lambda: Problem((), (Team("Web", (0, 0)),)), "capacity", "no capacity"),
        # Items among each other.
        (lambda: Problem((Item("A", 1, 1), Item("A", 2, 2)), (WEB,)), "items.A", "twice"),
        (
            lambda: Problem((Item("A", 1, 1, needs={"Z"}),), (WEB,)),
            "items.A.needs",
            "A needs Z, which is not among the items",
        ),
        (
            lambda: Problem((Item("A", 1, 1, team="Ops"),), (WEB,)),
            "items.A.team",
            "team Ops, which has no capacity here",
        ),
        # Delivery weights.
        (lambda: Problem((), (WEB,), delivery_weights=(1,)), "delivery_weights", "1 delivery"),
        (lambda: Problem((), (WEB,), delivery_weights=(0.5, 1)), "delivery_weights", "rising"),
        (lambda: Problem((), (WEB,), delivery_weights=(1, 0)), "delivery_weights", "0 or less"),
    ],
)
def test_it_refuses_input_no_plan_can_be_made_from(make, where, words):
    with pytest.raises(ProblemError) as refused:
        make()
    assert refused.value.where == where
    assert words in refused.value.message
    assert refused.value.message.endswith(".")


def test_it_names_the_path_of_a_cycle():
    items = (
        Item("B", 1, 1, needs={"C"}),
        Item("A", 1, 1, needs={"B"}),
        Item("C", 1, 1, needs={"A"}),
        Item("D", 1, 1, needs={"A"}),
    )
    with pytest.raises(ProblemError, match="A -> B -> C -> A") as refused:
        Problem(items, (WEB,))
    assert refused.value.where == "items.A.needs"


def test_it_refuses_an_item_that_needs_itself():
    with pytest.raises(ProblemError, match="A -> A"):
        Problem((Item("A", 1, 1, needs={"A"}),), (WEB,))


def test_it_takes_a_sprint_without_capacity():
    problem = Problem((Item("A", 1, 1),), (Team("Web", (0, 5)),))
    assert problem.capacity == 5


def test_it_takes_lists_and_sets_and_keeps_frozen_ones():
    item = Item("A", 1, 1, needs=["B", "B"])
    problem = Problem([item, Item("B", 1, 1)], [Team("Web", [1, 2])])
    assert item.needs == frozenset({"B"})
    assert problem.items[0] is item
    assert problem.teams[0].capacity == (1, 2)
    with pytest.raises(FrozenInstanceError):
        item.value = 3


def test_the_fingerprint_is_the_same_in_every_run():
    items = (Item("A", 1, 1, needs={"C", "B"}), Item("B", 2, 1), Item("C", 1, 1))
    found = fingerprint(Problem(items, (WEB,)))
    assert found == "bfb882f9d82929e8800c850e98f00ee7b4f19e146f6c36e231ac9149340ae113"
    assert found == fingerprint(Problem(items, (Team("Web", (5.0, 5.0)),)))


@pytest.mark.parametrize(
    "other",
    [
        Problem((Item("A", 2, 1),), (WEB,)),
        Problem((Item("A", 1, 2),), (WEB,)),
        Problem((Item("A", 1, 1, must=True),), (WEB,)),
        Problem((Item("A", 1, 1, latest=1),), (WEB,)),
        Problem((Item("A", 1, 1, team="Web"),), (WEB,)),
        Problem((Item("A", 1, 1),), (Team("Web", (5, 4)),)),
        Problem((Item("A", 1, 1),), (WEB,), same_sprint_allowed=False),
        Problem((Item("A", 1, 1),), (WEB,), delivery_weights=(1, 0.5)),
    ],
)
def test_the_fingerprint_changes_with_what_can_change_the_plan(other):
    assert fingerprint(other) != fingerprint(Problem((Item("A", 1, 1),), (WEB,)))


def test_it_refuses_a_million_items_before_looking_at_them():
    with pytest.raises(ProblemError, match="1,000,000 items are more than") as refused:
        Problem((Item("A", 1, 1),) * 1_000_000, (Team("Web", (4,)),))
    assert refused.value.where == "items"


def test_more_items_than_can_be_solved_are_refused_with_the_number(monkeypatch) -> None:
    monkeypatch.setattr("tandem_engine.planning.problem.MOST_ITEMS", 2)
    items = tuple(Item(f"I{n}", 1, 1) for n in range(3))
    assert Problem(items[:2], (Team("Web", (1,)),)).items
    with pytest.raises(ProblemError, match="2, those with the highest scores") as refused:
        Problem(items, (Team("Web", (1,)),))
    assert refused.value.where == "items"
