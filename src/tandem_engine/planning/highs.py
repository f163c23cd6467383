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
from numpy.typing import NDArray

from tandem_engine.planning.linear import Floats, LinearModel

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
    """The relaxation's optimum and what one more of each row's right side is worth.

    ``reduced_costs`` say by column what one more of it brings: below 0 where it stands at its
    lower bound, above 0 at its upper one.
    """

    objective: float
    values: Floats
    row_prices: Floats
    reduced_costs: Floats


class Relaxation:
    """The linear relaxation kept alive: bounds are changed and it is solved on from where it was.

    The dual simplex stays dual feasible when bounds move, so that an answer takes a few steps.
    """

    def __init__(self, linear: LinearModel, *, seed: int = 0, stop: Watch | None = None) -> None:
        self._solver = _load(linear, seed, inf, integer=False)
        self._row_lower = linear.row_lower
        #: Without a column, every row is 0.
        self._holds_nothing = bool(((linear.row_lower <= 0) & (linear.row_upper >= 0)).all())
        self._spent = 0.0
        self._raised: list[BaseException] = []
        if stop is not None:
            _subscribe_simplex(self._solver, stop, self._raised)

    def solve(self, time_limit: float) -> LpAnswer | None:
        """The optimum under the bounds there are; ``None`` when time ended or there is none."""
        self._solver.setOptionValue("time_limit", self._spent + max(time_limit, 0.0))
        self._solver.run()
        self._spent = self._solver.getRunTime()
        if self._raised:
            raise self._raised[0]
        status = self._solver.getModelStatus()
        if status == ModelStatus.kModelEmpty and self._holds_nothing:
            rows = len(self._row_lower)
            return LpAnswer(0.0, np.zeros(0), np.zeros(rows), np.zeros(0))
        return self.here() if status == ModelStatus.kOptimal else None

    def hurry(self) -> None:
        """Tune what follows for a few steps from a solved basis: they cost a third less."""
        # Exact steepest-edge weights and perturbed costs pay off over thousands of steps only.
        self._solver.setOptionValue("simplex_dual_edge_weight_strategy", 1)
        self._solver.setOptionValue("dual_simplex_cost_perturbation_multiplier", 0.0)

    def here(self) -> LpAnswer:
        """Where the simplex stands: after an end by time, on its way from the bound to the optimum."""
        solution = self._solver.getSolution()
        return LpAnswer(
            objective=float(self._solver.getInfo().objective_function_value),
            values=np.array(solution.col_value),
            row_prices=np.array(solution.row_dual),
            reduced_costs=np.array(solution.col_dual),
        )

    @property
    def interrupted(self) -> bool:
        """The last solve ended by time."""
        return self._solver.getModelStatus() == ModelStatus.kTimeLimit

    @property
    def infeasible(self) -> bool:
        """The last solve proved that nothing keeps the rows."""
        return self._solver.getModelStatus() in (
            ModelStatus.kInfeasible,
            ModelStatus.kUnboundedOrInfeasible,
        )

    def bound_columns(self, columns: NDArray[np.int64], lower: Floats, upper: Floats) -> None:
        """New bounds for some columns."""
        self._solver.changeColsBounds(len(columns), columns.astype(np.int32), lower, upper)

    def bound_row(self, row: int, lower: float, upper: float) -> None:
        """New limits for a row."""
        self._solver.changeRowBounds(row, lower, upper)

    def coefficient(self, row: int, column: int, value: float) -> None:
        """A new entry of the matrix."""
        self._solver.changeCoeff(row, column, value)

    def basis(self) -> object:
        """Where the last solve ended."""
        return self._solver.getBasis()

    def use(self, basis: Any) -> None:
        """Begin the next solve there."""
        self._solver.setBasis(basis)


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
    return Relaxation(linear, seed=seed).solve(time_limit)


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


def _subscribe_simplex(solver: highspy.Highs, stop: Watch, raised: list[BaseException]) -> None:
    """Ask ``stop`` during the simplex whether to go on."""

    def tell(event: Any) -> None:
        try:
            if raised or stop(-inf, inf):
                event.interrupt()
        except BaseException as error:
            raised.append(error)
            event.interrupt()

    solver.cbSimplexInterrupt.subscribe(tell)
