"""What moved between two states of a ranking, and because of what."""

from dataclasses import replace

import pytest

from tandem_engine.prioritisation import (
    Estimate,
    ItemInputs,
    RankingState,
    Rating,
    compare,
    preset,
    rank,
)

MODEL = preset("value_effort")
SLUGS = ("customer_value", "strategic_fit", "urgency", "risk_reduction", "feasibility")


def item(key, *values, effort=5.0):
    ratings = tuple(
        Rating(slug, value, "Ana", confidence=1) for slug, value in zip(SLUGS, values, strict=True)
    )
    return ItemInputs(key, ratings, Estimate(effort, effort, effort))


def heavier(slug, weight):
    criteria = [replace(c, weight=weight) if c.slug == slug else c for c in MODEL.criteria]
    return replace(MODEL, criteria=tuple(criteria))


def state(*items, model=MODEL):
    return RankingState(model, items)


def test_one_rating_is_the_whole_cause():
    before = state(item("A", 3, 3, 3, 3, 3), item("B", 4, 3, 3, 3, 3))
    found = compare(before, state(item("A", 5, 3, 3, 3, 3), item("B", 4, 3, 3, 3, 3)))
    moved = {each.key: each for each in found.items}
    assert (moved["A"].rank_before, moved["A"].rank_after, moved["A"].places) == (2, 1, 1)
    # A half of the scale at weight 3 of 10, over 5 days.
    assert dict(moved["A"].shares)["value"] == pytest.approx(0.5 * 30 / 5)
    assert moved["A"].sentence == "Up from 2 to 1, mostly because of value ratings."
    assert [each.sentence for each in moved["A"].changes] == [
        "Customer value by Ana: 3, 100% sure → 5, 100% sure"
    ]
    assert moved["B"].sentence == "Down from 1 to 2, because others changed."
    assert moved["B"].changes == ()


def test_shares_add_up_exactly_when_everything_changes():
    before = state(item("A", 3, 2, 3, 4, 3), item("B", 4, 3, 5, 3, 1, effort=8))
    after = state(
        item("A", 5, 3, 1, 2, 5, effort=3),
        item("B", 2, 4, 4, 4, 4, effort=4),
        model=heavier("feasibility", 6),
    )
    for moved in compare(before, after).items:
        total = sum(share for _, share in moved.shares)
        assert total == pytest.approx(moved.score_after - moved.score_before, rel=1e-12)
        assert all(share != 0 for _, share in moved.shares)
    assert [each.sentence for each in compare(before, after).model_changes] == [
        "Weight of Feasibility: 2 → 6"
    ]


def test_equal_causes_have_equal_shares():
    # Doubling the benefit and halving the effort multiply: each gets half of the change.
    before, after = state(item("A", 3, 3, 3, 1, 1)), state(item("A", 5, 5, 5, 1, 1, effort=2.5))
    shares = dict(compare(before, after).items[0].shares)
    assert shares["value"] == pytest.approx(shares["estimates"])


def test_scores_and_ranks_are_those_of_the_rankings():
    states = [
        state(item("A", 3, 2, 3, 4, 3), ItemInputs("B"), item("C", 4, 4, 4, 4, 4)),
        state(item("A", 3, 2, 3, 4, 3), item("B", 5, 5, 5, 5, 5), item("C", 4, 4, 4, 4, 4)),
    ]
    found = {each.key: each for each in compare(*states).items}
    for at, side in zip(states, ("before", "after"), strict=True):
        ranking = rank(MODEL, at.items, rank_draws=100)
        for key, moved in found.items():
            assert getattr(moved, f"score_{side}") == pytest.approx(ranking[key].score)
            assert getattr(moved, f"rank_{side}") == ranking[key].rank


def test_items_that_come_and_go_are_named():
    found = compare(state(item("A", 3, 3, 3, 3, 3)), state(item("B", 3, 3, 3, 3, 3)))
    sentences = {each.key: each.sentence for each in found.items}
    assert sentences == {
        "A": "No longer ranked; it was at 1.",
        "B": "New in the ranking, at 1.",
    }
    assert compare(state(), state()).items == ()


def test_a_criterion_that_went_is_a_change_of_the_model():
    fewer = replace(MODEL, criteria=tuple(c for c in MODEL.criteria if c.slug != "urgency"))
    found = compare(state(item("A", 3, 3, 5, 3, 3)), state(item("A", 3, 3, 5, 3, 3), model=fewer))
    assert dict(found.items[0].shares)["model"] < 0
    assert found.items[0].main_cause == "model"
    assert found.model_changes[0].sentence == "Urgency: asked → none"
