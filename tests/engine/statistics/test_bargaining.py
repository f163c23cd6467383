"""Meeting in the middle: published answers, and every rule against the definition."""

import itertools
import math

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tandem_engine.statistics import adjusted_winner, bargain, knee, pareto

few = settings(max_examples=60, deadline=None, derandomize=True)

# Nash 1950, section "Examples": what each thing is worth to Bill and to Jack, and who owns it.
BILL = {"book": (2, 4), "whip": (2, 2), "ball": (2, 1), "bat": (2, 2), "box": (4, 1)}
JACK = {"pen": (10, 1), "toy": (4, 1), "knife": (6, 2), "hat": (2, 2)}


def test_it_finds_nashs_own_example():
    things = {**BILL, **JACK}
    ends = []
    for size in range(len(things) + 1):
        for to_bill in itertools.combinations(things, size):
            left = [name for name in things if name not in to_bill]
            worth = (sum(things[n][0] for n in to_bill), sum(things[n][1] for n in left))
            ends.append((worth, set(to_bill)))
    start = (sum(bill for bill, _ in BILL.values()), sum(jack for _, jack in JACK.values()))
    found = bargain([worth for worth, _ in ends], disagreement=start).by("nash")
    assert start == (12, 6)
    assert found.gains == (12, 5)
    assert ends[found.index][1] == {"box", "pen", "toy", "knife"}


def test_kalai_smorodinsky_keeps_equal_shares_where_nash_does_not():
    # Kalai and Smorodinsky's objection: the second front gives the second role more everywhere,
    # and Nash still leaves it with less than the monotone solution.
    line = [(x / 100, 1 - x / 100) for x in range(101)]
    cut = [(x, min(y, 0.5)) for x, y in line]
    fair = bargain(cut).by("kalai_smorodinsky")
    # m = (1, .5): equal shares on x + y = 1 lie at (2/3, 1/3).
    assert fair.point == pytest.approx((2 / 3, 1 / 3), abs=0.01)
    assert bargain(cut).by("nash").point == pytest.approx((0.5, 0.5))
    assert bargain(cut).by("egalitarian").point == pytest.approx((0.5, 0.5))


def test_it_says_to_each_role_what_was_given_up():
    found = bargain([(0, 10), (6, 6), (10, 0)], roles=("Ana", "Ben"), unit="points of value")
    ana, ben = found.by("nash").sentences
    assert ana.startswith("Ana gives up 4 of 10 points of value (40%), so that Ben keeps 60%")
    assert ben.startswith("Ben gives up 4 of 10")
    alone = bargain([(5, 5)]).by("nash")
    assert all("gives up nothing" in sentence for sentence in alone.sentences)
    assert bargain([(5, 5)]).explanation == "One choice is the best for both."


@pytest.mark.parametrize("choices", [[], [(1, 5), (5, 1)]])
def test_it_explains_when_there_is_no_agreement(choices):
    found = bargain(choices, disagreement=(2, 2))
    assert found.settlements == ()
    assert found.explanation
    assert found.by("nash") is None


def test_a_role_that_can_gain_nothing_holds_nobody_back():
    found = bargain([(0, 1), (0, 3)])
    assert {each.point for each in found.settlements} == {(0, 3)}
    assert "nothing to gain" in found.by("nash").sentences[0]


def test_it_refuses_what_is_no_number():
    with pytest.raises(ValueError, match="finite"):
        bargain([(math.nan, 1)])
    with pytest.raises(ValueError, match="above 0"):
        bargain([(1, 1)], powers=(0, 1))


def test_the_knee_is_where_the_front_bends_most():
    assert knee([(0, 10), (8, 8), (9, 3), (10, 0)]) == 1
    assert knee([(0, 2), (1, 1), (2, 0)]) is None
    assert knee([(0, 1), (1, 0)]) is None


points = st.lists(st.tuples(st.integers(0, 9), st.integers(0, 9)), min_size=1, max_size=12)


