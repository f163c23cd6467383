"""How much work waits, runs and has failed: for metrics, ``tandem doctor`` and the jobs page."""

import datetime
from dataclasses import dataclass

from django.db.models import Count
from django.utils import timezone

from tandem.core.models import Job, JobState


@dataclass(frozen=True)
class Counts:
    """``by_state``: every state with its number of jobs. ``oldest_waiting``: seconds for which the
    longest-waiting due job has been due (0: none is)."""

    by_state: dict[str, int]
    oldest_waiting: float

    def __getitem__(self, state: str) -> int:
        return self.by_state[state]


def counted(*, workspace_id: int | None = None, now: datetime.datetime | None = None) -> Counts:
    """Two queries; of one workspace, or of the whole installation."""
    now = now or timezone.now()
    jobs = Job.objects.all()
    if workspace_id is not None:
        jobs = jobs.in_workspace(workspace_id)
    found = dict(jobs.order_by().values_list("state").annotate(Count("pk")))
    due = jobs.filter(state=JobState.READY, run_after__lte=now)
    oldest = due.order_by("run_after").values_list("run_after", flat=True).first()
    return Counts(
        {state: found.get(state, 0) for state in JobState.values},
        max(0.0, (now - oldest).total_seconds()) if oldest else 0.0,
    )
