"""The best plan by trying every one: slow, obvious, and what the solver is held against."""

import itertools

from tandem_engine.planning import Problem


def best_objective(problem: Problem) -> float | None:
    """The highest objective of any plan, or ``None`` when no plan keeps the rules."""
    spots = [None, *itertools.product(range(len(problem.teams)), range(problem.sprints))]
    values = [
        sum(
            item.value * (problem.weights[spot[1]] if item.value > 0 else 1)
            for item, spot in zip(problem.items, choice, strict=True)
            if spot is not None
        )
        for choice in itertools.product(spots, repeat=len(problem.items))
        if keeps_rules(
            problem, {item.key: s for item, s in zip(problem.items, choice, strict=True) if s}
        )
    ]
    return max(values, default=None)


def keeps_rules(problem: Problem, placed: dict[str, tuple[int, int]]) -> bool:
    """Whether a plan, key to (team, sprint) from 0, keeps every rule."""
    load: dict[tuple[int, int], float] = {}
    for item in problem.items:
        if item.key not in placed:
            if item.must:
                return False
            continue
        team, sprint = placed[item.key]
        load[team, sprint] = load.get((team, sprint), 0) + item.effort
        if (
            item.must_not
            or item.team not in (None, problem.teams[team].name)
            or sprint + 1 < (item.earliest or 1)
            or sprint + 1 > (item.latest or problem.sprints)
        ):
            return False
        for need in item.needs:
            if need not in placed or placed[need][1] > sprint:
                return False
            if placed[need][1] == sprint and not problem.same_sprint_allowed:
                return False
    return all(
        used <= problem.teams[team].capacity[sprint] + 1e-7 for (team, sprint), used in load.items()
    )


def placements(problem: Problem, plan) -> dict[str, tuple[int, int]]:
    """A plan's items as ``keeps_rules`` takes them."""
    teams = [team.name for team in problem.teams]
    return {
        placement.key: (teams.index(placement.team), sprint.number - 1)
        for sprint in plan.sprints
        for placement in sprint.placements
    }
