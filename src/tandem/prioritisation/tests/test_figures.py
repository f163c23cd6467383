"""Numbers and sentences people read."""

import pytest

from tandem.prioritisation.figures import honest, percent
from tandem.prioritisation.words import bias_sentence, difference_sentence, tau_sentence


@pytest.mark.parametrize(
    ("given", "shown"),
    [
        ((41.27, 35.1, 47.2), ("41", "35", "47")),  # a half width of 6: no false digit
        ((41.27, 41.09, 41.45), ("41.27", "41.09", "41.45")),
        ((18.33, 9.0, 27.4), ("18", "9", "27")),
        ((412.0, 250.0, 530.0), ("410", "250", "530")),
        ((44.0, 2.0, 1512.0), ("40", "0", "1,500")),  # the far end does not blur the value
        ((3.0, 3.0, 3.0), ("3.00", "3.00", "3.00")),
        ((0.0, 0.0, 0.0), ("0", "0", "0")),
        ((52.5, 26.0, 54.7), ("52", "26", "55")),  # one end near is no reason for a digit more
        ((-0.2, -1.0, 1.0), ("−0.2", "−1.0", "1.0")),
    ],
)
def test_a_number_has_the_digits_it_deserves(given, shown):
    assert honest(*given) == shown


@pytest.mark.parametrize(
    ("share", "shown"), [(0, "< 1 %"), (0.004, "< 1 %"), (0.5, "50 %"), (1, "> 99 %")]
)
def test_a_simulated_probability_is_never_certain(share, shown):
    assert percent(share) == shown


@pytest.mark.parametrize(
    ("tau", "words"),
    [
        (1.0, "nearly the same order"),
        (0.5, "similar order"),
        (0.2, "little in common"),
        (0.0, "nothing to do"),
        (-0.6, "against each other"),
    ],
)
def test_tau_is_told_in_words(tau, words):
    assert words in tau_sentence(tau, 12, "")


def test_an_undefined_tau_says_why():
    assert tau_sentence(None, 1, "One item has no order.") == "One item has no order."


def test_tau_counts_pairs():
    assert "about 8 stand in the same order" in tau_sentence(0.6, 9, "")


def test_a_habit_is_told_apart_from_a_dispute():
    assert "technical lens rates generally higher" in bias_sentence(-12, 9)
    assert "Neither" in bias_sentence(2, 9)
    assert bias_sentence(0, 0) == ""


def test_a_difference_says_who_is_higher_and_whether_that_is_sure():
    found = {"value_rank": 3, "technical_rank": 8, "disagreement": 12.4, "gap": [20, 12.4, 30]}
    assert difference_sentence(found, 9).startswith("The value lens is higher by at least 12")
    assert "may be no difference" in difference_sentence(found | {"disagreement": 0}, 9)
