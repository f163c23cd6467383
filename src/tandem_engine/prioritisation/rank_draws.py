"""The draws behind the simulation of ranks: blocks of scores and the order each draw gives."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from typing import Final

import numpy as np
import numpy.typing as npt

from .scale import FloatArray
from .simulation import SCORE_LEVELS

_CELLS: Final = SCORE_LEVELS.size - 1
#: The top bits of a uniform choose the cell of the score's table, the next 24 the place in it.
_CELL_BITS: Final = _CELLS.bit_length() - 1
#: With more items than that, 32 bits leave too few for the score beside the item's number.
_MOST_SHORT: Final = 2**13
#: Of this many items one may need a second look before the long way is the shorter one.
_ONE_IN: Final = 32
#: Scores farther from 0 count as that: 32 bits hold three times as much.
_FARTHEST: Final = 1e38
_LOT: Final = np.uint64(0x9E3779B97F4A7C15)

Words = npt.NDArray[np.uint64]
Places = npt.NDArray[np.int64]
Scores = npt.NDArray[np.float32]


class Drawer:
    """Draws of every item's score, a block of simulations at a time, and the order they give.

    A block's arrays are made once and used again: asking the system for a quarter of a megabyte
    ten times a block costs more than computing in it.
    """

    def __init__(
        self,
        keys: Sequence[str],
        distributions: FloatArray,
        rows: npt.NDArray[np.intp],
        seed: int,
        block: int,
    ) -> None:
        self._streams = _streams(keys, seed)
        distributions = np.clip(distributions, -_FARTHEST, _FARTHEST)
        # One look-up finds the cell's lower end and its width.
        table = np.empty((len(distributions), _CELLS), dtype=np.complex64)
        table.real = distributions[:, :-1]
        table.imag = np.diff(distributions, axis=1)
        self._table = table.ravel()
        self._rows = np.asarray(rows, dtype=np.int64) * _CELLS
        self._items = np.arange(len(keys), dtype=np.uint64)
        self._item_bits = max(1, (len(keys) - 1).bit_length())
        self._mask = (1 << self._item_bits) - 1
        self._middle, self._per_step = _steps(distributions, 31 - self._item_bits)
        self._is_short = len(keys) <= _MOST_SHORT and self._per_step > 0
        shape = (block, len(keys))
        self._bits, self._spare = np.empty(shape, np.uint64), np.empty(shape, np.uint64)
        self._pairs = np.empty(shape, np.complex64)
        self._scores, self._inside = np.empty(shape, np.float32), np.empty(shape, np.float32)
        self._words = np.empty(shape, np.int32)

    def draw(self, start: int, size: int) -> tuple[Scores, Places]:
        """Scores, (simulations, items), and per simulation the items' places, best first."""
        bits, spare = self._bits[:size], self._spare[:size]
        _fill(bits, spare, self._streams, np.arange(start, start + size, dtype=np.uint64))
        pairs, scores, inside = self._pairs[:size], self._scores[:size], self._inside[:size]
        np.right_shift(bits, np.uint64(64 - _CELL_BITS), out=spare)
        at = spare.view(np.int64)
        at += self._rows
        np.take(self._table, at, out=pairs, mode="clip")
        np.right_shift(bits, np.uint64(40 - _CELL_BITS), out=spare)
        spare &= np.uint64(0xFFFFFF)
        np.copyto(inside, spare, casting="unsafe")
        inside *= np.float32(2.0**-24)
        np.multiply(pairs.imag, inside, out=scores)
        scores += pairs.real
        scores += np.float32(0.0)  # makes -0 a 0, which is no smaller
        order = self._short(scores, bits) if self._is_short else None
        if order is None:
            self._is_short = False
            order = self._long(scores, bits)
        return scores, order

    def _short(self, scores: Scores, bits: Words) -> Places | None:
        """The order by 32 bits an item, or none when too many scores share their first bits.

        Above stand the first bits of the falling score, below the item's number. Neighbours with
        the same first bits are put in order by their whole scores afterwards, so that the result
        is the one of :meth:`_long`.
        """
        size, inside = len(scores), self._inside[: len(scores)]
        np.subtract(self._middle, scores, out=inside)
        inside *= self._per_step
        words = self._words[:size]
        np.copyto(words, inside, casting="unsafe")
        words <<= self._item_bits
        words |= self._items.astype(np.int32)
        words.sort(axis=1)
        steps = words >> self._item_bits
        same = np.zeros((size, words.shape[1] + 1), dtype=np.bool_)
        np.equal(steps[:, 1:], steps[:, :-1], out=same[:, 1:-1])
        found: Places = (words & np.int32(self._mask)).astype(np.int64)
        crowded = np.flatnonzero(same[:, 1:] | same[:, :-1])
        if crowded.size * _ONE_IN > words.size:
            return None
        if crowded.size:
            row, place = np.divmod(crowded, words.shape[1])
            item = found[row, place]
            group = np.cumsum(~same[row, place])
            whole = _falling(scores[row, item])
            lots = self._lots(bits[row, item], item.astype(np.uint64))
            found[row, place] = item[np.lexsort((lots, whole, group))]
        return found

    def _long(self, scores: Scores, bits: Words) -> Places:
        """The order by 64 bits an item: the falling score, then a lot, and the item's number."""
        keys = _falling(scores).astype(np.int64)
        keys <<= 32
        keys |= self._lots(bits, self._items).view(np.int64)
        keys.sort(axis=1)
        keys &= np.int64(self._mask)
        return keys

    def _lots(self, bits: Words, items: Words) -> Words:
        """32 random bits, of which the last ones are the item's number."""
        lots = bits * _LOT  # the low bits took no part in the score
        lots >>= np.uint64(32)
        lots &= ~np.uint64(self._mask)
        lots |= items
        return lots


