from tandem.core.models.event import Event
from tandem.core.models.job import OVER, Job, JobState
from tandem.core.models.kept_answer import KeptAnswer
from tandem.core.models.note import Note
from tandem.core.models.presence import Presence
from tandem.core.models.pulse import Pulse
from tandem.core.models.schedule import Schedule
from tandem.core.models.stored import CacheEntry, StoredPart

__all__ = [
    "OVER",
    "CacheEntry",
    "Event",
    "Job",
    "JobState",
    "KeptAnswer",
    "Note",
    "Presence",
    "Pulse",
    "Schedule",
    "StoredPart",
]
