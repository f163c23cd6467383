import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tandem.ui import drawing


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        (0, 0),  # the low end
        (10, 1),  # the high end
        (5, 0.5),
        (-3, 0),  # below is held
        (14, 1),  # above is held
        (None, 0),  # nothing draws nothing
    ],
)
def test_it_places_a_value_on_its_scale(value, expected):
    assert drawing.share(value, 0, 10) == expected


def test_it_draws_nothing_on_an_empty_scale():
    assert drawing.share(3, 5, 5) == 0


@given(st.floats(0, 1))
def test_the_circles_share_as_much_as_they_say(part):
    distance, radius = drawing.overlap(part, 7), 7
    area = 2 * radius**2 * math.acos(min(1, distance / (2 * radius))) - distance / 2 * math.sqrt(
        max(0, 4 * radius**2 - distance**2)
    )
    assert area / (math.pi * radius**2) == pytest.approx(part, abs=1e-6)


def test_full_agreement_is_one_circle_and_none_is_two_that_touch():
    assert drawing.overlap(1, 7) == pytest.approx(0, abs=1e-6)
    assert drawing.overlap(0, 7) == pytest.approx(14, abs=1e-6)


def test_a_whisker_stays_on_its_line():
    drawn = drawing.whisker(98, 90, 120, low=0, high=100, width=50)
    assert (drawn.start, drawn.point, drawn.end) == (45, 49, 50)
