"""Every input without a meaning is refused, naming the item and the criterion."""

from datetime import date

import pytest

from tandem_engine.prioritisation import (
    Anchor,
    Criterion,
    Estimate,
    ItemInputs,
    Rating,
    Scale,
    ScoringError,
    ScoringModel,
    preset,
    rank,
)

MODEL = preset("value_effort")
NAN = float("nan")


@pytest.mark.parametrize(
    ("rating", "says"),
    [
        (Rating("urgency", 6, "Ana"), "Ana's rating 6 lies outside the scale 1 to 5"),
        (Rating("urgency", 0, "Ana"), "outside the scale"),
        (Rating("urgency", NAN, "Ana"), "outside the scale"),
        (Rating("urgency", 3, "Ana", low=0.5, high=4), "0.5 lies outside"),
        (Rating("urgency", 3, "Ana", low=4, high=5), "low end 4 is above the likely value 3"),
        (Rating("urgency", 5, "Ana", low=2, high=4), "likely value 5 is above the high end 4"),
        (Rating("urgency", 3, "Ana", low=2), "needs both"),
        (Rating("urgency", 3, "Ana", confidence=1.5), "confidence 1.5"),
        (Rating("urgency", 3, "Ana", confidence=NAN), "confidence"),
        (Rating("urgency", 3, ""), "needs its rater"),
        (Rating("charm", 3, "Ana"), "no such criterion"),
        (Rating("effort", 3, "Ana"), "from the item's estimate"),
    ],
)
def test_it_refuses_a_rating_without_a_meaning(rating, says):
    with pytest.raises(ScoringError, match=says) as refused:
        rank(MODEL, [ItemInputs("WEB-7", (rating,))])
    assert refused.value.where == f"WEB-7 / {rating.criterion}"


def test_it_refuses_two_ratings_of_one_rater_at_one_moment():
    day = date(2026, 3, 1)
    twice = (Rating("urgency", 3, "Ana", day), Rating("urgency", 4, "Ana", day))
    with pytest.raises(ScoringError, match="same moment"):
        rank(MODEL, [ItemInputs("WEB-7", twice)])


def test_the_latest_rating_of_a_rater_counts():
    old = Rating("urgency", 1, "Ana", date(2026, 3, 1), confidence=1)
    new = Rating("urgency", 5, "Ana", date(2026, 3, 2), confidence=1)
    both = rank(MODEL, [ItemInputs("A", (new, old))])["A"]
    assert both == rank(MODEL, [ItemInputs("A", (new,))])["A"]
    assert both != rank(MODEL, [ItemInputs("A", (old,))])["A"]


@pytest.mark.parametrize(
    ("estimate", "says"),
    [
        (Estimate(-1, 2, 3), "negative"),
        (Estimate(3, 2, 5), "low end 3 is above the likely value 2"),
        (Estimate(1, 6, 5), "likely value 6 is above the high end 5"),
        (Estimate(1, NAN, 5), "not a number"),
        (Estimate(1, 2, float("inf")), "not a number"),
    ],
)
def test_it_refuses_an_estimate_without_a_meaning(estimate, says):
    with pytest.raises(ScoringError, match=says) as refused:
        rank(MODEL, [ItemInputs("WEB-7", (), estimate)])
    assert refused.value.where == "WEB-7 / estimate"


def test_a_zero_estimate_counts_as_the_smallest_effort_and_says_so():
    ranking = rank(
        MODEL,
        [
            ItemInputs("ZERO", (), Estimate(0, 0, 0)),
            ItemInputs("HALF", (), Estimate(0.5, 0.5, 0.5)),
        ],
    )
    assert ranking["ZERO"].score == ranking["HALF"].score
    notes = {
        key: next(n.note for n in ranking.derivation(key).walk() if n.label == "Effort")
        for key in ("ZERO", "HALF")
    }
    assert "below 0.5 days counts as 0.5 days" in notes["ZERO"]
    assert notes["HALF"] == ""


def test_it_refuses_a_key_twice_and_an_empty_key():
    with pytest.raises(ScoringError, match="twice"):
        rank(MODEL, [ItemInputs("A"), ItemInputs("A")])
    with pytest.raises(ScoringError, match="needs a key"):
        rank(MODEL, [ItemInputs("")])


@pytest.mark.parametrize("wrong", [{"draws": 9}, {"seed": -1}, {"top": 0}])
def test_it_refuses_settings_that_mean_nothing(wrong):
    with pytest.raises(ScoringError):
        rank(MODEL, [], **wrong)


def test_nothing_to_rank_is_an_empty_ranking():
    ranking = rank(MODEL, [])
    assert ranking.scores == ()
    assert ranking.guesses().sentence == "There is nothing to rank."


@pytest.mark.parametrize(
    "make",
    [
        lambda: Scale(5, 1),
        lambda: Scale(0, float("inf")),
        lambda: Scale(0, 10, spacing="log"),
        lambda: Scale(0, 10, spacing="cubic"),
        lambda: Scale(0, 10, step=0),
        lambda: Scale(0, 10, anchors=(Anchor(11, "Off the scale."),)),
    ],
)
def test_it_refuses_a_scale_that_measures_nothing(make):
    with pytest.raises(ScoringError):
        make()


VALUE = Criterion("v", "V", "value", Scale(0, 10))
RISK = Criterion("t", "T", "technical", Scale(0, 10))
EFFORT = Criterion("e", "E", "technical", Scale(1, 10), "lower", kind="effort")


@pytest.mark.parametrize(
    ("make", "says"),
    [
        (lambda: Criterion("", "V", "value", Scale(0, 1)), "slug"),
        (lambda: Criterion("v", "V", "price", Scale(0, 1)), "lens"),
        (lambda: Criterion("v", "V", "value", Scale(0, 1), "sideways"), "direction"),
        (lambda: Criterion("v", "V", "value", Scale(0, 1), weight=-1), "weight"),
        (lambda: Criterion("v", "V", "value", Scale(0, 1), weight=NAN), "weight"),
        (lambda: Criterion("v", "V", "value", Scale(0, 1), kind="mood"), "kind"),
        (
            lambda: Criterion("e", "E", "technical", Scale(0, 9), "lower", kind="effort"),
            "above zero",
        ),
        (lambda: Criterion("e", "E", "technical", Scale(1, 9), kind="effort"), "lower"),
        (lambda: ScoringModel("M", (VALUE, VALUE, RISK), "weighted"), "twice"),
        (lambda: ScoringModel("M", (VALUE,), "weighted"), "technical lens"),
        (lambda: ScoringModel("M", (RISK, EFFORT), "weighted"), "value lens"),
        (lambda: ScoringModel("M", (VALUE, RISK), "wsjf"), "divides by effort"),
        (lambda: ScoringModel("M", (VALUE, RISK), "magic"), "unknown formula"),
        (lambda: preset("tarot"), "unknown preset"),
        (lambda: preset("rice", effort_low=0), "above zero"),
    ],
)
def test_it_refuses_a_model_that_cannot_score(make, says):
    with pytest.raises(ScoringError, match=says):
        make()


def test_an_error_says_the_place_first():
    error = ScoringError("too high", "WEB-1 / urgency")
    assert str(error) == "WEB-1 / urgency: too high"
    assert (error.message, error.where) == ("too high", "WEB-1 / urgency")
