"""In which order to do things that wait for each other, so that waiting costs least.

Every job takes a time and costs something each day until it is done; one job at a time. The cost
of an order is the sum over the jobs of cost per day x the day the job is done.
"""

from __future__ import annotations

import heapq
import math
from collections.abc import Iterable, Mapping, Sequence
from typing import Final

from tandem_engine.words import said

from .errors import ScoringError
from .jobs import Alternative, Job, Sequenced, Slot
from .ranking import natural_key

#: Passes of improvement over an order that is not proven best.
_PASSES: Final = 30
#: Jobs up to which such an order is improved by moving single jobs: a pass costs their square.
_IMPROVED: Final = 400


def sequence(jobs: Iterable[Job], *, current: Sequence[str] = ()) -> Sequenced:
    """The order that costs least, and what other rules would cost.

    Without prerequisites the order is by cost of delay / time (W. E. Smith, "Various optimizers for
    single-stage production", Naval Research Logistics Quarterly 3 (1956) 59-66). Where every job
    waits for at most one other, or every job is waited for by at most one, blocks are merged from
    the highest ratio down, which is optimal (W. A. Horn, "Single-machine job sequencing with
    treelike precedence ordering and linear delay penalties", SIAM J. Appl. Math. 23 (1972)
    189-202; J. B. Sidney, "Decomposition algorithms for single-machine sequencing with precedence
    relations and deferral costs", Operations Research 23 (1975) 283-298). For other prerequisites
    the problem is NP-hard: prerequisites are dropped until a forest is left, whose cost is a bound
    nobody can beat, and its blocks, with everything they need pulled in, are the order to improve.

    ``current`` is an order to compare with; what it does not hold comes last, and prerequisites are
    pulled in. Raises :class:`ScoringError` for a time or cost that is negative or no number, a
    repeated key, a prerequisite that is not among the jobs, and jobs that wait for each other.
    """
    given = sorted(jobs, key=lambda job: natural_key(job.key))
    by_key = _checked(given)
    if not given:
        return Sequenced((), 0.0, 0.0, True, said("nothing to order"), ())
    needs = {job.key: _direct(by_key, job.key) for job in given}
    followers: dict[str, set[str]] = {key: set() for key in by_key}
    for key, wanted in needs.items():
        for need in wanted:
            followers[need].add(key)
    if all(len(wanted) <= 1 for wanted in needs.values()):
        order = _merge(by_key, {key: next(iter(wanted), None) for key, wanted in needs.items()})
        method = said("blocks merged along each item's one prerequisite (Horn)")
        bound, exact = _cost(by_key, order), True
    elif all(len(found) <= 1 for found in followers.values()):
        order = _mirrored(by_key, {key: next(iter(f), None) for key, f in followers.items()})
        method = said("blocks merged along each item's one follower (Horn, mirrored)")
        bound, exact = _cost(by_key, order), True
    else:
        order, bound = _heuristic(by_key, needs, followers)
        exact = _cost(by_key, order) <= bound * (1 + 1e-9)
        method = said("forest relaxation, prerequisites pulled in, single items moved")
    others = _alternatives(by_key, needs, followers, current)
    return Sequenced(_slots(by_key, order), _cost(by_key, order), bound, exact, method, others)


def order_cost(jobs: Iterable[Job], order: Sequence[str]) -> float:
    """What an order of these jobs costs; prerequisites are not looked at."""
    return _cost({job.key: job for job in jobs}, order)


def order_slots(jobs: Iterable[Job], order: Sequence[str]) -> tuple[Slot, ...]:
    """When each job of an order is done, and what its delay costs; the costs add up to the order's."""
    return _slots({job.key: job for job in jobs}, order)


def _checked(jobs: list[Job]) -> dict[str, Job]:
    by_key: dict[str, Job] = {}
    for job in jobs:
        if job.key in by_key:
            raise ScoringError(said("the key appears twice in this order"), job.key)
        for wrong, number in (
            (said("its time must be 0 or more"), job.time),
            (said("its cost of delay must be 0 or more"), job.cost_of_delay),
        ):
            if not (math.isfinite(number) and number >= 0):
                raise ScoringError(wrong, job.key)
        by_key[job.key] = job
    for job in jobs:
        missing = sorted(job.after - by_key.keys())
        if missing:
            raise ScoringError(
                said("it waits for %(missing)s, which is not here", missing=missing[0]), job.key
            )
    _topological(by_key)
    return by_key


