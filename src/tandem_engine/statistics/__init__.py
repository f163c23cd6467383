"""Statistics shared by the engines."""

from .adjusted_winner import Division, adjusted_winner
from .agreement import Level, kendall_tau, krippendorff_alpha
from .bargaining import NAMES, RULES, Bargain, Rule, Settlement, bargain, knee, pareto
from .bias import BiasAndDispute, Seen, Voice, bias_and_dispute

__all__ = [
    "NAMES",
    "RULES",
    "Bargain",
    "BiasAndDispute",
    "Division",
    "Level",
    "Rule",
    "Seen",
    "Settlement",
    "Voice",
    "adjusted_winner",
    "bargain",
    "bias_and_dispute",
    "kendall_tau",
    "knee",
    "krippendorff_alpha",
    "pareto",
]
