"""From positions back to keys, teams and sprints a person knows."""

from collections.abc import Mapping

from tandem_engine.planning.assignment import Assignment, used
from tandem_engine.planning.problem import Problem
from tandem_engine.planning.quantity import UNITS, from_units
from tandem_engine.planning.reduced import Reduced
from tandem_engine.planning.result import CapacityPrice, Placement, SprintPlan, Take, TeamLoad


def sprint_plans(
    problem: Problem, reduced: Reduced, assignment: Assignment
) -> tuple[SprintPlan, ...]:
    """Every sprint with what is finished in it and how full each team and skill is."""
    taken = used(reduced, assignment)
    by_sprint: list[list[Placement]] = [[] for _ in range(problem.sprints)]
    for i, (way, sprint) in sorted(assignment.items()):
        by_sprint[sprint].append(_placement(problem, reduced, i, way))
    names = [(team.name, "") for team in problem.teams]
    names += [(team.name, skill.name) for team in problem.teams for skill in team.skills]
    given = [team.capacity for team in problem.teams]
    given += [skill.capacity for team in problem.teams for skill in team.skills]
    plans: list[SprintPlan] = []
    for sprint, placements in enumerate(by_sprint):
        loads = tuple(
            TeamLoad(team, float(row[sprint]), from_units(uses[sprint]), skill)
            for (team, skill), row, uses in zip(names, given, taken, strict=True)
        )
        teams = loads[: len(problem.teams)]
        plans.append(
            SprintPlan(
                number=sprint + 1,
                placements=tuple(sorted(placements, key=lambda placement: -placement.value)),
                loads=teams,
                capacity=sum(load.capacity for load in teams),
                used=from_units(sum(row[sprint] for row in taken[: len(teams)])),
                skill_loads=loads[len(teams) :],
            )
        )
    return tuple(plans)


def _placement(problem: Problem, reduced: Reduced, i: int, way: int) -> Placement:
    item = problem.by_key[reduced.candidates[i].key]
    teams = [problem.teams[index].name for index in reduced.candidates[i].options[way].teams]
    takes = tuple(
        Take(team, part.skill or "", float(part.effort))
        for team, part in zip(teams, item.pieces, strict=True)
    )
    return Placement(
        item.key, " + ".join(dict.fromkeys(teams)), float(item.value), float(item.remaining), takes
    )


def capacity_prices(
    problem: Problem, prices: Mapping[tuple[int, int], float]
) -> tuple[CapacityPrice, ...]:
    """What a unit of each team and skill is worth where it is worth anything, the dearest first."""
    names = [(team.name, "") for team in problem.teams]
    names += [(team.name, skill.name) for team in problem.teams for skill in team.skills]
    found = [
        CapacityPrice(*names[resource], sprint + 1, price * UNITS)
        for (resource, sprint), price in prices.items()
        if price * UNITS > 1e-9
    ]
    return tuple(sorted(found, key=lambda one: (-one.price, one.sprint, one.team, one.skill)))
