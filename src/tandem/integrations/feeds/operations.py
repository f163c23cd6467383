"""Every write of feeds by people."""

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from tandem.accounts.models import Member, Product
from tandem.accounts.operations import checked
from tandem.accounts.permissions import require
from tandem.core import events
from tandem.core.errors import PermissionRefused, Refused
from tandem.integrations.feeds.lists import query_kept, sheet_of
from tandem.integrations.models import Feed

#: Open feeds of one member.
MOST_FEEDS = 50


@transaction.atomic
def feed_make(
    *, by: Member, product: Product, name: str, list_name: str, query: str = ""
) -> tuple[Feed, str]:
    """``(feed, secret)``; the secret is the address's last part and is shown once.

    ``query``: the filter and the columns as the list's address says them (``kind=bug``).
    """
    require(by, "feed.make", product)
    if not name.strip():
        raise Refused(_("Say what the feed is for."), field="name")
    if Feed.objects.open().filter(made_by=by).count() >= MOST_FEEDS:
        raise Refused(
            _("A member has at most %(most)s feeds. Revoke one first.") % {"most": MOST_FEEDS}
        )
    written = query_kept(list_name, query)
    sheet_of(list_name, by, product, written)
    prefix, secret = Feed.new_secret()
    feed = Feed(
        workspace_id=by.workspace_id,
        product=product,
        made_by=by,
        name=" ".join(name.split()),
        list_name=list_name,
        query=written,
        prefix=prefix,
        secret_hash=Feed.hash_of(secret),
    )
    checked(feed)
    feed.save()
    events.record(
        by=by,
        verb="feed.made",
        obj=feed,
        product_id=product.pk,
        changes={"list": [None, list_name], "query": [None, written]},
    )
    return feed, secret


@transaction.atomic
def feed_revoke(*, by: Member, feed: Feed) -> Feed:
    """From now on the address answers 404. One's own, or an administrator anybody's."""
    require(by, "feed.make", feed)
    if not Feed.objects.managed_by(by).filter(pk=feed.pk).exists():
        raise PermissionRefused(_("Only its maker or an administrator may revoke a feed."))
    found = Feed.objects.select_for_update().get(pk=feed.pk)
    if found.revoked_at is None:
        found.revoked_at = timezone.now()
        found.save(update_fields=["revoked_at"])
        events.record(by=by, verb="feed.revoked", obj=found, product_id=found.product_id)
    return found
