"""How sure the order is: rank intervals, the probability of being among the first, and the regret.

Every simulation draws all scores and puts the items in order. Blocks of simulations pass through
arrays that fit into a processor's cache; only the ranks are kept, two bytes each.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
import numpy.typing as npt

from .rank_draws import Drawer
from .scale import FloatArray
from .simulation import HIGH_LEVEL, LOW_LEVEL

#: At most this many (item, simulation) cells, so that memory stays below some 100 MB.
MOST_CELLS: Final = 20_000_000
FEWEST_DRAWS: Final = 100
#: Cells simulated at once: a block's arrays of eight bytes take 256 KB each, and are used again.
_BLOCK_CELLS: Final = 32_768


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
    block = min(draws, max(1, _BLOCK_CELLS // count))
    drawer = Drawer(keys, distributions, rows, seed, block)
    ranks = np.empty((count, draws), dtype=np.uint16 if count < 2**16 else np.uint32)
    turned = np.empty((count, block), dtype=ranks.dtype)
    places = np.tile(np.arange(1, count + 1, dtype=ranks.dtype), block)
    drawn = np.arange(block, dtype=np.int64)[:, None]
    in_top = np.zeros(count, dtype=np.int64)
    ahead = np.array(first, dtype=np.intp)
    best = chosen = 0.0
    for start in range(0, draws, block):
        size = min(block, draws - start)
        scores, order = drawer.draw(start, size)
        leaders = order[:, :top]
        in_top += np.bincount(leaders.ravel(), minlength=count)
        if ahead.size:
            best += float(np.take_along_axis(scores, leaders, axis=1).sum(dtype=np.float64))
            chosen += float(scores[:, ahead].sum(dtype=np.float64))
        order *= block
        order += drawn[:size]
        turned.reshape(-1)[order.reshape(-1)] = places[: order.size]
        ranks[:, start : start + size] = turned[:, :size]
    low, high = _ends(ranks)
    return RankSimulation(low, high, in_top / draws, draws, best / draws, chosen / draws)


def _ends(
    ranks: npt.NDArray[np.uint16] | npt.NDArray[np.uint32],
) -> tuple[npt.NDArray[np.int64], npt.NDArray[np.int64]]:
    """Nearest-rank P10 and P90 of each row, which is put in order."""
    draws = ranks.shape[1]
    low, high = (int(np.ceil(level * draws)) - 1 for level in (LOW_LEVEL, HIGH_LEVEL))
    # Of two bytes each: NumPy's stable sort then is a radix sort, in half a partition's time.
    ranks.sort(axis=1, kind="stable")
    return ranks[:, low].astype(np.int64), ranks[:, high].astype(np.int64)
