"""When the must-haves cannot all be held: which of them, and by how much."""

from dataclasses import replace

from tandem_engine.planning.problem import Problem
from tandem_engine.planning.quantity import effort_units, from_units, say
from tandem_engine.planning.reasons import names
from tandem_engine.planning.reduce import Reduction, reduce
from tandem_engine.planning.result import Conflict
from tandem_engine.planning.solver import Budget, Solver


def impossible_must(problem: Problem, reduction: Reduction) -> Conflict:
    """The conflict when a must-have, or something it needs, can be in no plan at all."""
    first = reduction.broken[0]
    why = reduction.left_out[first]
    musts = [item.key for item in problem.items if item.must and first in problem.closure(item.key)]
    if musts[0] == first:
        text = f"Must-have {first} cannot be planned. {why.text}"
    else:
        text = f"Must-have {musts[0]} needs {first}, which cannot be planned. {why.text}"
    return _conflict(problem, (musts[0],), text, irreducible=True, proven=True)


def must_conflict(problem: Problem, solver: Solver, budget: Budget, *, proven: bool) -> Conflict:
    """The conflict when the must-haves do not fit together.

    A deletion filter (Chinneck & Dravnieks 1991) tries the must-haves without each in turn:
    where the rest still cannot fit, that one is no part of the conflict. What remains is
    irreducible, unless the time ended first.
    """
    musts = [item.key for item in problem.items if item.must]
    if not proven:
        text = (
            "No plan that holds every must-have was found in the time given; it is not proven "
            "that there is none. Give it more time, or drop a must-have."
        )
        return _conflict(problem, tuple(musts), text, irreducible=False, proven=False)
    kept, certain = musts, True
    for key in reversed(musts):
        rest = [other for other in kept if other != key]
        fits = _fit(problem, rest, solver, budget)
        if fits is False:
            kept = rest
        certain = certain and fits is not None
    found = _conflict(problem, tuple(kept), "", irreducible=certain, proven=True)
    return replace(found, text=_text(problem, musts, found))


def _fit(problem: Problem, musts: list[str], solver: Solver, budget: Budget) -> bool | None:
    """Whether ``musts`` and what they need fit by themselves; ``None`` when time ended first."""
    closure = problem.closure(*musts)
    if _effort(problem, closure) > sum(
        effort_units(amount) for team in problem.teams for amount in team.capacity
    ):
        return False
    alone = replace(
        problem,
        items=tuple(
            replace(item, value=0.0, must=True) for item in problem.items if item.key in closure
        ),
    )
    reduction = reduce(alone)
    if reduction.broken:
        return False
    answer = solver.solve(reduction.reduced, budget)
    return {"optimal": True, "feasible": True, "infeasible": False}.get(answer.status)


def _effort(problem: Problem, keys: frozenset[str]) -> int:
    return sum(effort_units(problem.by_key[key].effort) for key in keys)


def _conflict(
    problem: Problem, musts: tuple[str, ...], text: str, *, irreducible: bool, proven: bool
) -> Conflict:
    closure = problem.closure(*musts)
    pulled_in = tuple(
        item.key for item in problem.items if item.key in closure and item.key not in musts
    )
    teams = {problem.by_key[key].team for key in closure}
    available = sum(
        amount
        for team in problem.teams
        if None in teams or team.name in teams
        for amount in team.capacity
    )
    return Conflict(
        musts=musts,
        pulled_in=pulled_in,
        needed=from_units(_effort(problem, closure)),
        available=float(available),
        irreducible=irreducible,
        proven=proven,
        text=text,
    )


def _text(problem: Problem, musts: list[str], found: Conflict) -> str:
    """Who does not fit with whom, in numbers, and what to do."""
    who = names(found.musts)
    pulled = f" and what they need ({names(found.pulled_in)})" if found.pulled_in else ""
    if len(found.musts) == 1:
        pulled = f" and what it needs ({names(found.pulled_in)})" if found.pulled_in else ""
        start = f"Must-have {who}{pulled} cannot fit"
    else:
        start = f"The must-haves {who}{pulled} cannot fit together"
    numbers = f"they take {say(found.needed)} of {say(found.available)}"
    if found.needed <= found.available:
        numbers += ", but sprints, teams or due dates leave no way to place them"
    cure = "Drop one of them, split it, or add capacity."
    if len(found.musts) < len(musts):
        all_needed = from_units(_effort(problem, problem.closure(*musts)))
        cure = (
            f"All {len(musts)} must-haves with what they need take {say(all_needed)} of "
            f"{say(problem.capacity)}. {cure}"
        )
    return f"{start}: {numbers}. {cure}"
