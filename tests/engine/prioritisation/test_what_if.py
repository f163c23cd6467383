"""Overtaking, sensitivity to weights, and the sides' perspectives, by hand and by doing it."""

from dataclasses import replace

import pytest

from tandem_engine.prioritisation import (
    Estimate,
    ItemInputs,
    Rating,
    ScoringError,
    derivations_at,
    perspectives,
    preset,
    rank,
    swapped_at,
    weight_sensitivity,
    what_would_have_to_be_true,
)

MODEL = preset("value_effort")  # weights 3, 2, 1 (value) and 2, 2 (technical)
SLUGS = ("customer_value", "strategic_fit", "urgency", "risk_reduction", "feasibility")


def item(key, *values, effort=5.0, rater="Ana"):
    ratings = tuple(
        Rating(slug, value, rater, confidence=1) for slug, value in zip(SLUGS, values, strict=True)
    )
    return ItemInputs(key, ratings, Estimate(effort, effort, effort))


# Places are (value - 1) / 4. A: (3×.5 + 2×.5 + 1×.5 + 2×.5 + 2×.5) / 10 = .5; B: .6 (value 1.0
# on strategic fit adds .1), both over 5 days.
A, B = item("A", 3, 3, 3, 3, 3), item("B", 3, 5, 3, 3, 3)


def test_each_single_change_is_the_one_found_by_hand():
    found = what_would_have_to_be_true(rank(MODEL, [A, B]), "A", "B")
    assert (found.challenger_score, found.leader_score) == pytest.approx((10, 12))
    needed = {(c.of, c.slug): c.needed for c in found.possible}
    # A lacks 1 = sum of weight × place: 3 × x / 10 = .1 needs a third of the scale, 4/3 of a level.
    assert needed["challenger", "customer_value"] == pytest.approx(3 + 4 / 3)
    assert needed["challenger", "strategic_fit"] == pytest.approx(5)
    assert needed["challenger", "effort"] == pytest.approx(5 * 10 / 12, rel=1e-6)
    assert needed["leader", "strategic_fit"] == pytest.approx(3)
    assert needed["leader", "effort"] == pytest.approx(6, rel=1e-6)
    assert needed["model", "strategic_fit"] == pytest.approx(0)
    # Urgency weighs 1 of 10: even its whole upper half gives only .05.
    assert ("challenger", "urgency") in {(c.of, c.slug) for c in found.impossible}
    assert "overtakes B with" in found.sentence
    assert "Urgency" not in found.sentence


def test_a_condition_does_what_it_says():
    items = [item("A", 2, 4, 1, 3, 2, effort=8), item("B", 4, 3, 5, 2, 4, effort=7)]
    found = what_would_have_to_be_true(rank(MODEL, items), "A", "B")
    assert found.possible
    for condition in found.possible:
        changed, model = {each.key: each for each in items}, MODEL
        if condition.of == "model":
            criteria = [
                replace(c, weight=condition.needed) if c.slug == condition.slug else c
                for c in model.criteria
            ]
            model = replace(model, criteria=tuple(criteria))
        elif condition.slug == "effort":
            estimate = Estimate(*[condition.needed] * 3)
            changed[condition.key] = replace(changed[condition.key], estimate=estimate)
        else:
            ratings = [
                replace(r, value=min(5, max(1, condition.needed)))
                if r.criterion == condition.slug
                else r
                for r in changed[condition.key].ratings
            ]
            changed[condition.key] = replace(changed[condition.key], ratings=tuple(ratings))
        again = rank(model, list(changed.values()), rank_draws=100)
        assert again["A"].score == pytest.approx(again["B"].score, rel=1e-6), condition


def test_who_is_ahead_needs_nothing_and_nonsense_is_refused():
    ranking = rank(MODEL, [A, B])
    assert what_would_have_to_be_true(ranking, "B", "A").sentence == "B is not behind A."
    with pytest.raises(ScoringError, match="itself"):
        what_would_have_to_be_true(ranking, "A", "A")
    with pytest.raises(ScoringError, match="does not hold"):
        what_would_have_to_be_true(ranking, "A", "Z")


