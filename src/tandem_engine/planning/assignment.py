"""Who finishes what when, and whether that keeps every rule: exact, on whole units."""

from collections.abc import Iterator, Mapping

from tandem_engine.planning.reduce import Reduced

#: Candidate position -> (team, sprint), both from 0.
Assignment = Mapping[int, tuple[int, int]]


def used(reduced: Reduced, assignment: Assignment) -> list[list[int]]:
    """Units taken, by team and sprint."""
    taken = [[0] * reduced.sprints for _ in reduced.capacity]
    for i, (team, sprint) in assignment.items():
        taken[team][sprint] += reduced.candidates[i].effort
    return taken


def objective(reduced: Reduced, assignment: Assignment) -> float:
    """What is maximised: values times the delivery weight of their sprint."""
    weights = reduced.weights
    return sum(
        reduced.candidates[i].worth(weights[sprint])
        for i, (_, sprint) in sorted(assignment.items())
    )


def earliness(reduced: Reduced, assignment: Assignment) -> float:
    """Value times the sprints left after its delivery: tells equal plans apart, more is better."""
    return sum(
        reduced.candidates[i].value * (reduced.sprints - sprint)
        for i, (_, sprint) in sorted(assignment.items())
    )


def missing_musts(reduced: Reduced, assignment: Assignment) -> Iterator[str]:
    """Must-haves, and what they need, that ``assignment`` leaves out."""
    for i, candidate in enumerate(reduced.candidates):
        if candidate.must and i not in assignment:
            yield candidate.key


def misplaced(reduced: Reduced, assignment: Assignment) -> Iterator[str]:
    """Every rule about what *is* placed that ``assignment`` breaks, as a phrase."""
    for i, (team, sprint) in assignment.items():
        candidate = reduced.candidates[i]
        if not any(
            option.team == team and sprint in option.sprints for option in candidate.options
        ):
            yield f"{candidate.key} cannot be finished there"
        for j in candidate.needs:
            if j not in assignment or assignment[j][1] > reduced.before[sprint]:
                yield f"{candidate.key} comes before {reduced.candidates[j].key}"
    for team, row in enumerate(used(reduced, assignment)):
        for sprint, taken in enumerate(row):
            if taken > reduced.capacity[team][sprint]:
                yield f"team {team} is over capacity in sprint {sprint + 1}"


def is_plan(reduced: Reduced, assignment: Assignment) -> bool:
    """Every rule holds."""
    return not any(misplaced(reduced, assignment)) and not any(missing_musts(reduced, assignment))
