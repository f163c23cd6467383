"""Krippendorff's alpha against published and hand-computed answers."""

import math

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tandem_engine.statistics import krippendorff_alpha

# The three-coder, fifteen-unit example used in introductions to the measure; None is a gap.
A = [None, None, None, None, None, 3, 4, 1, 2, 1, 1, 3, 3, None, 3]
B = [1, None, 2, 1, 3, 3, 4, 3, None, None, None, None, None, None, None]
C = [None, None, 2, 1, 3, 4, 4, None, 2, 1, 1, 3, 3, None, 4]
UNITS = [[v for v in unit if v is not None] for unit in zip(A, B, C, strict=True)]


# Exact fractions, computed pair by pair from the definition; published as .691, .807 and .811.
@pytest.mark.parametrize(
    ("level", "alpha"),
    [("nominal", 56 / 81), ("ordinal", 112173 / 139048), ("interval", 643 / 793)],
)
def test_it_finds_the_published_values(level, alpha):
    assert krippendorff_alpha(UNITS, level=level) == pytest.approx(alpha, rel=1e-12)


def test_it_finds_a_value_computed_by_hand():
    # Values 1,1,1,2 and pairs (1,1), (1,2): observed 2 of 4 ordered pairs differ, hence 2;
    # expected (3 × 1 + 1 × 3) / 3 = 2; alpha = 1 - 2 / 2.
    assert krippendorff_alpha([(1, 1), (1, 2)], level="nominal") == pytest.approx(0)


def test_zero_and_zero_do_not_differ_at_the_ratio_level():
    assert krippendorff_alpha([(0, 0), (4, 4)], level="ratio") == 1


@pytest.mark.parametrize("units", [[], [(1,)], [(2, 2), (2, 2)]])
def test_it_is_undefined_when_nothing_can_be_told(units):
    assert krippendorff_alpha(units) is None


def test_it_refuses_what_is_no_number():
    with pytest.raises(ValueError, match="not a number"):
        krippendorff_alpha([(1, math.nan)])
    with pytest.raises(ValueError, match="below"):
        krippendorff_alpha([(-1, 2)], level="ratio")
    with pytest.raises(ValueError, match="unknown level"):
        krippendorff_alpha([(1, 2)], level="cardinal")


few = settings(max_examples=50, deadline=None, derandomize=True)
units = st.lists(st.lists(st.integers(1, 5), min_size=1, max_size=4), min_size=1, max_size=8)


@few
@given(units, st.sampled_from(["nominal", "ordinal", "interval"]))
def test_it_equals_the_definition_over_all_pairs(found, level):
    given_units = [unit for unit in found if len(unit) > 1]
    values = [value for unit in given_units for value in unit]
    alpha = krippendorff_alpha(found, level=level)
    if len(set(values)) < 2:
        assert alpha is None
        return

    def apart(one, two):
        if level == "nominal":
            return float(one != two)
        if level == "interval":
            return float((one - two) ** 2)
        low, high = sorted((one, two))
        between = sum(1 for v in values if low <= v <= high)
        return (between - (values.count(one) + values.count(two)) / 2) ** 2

    observed = sum(
        apart(one, two) / (len(unit) - 1)
        for unit in given_units
        for i, one in enumerate(unit)
        for j, two in enumerate(unit)
        if i != j
    ) / len(values)
    expected = sum(
        apart(one, two) for i, one in enumerate(values) for j, two in enumerate(values) if i != j
    ) / (len(values) * (len(values) - 1))
    assert alpha == pytest.approx(1 - observed / expected)


@few
@given(units, st.floats(0.5, 3), st.floats(-5, 5))
def test_the_interval_level_ignores_unit_and_origin(found, factor, shift):
    moved = [[value * factor + shift for value in unit] for unit in found]
    one, two = krippendorff_alpha(found), krippendorff_alpha(moved)
    assert (one is None) == (two is None)
    if one is not None:
        assert one == pytest.approx(two)
