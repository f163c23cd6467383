"""Standings from pairs, and the pair worth asking next."""

import itertools
import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tandem_engine.prioritisation import Comparison, ScoringError, next_pair, standings

KEYS = ["a", "b", "c", "d"]


def slope(strengths, comparisons, spread):
    """Of minus the posterior's logarithm, in each direction, by central differences."""

    def badness(s):
        total = sum(each**2 for each in s.values()) / (2 * spread**2)
        for each in comparisons:
            gap = s[each.first] - s[each.second]
            total += each.result * np.logaddexp(0, -gap) + (1 - each.result) * np.logaddexp(0, gap)
        return total

    h = 1e-4
    return [
        (badness({**strengths, key: at + h}) - badness({**strengths, key: at - h})) / (2 * h)
        for key, at in strengths.items()
    ]


answers = st.lists(
    st.tuples(
        st.sampled_from(list(itertools.combinations(KEYS, 2))), st.sampled_from([0.0, 0.5, 1.0])
    ),
    max_size=12,
).map(lambda found: [Comparison(*pair, result) for pair, result in found])


@settings(max_examples=25)
@given(answers)
def test_the_strengths_are_the_posteriors_only_peak(found):
    """It is flat nowhere else, and as far as a strength is from the peak, at least
    ``1 / spread**2`` of that shows as slope: so steep is the prior alone."""
    got = {each.key: each.strength for each in standings(KEYS, found).standings}
    assert slope(got, found, 1.5) == pytest.approx([0] * 4, abs=1e-7)


def test_two_items_and_one_answer_by_hand():
    # s = -s' by symmetry, and s / 2.25 = 1 - 1 / (1 + exp(-2 s)) at the peak.
    winner, loser = standings(["a", "b"], [Comparison("b", "a", 1.0)]).standings
    assert (winner.key, winner.place, loser.place) == ("b", 1, 2)
    s = winner.strength
    assert s / 2.25 == pytest.approx(1 / (1 + math.exp(2 * s)), abs=1e-9)
    assert loser.strength == pytest.approx(-s)


def test_without_any_answer_all_share_the_first_place_and_are_wide():
    found = standings(KEYS, [])
    assert {(each.strength, each.place) for each in found.standings} == {(0.0, 1)}
    assert found.standings[0].high == pytest.approx(1.2815515655 * 1.5)
    assert found.note == "Nothing has been compared yet."


def test_an_item_that_never_lost_stays_finite_and_one_never_asked_is_named():
    found = standings(KEYS, [Comparison("a", "b", 1.0)] * 200)
    assert found.standings[0].key == "a"
    assert found.standings[0].strength < 6
    assert found.note == "2 of 4 stand in no comparison yet."


def test_all_alike_leaves_all_in_the_first_place():
    alike = [Comparison(*pair, 0.5) for pair in itertools.combinations(KEYS, 2)]
    assert {each.place for each in standings(KEYS, alike).standings} == {1}


@settings(max_examples=25)
@given(answers)
def test_the_next_pair_is_the_one_that_raises_the_determinant_most(found):
    """By enumeration: add each possible answer's information and compare determinants."""
    at = {key: i for i, key in enumerate(KEYS)}
    s = {each.key: each.strength for each in standings(KEYS, found).standings}

    def chance(pair):
        return 1 / (1 + math.exp(s[pair[1]] - s[pair[0]]))

    def informed(pairs):
        matrix = np.eye(4) / 1.5**2
        for pair in pairs:
            x = np.zeros(4)
            x[at[pair[0]]], x[at[pair[1]]] = 1, -1
            matrix += chance(pair) * (1 - chance(pair)) * np.outer(x, x)
        return np.linalg.slogdet(matrix)[1]

    given_pairs = [(each.first, each.second) for each in found]
    gains = {
        pair: informed([*given_pairs, pair]) - informed(given_pairs)
        for pair in itertools.combinations(KEYS, 2)
    }
    chosen = next_pair(KEYS, found)
    assert chosen.gain == pytest.approx(max(gains.values()), abs=1e-6)
    assert gains[chosen.first, chosen.second] == pytest.approx(chosen.gain, abs=1e-6)


def test_it_never_asks_a_pair_twice_and_ends():
    asked = set()
    while (pair := next_pair(KEYS, [], asked=asked)) is not None:
        assert (pair.first, pair.second) not in asked
        # In either order.
        asked.add((pair.second, pair.first) if len(asked) % 2 else (pair.first, pair.second))
    assert len(asked) == 6
    assert next_pair(["a"], []) is None


@pytest.mark.parametrize(
    "wrong",
    [Comparison("a", "a", 1.0), Comparison("a", "x", 1.0), Comparison("a", "b", 0.7)],
)
def test_it_refuses_a_comparison_that_is_none(wrong):
    with pytest.raises(ScoringError):
        standings(KEYS, [wrong])


def test_the_informative_pairs_find_the_order_with_fewer_questions_than_asking_all():
    """Twelve items with a true order: 30 of the 66 pairs put them right."""
    keys = [f"{n:02}" for n in range(12)]
    found, asked = [], set()
    for _ in range(30):
        pair = next_pair(keys, found, asked=asked)
        asked.add((pair.first, pair.second))
        found.append(Comparison(pair.first, pair.second, float(pair.first < pair.second)))
    order = [each.key for each in standings(keys, found).standings]
    wrong = sum(one > two for one, two in itertools.combinations(order, 2))
    assert wrong <= 3
