"""TOPSIS and Kemeny: known answers and bad input."""

import itertools

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tandem_engine.prioritisation import ScoringError
from tandem_engine.prioritisation.kemeny import kemeny
from tandem_engine.prioritisation.topsis import topsis

#: Price, memory, camera, looks of five telephones: the much used TOPSIS example.
PHONES = (
    (250, 16, 12, 5),
    (200, 16, 8, 3),
    (300, 32, 16, 4),
    (275, 32, 8, 4),
    (225, 16, 16, 2),
)
CHEAP = ("lower", "higher", "higher", "higher")
#: Which town becomes the capital of Tennessee, in shares of 100 voters.
TENNESSEE = (
    (("Memphis", "Nashville", "Chattanooga", "Knoxville"), 42),
    (("Nashville", "Chattanooga", "Knoxville", "Memphis"), 26),
    (("Chattanooga", "Knoxville", "Nashville", "Memphis"), 15),
    (("Knoxville", "Chattanooga", "Nashville", "Memphis"), 17),
)


def test_topsis_gives_the_phones():
    found = topsis(PHONES, (0.25,) * 4, CHEAP)
    assert found == pytest.approx((0.5343, 0.3084, 0.6916, 0.5347, 0.4010), abs=5e-5)


def test_topsis_has_no_opinion_on_equals():
    assert topsis(((1, 2), (1, 2)), (1, 1), ("higher", "lower")) == (0.5, 0.5)
    assert topsis((), (1,), ("higher",)) == ()


@pytest.mark.parametrize(
    ("rows", "weights"),
    [(((1,),), (1, 1)), (((1, float("nan")),), (1, 1)), (((1, 2),), (0, 0)), (((1, 2),), (1, -1))],
)
def test_topsis_refuses_numbers_that_are_none(rows, weights):
    with pytest.raises(ScoringError):
        topsis(rows, weights, ("higher", "higher"))


def test_kemeny_puts_nashville_first():
    found = kemeny(TENNESSEE)
    assert found.order == ("Nashville", "Chattanooga", "Knoxville", "Memphis")
    assert (found.disagreements, found.exact) == (207, True)


def disagreements(order, orders):
    place = {thing: n for n, thing in enumerate(order)}
    return sum(
        weight
        for each, weight in orders
        for one, later in itertools.combinations(each, 2)
        if place[one] > place[later]
    )


@settings(max_examples=25, deadline=None, derandomize=True)
@given(st.lists(st.tuples(st.permutations("abcde"), st.integers(1, 3)), min_size=1, max_size=4))
def test_no_order_disagrees_less(orders):
    found = kemeny(orders)
    assert found.disagreements == disagreements(found.order, orders)
    best = min(disagreements(order, orders) for order in itertools.permutations("abcde"))
    assert found.disagreements == best


def test_many_things_are_put_in_a_good_order():
    things = list(range(15))
    found = kemeny([(things, 2), (things[::-1], 1)])
    assert found.order == tuple(things)
    assert not found.exact


@pytest.mark.parametrize(
    "orders", [[("ab", 1), ("abc", 1)], [("aa", 1)], [("ab", 1), ("ac", 1)], [("ab", -1)]]
)
def test_kemeny_refuses_orders_of_different_things(orders):
    with pytest.raises(ScoringError):
        kemeny(orders)


def test_no_orders_are_no_order():
    assert kemeny([]).order == ()
