"""The Next Release Problem on instances of the literature: the best plan, or all worth considering.

FILE has the format of Xuan et al. 2012: number of levels; per level the number of requirements
and their costs; number of dependencies and the pairs; number of requesters; per requester value,
number of wishes, requirement numbers from 1. The budget is the ratio times the total cost, rounded
half up. With ``--naive`` the closed formulation (every requester with all that its wishes pull in)
is solved by HiGHS in the same run; with ``--front --nsga`` NSGA-II gets the seconds the front took, and
what part of its area (the hypervolume) it reaches is told. ``--all DIR`` runs every instance below DIR
at ratios 0.3 and 0.5 and with its front, each in a process of its own, and prints one table.
"""

import argparse
import json
import resource
import sys
import time
from pathlib import Path
from typing import Any

from next_release_others import area, by_nsga, table
from tandem_engine.planning.selection import (
    Requester,
    Requirement,
    SelectionProblem,
    front,
    select,
)


def instance(path: Path) -> SelectionProblem:
    """The problem in ``path``. Raises ``SystemExit`` with the reason when it is no instance."""
    try:
        numbers = iter([int(word) for word in path.read_text(encoding="ascii").split()])
        costs = [next(numbers) for _ in range(next(numbers)) for _ in range(next(numbers))]
        needs: dict[int, set[int]] = {}
        for _ in range(next(numbers)):
            before, after = next(numbers), next(numbers)
            needs.setdefault(after, set()).add(before)
        requesters = []
        for number in range(next(numbers)):
            value = next(numbers)
            wants = frozenset(str(next(numbers)) for _ in range(next(numbers)))
            requesters.append(Requester(f"requester {number + 1}", value, wants))
        requirements = [
            Requirement(str(i), cost, needs=frozenset(str(n) for n in needs.get(i, ())))
            for i, cost in enumerate(costs, start=1)
        ]
        return SelectionProblem(tuple(requirements), tuple(requesters))
    except (OSError, UnicodeDecodeError, ValueError, StopIteration, RuntimeError) as error:
        raise SystemExit(f"{path}: not an instance ({error or 'it ends too early'}).") from error


def naive(problem: SelectionProblem, budget: int, seconds: float) -> dict[str, Any]:
    """The closed formulation in plain HiGHS: a row for each requester and all it pulls in."""
    import numpy as np

    from tandem_engine.planning.highs import maximise
    from tandem_engine.planning.model import LinearModel
    from tandem_engine.planning.selection.reduced import reduce

    wanted = reduce(problem).wanted
    requirements, requesters = len(problem.requirements), len(wanted)
    pairs = [(j, i) for j, members in enumerate(wanted) for i in members]
    index = list(range(requirements))
    value = [r.cost for r in problem.requirements]
    for j, i in pairs:
        index += [requirements + j, i]
        value += [1.0, -1.0]
    start = [0, *(requirements + 2 * n for n in range(len(pairs) + 1))]
    total = requirements + requesters
    began = time.perf_counter()
    answer = maximise(
        LinearModel(
            cost=np.array([0.0] * requirements + [r.value for r in problem.requesters if r.value]),
            lower=np.zeros(total),
            upper=np.ones(total),
            row_lower=np.full(1 + len(pairs), -np.inf),
            row_upper=np.array([float(budget)] + [0.0] * len(pairs)),
            start=np.array(start, dtype=np.int32),
            index=np.array(index, dtype=np.int32),
            value=np.array(value),
        ),
        time_limit=seconds,
        seed=1,
        gap=0.0,
    )
    return {
        "seconds": time.perf_counter() - began,
        "bound": answer.bound,
        "optimal": answer.status == "optimal",
    }


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("file", type=Path, nargs="?", metavar="FILE")
    parser.add_argument("--ratio", type=float, default=0.5, help="budget over total cost")
    parser.add_argument("--front", action="store_true", help="all plans worth considering")
    parser.add_argument("--naive", action="store_true", help="also the naive formulation")
    parser.add_argument("--nsga", action="store_true", help="also NSGA-II (pymoo), on a front")
    parser.add_argument(
        "--all", type=Path, metavar="DIR", help="every instance below DIR, as a table"
    )
    parser.add_argument("--seconds", type=float, default=120.0, help="time limit")
    parser.add_argument("--json", action="store_true", help="print one JSON object")
    wanted = parser.parse_args()
    if wanted.all is not None:
        table(wanted.all, seconds=wanted.seconds, nsga=wanted.nsga, as_json=wanted.json)
        return
    if wanted.file is None:
        print("next_release: give a FILE with an instance; see --help.")
        return
    problem = instance(wanted.file)
    began = time.perf_counter()
    result: dict[str, Any]
    if wanted.front:
        found = front(problem, seconds=wanted.seconds)
        result = {
            "points": [[p.cost, p.value] for p in found.points],
            "complete": found.complete,
            "missing": found.missing,
        }
    else:
        if not 0 <= wanted.ratio <= 1:
            parser.error("--ratio takes a number from 0 to 1")
        budget = int(wanted.ratio * problem.total_cost + 0.5)
        best = select(problem, budget, seconds=wanted.seconds)
        result = {
            "profit": best.value,
            "cost": best.cost,
            "bound": best.bound,
            "optimal": best.status == "optimal",
        }
    result["seconds"] = time.perf_counter() - began
    result["peak_mb"] = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    if wanted.nsga and wanted.front:
        points = by_nsga(problem, result["seconds"])
        ours = [*result["points"], [problem.total_cost, result["points"][-1][1]]]
        result["nsga_hypervolume"] = round(area(points) / area(ours), 4)
    if wanted.naive and not wanted.front:
        other = naive(problem, budget, wanted.seconds)
        result["naive"] = other
        result["naive_ratio"] = other["seconds"] / result["seconds"]
    if wanted.json:
        json.dump(result, sys.stdout)
        print()
        return
    for name, value in result.items():
        print(f"{name}: {len(value) if name == 'points' else value}")


if __name__ == "__main__":
    main()