@few
@given(points, st.tuples(st.integers(0, 4), st.integers(0, 4)))
def test_every_rule_maximises_what_it_says(choices, start):
    found = bargain(choices, disagreement=start)
    allowed = [(x - start[0], y - start[1]) for x, y in choices if x >= start[0] and y >= start[1]]
    assert bool(found.settlements) == bool(allowed)
    if not allowed:
        return
    most = tuple(max(gain[side] for gain in allowed) for side in (0, 1))
    assert found.ideal == (start[0] + most[0], start[1] + most[1])
    nash, fair, even = (found.by(rule) for rule in ("nash", "kalai_smorodinsky", "egalitarian"))
    assert math.prod(nash.gains) == max(math.prod(gain) for gain in allowed)
    if min(most) > 0:
        assert min(even.gains) == max(min(gain) for gain in allowed)
        shares = [min(g / m for g, m in zip(gain, most, strict=True)) for gain in allowed]
        assert min(fair.kept) == pytest.approx(max(shares))


@few
@given(points)
def test_the_front_is_what_nothing_beats(choices):
    front = pareto(choices)
    for place, (x, y) in enumerate(choices):
        beaten = any((a >= x and b >= y) and (a > x or b > y) for a, b in choices)
        assert beaten == ((x, y) not in [choices[n] for n in front]), place
    assert [choices[n][0] for n in front] == sorted({choices[n][0] for n in front})


@few
@given(points, st.integers(2, 9), st.integers(-5, 5))
def test_nash_and_kalai_smorodinsky_do_not_depend_on_units(choices, scale, shift):
    moved = [(x * scale + shift, y) for x, y in choices]
    before, after = bargain(choices), bargain(moved, disagreement=(shift, 0))
    for rule in ("nash", "kalai_smorodinsky"):
        assert choices[before.by(rule).index] == choices[after.by(rule).index]


# Brams and Taylor's Panama Canal table: the treaty's ten issues, points of each side.
US = dict(zip("ABCDEFGHIJ", (22, 22, 15, 14, 11, 6, 4, 2, 2, 2), strict=True))
PANAMA = dict(zip("ABCDEFGHIJ", (9, 15, 15, 3, 15, 5, 11, 7, 7, 13), strict=True))


def test_adjusted_winner_divides_the_panama_canal_treaty():
    found = adjusted_winner(US, PANAMA)
    assert found.points == pytest.approx((66, 66))
    assert found.split == "C"
    # The United States keep 2/15 of the third issue and hand the rest over.
    assert 1 - found.split_share == pytest.approx(2 / 15)
    assert (found.first, found.second) == (tuple("ABDF"), tuple("EGHIJ"))
    assert "13% of C" in found.sentences[1 - found.split_to]


totals = st.lists(st.tuples(st.integers(0, 9), st.integers(0, 9)), min_size=1, max_size=7)


@few
@given(totals)
def test_adjusted_winner_is_equitable_and_leaves_no_envy(pairs):
    first = {str(n): float(a) for n, (a, _) in enumerate(pairs)}
    second = {str(n): float(b) for n, (_, b) in enumerate(pairs)}
    if not sum(first.values()) or not sum(second.values()):
        with pytest.raises(ValueError, match="no points"):
            adjusted_winner(first, second)
        return
    found = adjusted_winner(first, second)
    assert min(found.points) >= 50 - 1e-9
    handed = set(found.first) | set(found.second) | {found.split}
    assert set(first) <= handed
    if any(a and b for a, b in pairs):
        assert found.points[0] == pytest.approx(found.points[1])


def test_adjusted_winner_refuses_lists_that_differ():
    with pytest.raises(ValueError, match="same things"):
        adjusted_winner({"A": 1}, {"B": 1})
    with pytest.raises(ValueError, match="0 or more"):
        adjusted_winner({"A": -1}, {"A": 1})