def _topological(by_key: Mapping[str, Job]) -> list[str]:
    """An order that keeps the prerequisites; refuses a circle."""
    left = {key: len(job.after) for key, job in by_key.items()}
    followers: dict[str, list[str]] = {key: [] for key in by_key}
    for key, job in by_key.items():
        for need in job.after:
            followers[need].append(key)
    free = [key for key, count in left.items() if not count]
    found: list[str] = []
    while free:
        key = free.pop()
        found.append(key)
        for follower in followers[key]:
            left[follower] -= 1
            if not left[follower]:
                free.append(follower)
    if len(found) < len(by_key):
        stuck = next(key for key, count in left.items() if count)
        raise ScoringError(said("it and others wait for each other; remove one dependency"), stuck)
    return found


def _direct(by_key: Mapping[str, Job], key: str) -> frozenset[str]:
    """Prerequisites that are not implied by others: A before B before C makes A before C."""
    wanted = by_key[key].after
    if len(wanted) < 2:
        return wanted
    implied: set[str] = set()
    for need in wanted:
        stack = list(by_key[need].after)
        while stack:
            each = stack.pop()
            if each not in implied:
                implied.add(each)
                stack += by_key[each].after
    return frozenset(wanted - implied)


class _Block:
    """Jobs that follow each other without a gap."""

    __slots__ = ("cost", "keys", "time", "version")

    def __init__(self, job: Job) -> None:
        self.keys = [job.key]
        self.time = job.time
        self.cost = job.cost_of_delay
        self.version = 0

    @property
    def ratio(self) -> float:
        if self.time > 0:
            return self.cost / self.time
        return math.inf

    def take(self, other: _Block) -> None:
        self.keys += other.keys
        self.time += other.time
        self.cost += other.cost
        self.version += 1


def _merge(by_key: Mapping[str, Job], parent: Mapping[str, str | None]) -> list[str]:
    """Horn's rule for jobs that wait for at most one other each.

    The block with the highest ratio comes right after what it waits for, so it joins that block;
    when it waits for nothing (more), it is next.
    """
    blocks = {key: _Block(job) for key, job in by_key.items()}
    leader = {key: key for key in by_key}

    def find(key: str) -> str:
        while leader[key] != key:
            leader[key] = leader[leader[key]]
            key = leader[key]
        return key

    place = {key: number for number, key in enumerate(by_key)}
    heap = [(-block.ratio, place[key], 0, key) for key, block in blocks.items()]
    heapq.heapify(heap)
    order: list[str] = []
    done: set[str] = set()
    while heap:
        _, _, version, key = heapq.heappop(heap)
        if key in done or leader[key] != key or blocks[key].version != version:
            continue
        before = parent[key]
        above = None if before is None else find(before)
        if above is None or above in done:
            order += blocks[key].keys
            done.add(key)
            continue
        blocks[above].take(blocks[key])
        leader[key] = above
        heapq.heappush(heap, (-blocks[above].ratio, place[above], blocks[above].version, above))
    return order


def _mirrored(by_key: Mapping[str, Job], follower: Mapping[str, str | None]) -> list[str]:
    """Jobs that are waited for by at most one other each: the same problem read backwards.

    sum of cost x time of everything up to it = sum of time x cost of everything from it on, so the
    reversed order solves the problem with times and costs exchanged.
    """
    turned = {key: Job(key, job.cost_of_delay, job.time) for key, job in by_key.items()}
    return _merge(turned, follower)[::-1]


def _heuristic(
    by_key: Mapping[str, Job],
    needs: Mapping[str, frozenset[str]],
    followers: Mapping[str, set[str]],
) -> tuple[list[str], float]:
    """A good order for any prerequisites, and a cost that none is below."""
    times = {key: job.time for key, job in by_key.items()}
    depth: dict[str, float] = {}
    for key in _topological(by_key):
        depth[key] = times[key] + max((depth[need] for need in needs[key]), default=0.0)
    # Of several prerequisites keep one: the one that is ready last, or the longest.
    parents: list[dict[str, str | None]] = [
        {
            key: max(wanted, key=lambda need, rule=rule: (rule[need], need), default=None)  # type: ignore[misc]
            for key, wanted in needs.items()
        }
        for rule in (depth, times)
    ]
    relaxed = [_merge(by_key, parent) for parent in parents]
    heaviest = {
        key: max(found, key=lambda each: (by_key[each].cost_of_delay, each), default=None)
        for key, found in followers.items()
    }
    relaxed.append(_mirrored(by_key, heaviest))
    bound = max(_cost(by_key, order) for order in relaxed)
    starts = [_pulled(needs, order) for order in relaxed]
    starts += [_pulled(needs, _by_ratio(by_key)), _pulled(needs, _by_children(by_key, followers))]
    best = min(starts, key=lambda order: _cost(by_key, order))
    return _moved(by_key, needs, best), bound


