"""Sorted lists, by the same rules as the plan."""

from hypothesis import given, settings

from tandem_engine.planning import Item, Problem, Team, score_and_cut, score_and_fill
from tandem_engine.planning.lists import starts
from tandem_engine.planning.reduce import reduce

from .brute import keeps_rules, placements
from .strategies import problems


def test_a_strict_list_stops_at_the_first_item_that_does_not_fit():
    items = (Item("A", 9, 4), Item("B", 8, 3), Item("C", 7, 1))
    listed = score_and_cut(Problem(items, (Team("Web", (5,)),)))
    assert listed.items == ("A",)
    assert listed.cut_at == "B"
    assert listed.left_out == ("B", "C")
    assert listed.value == 9


def test_a_filled_list_goes_on_after_what_does_not_fit():
    items = (Item("A", 9, 4), Item("B", 8, 3), Item("C", 7, 1))
    listed = score_and_fill(Problem(items, (Team("Web", (5,)),)))
    assert listed.items == ("A", "C")
    assert listed.cut_at is None


def test_a_strict_list_lets_an_item_wait_for_its_prerequisite():
    items = (Item("A", 9, 1, needs={"B"}), Item("B", 1, 1), Item("C", 5, 1))
    listed = score_and_cut(Problem(items, (Team("Web", (2, 1)),)))
    assert [sprint.items for sprint in listed.sprints] == [("C", "B"), ("A",)]


def test_a_filled_list_pulls_prerequisites_in_or_takes_nothing():
    items = (Item("A", 9, 1, needs={"B"}), Item("B", 1, 2), Item("C", 5, 1))
    problem = Problem(items, (Team("Web", (2,)),))
    assert score_and_fill(problem).items == ("C",)


def test_must_haves_come_first_and_ruled_out_items_never():
    items = (Item("A", 9, 2), Item("LAW", 0, 2, must=True), Item("NO", 99, 1, must_not=True))
    problem = Problem(items, (Team("Web", (3,)),))
    for listed in (score_and_cut(problem), score_and_fill(problem)):
        assert listed.items == ("LAW",)
        assert listed.keeps_rules


def test_a_list_that_cannot_hold_a_must_have_says_so():
    items = (Item("LAW", 0, 2, must=True), Item("TAX", 0, 2, must=True))
    assert not score_and_fill(Problem(items, (Team("Web", (3,)),))).keeps_rules


@settings(max_examples=80, deadline=None, database=None)
@given(problems(most_items=12))
def test_a_list_breaks_no_rule_but_a_must_have(problem):
    for listed in (score_and_cut(problem), score_and_fill(problem)):
        placed = placements(problem, listed)
        assert set(placed) | set(listed.left_out) == set(problem.by_key)
        if listed.keeps_rules:
            assert keeps_rules(problem, placed)


def test_without_time_for_more_the_first_list_is_made_and_no_other() -> None:
    items = tuple(Item(f"I{n}", 9 - n, 1 + n % 3) for n in range(9))
    reduced = reduce(Problem(items, (Team("Web", (6,)),))).reduced
    assert len(list(starts(reduced, lambda: False))) == 3
    (only,) = starts(reduced, lambda: True)
    assert only == next(starts(reduced, lambda: False))
