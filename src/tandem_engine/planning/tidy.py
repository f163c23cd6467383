"""Among plans worth the same, the one that delivers the more valuable items earlier."""

from tandem_engine.planning.assignment import Assignment
from tandem_engine.planning.filling import Filling
from tandem_engine.planning.lists import by_marginal_density
from tandem_engine.planning.reduce import Reduced

#: Above this many planned items only moves are tried: swaps go over every pair.
_MOST_SWAPPED = 600


def tidy(reduced: Reduced, plan: Assignment) -> Assignment:
    """``plan`` with free room filled, and value moved forward, until neither is possible.

    Afterwards no left-out item worth something fits into the room left (with what it needs), no
    planned item could be finished earlier, and no two could trade places so that the more
    valuable one comes earlier. Never lowers the objective: delivery weights do not rise.
    """
    filling = Filling(reduced, plan)
    order = by_marginal_density(reduced)
    followers: dict[int, list[int]] = {i: [] for i in range(len(reduced.candidates))}
    for i, candidate in enumerate(reduced.candidates):
        for j in candidate.needs:
            followers[j].append(i)
    changed = True
    while changed:
        before = len(filling.placed)
        filling.pull_in_all(order)
        changed = len(filling.placed) > before
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
        filling.remove(i)
        # Its old place is free again, so this cannot fail.
        filling.place(i)
        if filling.placed[i][1] < old[1]:
            moved = True
        else:
            filling.remove(i)
            filling.placed[i] = old
            filling.room[old[0]][old[1]] -= filling.reduced.candidates[i].effort
    return moved


def _swap_forward(filling: Filling, followers: dict[int, list[int]]) -> bool:
    swapped = False
    order = _by_value(filling)
    for place, high in enumerate(order):
        for low in reversed(order[place + 1 :]):
            if _can_swap(filling, high, low, followers):
                filling.placed[high], filling.placed[low] = (
                    filling.placed[low],
                    filling.placed[high],
                )
                difference = (
                    filling.reduced.candidates[high].effort - filling.reduced.candidates[low].effort
                )
                for i, sign in ((high, -1), (low, 1)):
                    team, sprint = filling.placed[i]
                    filling.room[team][sprint] += sign * difference
                swapped = True
    return swapped


def _can_swap(filling: Filling, high: int, low: int, followers: dict[int, list[int]]) -> bool:
    """``high`` is worth more, comes later, and every rule still holds when the two trade places."""
    reduced = filling.reduced
    a, b = reduced.candidates[high], reduced.candidates[low]
    (team_a, late), (team_b, early) = filling.placed[high], filling.placed[low]
    if a.value <= b.value or late <= early:
        return False
    difference = a.effort - b.effort
    if difference > filling.room[team_b][early] or -difference > filling.room[team_a][late]:
        return False
    if not any(o.team == team_b and early in o.sprints for o in a.options):
        return False
    if not any(o.team == team_a and late in o.sprints for o in b.options):
        return False
    needs_hold = all(j != low and filling.placed[j][1] <= reduced.before[early] for j in a.needs)
    return needs_hold and all(
        k not in filling.placed or late <= reduced.before[filling.placed[k][1]]
        for k in followers[low]
    )
