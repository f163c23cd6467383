from tandem.prioritisation.models.model_version import ModelVersion
from tandem.prioritisation.models.rating import Rating
from tandem.prioritisation.models.scoring_model import Lens, ScoringCriterion, ScoringModel

__all__ = ["Lens", "ModelVersion", "Rating", "ScoringCriterion", "ScoringModel"]
