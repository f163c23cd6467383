"""Whether any plan keeps the rules, asked of the smallest problem that can tell."""

from dataclasses import replace

from tandem_engine.planning.budget import Budget
from tandem_engine.planning.problem import Problem
from tandem_engine.planning.reduce import reduce
from tandem_engine.planning.rules import AtMost, Rule, Share, keys
from tandem_engine.planning.solver import Solver


def feasible(problem: Problem, solver: Solver, budget: Budget) -> bool | None:
    """Whether a plan exists; ``None`` when the time ended before it was known."""
    asked = _stripped(problem)
    reduction = reduce(asked)
    if reduction.broken:
        return False
    answer = solver.solve(reduction.reduced, budget)
    return {"optimal": True, "feasible": True, "infeasible": False}.get(answer.status)


def _stripped(problem: Problem) -> Problem:
    """What can tell: values do not matter, and without wants of a whole only must-haves do."""
    if any(isinstance(rule, Share) or _wants(rule) for rule in problem.rules):
        return replace(problem, items=tuple(replace(item, value=0.0) for item in problem.items))
    kept = problem.closure(*problem.musts)
    rules: list[Rule] = []
    for rule in problem.rules:
        if isinstance(rule, AtMost):
            rules.append(replace(rule, items=rule.items & kept))
        elif kept.issuperset(keys(rule)):
            rules.append(rule)
    items = tuple(replace(item, value=0.0) for item in problem.items if item.key in kept)
    return replace(problem, items=items, rules=tuple(rules))


def _wants(rule: Rule) -> bool:
    return isinstance(rule, AtMost) and rule.at_least > 0
