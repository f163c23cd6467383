"""Weights by comparison: known answers, properties, and what each says about itself."""

import itertools
import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tandem_engine.prioritisation import ScoringError
from tandem_engine.prioritisation.weights import (
    Choice,
    ahp_weights,
    best_worst_weights,
    fit_pairs,
    implied_weights,
    next_pair,
)

some = settings(max_examples=30, deadline=None, derandomize=True)
weights_ = st.lists(st.integers(1, 9), min_size=3, max_size=6)

#: American League East, 1987: wins of the row over the column in 13 games each (A. Agresti,
#: *Categorical Data Analysis*, 1990, table 10.10).
TEAMS = ("Milwaukee", "Detroit", "Toronto", "New York", "Boston", "Cleveland", "Baltimore")
BASEBALL = (
    (7, 9, 7, 7, 9, 11),
    (7, 5, 11, 9, 9),
    (7, 7, 8, 12),
    (6, 7, 10),
    (7, 12),
    (6,),
)


def baseball():
    wins = {}
    for one, row in enumerate(BASEBALL):
        for other, won in enumerate(row, start=one + 1):
            wins[one, other], wins[other, one] = won, 13 - won
    return wins


class TestBestWorst:
    def test_it_gives_rezaei_s_transport_example(self):
        # Load flexibility, accessibility and cost of a transport mode; cost is the best.
        found = best_worst_weights((8, 2, 1), (1, 5, 8))
        assert found.weights == pytest.approx((0.0714, 0.3214, 0.6071), abs=5e-5)
        assert found.xi == pytest.approx(0.0357, abs=5e-5)
        assert found.ratio == pytest.approx(2 / 56)
        assert found.worst == 1

    @some
    @given(weights_)
    def test_consistent_answers_give_the_weights_back(self, weights):
        best, worst = max(weights), min(weights)
        if best == worst or best / worst > 9:
            return
        to_others, to_worst = [best / w for w in weights], [w / worst for w in weights]
        found = best_worst_weights(to_others, to_worst)
        assert found.weights == pytest.approx([w / sum(weights) for w in weights], abs=1e-6)
        assert found.xi == pytest.approx(0, abs=1e-9)
        assert found.ratio == pytest.approx(0, abs=1e-9)

    def test_it_says_which_answer_fits_least(self):
        found = best_worst_weights((1, 2, 4, 8), (8, 4, 8, 1))
        assert found.doubtful
        assert found.worst == 2

    @pytest.mark.parametrize(
        ("to_others", "to_worst", "says"),
        [
            ((1,), (1,), "two criteria or more"),
            ((1, 10), (3, 1), "between 1 and 9"),
            ((1, math.nan), (3, 1), "between 1 and 9"),
            ((2, 3), (3, 1), "compare to themselves"),
            ((1, 3), (1, 3), "two criteria"),
        ],
    )
    def test_it_refuses_answers_that_cannot_be(self, to_others, to_worst, says):
        with pytest.raises(ScoringError, match=says):
            best_worst_weights(to_others, to_worst)


