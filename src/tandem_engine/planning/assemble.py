"""From positions back to keys, teams and sprints a person knows."""

from tandem_engine.planning.assignment import Assignment, used
from tandem_engine.planning.problem import Problem
from tandem_engine.planning.quantity import from_units
from tandem_engine.planning.reduce import Reduced
from tandem_engine.planning.result import Placement, SprintPlan, TeamLoad


def sprint_plans(
    problem: Problem, reduced: Reduced, assignment: Assignment
) -> tuple[SprintPlan, ...]:
    """Every sprint with what is finished in it and how full each team is."""
    taken = used(reduced, assignment)
    by_sprint: list[list[Placement]] = [[] for _ in range(problem.sprints)]
    for i, (team, sprint) in sorted(assignment.items()):
        item = problem.by_key[reduced.candidates[i].key]
        by_sprint[sprint].append(
            Placement(item.key, problem.teams[team].name, float(item.value), float(item.effort))
        )
    plans: list[SprintPlan] = []
    for sprint, placements in enumerate(by_sprint):
        loads = tuple(
            TeamLoad(team.name, float(team.capacity[sprint]), from_units(taken[index][sprint]))
            for index, team in enumerate(problem.teams)
        )
        plans.append(
            SprintPlan(
                number=sprint + 1,
                placements=tuple(sorted(placements, key=lambda placement: -placement.value)),
                loads=loads,
                capacity=sum(load.capacity for load in loads),
                used=from_units(sum(row[sprint] for row in taken)),
            )
        )
    return tuple(plans)
