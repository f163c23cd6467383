"""The graph of prerequisites: an order to go through it, its cycles, what an item pulls in."""

from collections.abc import Collection, Iterable, Mapping
from heapq import heapify, heappop, heappush


def order(needs: Mapping[str, Collection[str]]) -> tuple[str, ...]:
    """The keys, every prerequisite before what needs it; otherwise as given.

    Keys on a cycle, and those that wait for one, are missing from the answer (Kahn 1962).
    """
    position = {key: index for index, key in enumerate(needs)}
    keys = list(needs)
    waiting = {key: len(wanted) for key, wanted in needs.items()}
    followers: dict[str, list[str]] = {key: [] for key in needs}
    for key, wanted in needs.items():
        for need in wanted:
            followers[need].append(key)
    ready = [position[key] for key, count in waiting.items() if count == 0]
    heapify(ready)
    found: list[str] = []
    while ready:
        key = keys[heappop(ready)]
        found.append(key)
        for follower in followers[key]:
            waiting[follower] -= 1
            if waiting[follower] == 0:
                heappush(ready, position[follower])
    return tuple(found)


def cycle(needs: Mapping[str, Collection[str]]) -> tuple[str, ...]:
    """One cycle of prerequisites as a path ``(A, B, A)`` where A needs B; empty when there is none."""
    placed = set(order(needs))
    start = next((key for key in needs if key not in placed), None)
    if start is None:
        return ()
    # Whatever is unplaced needs something unplaced, so walking along must meet itself again.
    path: list[str] = []
    seen: dict[str, int] = {}
    key = start
    while key not in seen:
        seen[key] = len(path)
        path.append(key)
        key = min(need for need in needs[key] if need not in placed)
    loop = path[seen[key] :]
    first = loop.index(min(loop))
    loop = loop[first:] + loop[:first]
    return (*loop, loop[0])


def closure(needs: Mapping[str, Collection[str]], keys: Iterable[str]) -> frozenset[str]:
    """``keys`` with everything they need, directly or through others."""
    found: set[str] = set()
    todo = list(keys)
    while todo:
        key = todo.pop()
        if key not in found:
            found.add(key)
            todo.extend(needs[key])
    return frozenset(found)