def _steps(distributions: FloatArray, bits: int) -> tuple[np.float32, np.float32]:
    """The middle of all scores, and how many of 2^``bits`` equal steps make one point."""
    least, most = float(distributions.min()), float(distributions.max())
    middle = np.float32(least + (most - least) / 2)
    width = np.float32(most) - np.float32(least)
    if not (0 < width < np.inf):
        return middle, np.float32(0)
    # A little less than all, for a score may be rounded past the end.
    per_step = np.float32((2**bits - 2 ** (bits - 4)) / width)
    return middle, per_step if np.isfinite(per_step) else np.float32(0)


def _falling(scores: Scores) -> npt.NDArray[np.int32]:
    """Whole numbers that rise as the scores fall, and are equal only where they are."""
    raw = scores.view(np.int32)
    found: npt.NDArray[np.int32] = ~(raw ^ ((raw >> 31) & np.int32(0x7FFFFFFF)))
    return found


def _streams(keys: Sequence[str], seed: int) -> Words:
    salt = hashlib.blake2b(str(seed).encode(), digest_size=16).digest()
    digests = b"".join(
        hashlib.blake2b(key.encode(), digest_size=8, key=salt).digest() for key in keys
    )
    return np.frombuffer(digests, dtype="<u8").astype(np.uint64)


def _fill(bits: Words, spare: Words, streams: Words, numbers: Words) -> None:
    """Fill ``bits``, (numbers, streams), with 64 random bits for each draw of each stream.

    SplitMix64 gives any draw of a stream without the ones before it (Steele, Lea and Flood, "Fast
    splittable pseudorandom number generators", OOPSLA 2014), which keeps a generator per item
    cheap.
    """
    np.add(((numbers + np.uint64(1)) * _LOT)[:, None], streams[None, :], out=bits)
    for shift, factor in ((30, 0xBF58476D1CE4E5B9), (27, 0x94D049BB133111EB)):
        np.right_shift(bits, np.uint64(shift), out=spare)
        bits ^= spare
        bits *= np.uint64(factor)
    np.right_shift(bits, np.uint64(31), out=spare)
    bits ^= spare