class TestAhp:
    def test_it_gives_the_three_by_three_textbook_example(self):
        # 1 3 5 / 1/3 1 3 / 1/5 1/3 1: the geometric means are the cube roots of 15, 1 and 1/15.
        found = ahp_weights(3, {(0, 1): 3, (0, 2): 5, (1, 2): 3})
        assert found.weights == pytest.approx((0.6370, 0.2583, 0.1047), abs=5e-5)
        assert found.lambda_max == pytest.approx(3.0385, abs=5e-5)
        assert found.ratio == pytest.approx(0.0332, abs=5e-4)
        assert not found.doubtful

    def test_it_gives_the_leader_example(self):
        # Experience, education, charisma, age: the much copied "choosing a leader" example, whose
        # eigenvector is .547, .127, .270, .056 with a consistency ratio of .044.
        asked = {(0, 1): 4, (0, 2): 3, (0, 3): 7, (2, 1): 3, (1, 3): 3, (2, 3): 5}
        found = ahp_weights(4, asked)
        assert found.weights == pytest.approx((0.547, 0.127, 0.270, 0.056), abs=0.006)
        assert found.ratio == pytest.approx(0.044, abs=0.003)

    @some
    @given(weights_)
    def test_consistent_answers_give_the_weights_back(self, weights):
        pairs = itertools.combinations(range(len(weights)), 2)
        found = ahp_weights(len(weights), {(i, j): weights[i] / weights[j] for i, j in pairs})
        assert found.weights == pytest.approx([w / sum(weights) for w in weights])
        assert found.ratio == pytest.approx(0, abs=1e-9)
        assert found.circle is None

    def test_it_names_three_that_run_in_a_circle(self):
        asked = {(0, 1): 3, (1, 2): 3, (2, 0): 3, (0, 3): 2, (1, 3): 2, (2, 3): 2}
        found = ahp_weights(4, asked)
        assert found.doubtful
        assert found.circle == (0, 1, 2)

    @pytest.mark.parametrize(
        ("count", "asked", "says"),
        [
            (3, {(0, 1): 3}, "2 of the pairs are not compared"),
            (2, {(0, 1): 3, (1, 0): 2}, "compared once"),
            (2, {(0, 0): 1}, "compared once"),
            (2, {(0, 1): 10}, "between 1/9 and 9"),
            (2, {(0, 1): math.nan}, "between 1/9 and 9"),
            (11, {}, "2 to 10"),
        ],
    )
    def test_it_refuses_comparisons_that_cannot_be(self, count, asked, says):
        with pytest.raises(ScoringError, match=says):
            ahp_weights(count, asked)


class TestPairs:
    def test_it_gives_the_baseball_strengths(self):
        fit = fit_pairs(7, baseball(), ridge=1e-8)
        above = [strength - fit.strengths[-1] for strength in fit.strengths]
        assert above == pytest.approx([1.581, 1.436, 1.294, 1.248, 1.108, 0.684, 0], abs=5e-4)
        # The published standard errors of the difference to Baltimore.
        errors = [fit.standard_error(team, 6) for team in range(6)]
        assert errors == pytest.approx([0.343, 0.340, 0.337, 0.336, 0.334, 0.332], abs=2e-3)
        assert fit.note == ""

    def test_the_ridge_is_too_faint_to_matter_with_data(self):
        one, two = fit_pairs(7, baseball()), fit_pairs(7, baseball(), ridge=1e-8)
        assert one.strengths == pytest.approx(two.strengths, abs=2e-3)

    def test_intervals_hold_the_weights_and_narrow_with_answers(self):
        one = fit_pairs(7, baseball())
        many = fit_pairs(7, {pair: 10 * won for pair, won in baseball().items()})
        for weight, (low, high), (low_many, high_many) in zip(
            one.weights, one.intervals, many.intervals, strict=True
        ):
            assert low < weight < high
            assert high_many - low_many < high - low
        assert sum(one.weights) == pytest.approx(1)

    def test_nothing_compared_counts_the_same(self):
        fit = fit_pairs(4, {})
        assert fit.weights == pytest.approx([0.25] * 4)
        assert "Nothing has been compared" in fit.note

    def test_it_says_when_the_comparisons_are_not_connected(self):
        fit = fit_pairs(4, {(0, 1): 2, (1, 0): 1, (2, 3): 1, (3, 2): 1})
        assert fit.groups == ((0, 1), (2, 3))
        assert "2 groups" in fit.note

    def test_it_says_when_one_won_everything(self):
        fit = fit_pairs(3, {(0, 1): 3, (0, 2): 3, (1, 2): 1, (2, 1): 1})
        assert fit.one_sided
        assert all(math.isfinite(strength) for strength in fit.strengths)
        assert fit.note

    def test_the_next_pair_is_the_least_known_one(self):
        wins = {(0, 1): 20, (1, 0): 20, (0, 2): 20, (2, 0): 20, (1, 2): 20, (2, 1): 20}
        wins |= {(0, 3): 1, (3, 0): 1}
        fit = fit_pairs(4, wins)
        assert 3 in next_pair(fit, wins)

    @some
    @given(st.data(), st.integers(2, 5))
    def test_more_wins_never_weaken(self, data, count):
        number = st.integers(0, 4)
        pairs = list(itertools.permutations(range(count), 2))
        wins = {pair: data.draw(number) for pair in pairs}
        one, other = data.draw(st.sampled_from(pairs))
        before = fit_pairs(count, wins)
        after = fit_pairs(count, wins | {(one, other): wins[one, other] + 1})
        gap = after.strengths[one] - after.strengths[other]
        assert gap >= before.strengths[one] - before.strengths[other] - 1e-9

    @pytest.mark.parametrize(
        ("count", "wins"), [(1, {}), (2, {(0, 0): 1}), (2, {(0, 1): -1}), (2, {(0, 1): math.inf})]
    )
    def test_it_refuses_what_is_no_comparison(self, count, wins):
        with pytest.raises(ScoringError):
            fit_pairs(count, wins)


