from tandem.delivery.models.sprint import Sprint, SprintItem, SprintState
from tandem.delivery.models.team import Assignment, Team

__all__ = ["Assignment", "Sprint", "SprintItem", "SprintState", "Team"]
