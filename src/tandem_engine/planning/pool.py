"""The relaxation's smaller twin: what several teams may do counts against all of these together.

A column for each team an item may go to makes the relaxation slow, and says nothing: shared out
in fractions, such items only need room in their teams together. With the pooled rows the bound is
the same when the sets of teams are nested (for two items of Web or App and of any team, say), and
a bound in any case.
"""

from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from tandem_engine.planning.highs import LpAnswer
from tandem_engine.planning.linear import Floats
from tandem_engine.planning.model import Model
from tandem_engine.planning.reduced import Candidate, Option, Reduced

Team = frozenset[int]


@dataclass(frozen=True, slots=True)
class Relaxed:
    """The relaxation's answer by candidate and sprint.

    ``finished`` says how far an item is finished by the end of the sprint. ``rising`` is what the
    objective loses at least if an item were finished by then that is not, ``falling`` if it were
    not that is; 0 where neither is known. ``prices`` are a unit's worth, by (resource, sprint).
    """

    objective: float
    finished: Floats
    rising: Floats
    falling: Floats
    prices: dict[tuple[int, int], float]


def pooled(reduced: Reduced) -> Reduced:
    """``reduced`` with one option instead of several where these differ by team only."""
    sets = pool_sets(reduced)
    if not sets:
        return reduced
    first = len(reduced.capacity)
    place = {team: first + number for number, team in enumerate(sets)}
    candidates = tuple(
        replace(candidate, options=_options(candidate, place)) for candidate in reduced.candidates
    )
    rows = tuple(
        tuple(sum(reduced.capacity[t][sprint] for t in team) for sprint in range(reduced.sprints))
        for team in sets
    )
    return replace(reduced, candidates=candidates, capacity=(*reduced.capacity, *rows))


def pool_sets(reduced: Reduced) -> list[Team]:
    """The sets of teams some item may choose from; pools stand in this order after the resources."""
    return sorted({team for c in reduced.candidates if (team := _teams(c))}, key=sorted)


def _teams(candidate: Candidate) -> Team:
    """The teams to choose from when nothing else differs; none when something does."""
    options = candidate.options
    if len(options) < 2 or any(len(option.loads) != 1 for option in options):
        return frozenset()
    if len({option.loads[0][1] for option in options}) > 1:
        return frozenset()
    return frozenset(option.team for option in options)


def _options(candidate: Candidate, place: dict[Team, int]) -> tuple[Option, ...]:
    team = _teams(candidate)
    if team:
        units = candidate.options[0].loads[0][1]
        loads = tuple((at, units) for other, at in place.items() if team <= other)
        sprints = sorted({sprint for option in candidate.options for sprint in option.sprints})
        return (Option(candidate.options[0].teams, loads, tuple(sprints)),)
    found: list[Option] = []
    for option in candidate.options:
        more = [
            (at, units)
            for other, at in place.items()
            if (units := sum(u for resource, u in option.loads if resource in other))
        ]
        found.append(replace(option, loads=(*option.loads, *more)))
    return tuple(found)


def read(model: Model, answer: LpAnswer, resources: int) -> Relaxed:
    """The answer to a pooled model, in terms of candidates; ``resources`` are the real ones."""
    reduced = model.reduced
    shape = (len(reduced.candidates), reduced.sprints)
    rising, falling = np.zeros(shape), np.zeros(shape)
    single = _single(model)
    at = model.candidate[single], model.sprint[single]
    cost, value = answer.reduced_costs[single], answer.values[single]
    rising[at] = np.where(value < 0.5, np.maximum(-cost, 0.0), 0.0)
    falling[at] = np.where(value > 0.5, np.maximum(cost, 0.0), 0.0)
    rows = {
        spot: max(0.0, float(answer.row_prices[row])) / model.scale
        for spot, row in model.capacity_rows.items()
    }
    pools = _pools(reduced, resources)
    prices = {
        (resource, sprint): sum(
            rows.get((at, sprint), 0.0) for at in (resource, *pools.get(resource, ()))
        )
        for resource in range(resources)
        for sprint in range(reduced.sprints)
    }
    return Relaxed(answer.objective, model.finished(answer.values), rising, falling, prices)


def _single(model: Model) -> NDArray[np.int64]:
    """Columns of candidates with one option."""
    lone = np.array([len(c.options) == 1 for c in model.reduced.candidates], dtype=bool)
    return np.flatnonzero(lone[model.candidate])


def _pools(reduced: Reduced, resources: int) -> dict[int, tuple[int, ...]]:
    """The pools each real resource's load counts in."""
    found: dict[int, set[int]] = {}
    for candidate in reduced.candidates:
        for option in candidate.options:
            pools = {at for at, _ in option.loads if at >= resources}
            for at, _ in option.loads:
                if at < resources:
                    found.setdefault(at, set()).update(pools)
    return {resource: tuple(sorted(pools)) for resource, pools in found.items()}
