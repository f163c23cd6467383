"""The simulation of ranks against known answers and a plain computation."""

import numpy as np
import pytest

from tandem_engine.prioritisation import ScoringError, preset, rank
from tandem_engine.prioritisation.ranks import simulate_ranks
from tandem_engine.prioritisation.simulation import SCORE_LEVELS


def uniform(low, high):
    return low + (high - low) * SCORE_LEVELS


def simulated(distributions, *, top=1, draws=20_000, first=()):
    keys = [f"A-{n}" for n in range(len(distributions))]
    rows = np.arange(len(keys))
    return simulate_ranks(
        keys, np.array(distributions), rows, top=top, seed=1, draws=draws, first=first
    )


def test_it_finds_the_chance_of_a_uniform_score_to_beat_a_certain_one():
    found = simulated([uniform(0, 3), uniform(1, 1)])
    assert found.p_top == pytest.approx([2 / 3, 1 / 3], abs=0.01)


def test_it_finds_the_regret_known_by_integration():
    # B is uniform on 0..3, A is 1: taking B gives 1.5, knowing gives 1/3 × 1 + 2/3 × 2 = 5/3.
    found = simulated([uniform(1, 1), uniform(0, 3)], first=[1])
    assert found.chosen == pytest.approx(1.5, abs=0.02)
    assert found.best - found.chosen == pytest.approx(1 / 6, abs=0.01)
    assert simulated([uniform(1, 1), uniform(0, 0.9)], first=[0]).best == pytest.approx(1)


def test_it_ranks_negative_and_large_scores_in_order():
    found = simulated([uniform(n, n) for n in (-2, 1e6, -1e6, 0, 3)], draws=100)
    assert found.low.tolist() == found.high.tolist() == [4, 1, 5, 3, 2]


@pytest.mark.parametrize("distance", [1e4, 1e9])
def test_scores_that_share_their_first_bits_are_put_in_order_by_all_of_them(distance):
    # Another one so far away leaves those at hand few or no bits to tell them apart.
    near = [uniform(n * 1e-4, n * 1e-4) for n in range(40)]
    found = simulated([*near, uniform(-distance, -distance)], draws=100)
    assert found.low.tolist() == found.high.tolist() == [*range(40, 0, -1), 41]


def test_scores_without_bounds_keep_their_order():
    found = simulated([uniform(-1e300, -1e300), uniform(0, 0), uniform(1e300, 1e300)], draws=100)
    assert found.low.tolist() == found.high.tolist() == [3, 2, 1]


def test_the_intervals_are_those_of_plain_sorting():
    rng = np.random.default_rng(0)
    table = np.sort(rng.normal(size=(12, SCORE_LEVELS.size)) + rng.normal(size=(12, 1)), axis=1)
    found = simulated(table, top=3, draws=40_000)
    at = rng.random((40_000, 12))
    scores = np.stack([np.interp(at[:, n], SCORE_LEVELS, table[n]) for n in range(12)], axis=1)
    ranks = (-scores).argsort(axis=1).argsort(axis=1) + 1
    assert found.p_top == pytest.approx((ranks <= 3).mean(axis=0), abs=0.015)
    for level, ends in ((0.1, found.low), (0.9, found.high)):
        plain = np.quantile(ranks, level, axis=0, method="inverted_cdf")
        assert np.abs(ends - plain).max() <= 1


def test_a_large_backlog_gets_fewer_draws_in_bounded_memory():
    table = np.stack([uniform(0, 1), uniform(0.2, 1.2)])
    keys = [f"A-{n}" for n in range(70_000)]
    rows = np.arange(len(keys)) % 2
    found = simulate_ranks(keys, table, rows, top=10, seed=0, draws=10_000)
    assert found.draws == 285
    assert found.p_top.sum() == pytest.approx(10)


def test_it_refuses_too_few_draws_of_the_order():
    with pytest.raises(ScoringError, match="too few"):
        rank(preset("rice"), [], rank_draws=10)


def test_nothing_known_regrets_and_everything_known_does_not():
    model = preset("value_effort")
    assert rank(model, []).regret.share == 0
