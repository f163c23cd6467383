"""Schedules on synthetic backlogs: Tandem beside plain HiGHS, CP-SAT, NSGA-II and score-and-cut.

Every method gets the same seeded instances and the same seconds in the same run, each in a process
of its own (HiGHS and OR-tools cannot share one). CP-SAT and NSGA-II are left out with a sentence
when they are not installed:

    python -m venv /somewhere && /somewhere/bin/pip install -e . --group bench
    /somewhere/bin/python benchmarks/schedule.py

Values are objectives: what is delivered a sprint later counts less. Gaps are measured against the
lowest bound any method has proven.
"""

import argparse
import json
import os
import resource
import statistics
import subprocess
import sys
import time
from importlib.util import find_spec
from itertools import pairwise
from pathlib import Path
from typing import Any

from backlogs import backlog
from schedule_others import by_cp_sat, by_highs, by_nsga
from tandem_engine.planning import (
    Change,
    ListPlan,
    Problem,
    WhatIf,
    density_and_fill,
    score_and_cut,
    score_and_fill,
    solve,
)

#: items: (sprints, teams, seconds, the gap asked for in percent)
SIZES = {200: (6, 3, 10.0, 0.5), 1_000: (8, 4, 30.0, 0.15), 5_000: (12, 6, 60.0, 0.3)}
#: Asked for; some items have nothing to need, so that 1.5 makes about one prerequisite an item.
DENSITIES = (0.0, 0.5, 1.5, 2.5)
METHODS = ("tandem", "lists", "highs", "cp_sat", "nsga2", "what_if")
NEEDS = {"cp_sat": ("ortools", "CP-SAT"), "nsga2": ("pymoo", "NSGA-II")}


def ours(problem: Problem, seconds: float) -> dict[str, Any]:
    """Tandem, with when its first plan came."""
    seen: list[float] = []

    def hear(progress: Any) -> None:
        if progress.value > float("-inf"):
            seen.append(progress.seconds)

    plan = solve(problem, time_limit=seconds, on_progress=hear)
    return {
        "value": plan.objective,
        "bound": plan.bound,
        "status": plan.status,
        "first_seconds": seen[0] if seen else None,
    }


def lists(problem: Problem, seconds: float) -> dict[str, Any]:
    """What sorted lists deliver; a list that breaks a rule still counts, and it is said."""

    def worth(listed: ListPlan) -> float:
        return sum(
            problem.by_key[key].value * problem.weights[sprint.number - 1]
            for sprint in listed.sprints
            for key in sprint.items
        )

    cut, *filled = score_and_cut(problem), score_and_fill(problem), density_and_fill(problem)
    return {
        "value": worth(cut),
        "keeps_rules": cut.keeps_rules,
        "best_list": max(worth(listed) for listed in filled if listed.keeps_rules),
    }


