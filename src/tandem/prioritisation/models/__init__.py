from tandem.prioritisation.models.ballot import Ballot, FinalValue, PairAnswer
from tandem.prioritisation.models.challenge import Challenge, ChallengeState
from tandem.prioritisation.models.model_version import ModelVersion
from tandem.prioritisation.models.rating import Rating
from tandem.prioritisation.models.rating_session import (
    Pace,
    RatingSession,
    SessionItem,
    SessionKind,
    SessionRater,
    SessionState,
)
from tandem.prioritisation.models.scoring_model import Lens, ScoringCriterion, ScoringModel
from tandem.prioritisation.models.weight_answers import WeightAnswers, WeightScope, WeightWay

__all__ = [
    "Ballot",
    "Challenge",
    "ChallengeState",
    "FinalValue",
    "Lens",
    "ModelVersion",
    "Pace",
    "PairAnswer",
    "Rating",
    "RatingSession",
    "ScoringCriterion",
    "ScoringModel",
    "SessionItem",
    "SessionKind",
    "SessionRater",
    "SessionState",
    "WeightAnswers",
    "WeightScope",
    "WeightWay",
]
