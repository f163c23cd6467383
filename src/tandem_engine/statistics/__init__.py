"""Statistics shared by the engines."""

from .adjusted_winner import Division, adjusted_winner
from .agreement import Level, krippendorff_alpha
from .bargaining import NAMES, RULES, Bargain, Rule, Settlement, bargain, knee, pareto

__all__ = [
    "NAMES",
    "RULES",
    "Bargain",
    "Division",
    "Level",
    "Rule",
    "Settlement",
    "adjusted_winner",
    "bargain",
    "knee",
    "krippendorff_alpha",
    "pareto",
]
