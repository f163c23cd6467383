"""Rows over keys that a solve has to keep besides the rules, and plans it may begin with."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from math import inf

from tandem_engine.planning.assignment import Assignment
from tandem_engine.planning.problem import Problem
from tandem_engine.planning.reduce import Reduction
from tandem_engine.planning.reduced import Row
from tandem_engine.planning.result import Plan


@dataclass(frozen=True)
class Limit:
    """``lower`` <= the sum of ``coefficients`` of what is planned <= ``upper``."""

    coefficients: Mapping[str, float]
    lower: float = -inf
    upper: float = inf


def differs(plan: Plan, keys: Sequence[str], least: int) -> Limit:
    """At least ``least`` of ``keys`` are in the one plan and not in the other.

    A no-good cut on the Hamming distance (Balas & Jeroslow 1972, SIAM J. Appl. Math. 23).
    """
    inside = set(plan.items)
    coefficients = {key: -1 if key in inside else 1 for key in keys}
    return Limit(coefficients, lower=least - len(inside))


def limited(reduction: Reduction, limits: Sequence[Limit]) -> Reduction:
    """The reduction with these rows; what was removed counts as not planned."""
    reduced = reduction.reduced
    place = {candidate.key: i for i, candidate in enumerate(reduced.candidates)}
    for limit in limits:
        entries = tuple((place[k], c) for k, c in limit.coefficients.items() if k in place and c)
        scale = max([1.0, *(abs(c) for _, c in entries)])
        reduced = reduced.with_row(Row(entries, limit.lower, limit.upper, scale))
    return replace(reduction, reduced=reduced)


def assignment_of(problem: Problem, reduction: Reduction, plan: Plan) -> Assignment | None:
    """``plan`` in terms of candidates; ``None`` when it cannot be told."""
    teams = {team.name: index for index, team in enumerate(problem.teams)}
    candidates = reduction.reduced.candidates
    place = {candidate.key: i for i, candidate in enumerate(candidates)}
    found: dict[int, tuple[int, int]] = {}
    for sprint in plan.sprints:
        for placement in sprint.placements:
            if placement.key not in place:
                continue
            i = place[placement.key]
            wanted = tuple(teams.get(take.team, -1) for take in placement.takes)
            ways = enumerate(candidates[i].options)
            way = next((w for w, option in ways if option.teams == wanted), None)
            if way is None:
                return None
            found[i] = (way, sprint.number - 1)
    return found
