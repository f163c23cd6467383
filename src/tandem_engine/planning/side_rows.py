"""Rules about several items, as orders, pairs and rows over candidates."""

from collections.abc import Mapping
from itertools import pairwise
from math import ceil, floor, inf

from tandem_engine.planning.problem import Problem
from tandem_engine.planning.quantity import capacity_units, effort_units
from tandem_engine.planning.reduced import Row
from tandem_engine.planning.rules import AtMost, Before, Rule, Share, Together

#: Shares are taken to six decimals, so that they compare as integers.
_PARTS = 1_000_000

Orders = tuple[tuple[int, int, int], ...]
Pairs = tuple[tuple[int, int], ...]


def side_rules(problem: Problem, place: Mapping[str, int]) -> tuple[Orders, Pairs, tuple[Row, ...]]:
    """Orders, same-sprint pairs and rows of ``problem``; ``place`` gives a candidate's position."""
    orders: list[tuple[int, int, int]] = []
    same: list[tuple[int, int]] = []
    rows: list[Row] = []
    for rule in problem.rules:
        match rule:
            case Before(first, then, lag):
                if first in place and then in place:
                    orders.append((place[first], place[then], lag))
            case Together(items, same_sprint):
                # Whatever belongs to something removed is removed as well: all are here, or none.
                here = sorted(place[key] for key in items if key in place)
                for a, b in pairwise(here):
                    if same_sprint:
                        same.append((a, b))
                    else:
                        rows.append(Row(((a, 1), (b, -1)), 0, 0))
            case AtMost(items, count, at_least):
                entries = tuple((place[key], 1) for key in sorted(items) if key in place)
                rows.append(Row(entries, at_least or -inf, count))
            case Share():
                rows += share_rows(problem, place, rule)
            case _:
                pass
    return tuple(orders), tuple(same), tuple(rows)


def group(problem: Problem, share: Share) -> frozenset[str]:
    """The keys a share speaks of."""
    if share.items is not None:
        return share.items
    return frozenset(
        item.key
        for item in problem.items
        if (item.kind == share.kind if share.kind is not None else share.goal in item.goals)
    )


def share_rows(problem: Problem, place: Mapping[str, int], share: Share) -> list[Row]:
    """The row of the smallest share, then that of the largest; sprint by sprint if it says so."""
    if not share.each_sprint:
        return _share_rows(problem, place, share, None)
    return [
        row
        for sprint in range(problem.sprints)
        for row in _share_rows(problem, place, share, sprint)
    ]


def _share_rows(
    problem: Problem, place: Mapping[str, int], share: Share, sprint: int | None
) -> list[Row]:
    inside = group(problem, share)
    efforts = {
        key: sum(effort_units(part.effort) for part in problem.by_key[key].pieces) for key in place
    }
    scale = float(max([1, *efforts.values()])) * _PARTS
    whole = sum(
        capacity_units(amount)
        for team in problem.teams
        for at, amount in enumerate(team.capacity)
        if sprint in (None, at)
    )
    if share.of == "capacity":
        entries = tuple((place[k], efforts[k] * _PARTS) for k in place if k in inside)
        lower = -inf if share.minimum is None else ceil(share.minimum * _PARTS - 1e-3) * whole
        upper = inf if share.maximum is None else floor(share.maximum * _PARTS + 1e-3) * whole
        return [Row(entries, lower, upper, scale, sprint=sprint)]
    rows: list[Row] = []
    for part, lower, upper in ((share.minimum, 0.0, inf), (share.maximum, -inf, 0.0)):
        if part is not None:
            millionths = round(part * _PARTS)
            entries = tuple(
                (place[key], effort * ((_PARTS if key in inside else 0) - millionths))
                for key, effort in efforts.items()
                if effort
            )
            aim = whole * part * (_PARTS - millionths) if lower == 0 else 0.0
            rows.append(Row(entries, lower, upper, scale, aim, sprint))
    return rows


def spoken_of(problem: Problem) -> set[str]:
    """Items a rule about several items may want in the plan, whatever they bring."""
    found: set[str] = set()
    for rule in problem.rules:
        found |= _wanted(problem, rule)
    return found


def _wanted(problem: Problem, rule: Rule) -> frozenset[str]:
    match rule:
        case Together(items):
            return items
        case AtMost(items, _, at_least) if at_least:
            return items
        case Share(of="plan"):
            return frozenset(problem.by_key)
        case Share():
            return group(problem, rule)
        case _:
            return frozenset()
