"""Disputes that change the plan, against enumeration of every plan."""

import math
from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.engine.planning.brute import best_objective, every_plan, worth
from tests.engine.planning.strategies import problems

from tandem_engine.planning import Item, Problem, Team
from tandem_engine.planning.revalued import Revalued
from tandem_engine.prioritisation import Dispute, Resolution, ScoringError, decisive_disputes

few = settings(max_examples=40, deadline=None, derandomize=True)

# Capacity 5. The best plan is A and B (15); C would need a value above 7 to replace B.
KNAPSACK = Problem(
    (Item("A", 8, 3), Item("B", 7, 2), Item("C", 5, 2), Item("D", 1, 2)), (Team("Web", (5,)),)
)


def disputed(key, value, *ends, chances=None):
    chances = chances or [None] * len(ends)
    labels = ("If the PO is followed", "If the TPM is followed", "If Ana is followed")
    return Dispute(
        key,
        value,
        tuple(map(Resolution, labels, ends, chances)),
    )


def agenda(problem, *disputes):
    return decisive_disputes(Revalued(problem), disputes)


def test_the_agenda_is_exactly_the_items_that_change_the_plan():
    found = agenda(
        KNAPSACK,
        disputed("A", 8, 20, 6.5),  # without it B and C are worth 12: it stays
        disputed("B", 7, 4, 10),  # at 4 it is worth less than C
        disputed("C", 5, 6, 9),  # at 9 it replaces B
        disputed("D", 1, 0, 6.9),
    )
    assert [verdict.key for verdict in found.decisive] == ["C", "B"]
    assert [verdict.key for verdict in found.noise] == ["A", "D"]
    assert found.sentence == (
        "2 of 4 disputed items change the plan when resolved; the others need no meeting."
    )


def test_the_value_of_information_is_the_mean_gain_by_hand():
    found = agenda(KNAPSACK, disputed("C", 5, 6, 9, chances=(0.75, 0.25)))
    (verdict,) = found.decisive
    # At 9 the plan A, C is worth 17 instead of 15; at 6 nothing changes.
    assert [ending.gain for ending in verdict.endings] == pytest.approx([0, 2])
    assert verdict.evpi == pytest.approx(0.5)
    assert verdict.threshold == pytest.approx(7)
    po, tpm = verdict.endings
    assert po.sentence == "If the PO is followed: the plan stays as it is."
    assert tpm.sentence == (
        "If the TPM is followed: C comes in and B leaves; keeping the plan would cost 2."
    )


def test_a_dispute_on_a_prerequisite_counts_what_it_carries():
    # B needs A: as long as both together beat C, A stays whatever it is worth alone.
    problem = Problem(
        (Item("A", 1, 1), Item("B", 9, 2, needs={"A"}), Item("C", 6, 3)), (Team("Web", (3,)),)
    )
    found = agenda(problem, disputed("A", 1, -2, 3), disputed("C", 6, 5, 11))
    assert [verdict.key for verdict in found.decisive] == ["C"]
    assert found.decisive[0].endings[1].leaves == ("A", "B")


def test_a_rule_settles_a_dispute():
    problem = replace(KNAPSACK, items=(Item("A", 8, 3, must=True), *KNAPSACK.items[1:3]))
    found = agenda(problem, disputed("A", 8, -100, 8))
    assert not found.decisive
    assert found.noise[0].bounded
    out = replace(KNAPSACK, items=(*KNAPSACK.items[:2], Item("C", 5, 2, must_not=True)))
    assert agenda(out, disputed("C", 5, 5, 1000)).noise[0].bounded


def test_most_items_need_no_plan_to_be_known_as_noise():
    items = [Item(f"I{n}", 100 - n, 1) for n in range(60)]
    problem = Problem(tuple(items), (Team("Web", (20, 10)),))
    disputes = [disputed(item.key, item.value, item.value + 5, item.value - 5) for item in items]
    found = agenda(problem, *disputes)
    # The line lies between I29 (71) and I30 (70); I25 and I34 reach a tie, which changes nothing.
    assert {verdict.key for verdict in found.decisive} == {f"I{n}" for n in range(26, 34)}
    assert found.plans <= 12


def test_nothing_disputed_and_nothing_feasible_are_answers():
    assert agenda(KNAPSACK).sentence == "Nothing is disputed."
    stuck = Problem((Item("A", 1, 9, must=True), Item("B", 1, 1)), (Team("Web", (5,)),))
    assert agenda(stuck, disputed("B", 1, 0, 5)).decisive == ()


def test_it_names_what_no_time_was_left_for():
    found = decisive_disputes(
        Revalued(KNAPSACK), [disputed("C", 5, 6, 9)], should_stop=lambda: True
    )
    assert found.unasked == ("C",)
    assert "the time ended" in found.sentence


@pytest.mark.parametrize(
    ("dispute", "words"),
    [
        (Dispute("A", 1, ()), "needs a resolution"),
        (disputed("A", 1, math.nan), "not a number"),
        (disputed("A", 1, 1, 2, chances=(0.5, 0.2)), "add up to 1"),
        (disputed("A", 1, 1, 2, chances=(1, None)), "add up to 1"),
    ],
)
def test_it_refuses_a_dispute_without_meaning(dispute, words):
    with pytest.raises(ScoringError, match=words):
        agenda(KNAPSACK, dispute)


def revalued(problem, key, value):
    items = [replace(item, value=value) if item.key == key else item for item in problem.items]
    return replace(problem, items=tuple(items))


values = st.sampled_from([-3, 0, 2, 4.5, 7, 12])


@few
@given(problems(most_items=4, most_sprints=2), st.data())
def test_it_agrees_with_trying_every_plan(problem, data):
    if not problem.items or best_objective(problem) is None:
        return
    item = data.draw(st.sampled_from(problem.items))
    ends = data.draw(st.lists(values, min_size=2, max_size=3, unique=True))
    asked = Revalued(problem)
    present = asked.plan({})
    (verdict,) = [
        *(found := agenda(problem, disputed(item.key, item.value, *ends))).decisive,
        *found.noise,
    ]
    now = present.weights.get(item.key, 0.0)
    for ending, value in zip(verdict.endings, ends, strict=True):
        best = best_objective(revalued(problem, item.key, value))
        kept = (
            present.objective
            - now * item.value
            + value * ((1.0 if value < 0 else now) if now else 0.0)
        )
        if not asked.dates_count:
            assert ending.gain == pytest.approx(best - kept, abs=1e-5)
            assert ending.changes == (best > kept + 1e-5)
        elif best <= kept + 1e-5:
            assert not ending.changes


@few
@given(problems(most_items=4, most_sprints=2), values, st.data())
def test_the_bound_is_never_below_any_plan(problem, value, data):
    if not problem.items:
        return
    key = data.draw(st.sampled_from(problem.items)).key
    changed = revalued(problem, key, value)
    for inside in (True, False):
        best = max(
            (worth(changed, plan) for plan in every_plan(changed) if (key in plan) == inside),
            default=-math.inf,
        )
        assert Revalued(problem).bound(key, value, inside=inside) >= best - 1e-7
