"""What Prioritise does by itself."""

import datetime

from django.utils import timezone

from tandem.core import channel
from tandem.core.jobs.schedules import scheduled
from tandem.core.jobs.task import task
from tandem.prioritisation.models import RatingSession, SessionState
from tandem.prioritisation.operations import session_expire


@scheduled(every=datetime.timedelta(minutes=1))
@task(attempts=3)
def sessions_expire() -> int:
    """Reveal the sessions whose deadline has passed, in the name of those who hold them."""
    due = RatingSession.objects.filter(
        state=SessionState.OPEN, deadline__lte=timezone.now(), product__deleted_at=None
    )
    with channel.through("job"):
        return sum(
            session_expire(by=session.facilitator, session=session)
            for session in due.select_related("product", "facilitator__user")
        )