def what_if(problem: Problem, seconds: float) -> dict[str, Any]:
    """Warm answers: an item forced in, a fifth of a team taken away, by turns."""
    ready = WhatIf(problem)
    keys, names = list(problem.by_key), [team.name for team in problem.teams]
    within = 0.045 if len(keys) <= 1_000 else 0.25
    walls, processor, settled = [], [], 0
    for number in range(60):
        change = (
            Change(take_in=frozenset({keys[number * 7919 % len(keys)]}))
            if number % 2
            else Change(capacity={names[number // 2 % len(names)]: 0.8})
        )
        began, busy = time.perf_counter(), time.process_time()
        answer = ready.ask(change, within=within)
        walls.append(1000 * (time.perf_counter() - began))
        processor.append(1000 * (time.process_time() - busy))
        settled += answer.settled
    return {
        "p50_ms": statistics.median(walls),
        "p95_ms": sorted(walls)[int(0.95 * len(walls))],
        "cpu_p95_ms": sorted(processor)[int(0.95 * len(processor))],
        "settled": settled / len(walls),
    }


RUNS = {
    "tandem": ours,
    "lists": lists,
    "highs": by_highs,
    "cp_sat": by_cp_sat,
    "nsga2": by_nsga,
    "what_if": what_if,
}


def one(method: str, items: int, density: float, seed: int, seconds: float) -> None:
    """One method on one instance, in this process; JSON on standard output."""
    sprints, teams, _, _ = shape(items)
    problem = backlog(items, sprints, teams, density=density, seed=seed)
    began, busy = time.perf_counter(), time.process_time()
    result = RUNS[method](problem, seconds)
    result["seconds"] = time.perf_counter() - began
    result["cpu_seconds"] = time.process_time() - busy
    result["peak_mb"] = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    json.dump(result, sys.stdout)


def shape(items: int) -> tuple[int, int, float, float]:
    """Sprints, teams, seconds and bar of a size; of the nearest one below for other sizes."""
    return SIZES.get(items) or SIZES[max((s for s in SIZES if s <= items), default=200)]


def apart(method: str, items: int, density: float, seed: int, seconds: float) -> dict[str, Any]:
    """:func:`one` in a process of its own."""
    command = [sys.executable, __file__, "--one", method, str(items), str(density), str(seed)]
    answer = subprocess.run(
        [*command, str(seconds)],
        check=False,
        capture_output=True,
        text=True,
        timeout=seconds * 4 + 120,
    )
    if answer.returncode:
        last = (answer.stderr.strip().splitlines() or ["no answer"])[-1]
        return {"failed": last}
    found: dict[str, Any] = json.loads(answer.stdout)
    return found


def compare(items: int, wanted: argparse.Namespace) -> dict[str, Any]:
    """All methods on all instances of one size."""
    sprints, teams, seconds, bar = shape(items)
    seconds = wanted.seconds or seconds
    methods = [m for m in wanted.methods if m not in NEEDS or find_spec(NEEDS[m][0])]
    rows = []
    for density in wanted.densities:
        for seed in range(wanted.seeds):
            problem = backlog(items, sprints, teams, density=density, seed=seed)
            row: dict[str, Any] = {
                "items": items,
                "needs_per_item": sum(len(i.needs) for i in problem.items) / items,
                "seed": seed,
            }
            row |= {m: apart(m, items, density, seed, seconds) for m in methods}
            _judge(row, methods)
            rows.append(row)
            if not wanted.json:
                _print(row, methods)
    summary = {m: _summary(rows, m) for m in methods}
    return {
        "items": items,
        "sprints": sprints,
        "teams": teams,
        "seconds": seconds,
        "bar_percent": bar,
        "summary": summary,
        "bars": _bars(rows, summary, seconds, bar),
        "rows": rows,
    }


def _bars(
    rows: list[dict[str, Any]], summary: dict[str, Any], seconds: float, bar: float
) -> list[dict[str, Any]]:
    """Each bar with what was measured and whether it holds."""
    own, asked = summary.get("tandem", {}), summary.get("what_if", {})
    dense = [
        row["tandem"]["above_score_and_cut_percent"]
        for row in rows
        if 0.75 <= row["needs_per_item"] <= 1.25
        and row.get("tandem", {}).get("above_score_and_cut_percent") is not None
    ]
    quick = 50.0 if rows[0]["items"] <= 1_000 else 300.0
    wanted = (
        (f"gap, median, at most {bar} %", own.get("median_gap_percent"), bar, False),
        ("first plan, seconds, at most 1", own.get("largest_first_seconds"), 1.0, False),
        ("whole, seconds, at most 10 % late", own.get("largest_seconds"), 1.1 * seconds, False),
        (
            "above the best list, %, never below 0",
            own.get("least_above_best_list_percent"),
            0.0,
            True,
        ),
        (
            "above score-and-cut at about one need an item, %, least 20",
            min(dense) if dense else None,
            20.0,
            True,
        ),
        (f"what-if, p95, ms, at most {quick:g}", asked.get("largest_p95_ms"), quick, False),
    )
    return [
        {"bar": name, "measured": seen, "holds": seen >= limit if least else seen <= limit}
        for name, seen, limit, least in wanted
        if seen is not None
    ]


def _judge(row: dict[str, Any], methods: list[str]) -> None:
    """Gaps against the lowest bound, and what the others deliver as a part of Tandem's."""
    bound = min(row[m]["bound"] for m in methods if row[m].get("bound") is not None)
    own = row.get("tandem", {}).get("value")
    for method in methods:
        value = row[method].get("value")
        if value is not None:
            row[method]["gap_percent"] = 100 * (bound - value) / bound
            if own:
                row[method]["of_tandem"] = value / own
    best = row.get("lists", {}).get("best_list")
    if own and best:
        row["tandem"]["above_best_list_percent"] = 100 * (own / best - 1)
        row["tandem"]["above_score_and_cut_percent"] = 100 * (own / row["lists"]["value"] - 1)


def _summary(rows: list[dict[str, Any]], method: str) -> dict[str, float]:
    """Medians over the instances, the largest where it is the worst that counts."""
    found: dict[str, float] = {"answered": 0}
    for name in ("gap_percent", "of_tandem", "above_score_and_cut_percent", "p50_ms", "settled"):
        known = [r[method][name] for r in rows if r[method].get(name) is not None]
        if known:
            found[f"median_{name}"] = statistics.median(known)
    for name in (
        "gap_percent",
        "seconds",
        "cpu_seconds",
        "first_seconds",
        "peak_mb",
        "p95_ms",
        "cpu_p95_ms",
    ):
        known = [r[method][name] for r in rows if r[method].get(name) is not None]
        if known:
            found[f"largest_{name}"] = max(known)
    least = [
        r[method]["above_best_list_percent"]
        for r in rows
        if r[method].get("above_best_list_percent") is not None
    ]
    if least:
        found["least_above_best_list_percent"] = min(least)
    found["answered"] = sum(
        "failed" not in r[method] and r[method].get("value", 0) is not None for r in rows
    )
    return found


def _print(row: dict[str, Any], methods: list[str]) -> None:
    print(f"{row['items']:,} items, {row['needs_per_item']:.2f} needs each, seed {row['seed']}")
    for method in methods:
        found = row[method]
        if "failed" in found:
            print(f"  {method:8} {found['failed']}")
            continue
        shown = {
            name: round(amount, 3) if isinstance(amount, float) else amount
            for name, amount in found.items()
            if amount is not None
        }
        print(f"  {method:8} " + "  ".join(f"{name} {amount}" for name, amount in shown.items()))
    sys.stdout.flush()


def main() -> None:
    if sys.argv[1:2] == ["--one"]:
        method, items, density, seed, seconds = sys.argv[2:]
        one(method, int(items), float(density), int(seed), float(seconds))
        return
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--sizes", type=int, nargs="+", default=[200])
    parser.add_argument("--densities", type=float, nargs="+", default=list(DENSITIES))
    parser.add_argument("--seeds", type=int, default=2, help="instances of each density")
    parser.add_argument("--seconds", type=float, help="time limit; 10, 30 and 60 by size")
    parser.add_argument("--methods", nargs="+", choices=METHODS, default=list(METHODS))
    parser.add_argument("--json", action="store_true", help="print one JSON object")
    wanted = parser.parse_args()
    missing = {m: NEEDS[m] for m in wanted.methods if m in NEEDS and not find_spec(NEEDS[m][0])}
    notes = [
        f"{name} is left out: {package} is not installed (pip install --group bench)."
        for package, name in missing.values()
    ]
    load = os.getloadavg()[0]
    runs = [compare(items, wanted) for items in wanted.sizes]
    result = {"runs": runs, "notes": notes, "processors": os.cpu_count(), "load_at_start": load}
    if len(runs) > 1:
        result["growth"] = [
            {
                "items_ratio": b["items"] / a["items"],
                "first_seconds_ratio": b["summary"]["tandem"]["largest_first_seconds"]
                / a["summary"]["tandem"]["largest_first_seconds"],
            }
            for a, b in pairwise(runs)
            if "tandem" in wanted.methods
        ]
    if wanted.json:
        json.dump(result, sys.stdout)
        print()
        return
    for run in runs:
        print(f"\n{run['items']:,} x {run['sprints']} x {run['teams']}, {run['seconds']:g} s:")
        for method, summary in run["summary"].items():
            print(f"  {method:8} " + "  ".join(f"{n} {v:,.3f}" for n, v in summary.items()))
        for told in run["bars"]:
            verdict = "holds" if told["holds"] else "FAILS"
            print(f"  {verdict}  {told['bar']}: {told['measured']:,.3f}")
    print(f"\nload at start {load:.1f} on {os.cpu_count()} processors", *notes, sep="\n")


if __name__ == "__main__":
    sys.path.insert(0, str(Path(__file__).parent))
    main()
