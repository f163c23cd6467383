"""Kemeny: the order that disagrees least with several given orders.

J. Kemeny, "Mathematics without numbers", Daedalus 88 (1959) 577-591. Exact up to twelve things by
dynamic programming over sets; beyond, Borda's order with local Kemenisation (C. Dwork, R. Kumar,
M. Naor, D. Sivakumar, "Rank aggregation methods for the web", WWW 2001).
"""

from __future__ import annotations

from collections.abc import Hashable, Sequence
from dataclasses import dataclass
from typing import Final, Generic, TypeVar

import numpy as np

from tandem_engine.words import said

from .errors import ScoringError
from .scale import FloatArray

T = TypeVar("T", bound=Hashable)
#: Up to so many things the answer is exact.
EXACT: Final = 12


@dataclass(frozen=True, slots=True)
class Aggregate(Generic[T]):
    """``order``, best first; ``disagreements`` counts pairs that an order has the other way round,
    by the orders' weights; ``exact`` whether no other order has fewer."""

    order: tuple[T, ...]
    disagreements: float
    exact: bool


def kemeny(orders: Sequence[tuple[Sequence[T], float]]) -> Aggregate[T]:
    """The order closest to all ``orders``, each with its weight (such as its number of voters).

    Every order has the same things once. Of orders equally close the one that follows the first
    given order is taken. Raises :class:`ScoringError` otherwise.
    """
    if not orders:
        return Aggregate((), 0.0, True)
    things = list(orders[0][0])
    place = {thing: n for n, thing in enumerate(things)}
    if len(place) != len(things) or any(
        len(order) != len(things) or set(order) != set(place) for order, _ in orders
    ):
        raise ScoringError(said("every order has the same things, each once"), "orders")
    before = np.zeros((len(things), len(things)))
    for order, weight in orders:
        if not weight >= 0:
            raise ScoringError(said("an order's weight is 0 or more"), "orders")
        ranks = [place[thing] for thing in order]
        for at, one in enumerate(ranks):
            before[one, ranks[at + 1 :]] += weight
    exact = len(things) <= EXACT
    found = _exact(before) if exact else _local(before)
    cost = sum(before[later, one] for at, one in enumerate(found) for later in found[at + 1 :])
    return Aggregate(tuple(things[n] for n in found), float(cost), exact)


def _exact(before: FloatArray) -> list[int]:
    """Cheapest order of every set of things, built by who stands last in it."""
    count = len(before)
    cost = [0.0] + [np.inf] * (2**count - 1)
    last = [0] * 2**count
    for chosen in range(1, 2**count):
        inside = [n for n in range(count) if chosen >> n & 1]
        # Later things are tried first, so that of equals the earlier ones stay in front.
        for one in reversed(inside):
            rest = chosen ^ (1 << one)
            # ``one`` stands behind the rest: whoever wanted it before one of them disagrees.
            found = cost[rest] + sum(before[one, other] for other in inside if other != one)
            if found < cost[chosen] - 1e-12:
                cost[chosen], last[chosen] = found, one
    order: list[int] = []
    chosen = 2**count - 1
    while chosen:
        order.append(last[chosen])
        chosen ^= 1 << last[chosen]
    return order[::-1]


def _local(before: FloatArray) -> list[int]:
    """Borda's order, each thing then moved up while the majority wants it above its neighbour."""
    borda = sorted(range(len(before)), key=lambda n: (-float(before[n].sum()), n))
    order: list[int] = []
    for one in borda:
        at = len(order)
        while at > 0 and before[one, order[at - 1]] > before[order[at - 1], one]:
            at -= 1
        order.insert(at, one)
    return order
