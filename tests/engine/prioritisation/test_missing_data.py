"""Missing data widens an interval and is marked; it never becomes zero in silence."""

from dataclasses import replace

import pytest

from tandem_engine.prioritisation import (
    PRESETS,
    EffortReference,
    Estimate,
    ItemInputs,
    Rating,
    preset,
    rank,
)

MODEL = preset("value_effort")
FULL = ItemInputs(
    "FULL",
    tuple(Rating(c.slug, 3, "Ana", confidence=0.9) for c in MODEL.ratings),
    Estimate(2, 3, 5),
)
REFERENCE = EffortReference.from_estimates([Estimate(1, 3, 9)] * 5, MODEL.effort)


def test_a_missing_rating_widens_the_interval_and_is_marked():
    less = replace(FULL, key="LESS", ratings=FULL.ratings[1:])
    ranking = rank(MODEL, [FULL, less], effort_reference=REFERENCE)
    full, guessed = ranking["FULL"], ranking["LESS"]
    assert guessed.score == pytest.approx(full.score)  # the scale's middle is 3
    assert guessed.high - guessed.low > full.high - full.low
    assert guessed.value_lens.width > full.value_lens.width
    assert guessed.guesses == ("customer_value",)
    assert full.guesses == ()
    assert 0 < guessed.guess_share < 1
    assert full.guess_share == 0


def test_a_missing_rating_counts_as_the_whole_scale():
    node = next(
        n
        for n in rank(MODEL, [ItemInputs("A")]).derivation("A").walk()
        if n.label == "Customer value"
    )
    # Uniform on 1 to 5: P10 is 1.4, P90 is 4.6.
    assert (node.low, node.value, node.high) == pytest.approx((1.4, 3, 4.6), abs=0.005)
    assert node.is_guess
    assert node.note.startswith("Nobody has rated this")


def test_a_missing_estimate_counts_as_the_product_s_own_distribution():
    estimated = [
        ItemInputs(f"E-{number}", (), Estimate(size, size, size))
        for number, size in enumerate([1, 2, 3, 5, 8, 13, 21], start=1)
    ]
    ranking = rank(MODEL, [*estimated, ItemInputs("OPEN")])
    assert ranking.effort_reference.source == "estimates"
    assert ranking.effort_reference.count == 7
    assert ranking.effort_reference.likely == pytest.approx(5)
    node = next(n for n in ranking.derivation("OPEN").walk() if n.label == "Effort")
    assert node.is_guess
    assert (node.low, node.value, node.high) == pytest.approx((1, 5, 21), rel=0.01)
    assert "distribution of this product's 7 estimates" in node.note


def test_few_estimates_are_filled_up_with_the_prior():
    one = EffortReference.from_estimates([Estimate(3, 3, 3)], MODEL.effort)
    five = EffortReference.from_estimates([Estimate(3, 3, 3)] * 5, MODEL.effort)
    none = EffortReference.from_estimates([], MODEL.effort)
    assert one.source == "estimates and prior"
    assert one.quantiles[4] < 3 < one.quantiles[-5]
    assert five.source == "estimates"
    assert five.quantiles == pytest.approx([3] * 41)
    assert none == EffortReference.prior(MODEL.effort)
    assert (none.quantiles[0], none.quantiles[-1]) == pytest.approx((0.5, 100))
    note = next(
        n.note for n in rank(MODEL, [ItemInputs("A")]).derivation("A").walk() if n.label == "Effort"
    )
    assert "every size from 0.5 to 100 counts" in note


@pytest.mark.parametrize("name", PRESETS)
def test_an_unrated_backlog_still_ranks_and_says_that_all_of_it_is_guessed(name):
    model = preset(name)
    ranking = rank(model, [ItemInputs(f"A-{number}") for number in range(1, 13)])
    assert {score.rank for score in ranking.scores} == {1}
    assert [score.key for score in ranking.scores][:3] == ["A-1", "A-2", "A-3"]
    assert all(score.guess_share == 1 for score in ranking.scores)
    assert all(score.disagreement == 0 and score.lenses_overlap for score in ranking.scores)
    summary = ranking.guesses()
    assert summary.item_share == summary.input_share == summary.uncertainty_share == 1
    assert summary.missing_estimates == (12 if model.effort else 0)
    assert summary.missing_ratings == 12 * len(model.ratings)


def test_the_summary_of_guesses_counts_what_is_missing():
    open_item = ItemInputs("OPEN", FULL.ratings)
    summary = rank(MODEL, [FULL, open_item], effort_reference=REFERENCE).guesses()
    assert (summary.items, summary.items_with_guesses) == (2, 1)
    assert (summary.missing_ratings, summary.missing_estimates) == (0, 1)
    assert summary.inputs == 12
    assert summary.uncertainty_share == pytest.approx(
        rank(MODEL, [open_item], effort_reference=REFERENCE)["OPEN"].guess_share / 2
    )
    assert summary.sentence.startswith(
        "1 of 2 items rest at least partly on guesses: 1 estimate is missing."
    )
    assert rank(MODEL, [FULL]).guesses().sentence == (
        "Every rating and every estimate is given; nothing is guessed."
    )


def test_the_first_items_can_be_summed_up_alone():
    ranking = rank(MODEL, [FULL, ItemInputs("Z-OPEN", (), Estimate(50, 60, 70))])
    assert ranking.scores[0].key == "FULL"
    assert ranking.guesses(first=1).items_with_guesses == 0
    assert ranking.guesses().items_with_guesses == 1


def test_many_unrated_items_share_few_computations():
    items = [ItemInputs(f"X-{n}", (), Estimate(1, 1 + n % 7, 20)) for n in range(20_000)]
    ranking = rank(MODEL, items, draws=100)
    assert len(ranking) == 20_000
    assert len({score.score for score in ranking.scores}) == 7
    assert ranking.scores[0].key == "X-0"