def choices_by(slopes, occasions, seed=1):
    """Ten things on the table, three chosen one after the other by the logit with ``slopes``."""
    rng = np.random.default_rng(seed)
    for _ in range(occasions):
        table = rng.random((10, len(slopes)))
        worth = table @ np.array(slopes) + rng.gumbel(size=10)
        order = np.argsort(-worth)
        rows = [tuple(row) for row in table.tolist()]
        yield Choice(tuple(rows[n] for n in order[:1]), tuple(rows[n] for n in order[1:]))


class TestPast:
    def test_it_recovers_planted_weights(self):
        planted = (6.0, 3.0, 1.0)
        found = implied_weights(list(choices_by(planted, 300)), criteria=3)
        assert found.enough
        assert found.weights == pytest.approx((0.6, 0.3, 0.1), abs=0.06)
        assert found.slopes == pytest.approx(planted, rel=0.25)
        for low, weight, high, true in zip(
            found.low, found.weights, found.high, (0.6, 0.3, 0.1), strict=True
        ):
            assert low <= weight <= high
            assert low - 0.03 <= true <= high + 0.03

    def test_a_control_explains_choices_and_takes_no_weight(self):
        found = implied_weights(list(choices_by((2.0, 2.0, 5.0), 300)), criteria=2, controls=1)
        assert found.weights == pytest.approx((0.5, 0.5), abs=0.1)
        assert len(found.weights) == 2

    def test_what_spoke_against_weighs_nothing(self):
        found = implied_weights(list(choices_by((4.0, -3.0), 100)), criteria=2)
        assert found.weights == (1.0, 0.0)
        assert found.slopes[1] < 0

    def test_it_says_when_there_is_too_little(self):
        none = implied_weights([Choice(((1.0, 0.0),), ())], criteria=2)
        assert (none.enough, none.chosen) == (False, 0)
        assert "no occasion" in none.note
        few = implied_weights(list(choices_by((4.0, 1.0), 4)), criteria=2)
        assert not few.enough
        assert "4 chosen things are too few" in few.note

    def test_it_says_when_nothing_differed(self):
        same = [Choice(((0.5, 0.5),), ((0.5, 0.5),))] * 20
        found = implied_weights(same, criteria=2)
        assert not found.enough
        assert "rated alike" in found.note

    def test_the_same_past_gives_the_same_answer(self):
        past = list(choices_by((2.0, 1.0), 20))
        assert implied_weights(past, criteria=2) == implied_weights(past, criteria=2)

    def test_it_refuses_rows_of_another_length(self):
        with pytest.raises(ScoringError, match="2 places"):
            implied_weights([Choice(((1.0,),), ((0.0, 1.0),))], criteria=2)
