from tandem.core.models.event import Event
from tandem.core.models.job import Job, JobState
from tandem.core.models.stored import CacheEntry, StoredPart

__all__ = ["CacheEntry", "Event", "Job", "JobState", "StoredPart"]
