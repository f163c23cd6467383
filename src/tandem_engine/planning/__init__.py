"""Plan items over sprints and teams: solved, proven and explained.

``solve(Problem(items, teams))`` gives a :class:`Plan`. See ``docs/algorithms/planning.md``.
"""

from tandem_engine.planning.fingerprint import fingerprint
from tandem_engine.planning.in_force import InForce, in_force, without
from tandem_engine.planning.lists import ListPlan, density_and_fill, score_and_cut, score_and_fill
from tandem_engine.planning.problem import Item, Part, Problem, ProblemError, Skill, Team
from tandem_engine.planning.result import (
    Conflict,
    LeftOut,
    Placement,
    Plan,
    Reason,
    SprintPlan,
    Status,
    Take,
    TeamLoad,
)
from tandem_engine.planning.rules import (
    AtMost,
    Before,
    Must,
    MustNot,
    Need,
    Pin,
    Rule,
    Share,
    Together,
    Window,
)
from tandem_engine.planning.solve import EntryPrice, price_of_entry, solve
from tandem_engine.planning.solver import Budget, HighsSolver, Progress, Solution, Solver

__all__ = [
    "AtMost",
    "Before",
    "Budget",
    "Conflict",
    "EntryPrice",
    "HighsSolver",
    "InForce",
    "Item",
    "LeftOut",
    "ListPlan",
    "Must",
    "MustNot",
    "Need",
    "Part",
    "Pin",
    "Placement",
    "Plan",
    "Problem",
    "ProblemError",
    "Progress",
    "Reason",
    "Rule",
    "Share",
    "Skill",
    "Solution",
    "Solver",
    "SprintPlan",
    "Status",
    "Take",
    "Team",
    "TeamLoad",
    "Together",
    "Window",
    "density_and_fill",
    "fingerprint",
    "in_force",
    "price_of_entry",
    "score_and_cut",
    "score_and_fill",
    "solve",
    "without",
]
