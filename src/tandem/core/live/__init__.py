"""Live updates: every event is told, as it happens, to the pages that show what it is about.

The events table is the outbox. One poller in each process reads what was added (``hub``) and hands
a hint to the open streams that asked for it: which row changed, never how. The page asks for what
it shows anew, through its own address, where permission is checked as always. ``endpoint`` answers
``/w/<workspace>/<product>/live/`` before Django does, so that an open stream holds no thread and
no database connection. See ``docs/decisions/0007-live-updates.md``.
"""

from tandem.core.live.outbox import newest
from tandem.core.live.pulses import pulse
from tandem.core.live.streams import Admitted, Refusal, doorkeeper, register

__all__ = ["Admitted", "Refusal", "doorkeeper", "newest", "pulse", "register"]
