"""Ranks, their intervals, differences between the lenses, and the fingerprint."""

from dataclasses import replace

import pytest

from tandem_engine import ENGINE_VERSION
from tandem_engine.prioritisation import (
    EffortReference,
    Estimate,
    ItemInputs,
    Rating,
    Scale,
    fingerprint,
    lens_differences,
    natural_key,
    preset,
    rank,
)

MODEL = preset("value_effort")
VALUE = ("customer_value", "strategic_fit", "urgency")
TECHNICAL = ("risk_reduction", "feasibility")


def seen(key, value, technical, confidence=0.95, effort=7):
    ratings = [Rating(slug, value, "Ana", confidence=confidence) for slug in VALUE]
    ratings += [Rating(slug, technical, "Tom", confidence=confidence) for slug in TECHNICAL]
    return ItemInputs(key, tuple(ratings), Estimate(effort, effort, effort))


def test_clear_ranks_are_certain_and_equal_ones_are_drawn_by_lot():
    clear = rank(MODEL, [seen("A", 5, 5, 1), seen("B", 3, 3, 1), seen("C", 1, 1, 1)], top=1)
    assert [(s.rank_low, s.rank_high) for s in clear.scores] == [(1, 1), (2, 2), (3, 3)]
    assert [s.p_top for s in clear.scores] == [1, 0, 0]
    tied = rank(MODEL, [seen(key, 3, 3, 1) for key in "ABCD"], top=1)
    assert [s.rank for s in tied.scores] == [1, 1, 1, 1]
    assert [s.p_top for s in tied.scores] == pytest.approx([0.25] * 4, abs=0.05)
    assert sum(s.p_top for s in tied.scores) == pytest.approx(1)


def test_two_alike_uncertain_items_take_turns_at_the_top():
    ranking = rank(MODEL, [ItemInputs("A"), ItemInputs("B")], top=1)
    assert ranking["A"].p_top == pytest.approx(0.5, abs=0.05)
    assert (ranking["A"].rank_low, ranking["A"].rank_high) == (1, 2)


def test_the_probabilities_of_the_top_add_up_to_its_size():
    items = [seen(f"A-{n}", 1 + n % 5, 1 + n % 3, 0.5) for n in range(20)]
    ranking = rank(MODEL, items, top=5)
    assert sum(score.p_top for score in ranking.scores) == pytest.approx(5)


def test_the_lenses_differ_for_sure_where_the_gap_leaves_zero():
    ranking = rank(
        MODEL,
        [
            seen("WANTED", 5, 1),
            seen("SOUND", 1, 5),
            seen("EVEN", 3, 3),
            ItemInputs("OPEN", (Rating("urgency", 5, "Ana"),)),
        ],
    )
    wanted, sound = ranking["WANTED"], ranking["SOUND"]
    assert wanted.gap.likely > 0 > sound.gap.likely
    assert wanted.disagreement == wanted.gap.low > 50
    assert sound.disagreement == -sound.gap.high > 50
    assert not wanted.lenses_overlap
    assert ranking["EVEN"].disagreement == 0
    assert ranking["EVEN"].lenses_overlap

    found = lens_differences(ranking)
    assert {difference.key for difference in found.top[:2]} == {"WANTED", "SOUND"}
    assert found.items == 3  # nobody rated OPEN under the technical lens
    assert found.tau == -1
    shifts = {difference.key: difference.rank_shift for difference in found.top}
    assert shifts == {"WANTED": 2, "SOUND": -2, "EVEN": 0}


def test_equal_orders_have_tau_one_and_bias_tells_who_is_higher():
    found = lens_differences(
        rank(MODEL, [seen("A", 5, 4), seen("B", 4, 3), seen("C", 3, 2)]), limit=2
    )
    assert found.tau == 1
    assert found.bias > 0
    assert len(found.top) == 2


def test_an_undefined_tau_says_why():
    cases = [
        ([ItemInputs("A")], "No item is rated"),
        ([seen("A", 3, 3)], "One item has no order"),
        ([seen("A", 3, 2), seen("B", 3, 4)], "every item the same"),
    ]
    for items, reason in cases:
        found = lens_differences(rank(MODEL, items))
        assert found.tau is None
        assert reason in found.note


def test_the_fingerprint_changes_with_every_input_that_counts():
    base = [seen("A", 3, 3), seen("B", 4, 4)]
    reference = EffortReference.prior(MODEL.effort)
    urgency = replace(MODEL.by_slug["urgency"], weight=9)
    heavier = replace(MODEL, criteria=(*MODEL.criteria[:2], urgency, *MODEL.criteria[3:]))
    found = [
        fingerprint(MODEL, base, reference),
        fingerprint(heavier, base, reference),
        fingerprint(MODEL, base[:1], reference),
        fingerprint(MODEL, [base[0], seen("B", 4, 5)], reference),
        fingerprint(MODEL, [base[0], seen("B", 4, 4, effort=8)], reference),
        fingerprint(MODEL, [base[0], seen("C", 4, 4)], reference),
        fingerprint(MODEL, base, None),
    ]
    assert len(set(found)) == len(found)
    assert found[0] == fingerprint(MODEL, base[::-1], reference)
    assert len(found[0]) == 64


def test_a_ranking_carries_what_is_needed_to_compute_it_again():
    ranking = rank(MODEL, [seen("A", 3, 3)], seed=5, draws=300)
    assert (ranking.seed, ranking.draws, ranking.engine_version) == (5, 300, ENGINE_VERSION)
    assert ranking.fingerprint == fingerprint(MODEL, ranking.items, ranking.effort_reference)
    again = rank(
        ranking.model,
        ranking.items,
        seed=ranking.seed,
        draws=ranking.draws,
        effort_reference=ranking.effort_reference,
    )
    assert again == ranking


def test_another_seed_moves_intervals_only_a_little():
    items = [ItemInputs("A", (Rating("urgency", 4, "Ana"),))]
    one, two = rank(MODEL, items, seed=1)["A"], rank(MODEL, items, seed=2)["A"]
    assert one.score == two.score
    assert one != two
    assert (one.low, one.high) == pytest.approx((two.low, two.high), rel=0.1)


def test_keys_are_ordered_as_people_count():
    assert sorted(["WEB-10", "WEB-9", "API-2", "7"], key=natural_key) == [
        "7",
        "API-2",
        "WEB-9",
        "WEB-10",
    ]


def test_a_log_scale_puts_equal_ratios_at_equal_distances():
    import numpy as np

    scale = Scale(1, 100, spacing="log")
    assert scale.place(np.array([1.0, 10, 100, 1000])) == pytest.approx([0, 0.5, 1, 1])
    assert scale.at(np.array([0, 0.5, 1])) == pytest.approx([1, 10, 100])


def test_a_derivation_can_be_recomputed_by_hand_for_what_is_better_when_lower():
    model = preset("weighted")
    item = ItemInputs("A", (Rating("delivery_risk", 2, "Tom", confidence=1),))
    tree = rank(model, [item]).derivation("A", lens="technical")
    place = next(n for n in tree.walk() if n.label == "Delivery risk: place on its scale")
    assert place.formula == "(5 − Delivery risk) ÷ (5 − 1)"
    assert place.value == pytest.approx(0.75)
    (raw,) = place.children
    assert (raw.low, raw.value, raw.high) == pytest.approx((2, 2, 2))
    assert raw.source == "Tom, confidence 100%"
    assert raw.note == "Touches one part, well tested."
