"""Where weights come from: best-worst comparisons, AHP, pairs, and what was chosen in the past.

Each way is a module of its own and answers with weights that add up to 1, how consistent the
answers were, and a sentence about it. ``docs/algorithms/weights.md`` explains them.
"""

from .ahp import RANDOM_INDEX, AhpWeights, ahp_weights
from .best_worst import BestWorstWeights, best_worst_weights
from .pairs import PairFit, fit_pairs, next_pair
from .past import Choice, ImpliedWeights, implied_weights

__all__ = [
    "RANDOM_INDEX",
    "AhpWeights",
    "BestWorstWeights",
    "Choice",
    "ImpliedWeights",
    "PairFit",
    "ahp_weights",
    "best_worst_weights",
    "fit_pairs",
    "implied_weights",
    "next_pair",
]
