from tandem.core.models.event import Event
from tandem.core.models.job import Job, JobState

__all__ = ["Event", "Job", "JobState"]
