"""Plan items over sprints and teams: solved, proven and explained.

``solve(Problem(items, teams))`` gives a :class:`Plan`. See ``docs/algorithms/planning.md``.
"""

from tandem_engine.planning.fingerprint import fingerprint
from tandem_engine.planning.lists import ListPlan, score_and_cut, score_and_fill
from tandem_engine.planning.problem import Item, Problem, ProblemError, Team
from tandem_engine.planning.result import (
    Conflict,
    LeftOut,
    Placement,
    Plan,
    Reason,
    SprintPlan,
    Status,
    TeamLoad,
)
from tandem_engine.planning.solve import EntryPrice, price_of_entry, solve
from tandem_engine.planning.solver import Budget, HighsSolver, Progress, Solution, Solver

__all__ = [
    "Budget",
    "Conflict",
    "EntryPrice",
    "HighsSolver",
    "Item",
    "LeftOut",
    "ListPlan",
    "Placement",
    "Plan",
    "Problem",
    "ProblemError",
    "Progress",
    "Reason",
    "Solution",
    "Solver",
    "SprintPlan",
    "Status",
    "Team",
    "TeamLoad",
    "fingerprint",
    "price_of_entry",
    "score_and_cut",
    "score_and_fill",
    "solve",
]