def _moved(
    by_key: Mapping[str, Job], needs: Mapping[str, frozenset[str]], order: list[str]
) -> list[str]:
    """Move single jobs forwards as long as that saves something."""
    if len(order) > _IMPROVED:
        return order
    for _ in range(_PASSES):
        changed = False
        for at in range(1, len(order)):
            key = order[at]
            job = by_key[key]
            saved = best = 0.0
            to = at
            for earlier in range(at - 1, -1, -1):
                other = by_key[order[earlier]]
                if other.key in needs[key]:
                    break
                saved += other.time * job.cost_of_delay - job.time * other.cost_of_delay
                if saved > best + 1e-12 * (1 + abs(best)):
                    best, to = saved, earlier
            if to < at:
                order.insert(to, order.pop(at))
                changed = True
        if not changed:
            break
    return order


def _pulled(needs: Mapping[str, frozenset[str]], order: Iterable[str]) -> list[str]:
    """The order with every job's prerequisites before it, otherwise as it was."""
    found: list[str] = []
    seen: set[str] = set()
    wished = list(order)
    place = {key: number for number, key in enumerate(wished)}
    for start in wished:
        stack = [start]
        while stack:
            key = stack[-1]
            missing = [need for need in needs[key] if need not in seen]
            if key in seen:
                stack.pop()
            elif missing:
                stack += sorted(missing, key=lambda need: -place[need])
            else:
                seen.add(key)
                found.append(key)
                stack.pop()
    return found


def _by_ratio(by_key: Mapping[str, Job]) -> list[str]:
    return sorted(by_key, key=lambda key: (-_Block(by_key[key]).ratio, natural_key(key)))


def _by_children(by_key: Mapping[str, Job], followers: Mapping[str, set[str]]) -> list[str]:
    """By the sum of the item's and all its followers' ratios, the rule of spreadsheets."""

    def ratio(key: str) -> float:
        seen: set[str] = set()
        stack = [key]
        while stack:
            each = stack.pop()
            if each not in seen:
                seen.add(each)
                stack += followers[each]
        return sum(_Block(by_key[each]).ratio for each in seen)

    return sorted(by_key, key=lambda key: (-ratio(key), natural_key(key)))


def _alternatives(
    by_key: Mapping[str, Job],
    needs: Mapping[str, frozenset[str]],
    followers: Mapping[str, set[str]],
    current: Sequence[str],
) -> tuple[Alternative, ...]:
    wanted: list[tuple[str, list[str]]] = []
    if current:
        known = dict.fromkeys(key for key in current if key in by_key)
        wanted.append(
            (said("As it stands"), [*known, *(key for key in by_key if key not in known)])
        )
    wanted.append((said("Cost of delay / time, prerequisites pulled in"), _by_ratio(by_key)))
    wanted.append(
        (said("Sum of the followers' cost of delay / time each"), _by_children(by_key, followers))
    )
    wanted.append(
        (
            said("Shortest first"),
            sorted(by_key, key=lambda key: (by_key[key].time, natural_key(key))),
        )
    )
    found = []
    for name, order in wanted:
        pulled = _pulled(needs, order)
        found.append(Alternative(name, tuple(pulled), _cost(by_key, pulled)))
    return tuple(sorted(found, key=lambda each: each.cost))


def _slots(by_key: Mapping[str, Job], order: Iterable[str]) -> tuple[Slot, ...]:
    now, found = 0.0, []
    for key in order:
        now += by_key[key].time
        found.append(Slot(key, now, now * by_key[key].cost_of_delay))
    return tuple(found)


def _cost(by_key: Mapping[str, Job], order: Iterable[str]) -> float:
    return math.fsum(slot.cost for slot in _slots(by_key, order))
