"""How sure the order is: rank intervals, the probability of being among the first, and the regret.

Every simulation draws all scores and puts the items in order. Blocks of simulations pass through
arrays that fit into a processor's cache; only the ranks are kept, two bytes each.
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
import numpy.typing as npt

from .scale import FloatArray
from .simulation import HIGH_LEVEL, LOW_LEVEL, SCORE_LEVELS

#: At most this many (item, simulation) cells, so that memory stays below some 100 MB.
MOST_CELLS: Final = 20_000_000
FEWEST_DRAWS: Final = 100
#: Cells simulated at once: a block's arrays of eight bytes take 256 KB each.
_BLOCK_CELLS: Final = 32_768
#: Items whose ranks are put in order at once, at the end.
_COLUMNS: Final = 64
_CELLS: Final = SCORE_LEVELS.size - 1
#: The top bits of a uniform choose the cell of the score's table, the next 24 the place in it.
_CELL_BITS: Final = _CELLS.bit_length() - 1

Words = npt.NDArray[np.uint64]


@dataclass(frozen=True)
class RankSimulation:
    """Per item, in the order given: rank at P10 and P90 and P(rank <= top). 1 is first.

    ``best`` is the mean, over the simulations, of the sum of the ``top`` highest scores; ``chosen``
    that of the items that come first by their likely scores. Their difference is the expected
    regret of taking the first ``top`` as they stand instead of knowing.
    """

    low: npt.NDArray[np.int64]
    high: npt.NDArray[np.int64]
    p_top: FloatArray
    draws: int
    best: float = 0.0
    chosen: float = 0.0


def simulate_ranks(
    keys: Sequence[str],
    distributions: FloatArray,
    rows: npt.NDArray[np.intp],
    *,
    top: int,
    seed: int,
    draws: int,
    first: Sequence[int] = (),
) -> RankSimulation:
    """Rank the items once per draw of all their scores.

    ``distributions`` holds score quantiles at :data:`SCORE_LEVELS`, ``rows`` says which of them is
    an item's, ``first`` are the places of the items that the order puts first. Items are drawn
    independently of each other, from streams keyed by ``(seed, item key)``: neither the order of
    the items nor a new one changes an item's draws. Equal draws are put in order by lot. Beyond 20
    million (item, draw) pairs fewer draws are made, never fewer than 100.
    """
    count = len(keys)
    if count == 0:
        nothing = np.zeros(0, dtype=np.int64)
        return RankSimulation(nothing, nothing, np.zeros(0), draws)
    draws = min(draws, max(FEWEST_DRAWS, MOST_CELLS // count))
    drawer = _Drawer(keys, distributions, rows, seed)
    ranks = np.empty((draws, count), dtype=np.uint16 if count < 2**16 else np.uint32)
    places = np.arange(1, count + 1, dtype=ranks.dtype)
    in_top = np.zeros(count, dtype=np.int64)
    ahead = np.array(first, dtype=np.intp)
    best = chosen = 0.0
    block = max(1, _BLOCK_CELLS // count)
    for start in range(0, draws, block):
        size = min(block, draws - start)
        scores, ordered = drawer.draw(start, size)
        order = drawer.items_of(ordered)
        leaders = order[:, :top]
        in_top += np.bincount(leaders.ravel(), minlength=count)
        if ahead.size:
            best += float(np.take_along_axis(scores, leaders, axis=1).sum(dtype=np.float64))
            chosen += float(scores[:, ahead].sum(dtype=np.float64))
        rows_of = np.arange(start, start + size, dtype=np.int64)[:, None] * count
        ranks.reshape(-1)[order + rows_of] = places
    low, high = _ends(ranks)
    return RankSimulation(low, high, in_top / draws, draws, best / draws, chosen / draws)


class _Drawer:
    """Draws of every item's score, a block of simulations at a time, and the order they give."""

    def __init__(
        self,
        keys: Sequence[str],
        distributions: FloatArray,
        rows: npt.NDArray[np.intp],
        seed: int,
    ) -> None:
        self._streams = _streams(keys, seed)
        self._base = np.ascontiguousarray(distributions[:, :-1], dtype=np.float32).ravel()
        self._step = np.diff(distributions, axis=1).astype(np.float32).ravel()
        self._rows = np.asarray(rows, dtype=np.int64) * _CELLS
        self._items = np.arange(len(keys), dtype=np.uint64)
        self._mask = np.uint64((1 << max(1, (len(keys) - 1).bit_length())) - 1)

    def draw(self, start: int, size: int) -> tuple[npt.NDArray[np.float32], npt.NDArray[np.int64]]:
        """Scores, (simulations, items), and per simulation sort keys with the best item first."""
        bits = _bits(self._streams, np.arange(start, start + size, dtype=np.uint64))
        at = (bits >> np.uint64(64 - _CELL_BITS)).view(np.int64)
        at += self._rows
        inside = ((bits >> np.uint64(40 - _CELL_BITS)).astype(np.uint32)) & np.uint32(0xFFFFFF)
        scores = self._step.take(at)
        scores *= inside.astype(np.float32) * np.float32(2.0**-24)
        scores += self._base.take(at)
        scores += np.float32(0.0)  # makes -0 a 0, which is no smaller
        # One integer per item that sorts by falling score, then by lot, and names the item: the
        # score's bits in an order-keeping form above, random bits and the item's number below.
        raw = scores.view(np.int32)
        keys = (~(raw ^ ((raw >> 31) & np.int32(0x7FFFFFFF)))).astype(np.int64)
        keys <<= 32
        bits *= np.uint64(0x9E3779B97F4A7C15)  # the low bits took no part in the score
        bits >>= np.uint64(32)
        bits &= ~self._mask
        bits |= self._items
        keys |= bits.view(np.int64)
        keys.sort(axis=1)
        return scores, keys

    def items_of(self, keys: npt.NDArray[np.int64]) -> npt.NDArray[np.int64]:
        """The items' places in the order of the sort keys."""
        return keys & np.int64(self._mask)


