"""Prioritisation: scores on absolute scales under two lenses, with honest uncertainty.

Start with :func:`preset` and :func:`rank`; ``docs/algorithms/prioritisation.md`` explains every
formula.
"""

from .agreement import Agreement, agreements
from .decisive import decisive_disputes
from .derivation import GUESS, Node, derive
from .differences import LensDifference, LensDifferences, heard, lens_differences
from .disputes import Agenda, Chosen, Dispute, Ending, Planner, Resolution, Verdict
from .errors import ScoringError
from .expressions import (
    FUNCTIONS,
    RESERVED,
    CompiledFormula,
    FormulaError,
    Named,
    Warned,
    compile_formula,
    names_of,
)
from .fading import age_of, faded, fresh_share, is_stale
from .fields import DEMAND, Field
from .fingerprint import fingerprint
from .guesses import GuessSummary
from .inputs import DEFAULT_CONFIDENCE, Estimate, ItemInputs, Rating, current_ratings
from .jobs import Alternative, Job, Sequenced, Slot
from .model import (
    FORMULA_KINDS,
    LENSES,
    Criterion,
    Direction,
    FormulaKind,
    Kind,
    Lens,
    ScoringModel,
)
from .movement import CAUSES, Cause, Changed, Moved, Movement, RankingState, compare
from .movement import WORDS as CAUSE_WORDS
from .overtake import Condition, Overtaking, what_would_have_to_be_true
from .pairs import Comparison, Pair, Standing, Standings, next_pair, standings
from .perspectives import Perspective, perspectives
from .presets import PRESETS, preset
from .quantiles import EffortReference
from .ranking import DEFAULT_DRAWS, DEFAULT_RANK_DRAWS, Ranking, Regret, Score, natural_key, rank
from .scale import Anchor, Scale, Spacing
from .sensitivity import WeightSensitivity, weight_sensitivity
from .sequencing import order_cost, order_slots, sequence
from .simulation import Interval
from .what_if_why import Swapped, derivations_at, swapped_at

__all__ = [
    "CAUSES",
    "CAUSE_WORDS",
    "DEFAULT_CONFIDENCE",
    "DEFAULT_DRAWS",
    "DEFAULT_RANK_DRAWS",
    "DEMAND",
    "FORMULA_KINDS",
    "FUNCTIONS",
    "GUESS",
    "LENSES",
    "PRESETS",
    "RESERVED",
    "Agenda",
    "Agreement",
    "Alternative",
    "Anchor",
    "Cause",
    "Changed",
    "Chosen",
    "Comparison",
    "CompiledFormula",
    "Condition",
    "Criterion",
    "Direction",
    "Dispute",
    "EffortReference",
    "Ending",
    "Estimate",
    "Field",
    "FormulaError",
    "FormulaKind",
    "GuessSummary",
    "Interval",
    "ItemInputs",
    "Job",
    "Kind",
    "Lens",
    "LensDifference",
    "LensDifferences",
    "Moved",
    "Movement",
    "Named",
    "Node",
    "Overtaking",
    "Pair",
    "Perspective",
    "Planner",
    "Ranking",
    "RankingState",
    "Rating",
    "Regret",
    "Resolution",
    "Scale",
    "Score",
    "ScoringError",
    "ScoringModel",
    "Sequenced",
    "Slot",
    "Spacing",
    "Standing",
    "Standings",
    "Swapped",
    "Verdict",
    "Warned",
    "WeightSensitivity",
    "age_of",
    "agreements",
    "compare",
    "compile_formula",
    "current_ratings",
    "decisive_disputes",
    "derivations_at",
    "derive",
    "faded",
    "fingerprint",
    "fresh_share",
    "heard",
    "is_stale",
    "lens_differences",
    "names_of",
    "natural_key",
    "next_pair",
    "order_cost",
    "order_slots",
    "perspectives",
    "preset",
    "rank",
    "sequence",
    "standings",
    "swapped_at",
    "weight_sensitivity",
    "what_would_have_to_be_true",
]
