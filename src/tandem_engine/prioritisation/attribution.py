"""What each single change did to an item's score and rank: exact shares of small games.

The players are the single changes: one answer of one rater, an item's estimate, one weight, the rest
of the model. They stand in groups (the causes), and each gets its Owen value: the mean of its effect
over all orders in which the groups, and within a group its changes, could have come (G. Owen,
"Values of games with a priori unions", 1977). A group's shares add up to the group's Shapley value,
and all together to the whole change.
"""

from __future__ import annotations

import itertools
import math
from collections.abc import Callable, Hashable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

#: In a group of more changes than this, each one's effect when it comes first and when it comes
#: last are averaged instead, and what the changes do only together is told apart.
MOST_EXACT: Final = 6

#: A coalition: the players of each group that have changed, in the order of the groups.
Coalition = tuple[frozenset[Hashable], ...]


@dataclass(frozen=True, slots=True)
class Split:
    """``parts``: what each player of the group did; ``together``: what only their meeting did.

    They add up to the group's share.
    """

    parts: tuple[float, ...]
    together: float = 0.0

    @property
    def total(self) -> float:
        """The group's share."""
        return math.fsum((*self.parts, self.together))


def coalitions(groups: Sequence[Sequence[Hashable]]) -> set[Coalition]:
    """Every coalition whose worth :func:`owen` asks for."""
    found: set[Coalition] = set()
    for k, players in enumerate(groups):
        for others in _outside(groups, k):
            for inside in _inside(players):
                found.add(_joined(others, k, inside))
    return found or {tuple(frozenset[Hashable]() for _ in groups)}


def owen(groups: Sequence[Sequence[Hashable]], worth: Mapping[Coalition, float]) -> list[Split]:
    """Each group's split of the worth of everything less that of nothing."""
    ask = worth.__getitem__
    active = [k for k, players in enumerate(groups) if players]
    found = []
    for k, players in enumerate(groups):
        if not players:
            found.append(Split(()))
            continue
        parts = [0.0] * len(players)
        together = 0.0
        for others in _outside(groups, k):
            joined = sum(1 for at in active if at != k and others[at])
            weight = _chance(joined, len(active))
            for at, player in enumerate(players):
                parts[at] += weight * _effect(ask, others, k, players, player)
        if len(players) > MOST_EXACT:
            whole = math.fsum(
                _chance(sum(1 for at in active if at != k and others[at]), len(active))
                * (
                    ask(_joined(others, k, frozenset(players)))
                    - ask(_joined(others, k, frozenset()))
                )
                for others in _outside(groups, k)
            )
            together = whole - math.fsum(parts)
        found.append(Split(tuple(parts), together))
    return found


def _effect(
    ask: Callable[[Coalition], float],
    others: Coalition,
    k: int,
    players: Sequence[Hashable],
    player: Hashable,
) -> float:
    rest = [each for each in players if each != player]
    if len(players) > MOST_EXACT:
        befores: Iterator[frozenset[Hashable]] = iter((frozenset(), frozenset(rest)))
        return 0.5 * math.fsum(_step(ask, others, k, before, player) for before in befores)
    return math.fsum(
        _chance(size, len(players)) * _step(ask, others, k, frozenset(before), player)
        for size in range(len(rest) + 1)
        for before in itertools.combinations(rest, size)
    )


def _step(
    ask: Callable[[Coalition], float],
    others: Coalition,
    k: int,
    before: frozenset[Hashable],
    player: Hashable,
) -> float:
    return ask(_joined(others, k, before | {player})) - ask(_joined(others, k, before))


def _chance(before: int, count: int) -> float:
    """The share of all orders in which exactly these ``before`` came first, then this one."""
    return math.factorial(before) * math.factorial(count - before - 1) / math.factorial(count)


def _outside(groups: Sequence[Sequence[Hashable]], k: int) -> Iterator[Coalition]:
    """The other groups, each of them wholly in or out."""
    ends = [
        (frozenset[Hashable](), frozenset(players)) if players and at != k else (frozenset(),)
        for at, players in enumerate(groups)
    ]
    return itertools.product(*ends)


def _inside(players: Sequence[Hashable]) -> Iterator[frozenset[Hashable]]:
    if len(players) > MOST_EXACT:
        whole = frozenset(players)
        yield from (frozenset(), whole)
        for player in players:
            yield frozenset((player,))
            yield whole - {player}
        return
    for size in range(len(players) + 1):
        yield from map(frozenset, itertools.combinations(players, size))


def _joined(others: Coalition, k: int, inside: frozenset[Hashable]) -> Coalition:
    return (*others[:k], inside, *others[k + 1 :])
