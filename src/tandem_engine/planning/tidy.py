"""Among plans worth the same, the one that delivers the more valuable items earlier."""

from tandem_engine.planning.assignment import Assignment
from tandem_engine.planning.filling import Filling
from tandem_engine.planning.lists import by_marginal_density
from tandem_engine.planning.reduced import Candidate, Reduced

#: Above this many planned items only moves are tried: swaps go over every pair.
_MOST_SWAPPED = 600


def tidy(reduced: Reduced, plan: Assignment) -> Assignment:
    """``plan`` with free room filled, and value moved forward, until neither is possible.

    Afterwards no left-out item worth something fits into the room left (with what it needs), no
    planned item could be finished earlier, and no two of one team's could trade places so that
    the more valuable one comes earlier. Never lowers the objective: worths do not rise.
    """
    filling = Filling(reduced, plan)
    order = by_marginal_density(reduced)
    followers: dict[int, list[tuple[int, int]]] = {i: [] for i in range(len(reduced.candidates))}
    for i, candidate in enumerate(reduced.candidates):
        for j, lag in candidate.needs:
            followers[j].append((i, lag))
    changed = True
    while changed:
        changed = filling.pull_in_all(order)
        changed |= _move_forward(filling)
        if len(filling.placed) <= _MOST_SWAPPED:
            changed |= _swap_forward(filling, followers)
    return filling.placed


def _by_value(filling: Filling) -> list[int]:
    return sorted(filling.placed, key=lambda i: (-filling.reduced.candidates[i].value, i))


def _move_forward(filling: Filling) -> bool:
    moved = False
    for i in _by_value(filling):
        if filling.reduced.candidates[i].value <= 0:
            continue
        old = filling.placed[i]
        options = filling.reduced.candidates[i].options
        if old[1] <= max(filling.reach(i)[0], min(option.sprints[0] for option in options)):
            continue
        before = filling.excess([i])
        filling.remove(i)
        # Its old place is free again, so this cannot fail.
        filling.place(i)
        if filling.placed[i][1] < old[1] and _no_worse(filling, [i], before):
            moved = True
        else:
            filling.remove(i)
            filling.put(i, *old)
    return moved


def _swap_forward(filling: Filling, followers: dict[int, list[tuple[int, int]]]) -> bool:
    swapped = False
    order = [i for i in _by_value(filling) if i not in filling.reduced.ties]
    for place, high in enumerate(order):
        for low in reversed(order[place + 1 :]):
            late, early = filling.placed[high], filling.placed[low]
            if not _may_swap(filling, high, low, followers):
                continue
            ways = (
                _way(filling.reduced.candidates[high], filling, low),
                _way(filling.reduced.candidates[low], filling, high),
            )
            if None in ways:
                continue
            before = filling.excess([high, low])
            filling.remove(high)
            filling.remove(low)
            if filling.fits(high, ways[0] or 0, early[1]) and filling.fits(
                low, ways[1] or 0, late[1]
            ):
                filling.put(high, ways[0] or 0, early[1])
                filling.put(low, ways[1] or 0, late[1])
                if _no_worse(filling, [high, low], before):
                    swapped = True
                    continue
                filling.remove(high)
                filling.remove(low)
            filling.put(high, *late)
            filling.put(low, *early)
    return swapped


def _no_worse(filling: Filling, group: list[int], before: list[float]) -> bool:
    """No rule about several items is broken more than ``before``; only those by sprint can be."""
    if not filling.reduced.by_sprint:
        return True
    return all(now <= then for now, then in zip(filling.excess(group), before, strict=True))


def _way(candidate: Candidate, filling: Filling, other: int) -> int | None:
    """How ``candidate`` can be done by the team and in the sprint of ``other``."""
    way, sprint = filling.placed[other]
    teams = filling.reduced.candidates[other].options[way].teams
    for index, option in enumerate(candidate.options):
        if option.teams == teams and sprint in option.sprints:
            return index
    return None


def _may_swap(
    filling: Filling, high: int, low: int, followers: dict[int, list[tuple[int, int]]]
) -> bool:
    """``high`` is worth more, comes later, and what they need allows them to trade places."""
    reduced, placed = filling.reduced, filling.placed
    a, b = reduced.candidates[high], reduced.candidates[low]
    late, early = placed[high][1], placed[low][1]
    if a.value <= b.value or late <= early:
        return False
    if a.worths[early] + b.worths[late] < a.worths[late] + b.worths[early] - 1e-12:
        return False
    needs_hold = all(j != low and placed[j][1] + lag <= early for j, lag in a.needs)
    return needs_hold and all(
        k not in placed or late + lag <= placed[k][1] for k, lag in followers[low]
    )
