"""Plan items over sprints and teams: solved, proven and explained.

``solve(Problem(items, teams))`` gives a :class:`Plan`. See ``docs/algorithms/planning.md``.
"""

from tandem_engine.planning.alternatives import Alternative, alternatives
from tandem_engine.planning.entry import EntryPrice, price_of_entry
from tandem_engine.planning.fingerprint import fingerprint
from tandem_engine.planning.in_force import InForce, in_force, without
from tandem_engine.planning.limits import Limit
from tandem_engine.planning.lists import ListPlan, density_and_fill, score_and_cut, score_and_fill
from tandem_engine.planning.problem import Item, Part, Problem, ProblemError, Skill, Team
from tandem_engine.planning.result import (
    CapacityPrice,
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
from tandem_engine.planning.rule_prices import RulePrice, price_of_rule, prices_of_rules
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
from tandem_engine.planning.solve import solve
from tandem_engine.planning.solver import Budget, HighsSolver, Progress, Solution, Solver
from tandem_engine.planning.warm import Change, WhatIf, WhatIfAnswer

__all__ = [
    "Alternative",
    "AtMost",
    "Before",
    "Budget",
    "CapacityPrice",
    "Change",
    "Conflict",
    "EntryPrice",
    "HighsSolver",
    "InForce",
    "Item",
    "LeftOut",
    "Limit",
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
    "RulePrice",
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
    "WhatIf",
    "WhatIfAnswer",
    "Window",
    "alternatives",
    "density_and_fill",
    "fingerprint",
    "in_force",
    "price_of_entry",
    "price_of_rule",
    "prices_of_rules",
    "score_and_cut",
    "score_and_fill",
    "solve",
    "without",
]
