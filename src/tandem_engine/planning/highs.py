"""HiGHS, the linear and mixed-integer solver, behind two typed functions.

The only file that knows ``highspy``. One thread: the same input then gives the same answer.
Huangfu & Hall 2018, "Parallelizing the dual revised simplex method", Math. Prog. Comp. 10.
"""

from collections.abc import Callable
from dataclasses import dataclass
from math import inf
from typing import Any, Literal

import highspy
import numpy as np
from highspy import HighsModelStatus as ModelStatus

from tandem_engine.planning.model import Floats, LinearModel

#: Tighter than half a unit of effort, so that what HiGHS accepts is exactly within capacity.
_FEASIBILITY = 1e-7

#: Called with (best objective, bound); a true answer stops the search.
Watch = Callable[[float, float], bool]


@dataclass(frozen=True, slots=True)
class MipAnswer:
    """``values`` is ``None`` when no solution was found; ``bound`` is never below the optimum."""

    status: Literal["optimal", "stopped", "infeasible"]
    values: Floats | None
    bound: float


@dataclass(frozen=True, slots=True)
class LpAnswer:
    """The relaxation's optimum and what one more of each row's right side is worth."""

    objective: float
    values: Floats
    row_prices: Floats


def maximise(
    linear: LinearModel,
    *,
    time_limit: float,
    seed: int,
    gap: float,
    nodes: int | None = None,
    start: Floats | None = None,
    watch: Watch | None = None,
) -> MipAnswer:
    """The best binary solution found within ``time_limit`` seconds, proven within ``gap``.

    ``nodes`` limits the search tree: unlike time, it ends the search at the same place every run.
    """
    solver = _load(linear, seed, time_limit, integer=True)
    solver.setOptionValue("mip_rel_gap", gap)
    solver.setOptionValue("mip_feasibility_tolerance", _FEASIBILITY)
    if nodes is not None:
        solver.setOptionValue("mip_max_nodes", nodes)
    if start is not None:
        solver.setSolution(
            len(start), np.arange(len(start), dtype=np.int32), start.astype(np.float64)
        )
    raised: list[BaseException] = []
    if watch is not None:
        _subscribe(solver, watch, raised)
    solver.run()
    if raised:
        raise raised[0]
    status = solver.getModelStatus()
    info = solver.getInfo()
    if status in (ModelStatus.kInfeasible, ModelStatus.kUnboundedOrInfeasible):
        return MipAnswer("infeasible", None, -inf)
    found = info.primal_solution_status == 2
    values = np.array(solver.getSolution().col_value) if found else None
    bound = float(info.mip_dual_bound)
    done = status == ModelStatus.kOptimal and found
    return MipAnswer("optimal" if done else "stopped", values, bound)


def relax(linear: LinearModel, *, time_limit: float, seed: int) -> LpAnswer | None:
    """The linear relaxation with its prices; ``None`` when time ended or nothing is feasible."""
    solver = _load(linear, seed, time_limit, integer=False)
    solver.run()
    if solver.getModelStatus() != ModelStatus.kOptimal:
        return None
    solution = solver.getSolution()
    return LpAnswer(
        objective=float(solver.getInfo().objective_function_value),
        values=np.array(solution.col_value),
        row_prices=np.array(solution.row_dual),
    )


class _QuietHighs(highspy.Highs):
    """HiGHS without its banner: standard output belongs to whoever calls the engine."""

    def enableCallbacks(self) -> None:  # noqa: N802
        # Called by the constructor, and what prints the banner unless output is off by then.
        self.setOptionValue("output_flag", False)
        super().enableCallbacks()  # type: ignore[no-untyped-call]


def _load(linear: LinearModel, seed: int, time_limit: float, *, integer: bool) -> highspy.Highs:
    solver = _QuietHighs()  # type: ignore[no-untyped-call]
    solver.setOptionValue("threads", 1)
    solver.setOptionValue("parallel", "off")
    solver.setOptionValue("random_seed", seed % 2**31)
    solver.setOptionValue("time_limit", max(time_limit, 0.0))
    solver.setOptionValue("primal_feasibility_tolerance", _FEASIBILITY)
    columns, rows = len(linear.cost), len(linear.row_lower)
    kinds = np.zeros(columns, dtype=np.int32)
    if integer:
        kinds[: linear.whole] = int(highspy.HighsVarType.kInteger)
    solver.passModel(
        columns,
        rows,
        len(linear.index),
        int(highspy.MatrixFormat.kRowwise),
        int(highspy.ObjSense.kMaximize),
        0.0,
        linear.cost,
        linear.lower,
        linear.upper,
        linear.row_lower,
        linear.row_upper,
        linear.start[:-1],
        linear.index,
        linear.value,
        kinds,
    )
    return solver


def _subscribe(solver: highspy.Highs, watch: Watch, raised: list[BaseException]) -> None:
    """Ask ``watch`` regularly whether to go on."""

    def tell(event: Any) -> None:
        out = event.data_out
        try:
            if raised or watch(float(out.mip_primal_bound), float(out.mip_dual_bound)):
                event.interrupt()
        except BaseException as error:
            # An exception must not cross the C++ frames in between; it goes on after the solve.
            raised.append(error)
            event.interrupt()

    solver.cbMipInterrupt.subscribe(tell)
