"""How sure the order is: rank intervals and the probability of being among the first."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
import numpy.typing as npt

from .scale import FloatArray
from .simulation import HIGH_LEVEL, LOW_LEVEL, SCORE_LEVELS

#: At most this many (item, draw) cells are simulated, so that memory stays near 100 MB.
MOST_CELLS: Final = 10_000_000
FEWEST_DRAWS: Final = 100
_BLOCK_CELLS: Final = 500_000


@dataclass(frozen=True)
class RankSimulation:
    """Per item, in the order given: rank at P10 and P90 and P(rank <= top). 1 is first."""

    low: npt.NDArray[np.int64]
    high: npt.NDArray[np.int64]
    p_top: FloatArray
    draws: int


def simulate_ranks(
    keys: Sequence[str],
    distributions: FloatArray,
    rows: npt.NDArray[np.intp],
    *,
    top: int,
    seed: int,
    draws: int,
) -> RankSimulation:
    """Rank the items once per draw of all their scores.

    ``distributions`` holds score quantiles at :data:`SCORE_LEVELS`, ``rows`` says which of them is
    an item's. Items are drawn independently of each other, from streams keyed by
    ``(seed, item key)``: neither the order of the items nor a new one changes an item's draws.
    Equal draws are put in order by lot. Beyond 10 million (item, draw) pairs fewer draws are made, never fewer
    than 100.
    """
    count = len(keys)
    if count == 0:
        nothing = np.zeros(0, dtype=np.int64)
        return RankSimulation(nothing, nothing, np.zeros(0), draws)
    draws = min(draws, max(FEWEST_DRAWS, MOST_CELLS // count))
    streams = _streams(keys, seed)
    ranks = np.empty((count, draws), dtype=np.int32)
    block = max(1, _BLOCK_CELLS // count)
    for start in range(0, draws, block):
        numbers = np.arange(start, min(start + block, draws), dtype=np.uint64)
        uniform = _uniforms(streams, numbers)
        scores = _sample(distributions, rows, uniform)
        for column in range(numbers.size):
            order = np.lexsort((uniform[:, column], -scores[:, column]))
            ranks[order, start + column] = np.arange(1, count + 1, dtype=np.int32)
    p_top = (ranks <= top).mean(axis=1)
    low_at, high_at = (int(np.ceil(level * draws)) - 1 for level in (LOW_LEVEL, HIGH_LEVEL))
    ranks.partition((low_at, high_at), axis=1)
    return RankSimulation(
        ranks[:, low_at].astype(np.int64), ranks[:, high_at].astype(np.int64), p_top, draws
    )


def _streams(keys: Sequence[str], seed: int) -> npt.NDArray[np.uint64]:
    salt = hashlib.blake2b(str(seed).encode(), digest_size=16).digest()
    digests = b"".join(
        hashlib.blake2b(key.encode(), digest_size=8, key=salt).digest() for key in keys
    )
    return np.frombuffer(digests, dtype="<u8").astype(np.uint64)


def _uniforms(streams: npt.NDArray[np.uint64], numbers: npt.NDArray[np.uint64]) -> FloatArray:
    """Draw ``numbers`` of each stream, (streams, numbers), between 0 and 1.

    SplitMix64 gives any draw of a stream without the ones before it (Steele, Lea and Flood, "Fast
    splittable pseudorandom number generators", OOPSLA 2014), which keeps a generator per item
    cheap.
    """
    state = streams[:, None] + (numbers[None, :] + np.uint64(1)) * np.uint64(0x9E3779B97F4A7C15)
    state = (state ^ (state >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
    state = (state ^ (state >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
    state ^= state >> np.uint64(31)
    return np.asarray((state >> np.uint64(11)) * 2.0**-53, dtype=np.float64)


def _sample(
    distributions: FloatArray, rows: npt.NDArray[np.intp], uniform: FloatArray
) -> FloatArray:
    steps = SCORE_LEVELS.size - 1
    lower = (uniform * steps).astype(np.intp)
    upward = uniform * steps - lower
    row = rows[:, None]
    return np.asarray(
        distributions[row, lower] * (1.0 - upward) + distributions[row, lower + 1] * upward,
        dtype=np.float64,
    )
