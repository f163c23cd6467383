"""Agreement per criterion and lens, from ratings as they come."""

import pytest

from tandem_engine.prioritisation import ItemInputs, Rating, agreements, preset
from tandem_engine.statistics import krippendorff_alpha

MODEL = preset("value_effort")
ROLES = {"Ana": "product_owner", "Tom": "technical_pm", "Eve": "technical_pm"}


def item(key, slug="urgency", **values):
    return ItemInputs(key, tuple(Rating(slug, value, rater) for rater, value in values.items()))


def found(items, scope):
    return next(each for each in agreements(MODEL, items, roles=ROLES) if each.scope == scope)


def test_a_criterion_agrees_as_its_ratings_do():
    answers = [(1, 2), (3, 3), (5, 4), (2, 2), (4, 5)]
    items = [item(f"W-{n}", Ana=a, Tom=b) for n, (a, b) in enumerate(answers)]
    urgency = found(items, "urgency")
    assert urgency.interval == pytest.approx(krippendorff_alpha(answers))
    assert urgency.ordinal == pytest.approx(krippendorff_alpha(answers, level="ordinal"))
    assert (urgency.items, urgency.raters, urgency.tau_items) == (5, 2, 5)
    # Of ten pairs eight agree, one does not, one is a tie: (8 - 1) / sqrt(10 x 9).
    assert urgency.tau == pytest.approx(7 / 90**0.5)
    assert "agree" in urgency.sentence
    # The lens and everything hold the one criterion that was rated.
    assert found(items, "value").interval == urgency.interval == found(items, "").interval
    assert found(items, "technical").items == 0


def test_a_lens_compares_each_item_s_criteria_one_by_one():
    # Ana and Tom agree on every criterion, although the criteria differ from each other.
    items = [
        ItemInputs(
            f"W-{n}",
            tuple(
                Rating(slug, value, rater)
                for slug, value in (("urgency", 1 + n), ("customer_value", 5 - n))
                for rater in ("Ana", "Tom")
            ),
        )
        for n in range(4)
    ]
    assert found(items, "value").interval == 1
    assert found(items, "value").tau is None  # every item has the same mean


def test_a_habit_in_one_criterion_is_no_dispute():
    items = [item(f"W-{n}", Ana=1 + n % 4, Tom=2 + n % 4) for n in range(8)]
    split = found(items, "urgency").split
    assert split.bias_share > 0.9
    assert split.disputed == ()
    assert split.voices[0].rater == "Tom"
    assert split.voices[0].bias - split.voices[1].bias == pytest.approx(25, abs=0.1)
    assert found(items, "urgency").tau == 1


@pytest.mark.parametrize(
    ("items", "words"),
    [
        ([], "no item has two raters"),
        ([item("W-1", Ana=3), item("W-2", Ana=4)], "no item has two raters"),
        ([item("W-1", Ana=3, Tom=3), item("W-2", Ana=3, Tom=3)], "all answers are the same"),
    ],
    ids=["no ratings", "a single rater", "all ratings equal"],
)
def test_it_says_what_cannot_be_told(items, words):
    urgency = found(items, "urgency")
    assert urgency.interval is None
    assert urgency.split.bias_share is None
    assert words in urgency.sentence
