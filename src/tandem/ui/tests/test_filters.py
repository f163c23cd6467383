import datetime

import pytest

from tandem.ui import filters


@pytest.mark.parametrize(
    ("value", "digits", "expected"),
    [
        (1234567, 0, "1,234,567"),
        (-3.14159, 2, "−3.14"),  # a true minus
        (None, 0, "–"),
        (0, 1, "0.0"),
    ],
)
def test_it_writes_numbers_with_as_many_digits_as_asked(value, digits, expected):
    assert filters.number(value, digits) == expected


@pytest.mark.parametrize(
    ("value", "expected"), [(8.0, "8"), (2.5, "2.5"), (10, "10"), (None, "–"), (0.25, "0.2")]
)
def test_it_writes_figures_without_idle_digits(value, expected):
    assert filters.figure(value) == expected


@pytest.mark.parametrize(
    ("value", "unit", "expected"),
    [
        (1.0, "points", "1 point"),
        (1.04, "points", "1 point"),  # by what is shown
        (0.5, "points", "0.5 points"),
        (1200, "days", "1,200 days"),
        (1, "mass", "1 mass"),
        (1, "", "1"),
    ],
)
def test_it_writes_an_amount_with_the_unit_in_the_right_number(value, unit, expected):
    assert filters.amount(value, unit) == expected


@pytest.mark.parametrize(
    ("name", "expected"),
    [("Ada Berg", "AB"), ("Ada", "A"), ("", "?"), ("Anna Maria van Dyke", "AD")],
)
def test_it_takes_first_and_last_initial(name, expected):
    assert filters.initials(name) == expected


def test_it_writes_lists_and_truths_in_words():
    assert filters.listed(["a", "b"]) == "a, b"
    assert filters.listed([]) == "none"
    assert filters.listed(True) == "yes"
    assert filters.listed("as it is") == "as it is"


def test_it_writes_days_and_moments_for_machines():
    moment = datetime.datetime(2026, 3, 12, 14, 5, tzinfo=datetime.UTC)
    assert filters.iso(moment) == "2026-03-12T14:05:00Z"
    assert filters.iso(datetime.date(2026, 3, 12)) == "2026-03-12"
    assert filters.iso(None) == ""
