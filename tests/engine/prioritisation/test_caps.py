"""MoSCoW's effort caps, with numbers and how sure they are."""

import numpy as np
import pytest

from tandem_engine.prioritisation.caps import effort_caps


def sure(*efforts):
    return np.array([[effort] * 3 for effort in efforts], dtype=float)


def test_it_adds_up_the_classes_and_warns_over_the_cap():
    # Musts 70 of 100 planned days; what we won't do is not planned.
    found = effort_caps([3, 3, 2, 1, 0], sure(40, 30, 20, 10, 500), "days")
    assert [each.name for each in found.classes] == ["Must", "Should", "Could", "Won't this time"]
    assert [each.share for each in found.classes] == pytest.approx([0.7, 0.2, 0.1, 0])
    assert (found.over, found.p_over) == (True, 1)
    assert found.sentence.startswith("Musts are 70% of the effort planned (70 days, 2 items); at")


def test_at_the_cap_it_does_not_warn():
    found = effort_caps([3, 2], sure(60, 40), "days")
    assert (found.over, found.p_over) == (False, 0)


def test_an_uncertain_effort_gives_a_probability():
    # By symmetry on the logarithm's scale close to even; the long right tail adds a little.
    wide = np.array([[3.0, 6.0, 12.0]] * 20 + [[2.0, 4.0, 8.0]] * 20)
    found = effort_caps([3] * 20 + [2] * 20, wide, "days")
    assert found.classes[0].share == pytest.approx(0.6)
    assert found.p_over == pytest.approx(0.5, abs=0.02)
    rng = np.random.default_rng(5)
    spread = np.log(2) / 1.2815515655
    drawn = np.exp(rng.normal(0, spread, (4000, 40))) * wide[:, 1]
    share = drawn[:, :20].sum(axis=1) / drawn.sum(axis=1)
    assert found.p_over == pytest.approx((share > 0.6).mean(), abs=0.05)


def test_nothing_planned_is_nothing_to_warn_of():
    assert effort_caps([], np.empty((0, 3))).sentence == "No Must, Should or Could is planned yet."
    assert not effort_caps([0], sure(5)).over