def test_the_weight_at_which_the_first_changes_is_found():
    # VALUED leads by customer value (place 1, weight 3), SOUND by feasibility (place 1, weight 2).
    ranking = rank(MODEL, [item("VALUED", 5, 1, 1, 1, 1), item("SOUND", 1, 1, 1, 1, 5)], top=1)
    found = {each.slug: each for each in weight_sensitivity(ranking)}
    assert set(found) == {"customer_value", "feasibility", "strategic_fit", "urgency"} | {
        "risk_reduction"
    }
    # They are equal when the two weights are: a factor of 2/3 on one, 3/2 on the other.
    assert found["customer_value"].down == pytest.approx(2 / 3, rel=0.01)
    assert found["customer_value"].up is None
    assert found["feasibility"].up == pytest.approx(1.5, rel=0.01)
    assert found["feasibility"].leaving == 1
    assert found["urgency"].is_steady
    assert found["urgency"].down is None
    assert weight_sensitivity(ranking)[0].slug in ("customer_value", "feasibility")
    assert "below 2" in found["customer_value"].sentence
    assert weight_sensitivity(rank(MODEL, [])) == ()


def test_following_a_lens_moves_only_the_other_lens():
    wanted = item("WANTED", 5, 5, 5, 1, 1)
    (found,) = perspectives(MODEL, [wanted])
    assert found.now == pytest.approx(60 / 5)
    assert found.value == pytest.approx(100 / 5)
    # The technical lens holds the effort, too: its place says how the item stands there.
    technical = rank(MODEL, [wanted])["WANTED"].technical_lens.likely
    assert found.technical == pytest.approx((technical / 100 * 60 + 0) / 5)
    assert found.raters == ()
    assert found.is_disputed


def test_following_a_rater_leaves_the_others_answers_out():
    ana, tom = item("W", 5, 3, 3, 3, 3), item("W", 1, 3, 3, 3, 3, rater="Tom")
    (found,) = perspectives(MODEL, [replace(ana, ratings=ana.ratings + tom.ratings)])
    assert dict(found.raters)["Ana"] == pytest.approx(65 / 5)
    assert dict(found.raters)["Tom"] == pytest.approx(35 / 5)
    assert found.now == pytest.approx(50 / 5)


def test_what_nobody_or_one_side_rated_is_no_dispute():
    one_side = ItemInputs("W", (Rating("urgency", 5, "Ana"),))
    for found in perspectives(MODEL, [one_side, ItemInputs("X")]):
        assert not found.is_disputed
        assert found.value is None


def test_at_a_needed_value_both_items_score_the_same():
    ranking = rank(MODEL, [item("A", 3, 3, 3, 5, 3), item("B", 4, 4, 3, 3, 3)])
    found = what_would_have_to_be_true(ranking, "A", "B")
    assert any(each.is_weight for each in found.possible)
    assert any(each.slug == "effort" for each in found.possible)
    for condition in found.possible:
        first, second = derivations_at(ranking, found, condition)
        assert first.value == pytest.approx(second.value, rel=1e-4)
    with pytest.raises(ScoringError, match="no value"):
        derivations_at(ranking, found, replace(found.possible[0], needed=None))


def test_the_items_that_swap_at_a_weight_are_those_of_the_new_order():
    rated = [item("A", 5, 1, 1, 1, 1), item("B", 1, 1, 1, 5, 1), item("C", 1, 1, 1, 1, 1)]
    ranking = rank(MODEL, rated, top=1)
    (steady,) = [each for each in weight_sensitivity(ranking) if each.slug == "risk_reduction"]
    entering, leaving = swapped_at(ranking, "risk_reduction", steady.up * 1.001)
    assert (entering.key, entering.rank, entering.rank_then, entering.enters) == ("B", 2, 1, True)
    assert (leaving.key, leaving.rank_then, leaving.enters) == ("A", 2, False)
    assert entering.score_then > leaving.score_then
    assert swapped_at(ranking, "risk_reduction", 1.0) == ()
    assert swapped_at(rank(MODEL, []), "urgency", 2.0) == ()
