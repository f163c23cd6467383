"""The same schedules by others: HiGHS on the plain formulation, CP-SAT, and NSGA-II.

All speak of the candidates Tandem's reductions leave, in whole grains of effort, and all know every
rule. CP-SAT and NSGA-II are imported only when they are asked.
"""

from typing import Any

import numpy as np

from tandem_engine.planning import Problem
from tandem_engine.planning.assignment import is_plan, objective
from tandem_engine.planning.reduce import reduce
from tandem_engine.planning.reduced import Reduced


def by_highs(problem: Problem, seconds: float) -> dict[str, Any]:
    """HiGHS on the usual formulation: a binary for "this item in this sprint by this team"."""
    from scipy import sparse

    from tandem_engine.planning.highs import maximise
    from tandem_engine.planning.linear import from_rows

    reduced = reduce(problem).reduced
    spots = _spots(reduced)
    rows: list[dict[int, float]] = []
    lower: list[float] = []
    upper: list[float] = []

    def add(entries: dict[int, float], low: float, high: float) -> None:
        rows.append(entries)
        lower.append(low)
        upper.append(high)

    columns: list[list[tuple[int, int, int]]] = [[] for _ in reduced.candidates]
    load: dict[tuple[int, int], dict[int, float]] = {}
    for number, (i, way, sprint) in enumerate(spots):
        columns[i].append((number, way, sprint))
        for resource, units in reduced.candidates[i].options[way].loads:
            load.setdefault((resource, sprint), {})[number] = units / reduced.grain
    for i, candidate in enumerate(reduced.candidates):
        add({c: 1.0 for c, _, _ in columns[i]}, float(candidate.must), 1.0)
        for j, lag in candidate.needs:
            for sprint in sorted({s for _, _, s in columns[i]}):
                entries = {c: -1.0 for c, _, s in columns[i] if s == sprint}
                entries |= {c: 1.0 for c, _, s in columns[j] if s + lag <= sprint}
                add(entries, 0.0, np.inf)
    for (resource, sprint), entries in load.items():
        add(entries, -np.inf, reduced.capacity[resource][sprint] / reduced.grain)
    for row in reduced.rows:
        counted = {c: a / row.scale for i, a in row.entries for c, _, _ in columns[i]}
        add(counted, row.lower / row.scale, row.upper / row.scale)
    index = [(r, c, a) for r, entries in enumerate(rows) for c, a in entries.items()]
    at, column, value = (np.array(part) for part in zip(*index, strict=True))
    matrix = sparse.csr_array(sparse.coo_array((value, (at, column)), (len(rows), len(spots))))
    cost = np.array([reduced.candidates[i].worths[s] for i, _, s in spots])
    count = len(spots)
    linear = from_rows(
        cost, np.zeros(count), np.ones(count), matrix, np.array(lower), np.array(upper)
    )
    answer = maximise(linear, time_limit=seconds, seed=0, gap=1e-6)
    if answer.values is None:
        return {"value": None, "bound": None, "status": answer.status}
    plan = {spots[c][0]: spots[c][1:] for c in np.flatnonzero(answer.values > 0.5).tolist()}
    return {
        "value": objective(reduced, plan),
        "bound": answer.bound,
        "status": answer.status,
        "keeps_rules": is_plan(reduced, plan),
    }


