"""What moved between two states of a ranking, and because of what."""

import itertools
import math
from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tandem_engine.prioritisation import (
    Estimate,
    ItemInputs,
    RankingState,
    Rating,
    compare,
    preset,
    rank,
)

from .strategies import items

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


def orders(groups):
    """Every order in which groups, and inside them changes, may come."""
    for arranged in itertools.permutations(groups):
        for inside in itertools.product(*(itertools.permutations(group) for group in arranged)):
            yield [change for group in inside for change in group]


def test_single_changes_have_the_mean_of_their_effects_over_all_orders():
    groups = (("weight", "weight too"), ("value", "urgency"), ("risk",), ("effort",), ("others",))

    def stood(done):
        model = heavier("feasibility", 6) if "weight" in done else MODEL
        if "weight too" in done:
            criteria = [replace(c, weight=1) if c.slug == SLUGS[1] else c for c in model.criteria]
            model = replace(model, criteria=tuple(criteria))
        own = item(
            "A",
            5 if "value" in done else 3,
            3,
            1 if "urgency" in done else 3,
            2 if "risk" in done else 4,
            3,
            effort=3 if "effort" in done else 5,
        )
        others = [4, 2, 5] if "others" in done else [3, 4, 3]
        rest = [item(f"B{n}", value, 3, 3, 3, 3) for n, value in enumerate(others)]
        return state(own, *rest, model=model)

    every = frozenset(change for group in groups for change in group)
    worth = {}
    for size in range(len(every) + 1):
        for done in map(frozenset, itertools.combinations(sorted(every), size)):
            ranking = rank(stood(done).model, stood(done).items, rank_draws=100)
            worth[done] = (ranking["A"].score, -ranking["A"].rank)
    effects = {change: [0.0, 0.0] for change in every}
    count = 0
    for order in orders(groups):
        count += 1
        for at, change in enumerate(order):
            before, after = worth[frozenset(order[:at])], worth[frozenset(order[: at + 1])]
            for kind in (0, 1):
                effects[change][kind] += after[kind] - before[kind]
    moved = next(
        each for each in compare(stood(frozenset()), stood(every)).items if each.key == "A"
    )
    names = {
        "Weight of Feasibility": "weight",
        "Weight of Strategic fit": "weight too",
        "Customer value": "value",
        "Urgency": "urgency",
        "Risk reduction and enablement": "risk",
        "Estimate": "effort",
    }
    assert {names[each.what] for each in moved.changes} == every - {"others"}
    for each in moved.changes:
        score, places = effects[names[each.what]]
        assert each.share == pytest.approx(score / count)
        assert each.places == pytest.approx(places / count)
    assert moved.others == pytest.approx(effects["others"][1] / count)
    assert moved.together == moved.places_together == 0


def test_many_changes_keep_apart_what_they_do_only_together():
    raters = [f"rater {number}" for number in range(8)]

    def by_all(value):
        given = tuple(Rating("customer_value", value, who, confidence=1) for who in raters)
        return replace(item("A", 3, 3, 3, 3, 3), ratings=given)

    lone = item("B", 4, 4, 4, 4, 4)
    moved = next(
        each
        for each in compare(state(by_all(2), lone), state(by_all(5), lone)).items
        if each.key == "A"
    )
    assert len(moved.changes) == 8
    assert len({round(each.share, 12) for each in moved.changes}) == 1
    assert math.fsum((*(each.share for each in moved.changes), moved.together)) == pytest.approx(
        moved.score_after - moved.score_before
    )


@settings(max_examples=25, deadline=None, derandomize=True)
@given(st.data())
def test_shares_and_places_add_up_for_any_two_states(data):
    before, after = (
        [data.draw(items(MODEL, key)) for key in data.draw(st.sampled_from(("AB", "ABC", "BCD")))]
        for _ in range(2)
    )
    model = heavier("urgency", data.draw(st.sampled_from([1, 4])))
    for moved in compare(state(*before), state(*after, model=model)).items:
        if moved.rank_before is None or moved.rank_after is None:
            continue
        score = moved.score_after - moved.score_before
        shares = [each.share for each in moved.changes]
        assert math.fsum((*shares, moved.together)) == pytest.approx(score, abs=1e-9)
        assert math.fsum(share for _, share in moved.shares) == pytest.approx(score, abs=1e-9)
        places = [each.places for each in moved.changes]
        assert math.fsum((*places, moved.others, moved.places_together)) == pytest.approx(
            moved.places, abs=1e-9
        )


def test_weights_that_leave_no_model_in_between_are_one_change():
    swapped = [
        replace(
            c, weight={"customer_value": 0, "strategic_fit": 0, "urgency": 9}.get(c.slug, c.weight)
        )
        for c in MODEL.criteria
    ]
    first = [replace(c, weight=0) if c.slug == "urgency" else c for c in MODEL.criteria]
    found = compare(
        state(item("A", 3, 3, 5, 3, 3), model=replace(MODEL, criteria=tuple(first))),
        state(item("A", 3, 3, 5, 3, 3), model=replace(MODEL, criteria=tuple(swapped))),
    )
    (change,) = found.items[0].changes
    assert change.what == "The model"
    assert "Weight of Urgency: 0 → 9" in change.after
    assert change.share == pytest.approx(found.items[0].score_after - found.items[0].score_before)
    assert len(found.model_changes) == 3
