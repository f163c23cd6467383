"""Tables computed by hand; point ratings with full confidence, so that nothing spreads."""

import pytest

from tandem_engine.prioritisation import Estimate, ItemInputs, Rating, preset, rank


def certain(key, estimate, **values):
    ratings = tuple(Rating(slug, value, "Ana", confidence=1.0) for slug, value in values.items())
    return ItemInputs(key, ratings, Estimate(estimate, estimate, estimate))


def test_rice_multiplies_and_divides_as_the_table_says():
    items = [
        # reach × impact × confidence / effort
        certain("A", 2, reach=500, impact=2, confidence=80),  # 500 × 2 × 0.8 / 2 = 400
        certain("B", 4, reach=2000, impact=1, confidence=50),  # 2000 × 1 × 0.5 / 4 = 250
        certain("C", 1, reach=100, impact=3, confidence=100),  # 100 × 3 × 1 / 1 = 300
        certain("D", 10, reach=10000, impact=0.25, confidence=20),  # 10000 × .25 × .2 / 10 = 50
    ]
    ranking = rank(preset("rice"), items)
    assert [score.key for score in ranking.scores] == ["A", "C", "B", "D"]
    assert [score.score for score in ranking.scores] == pytest.approx([400, 300, 250, 50])
    assert [score.rank for score in ranking.scores] == [1, 2, 3, 4]
    for score in ranking.scores:
        assert (score.low, score.high) == pytest.approx((score.score, score.score))


def test_wsjf_divides_the_cost_of_delay_by_the_size():
    def item(key, value, time, risk, size):
        return certain(
            key, size, user_business_value=value, time_criticality=time, risk_opportunity=risk
        )

    items = [
        item("A", 8, 13, 3, 8),  # 24 / 8 = 3
        item("B", 5, 3, 8, 2),  # 16 / 2 = 8
        item("C", 20, 20, 20, 13),  # 60 / 13
        item("D", 1, 1, 1, 1),  # 3 / 1 = 3, shares the rank of A
    ]
    ranking = rank(preset("wsjf"), items)
    found = {score.key: (score.rank, score.score) for score in ranking.scores}
    assert found["B"] == (1, pytest.approx(8))
    assert found["C"] == (2, pytest.approx(60 / 13))
    assert found["A"][1] == pytest.approx(3)
    assert found["D"][1] == pytest.approx(3)


def test_value_effort_divides_the_mean_place_by_the_effort():
    # places .75 .5 .25 1 0 with weights 3 2 1 2 2: 100 × 5.5 / 10 = 55 points; 55 / 5 = 11 a day
    item = certain(
        "A",
        5,
        customer_value=4,
        strategic_fit=3,
        urgency=2,
        risk_reduction=5,
        feasibility=1,
    )
    score = rank(preset("value_effort"), [item])["A"]
    assert score.score == pytest.approx(11)
    # value lens: 100 × (3 × .75 + 2 × .5 + 1 × .25) / 6
    assert score.value_lens.likely == pytest.approx(100 * 3.5 / 6)
    # technical lens: places 1, 0 and the effort's: half way from 0.5 to 50 on a log scale
    model = preset("value_effort", effort_low=0.5, effort_high=50)
    technical = rank(model, [item])["A"].technical_lens
    assert technical.likely == pytest.approx(100 * (2 * 1 + 2 * 0 + 2 * 0.5) / 6)


def test_weighted_mirrors_what_is_better_when_lower():
    good = ("customer_value", "strategic_fit", "urgency", "technical_health", "feasibility")
    best = dict.fromkeys(good, 5)
    worst = dict.fromkeys(best, 1)
    items = [
        certain("BEST", 0.5, **best, delivery_risk=1),
        certain("RISKY", 0.5, **best, delivery_risk=5),  # loses the weight 1 of 13
        certain("WORST", 100, **worst, delivery_risk=5),
    ]
    ranking = rank(preset("weighted"), items)
    assert ranking["BEST"].score == pytest.approx(100)
    assert ranking["RISKY"].score == pytest.approx(100 * 12 / 13)
    assert ranking["WORST"].score == pytest.approx(0)
    assert ranking["BEST"].value_lens.likely == pytest.approx(100)
    assert ranking["WORST"].technical_lens.likely == pytest.approx(0)


def test_a_single_rating_spreads_towards_the_ends_by_what_confidence_leaves():
    # Value 4 on 1 to 5 at confidence 0.5: the lower half goes half way to 1 (2.5), the upper half
    # to 4.5; P10 is 4 - 0.8 × 1.5, P90 is 4 + 0.8 × 0.5.
    rating = Rating("customer_value", 4, "Ana", confidence=0.5)
    ranking = rank(preset("value_effort"), [ItemInputs("A", (rating,))])
    nodes = {node.label: node for node in ranking.derivation("A").walk()}
    node = nodes["Customer value"]
    assert node.value == pytest.approx(4)
    assert node.low == pytest.approx(2.8, abs=0.01)
    assert node.high == pytest.approx(4.4, abs=0.01)


def test_an_estimate_keeps_its_three_points():
    ranking = rank(preset("value_effort"), [ItemInputs("A", (), Estimate(2, 3, 8))])
    effort = next(node for node in ranking.derivation("A").walk() if node.label == "Effort")
    assert (effort.low, effort.value, effort.high) == pytest.approx((2, 3, 8), rel=0.01)


def test_two_raters_who_disagree_keep_their_distance():
    ratings = (
        Rating("customer_value", 2, "Ana", confidence=1),
        Rating("customer_value", 5, "Bo", confidence=1),
    )
    ranking = rank(preset("value_effort"), [ItemInputs("A", ratings)])
    node = next(n for n in ranking.derivation("A").walk() if n.label == "Customer value")
    assert (node.low, node.value, node.high) == pytest.approx((2, 3.5, 5))
    assert [child.label for child in node.children] == ["Ana", "Bo"]


def test_the_mean_of_raters_counts_by_confidence():
    ratings = (
        Rating("customer_value", 2, "Ana", confidence=0.75),
        Rating("customer_value", 4, "Bo", confidence=0.25),
    )
    ranking = rank(preset("value_effort"), [ItemInputs("A", ratings)])
    node = next(n for n in ranking.derivation("A").walk() if n.label == "Customer value")
    assert node.value == pytest.approx(2.5)
