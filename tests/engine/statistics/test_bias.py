"""Habit and dispute, planted and found again."""

import numpy as np
import pytest

from tandem_engine.statistics import bias_and_dispute

RATERS = ("Ana", "Ben", "Cleo", "Dan", "Eve", "Finn")


def planted(*, items=60, habits=(), disputes=(), noise=5.0, seed=1, missing=0.2):
    """Ratings out of 100 with planted habits, and planted disputes ``{item: {rater: shift}}``."""
    rng = np.random.default_rng(seed)
    found = []
    for item in range(items):
        level = rng.uniform(20, 80)
        for number, rater in enumerate(RATERS):
            shift = dict(disputes).get(item, {}).get(rater, 0.0)
            value = level + (habits[number] if habits else 0) + shift + rng.normal(0, noise)
            if item in dict(disputes) or rng.random() >= missing:
                found.append((f"W-{item}", rater, value))
    return found


def test_planted_habits_are_found_and_no_dispute_is_invented():
    habits = (12, -8, 0, 3, -4, -3)
    found = bias_and_dispute(planted(habits=habits))
    biases = {voice.rater: voice for voice in found.voices}
    for rater, habit in zip(RATERS, habits, strict=True):
        assert biases[rater].bias == pytest.approx(habit, abs=2.5)
        # Twice the half-width of a P10-P90 interval is some 99 %.
        assert abs(biases[rater].bias - habit) <= 2 * (biases[rater].high - biases[rater].bias)
    assert found.dispute == pytest.approx(5, abs=0.6)
    assert found.usual == pytest.approx(5, abs=0.8)
    assert len(found.disputed) <= 1
    assert found.bias_share > 0.5
    assert found.share_low < found.bias_share < found.share_high


def test_planted_disputes_are_found_and_no_habit_is_invented():
    disputes = {n: {"Ana": 30, "Ben": -30} for n in (3, 17, 40)}
    found = bias_and_dispute(planted(disputes=disputes))
    assert {seen.thing for seen in found.disputed} == {"W-3", "W-17", "W-40"}
    assert {seen.thing for seen in found.things[:3]} == {"W-3", "W-17", "W-40"}
    assert (found.disputed[0].highest, found.disputed[0].lowest) == ("Ana", "Ben")
    assert found.bias_share < 0.2
    assert max(abs(voice.bias) for voice in found.voices) < 2.5


def test_both_planted_at_once_are_told_apart():
    disputes = {n: {"Cleo": 35, "Dan": -25} for n in (5, 25)}
    found = bias_and_dispute(planted(habits=(15, -15, 0, 0, 0, 0), disputes=disputes, noise=4))
    assert {seen.thing for seen in found.disputed} == {"W-5", "W-25"}
    voices = {voice.rater: voice.bias for voice in found.voices}
    assert voices["Ana"] == pytest.approx(15, abs=3)
    assert voices["Ben"] == pytest.approx(-15, abs=3)
    said = " ".join(found.sentences())
    assert "Ana rates 1" in said
    assert "higher than the others" in said
    assert "W-5 is seen differently" in said


def test_shares_agree_with_the_balanced_analysis_of_variance():
    # Without gaps REML equals the classical estimates: s^2 = MSE, s_b^2 = (MSR - MSE) / items.
    rng = np.random.default_rng(3)
    table = rng.normal(size=(30, 5)) * 4 + rng.normal(size=(30, 1)) * 20 + rng.normal(size=5) * 9
    found = bias_and_dispute(
        (f"{row}", f"{column}", table[row, column]) for row in range(30) for column in range(5)
    )
    raters = table.mean(axis=0) - table.mean()
    rest = table - table.mean(axis=1, keepdims=True) - raters
    error = (rest**2).sum() / (29 * 4)
    between = 30 * (raters**2).sum() / 4
    variance = (between - error) / 30
    assert found.dispute**2 == pytest.approx(error, rel=0.01)
    assert found.bias**2 == pytest.approx(variance, rel=0.02)
    # Each habit is the rater's mean, shrunk by its reliability.
    shrunk = raters * variance / (variance + error / 30)
    voices = {voice.rater: voice.bias for voice in found.voices}
    assert [voices[f"{n}"] for n in range(5)] == pytest.approx(shrunk.tolist(), abs=0.05)


def test_few_ratings_shrink_a_habit():
    many = bias_and_dispute(planted(habits=(20, 0, 0, 0, 0, 0), noise=8))
    few = bias_and_dispute(planted(items=2, habits=(20, 0, 0, 0, 0, 0), noise=8, seed=2))
    width = {id(found): next(v for v in found.voices if v.rater == "Ana") for found in (many, few)}
    assert width[id(few)].high - width[id(few)].low > width[id(many)].high - width[id(many)].low
    assert few.disputed == ()
    assert "too few" in few.note


@pytest.mark.parametrize(
    ("ratings", "words"),
    [
        ([], "two people"),
        ([("W-1", "Ana", 3.0), ("W-2", "Ana", 4.0)], "two people"),
        ([("W-1", "Ana", 3.0), ("W-1", "Ben", 3.0)], "no disagreement"),
    ],
    ids=["no ratings", "a single rater", "all equal"],
)
def test_it_says_when_there_is_nothing_to_split(ratings, words):
    found = bias_and_dispute(ratings)
    assert found.bias_share is None
    assert words in found.sentences()[0]
    assert found.disputed == ()


def test_a_pure_habit_of_two_is_all_habit():
    found = bias_and_dispute(
        [(f"W-{n}", who, 10.0 * n + up) for n in range(8) for who, up in (("Ana", 6), ("Ben", 0))]
    )
    assert found.bias_share > 0.99
    assert found.voices[0].bias - found.voices[1].bias == pytest.approx(6, abs=0.01)
    assert found.disputed == ()


def test_it_refuses_what_has_no_meaning():
    with pytest.raises(ValueError, match="not a number"):
        bias_and_dispute([("W-1", "Ana", float("nan"))])
    with pytest.raises(ValueError, match="twice"):
        bias_and_dispute([("W-1", "Ana", 1.0), ("W-1", "Ana", 2.0)])
