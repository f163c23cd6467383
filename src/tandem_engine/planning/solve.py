"""From a problem to its plan, in one call."""

from collections.abc import Callable, Sequence

from tandem_engine import ENGINE_VERSION
from tandem_engine.planning import conflict, explain, reasons
from tandem_engine.planning.assemble import capacity_prices, sprint_plans
from tandem_engine.planning.fingerprint import fingerprint
from tandem_engine.planning.limits import Limit, assignment_of, limited
from tandem_engine.planning.problem import Problem, ProblemError
from tandem_engine.planning.reduce import Reduction, reduce
from tandem_engine.planning.result import Conflict, LeftOut, Plan, Reason
from tandem_engine.planning.solver import (
    MOST_RELAXED,
    Budget,
    HighsSolver,
    Progress,
    Solution,
    Solver,
    relative_gap,
    relax,
)

#: Share of the time limit kept back for explaining the answer.
_WORDS = 0.06
#: What explaining takes, as a multiple of what reading and reducing the problem took.
_EXPLAINING = 1.2
#: Items times sprints from which the relaxation takes a noticeable part of a second.
_LARGE = 5_000


def solve(
    problem: Problem,
    *,
    time_limit: float = 10.0,
    seed: int = 0,
    on_progress: Callable[[Progress], None] | None = None,
    should_stop: Callable[[], bool] | None = None,
    solver: Solver | None = None,
    rounds: int | None = None,
    start: Plan | None = None,
    limits: Sequence[Limit] = (),
) -> Plan:
    """The most valuable plan for ``problem``, with its proof or its gap.

    Searches for at most ``time_limit`` seconds (above 0). ``on_progress`` hears of every better
    plan and lower bound (its ``sprints()`` make the board of it); ``should_stop`` is asked often, and a true answer ends the search with
    the best plan so far. The same problem and seed give the same plan, unless time or the caller
    ended the search; ``rounds`` ends it after so many steps of improving instead, each limited by
    search nodes. ``start`` is a plan to begin with, taken if it keeps the rules; ``limits`` are
    further rows the plan has to keep. Rules that cannot be kept give a plan with status ``infeasible`` and a
    ``conflict``. Raises :class:`ProblemError` for a time limit that is not above 0.

    >>> from tandem_engine.planning import Item, Problem, Team, solve
    >>> items = (Item("A", value=8, effort=3), Item("B", value=7, effort=2, needs={"C"}),
    ...          Item("C", value=2, effort=2))
    >>> plan = solve(Problem(items, (Team("Web", (3, 2)),)))
    >>> plan.status, plan.value, [sprint.items for sprint in plan.sprints]
    ('optimal', 10.0, [('A',), ('C',)])
    """
    if not time_limit > 0:
        raise ProblemError("Give the search more than 0 seconds.", "time_limit")
    budget = Budget(time_limit * (1 - _WORDS), seed, on_progress, should_stop, rounds)
    words = time_limit * _WORDS
    solver = solver or HighsSolver()
    reduction = reduce(problem, {key for limit in limits for key in limit.coefficients})
    # Explaining takes as long as reading, and a little longer.
    budget.keep_back(max(0.0, _EXPLAINING * budget.seconds - words))
    if limits:
        reduction = limited(reduction, limits)
    budget.show = lambda assignment: sprint_plans(problem, reduction.reduced, assignment)
    budget.start = None if start is None else assignment_of(problem, reduction, start)
    solution = None if reduction.broken else solver.solve(reduction.reduced, budget)
    if solution is None or solution.assignment is None:
        found = conflict.find(
            problem,
            reduction,
            solver,
            Budget(max(words, budget.left()), seed, None, should_stop),
            proven=solution is None or solution.status == "infeasible",
            limited=bool(limits),
        )
        return _no_plan(problem, reduction, found, budget)
    return _plan(problem, reduction, solution, budget, max(words, budget.left()))


def _plan(
    problem: Problem, reduction: Reduction, solution: Solution, budget: Budget, words: float
) -> Plan:
    assignment = solution.assignment or {}
    prices = solution.prices
    if prices is None and len(assignment) < len(reduction.reduced.candidates):
        # Building the relaxation is not interruptible: not for a large problem when time is over.
        size = len(reduction.reduced.candidates) * problem.sprints
        if (budget.left() > 0 or size <= _LARGE) and size <= MOST_RELAXED:
            relaxed = relax(reduction.reduced, time_limit=words, seed=budget.seed)
            prices = None if relaxed is None else relaxed.prices
    items = problem.by_key
    return Plan(
        status="optimal" if solution.status == "optimal" else "feasible",
        value=float(sum(items[reduction.reduced.candidates[i].key].value for i in assignment)),
        objective=solution.objective,
        bound=solution.bound,
        gap=relative_gap(solution.objective, solution.bound),
        sprints=sprint_plans(problem, reduction.reduced, assignment),
        left_out=explain.left_out(
            problem, reduction, assignment, None if prices is None else explain.Prices(prices)
        ),
        seed=budget.seed,
        fingerprint=fingerprint(problem),
        engine_version=ENGINE_VERSION,
        capacity_prices=capacity_prices(problem, prices or {}),
        seconds=budget.seconds,
    )


def _no_plan(problem: Problem, reduction: Reduction, found: Conflict, budget: Budget) -> Plan:
    return Plan(
        status="infeasible",
        value=0.0,
        objective=0.0,
        bound=0.0,
        gap=0.0,
        sprints=sprint_plans(problem, reduction.reduced, {}),
        left_out=tuple(
            LeftOut(item.key, _why_no_plan(reduction, found, item.key)) for item in problem.items
        ),
        seed=budget.seed,
        fingerprint=fingerprint(problem),
        engine_version=ENGINE_VERSION,
        conflict=found,
        seconds=budget.seconds,
    )


def _why_no_plan(reduction: Reduction, found: Conflict, key: str) -> Reason:
    if key in reduction.left_out:
        return reduction.left_out[key]
    if key in found.musts or key in found.pulled_in:
        return Reason("conflict", found.text, about=found.musts)
    return reasons.no_plan()
