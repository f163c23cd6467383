"""Who finishes what when, and whether that keeps every rule: exact, on whole units."""

from collections.abc import Iterator, Mapping

from tandem_engine.planning.reduced import Reduced

#: Candidate position -> (option, sprint), both from 0.
Assignment = Mapping[int, tuple[int, int]]


def used(reduced: Reduced, assignment: Assignment) -> list[list[int]]:
    """Units taken, by resource and sprint."""
    taken = [[0] * reduced.sprints for _ in reduced.capacity]
    for i, (way, sprint) in assignment.items():
        for resource, units in reduced.candidates[i].options[way].loads:
            taken[resource][sprint] += units
    return taken


def objective(reduced: Reduced, assignment: Assignment) -> float:
    """What is maximised: what each item brings in its sprint."""
    return sum(
        reduced.candidates[i].worths[sprint] for i, (_, sprint) in sorted(assignment.items())
    )


def missing_musts(reduced: Reduced, assignment: Assignment) -> Iterator[str]:
    """Must-haves, and what they need, that ``assignment`` leaves out."""
    for i, candidate in enumerate(reduced.candidates):
        if candidate.must and i not in assignment:
            yield candidate.key


def totals(reduced: Reduced, assignment: Assignment) -> list[float]:
    """The sum of each row."""
    found: list[float] = [0] * len(reduced.rows)
    for i in sorted(assignment):
        for number, coefficient in reduced.counts(i, assignment[i][1]):
            found[number] += coefficient
    return found


def misplaced(reduced: Reduced, assignment: Assignment) -> Iterator[str]:
    """Every rule about when and by whom that ``assignment`` breaks, as a phrase."""
    for i, (way, sprint) in assignment.items():
        candidate = reduced.candidates[i]
        if sprint not in candidate.options[way].sprints:
            yield f"{candidate.key} cannot be finished there"
        for j, lag in candidate.needs:
            if j not in assignment or assignment[j][1] + lag > sprint:
                yield f"{candidate.key} comes before {reduced.candidates[j].key}"
    for first, then, lag in reduced.orders:
        both = first in assignment and then in assignment
        if both and assignment[first][1] + lag > assignment[then][1]:
            yield f"{reduced.candidates[then].key} comes too early"
    for a, b in reduced.same:
        if a in assignment and b in assignment and assignment[a][1] != assignment[b][1]:
            yield f"{reduced.candidates[a].key} and {reduced.candidates[b].key} are apart"
    for resource, row in enumerate(used(reduced, assignment)):
        for sprint, taken in enumerate(row):
            if taken > reduced.capacity[resource][sprint]:
                yield f"resource {resource} is over capacity in sprint {sprint + 1}"


def unbalanced(reduced: Reduced, assignment: Assignment) -> Iterator[str]:
    """Rules about how much of what is planned that ``assignment`` breaks."""
    for row, total in zip(reduced.rows, totals(reduced, assignment), strict=True):
        if row.excess(total):
            yield f"{total} is not from {row.lower} to {row.upper}"
    for a, b in reduced.same:
        if (a in assignment) != (b in assignment):
            yield f"{reduced.candidates[a].key} and {reduced.candidates[b].key} are torn apart"


def is_plan(reduced: Reduced, assignment: Assignment) -> bool:
    """Every rule holds."""
    return not (
        any(misplaced(reduced, assignment))
        or any(missing_musts(reduced, assignment))
        or any(unbalanced(reduced, assignment))
    )
