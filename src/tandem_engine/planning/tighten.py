"""Capacity no combination of items can use is no capacity: taking it away makes the bound honest."""

from dataclasses import replace

from tandem_engine.planning.reduced import Reduced

#: Above this many grains the sums are not worth their time: nearly every one can be reached.
_MOST_GRAINS = 100_000


def tighten(reduced: Reduced) -> Reduced:
    """``reduced`` with each capacity lowered to the largest sum of efforts that it can hold.

    Five items of 4.37 fit into 23 and leave 1.15 no sixth can use; without this step a bound
    that lumps six such sprints would promise one item more than there can be. Loses no plan.
    Subset sums as the bits of an integer (Bellman 1957).
    """
    return replace(
        reduced,
        capacity=tuple(
            tuple(_reachable(reduced, team, sprint, room) for sprint, room in enumerate(row))
            for team, row in enumerate(reduced.capacity)
        ),
    )


def _reachable(reduced: Reduced, team: int, sprint: int, room: int) -> int:
    limit = room // reduced.grain
    if limit > _MOST_GRAINS:
        return room
    full = 1 << limit
    within = (full << 1) - 1
    sums = 1
    for candidate in reduced.candidates:
        if sums & full:
            break
        # What an item may take of it, one way or another, at most once.
        sizes = {
            units // reduced.grain
            for option in candidate.options
            if sprint in option.sprints
            for resource, units in option.loads
            if resource == team and units
        }
        before = sums
        for size in sizes:
            sums |= (before << size) & within
    return (sums.bit_length() - 1) * reduced.grain
