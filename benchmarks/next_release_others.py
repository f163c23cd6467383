"""Beside ``next_release.py``: NSGA-II on the same instance, and all instances in one table."""

import json
import subprocess
import sys
from importlib.util import find_spec
from itertools import pairwise
from pathlib import Path
from typing import Any

import numpy as np

from tandem_engine.planning.selection import SelectionProblem

RATIOS = (0.3, 0.5)


def area(points: list[list[float]]) -> float:
    """What the stairs of [cost, profit] hold below them, up to the highest cost of all."""
    return float(sum(a[1] * (b[0] - a[0]) for a, b in pairwise(points)))


def by_nsga(problem: SelectionProblem, seconds: float) -> list[list[float]]:
    """The undominated [cost, profit] NSGA-II finds, up to the total cost.

    A gene says whether a requester is served; all that is wanted comes in. That is kinder than a
    gene for a requirement, under which hardly anybody is ever served.
    """
    from pymoo.algorithms.moo.nsga2 import NSGA2
    from pymoo.core.problem import Problem
    from pymoo.operators.crossover.pntx import TwoPointCrossover
    from pymoo.operators.mutation.bitflip import BitflipMutation
    from pymoo.operators.sampling.rnd import BinaryRandomSampling
    from pymoo.optimize import minimize
    from pymoo.termination.max_time import TimeBasedTermination

    from tandem_engine.planning.selection.reduced import reduce

    reduced = reduce(problem)
    wants = np.zeros((reduced.requesters, reduced.groups), dtype=np.float32)
    wants[reduced.arc_requester, reduced.arc_group] = 1

    class Served(Problem):  # type: ignore[misc]
        def __init__(self) -> None:
            super().__init__(n_var=reduced.requesters, n_obj=2, xl=0, xu=1, vtype=bool)

        def _evaluate(self, x: Any, out: dict[str, Any], *args: Any, **more: Any) -> None:
            chosen = x.astype(np.float32)
            cost = x @ reduced.private + ((chosen @ wants) > 0) @ reduced.group_cost
            out["F"] = np.column_stack([cost, -(x @ reduced.profit)])

    found = minimize(
        Served(),
        NSGA2(
            pop_size=100,
            sampling=BinaryRandomSampling(),
            crossover=TwoPointCrossover(),
            mutation=BitflipMutation(),
        ),
        TimeBasedTermination(max(seconds, 0.1)),
        seed=1,
    )
    best: list[list[float]] = [[0.0, 0.0]]
    for cost, loss in sorted(np.atleast_2d(found.F).tolist()):
        if -loss > best[-1][1]:
            best.append([cost / problem.cost_scale, -loss / problem.value_scale])
    # Beyond the last plan its profit still counts.
    return [*best, [problem.total_cost, best[-1][1]]]


def table(folder: Path, *, seconds: float, nsga: bool, as_json: bool) -> None:
    """Every instance below ``folder`` at both ratios and with its front, one line each."""
    files = sorted(folder.rglob("nrp*.txt"))
    if not files:
        raise SystemExit(f"{folder}: no instance (nrp*.txt) below it.")
    beside = ["--nsga"] if nsga and find_spec("pymoo") else []
    rows = [_row(file, seconds, beside) for file in files]
    real = [row for row in rows if "naive_seconds" in row]
    summary: dict[str, Any] = {
        "all_optimal": all(row["optimal"] for row in rows),
        "realistic_seconds": sum(row["seconds"] for row in real),
        "realistic_largest_seconds": max((row["slowest"] for row in real), default=0),
        "naive_seconds": sum(row["naive_seconds"] for row in real),
    }
    if real:
        summary["naive_ratio"] = summary["naive_seconds"] / summary["realistic_seconds"]
    if as_json:
        json.dump({"rows": rows, "summary": summary}, sys.stdout)
        print()
        return
    names = list(max(rows, key=len))
    print("  ".join(name.rjust(16) for name in names))
    for row in rows:
        print("  ".join(_cell(row.get(name)).rjust(16) for name in names))
    for name, value in summary.items():
        print(f"{name}: {_cell(value)}")


def _row(file: Path, seconds: float, beside: list[str]) -> dict[str, Any]:
    """Both ratios and the front; the naive formulation beside the realistic ones, which it solves."""
    naive = [] if file.parent.name == "classic" else ["--naive"]
    at = [_run(file, ["--ratio", str(ratio), *naive], seconds) for ratio in RATIOS]
    front = _run(file, ["--front", *beside], min(seconds, 30.0))
    row: dict[str, Any] = {"file": file.stem}
    row |= {f"profit_{ratio}": one["profit"] for ratio, one in zip(RATIOS, at, strict=True)}
    row |= {
        "optimal": all(one["optimal"] for one in at),
        "seconds": sum(one["seconds"] for one in at),
        "slowest": max(one["seconds"] for one in at),
    }
    if naive:
        row["naive_seconds"] = sum(one["naive"]["seconds"] for one in at)
    row |= {
        "points": len(front["points"]),
        "complete": front["complete"],
        "missing": front["missing"],
        "front_seconds": front["seconds"],
        "peak_mb": front["peak_mb"],
    }
    if "nsga_hypervolume" in front:
        row["nsga_hypervolume"] = front["nsga_hypervolume"]
    return row


def _run(file: Path, more: list[str], seconds: float) -> dict[str, Any]:
    script = Path(__file__).with_name("next_release.py")
    command = [sys.executable, str(script), str(file), "--json", "--seconds", str(seconds), *more]
    answer = subprocess.run(command, check=True, capture_output=True, text=True)
    found: dict[str, Any] = json.loads(answer.stdout)
    return found


def _cell(value: Any) -> str:
    if value is None:
        return ""
    return f"{value:,.4g}" if isinstance(value, float) and value < 1_000 else f"{value}"
