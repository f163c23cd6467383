"""Watching items: by hand, and by itself as each member wants it."""

from django.db import transaction
from django.utils import timezone

from tandem.accounts.models import Member
from tandem.accounts.permissions import require
from tandem.backlog.models import Item, Watch
from tandem.core import events


@transaction.atomic
def item_watch(*, by: Member, item: Item, on: bool | None = None) -> bool:
    """Watch, or stop; without ``on`` the other of the two. Returns whether it is watched now."""
    require(by, "item.watch", item)
    row = Watch.objects.filter(item=item, member=by).first()
    now = row is not None and row.on
    wanted = not now if on is None else on
    if wanted == now and (row is not None or not wanted):
        return wanted
    row, _ = Watch.objects.update_or_create(
        item=item, member=by, defaults={"on": wanted, "since": timezone.now()}
    )
    events.record(
        by=by,
        verb="watch.begun" if wanted else "watch.ended",
        obj=row,
        label=item.key,
        product_id=item.product_id,
    )
    return wanted
