"""Opening a feed by its secret."""

import datetime
import hmac

from django.utils import timezone

from tandem.accounts.permissions import can
from tandem.integrations.models import Feed

#: Compared with when no feed has the prefix, so that an unknown one takes as long as a wrong one.
_NOBODY = "0" * 64
#: "Last read" is written at most so often.
NOTED = datetime.timedelta(minutes=1)


def feed_opened(secret: str) -> Feed | None:
    """The feed of this secret while its maker may still have it; wrong, revoked and ended alike
    are nothing."""
    feed = (
        Feed.objects.select_related("made_by__user", "workspace", "product")
        .filter(prefix=secret.partition("_")[0][:8])
        .first()
    )
    same = hmac.compare_digest(feed.secret_hash if feed else _NOBODY, Feed.hash_of(secret))
    if feed is None or not same or not _lives(feed):
        return None
    now = timezone.now()
    if not feed.was_read_within(now, NOTED):
        Feed.objects.filter(pk=feed.pk).update(last_read_at=now)
    feed.made_by.workspace = feed.product.workspace = feed.workspace
    return feed


def _lives(feed: Feed) -> bool:
    return (
        feed.revoked_at is None
        and feed.product.deleted_at is None
        and feed.made_by.may_act
        and can(feed.made_by, "feed.make")
    )