def by_cp_sat(problem: Problem, seconds: float) -> dict[str, Any]:
    """CP-SAT with its defaults on two workers."""
    from ortools.sat.python import cp_model

    reduced = reduce(problem).reduced
    model = cp_model.CpModel()
    spots = _spots(reduced)
    taken = [model.new_bool_var("") for _ in spots]
    columns: list[list[int]] = [[] for _ in reduced.candidates]
    load: dict[tuple[int, int], list[Any]] = {}
    for number, (i, way, sprint) in enumerate(spots):
        columns[i].append(number)
        for resource, units in reduced.candidates[i].options[way].loads:
            load.setdefault((resource, sprint), []).append(units // reduced.grain * taken[number])
    for i, candidate in enumerate(reduced.candidates):
        placed = sum(taken[c] for c in columns[i])
        model.add(placed == 1) if candidate.must else model.add(placed <= 1)
        for j, lag in candidate.needs:
            for sprint in sorted({spots[c][2] for c in columns[i]}):
                here = sum(taken[c] for c in columns[i] if spots[c][2] == sprint)
                early = sum(taken[c] for c in columns[j] if spots[c][2] + lag <= sprint)
                model.add(here <= early)
    for (resource, sprint), entries in load.items():
        model.add(sum(entries) <= reduced.capacity[resource][sprint] // reduced.grain)
    for row in reduced.rows:
        entries = [int(a // reduced.grain) * taken[c] for i, a in row.entries for c in columns[i]]
        if row.lower > -np.inf:
            model.add(sum(entries) >= int(row.lower // reduced.grain))
        if row.upper < np.inf:
            model.add(sum(entries) <= int(row.upper // reduced.grain))
    scale = 10_000
    model.maximize(
        sum(
            round(scale * reduced.candidates[i].worths[s]) * taken[c]
            for c, (i, _, s) in enumerate(spots)
        )
    )
    solver = cp_model.CpSolver()
    solver.parameters.max_time_in_seconds = seconds
    solver.parameters.num_workers = 2
    status = solver.solve(model)
    if status not in (cp_model.OPTIMAL, cp_model.FEASIBLE):
        return {"value": None, "bound": solver.best_objective_bound / scale, "status": "unknown"}
    plan = {i: (way, s) for c, (i, way, s) in enumerate(spots) if solver.boolean_value(taken[c])}
    return {
        "value": objective(reduced, plan),
        "bound": solver.best_objective_bound / scale,
        "status": "optimal" if status == cp_model.OPTIMAL else "feasible",
        "keeps_rules": is_plan(reduced, plan),
    }


def by_nsga(problem: Problem, seconds: float) -> dict[str, Any]:
    """NSGA-II over priorities, decoded by the same filling the lists use; seeded with two of these.

    Value against effort as its two objectives; the best plan that keeps the rules counts. Seeding
    and decoding are kinder to it than the usual encoding, which finds no plan that keeps the rules.
    """
    from pymoo.algorithms.moo.nsga2 import NSGA2
    from pymoo.core.problem import ElementwiseProblem
    from pymoo.optimize import minimize

    from tandem_engine.planning.lists import by_density, by_score, fill

    reduced = reduce(problem).reduced
    count = len(reduced.candidates)
    best = -np.inf

    class Priorities(ElementwiseProblem):  # type: ignore[misc]
        def __init__(self) -> None:
            super().__init__(n_var=count, n_obj=2, xl=0.0, xu=1.0)

        def _evaluate(self, x: Any, out: dict[str, Any], *args: Any, **more: Any) -> None:
            nonlocal best
            plan = fill(reduced, np.argsort(-x).tolist())
            value = objective(reduced, plan)
            if value > best and is_plan(reduced, plan):
                best = value
            effort = sum(reduced.candidates[i].effort for i in plan) / reduced.grain
            out["F"] = [-value, effort]

    chance = np.random.default_rng(0)
    start = chance.random((40, count))
    for row, order in enumerate((by_density(reduced), by_score(reduced))):
        start[row, order] = np.linspace(1, 0, count)
    minimize(Priorities(), NSGA2(pop_size=40, sampling=start), ("time", _clock(seconds)), seed=1)
    return {"value": None if best == -np.inf else float(best), "bound": None, "status": "feasible"}


def _clock(seconds: float) -> str:
    whole = max(1, round(seconds))
    return f"{whole // 3600:02}:{whole % 3600 // 60:02}:{whole % 60:02}"


def _spots(reduced: Reduced) -> list[tuple[int, int, int]]:
    """Every (candidate, way, sprint)."""
    return [
        (i, way, sprint)
        for i, candidate in enumerate(reduced.candidates)
        for way, option in enumerate(candidate.options)
        for sprint in option.sprints
    ]


__all__ = ["by_cp_sat", "by_highs", "by_nsga"]
