"""What moves to the other item when two are merged: its sprints to come, and its team."""

from tandem.backlog.operations.merging import carries, plain_carrier
from tandem.delivery.models import Assignment, SprintItem, SprintState

carries(
    plain_carrier(
        "sprints",
        SprintItem,
        ("sprint", "sprints"),
        once=("sprint_id",),
        sprint__state__in=(SprintState.PLANNED, SprintState.RUNNING),
    )
)
carries(plain_carrier("teams", Assignment, ("team", "teams"), alone=True))