def _ends(
    ranks: npt.NDArray[np.uint16] | npt.NDArray[np.uint32],
) -> tuple[npt.NDArray[np.int64], npt.NDArray[np.int64]]:
    """Nearest-rank P10 and P90 of each column."""
    draws, count = ranks.shape
    at = tuple(int(np.ceil(level * draws)) - 1 for level in (LOW_LEVEL, HIGH_LEVEL))
    found = np.empty((2, count), dtype=np.int64)
    for start in range(0, count, _COLUMNS):
        columns = np.ascontiguousarray(ranks[:, start : start + _COLUMNS].T)
        # Of two bytes each: NumPy's stable sort then is a radix sort, in half a partition's time.
        columns.sort(axis=1, kind="stable")
        found[:, start : start + _COLUMNS] = columns[:, at].T
    return found[0], found[1]


def _streams(keys: Sequence[str], seed: int) -> Words:
    salt = hashlib.blake2b(str(seed).encode(), digest_size=16).digest()
    digests = b"".join(
        hashlib.blake2b(key.encode(), digest_size=8, key=salt).digest() for key in keys
    )
    return np.frombuffer(digests, dtype="<u8").astype(np.uint64)


def _bits(streams: Words, numbers: Words) -> Words:
    """64 random bits for each draw of each stream, (numbers, streams).

    SplitMix64 gives any draw of a stream without the ones before it (Steele, Lea and Flood, "Fast
    splittable pseudorandom number generators", OOPSLA 2014), which keeps a generator per item
    cheap.
    """
    state = ((numbers + np.uint64(1)) * np.uint64(0x9E3779B97F4A7C15))[:, None] + streams[None, :]
    state ^= state >> np.uint64(30)
    state *= np.uint64(0xBF58476D1CE4E5B9)
    state ^= state >> np.uint64(27)
    state *= np.uint64(0x94D049BB133111EB)
    state ^= state >> np.uint64(31)
    return state
