"""Ordering the backlog by hand."""

from django.db import connection, transaction
from django.utils.translation import gettext as _

from tandem.accounts.models import Member, Product
from tandem.accounts.permissions import require
from tandem.backlog.models import Item, Status
from tandem.backlog.operations.items import item_update, locked, version_checked
from tandem.core import events, ordering
from tandem.core.errors import Refused


@transaction.atomic
def item_move(
    *,
    by: Member,
    item: Item,
    after: Item | None,
    status: Status | None = None,
    version: int | None = None,
) -> Item:
    """Put the item right behind ``after`` (``None``: first), on the board also into ``status``.

    Neighbours are read under the product's lock, so two people moving at once both get what
    they asked for, and a filtered list needs to know nothing of the rows it hides.
    """
    require(by, "item.move")
    product = locked(item.product)
    item = Item.objects.get(pk=item.pk)
    item.product = product
    version_checked(item, version)
    if status is not None and status.pk != item.status_id:
        item = item_update(by=by, item=item, status=status)
    if after is not None:
        after = Item.objects.of(product).filter(pk=after.pk).first()
        if after is None:
            raise Refused(
                _("The item to stand behind is gone. Load the list again."), field="after"
            )
        if after.pk == item.pk:
            return item
    rows = Item.objects.of(product).exclude(pk=item.pk)
    before_rank = after.rank if after else None
    following = rows.filter(rank__gt=before_rank) if before_rank else rows
    following_rank = following.order_by("rank").values_list("rank", flat=True).first()
    if (before_rank is None or before_rank < item.rank) and (
        following_rank is None or item.rank < following_rank
    ):
        return item
    stood_behind = Item.objects.of(product).filter(rank__lt=item.rank).order_by("-rank").first()
    item.rank = ordering.between(before_rank, following_rank)
    item.save(update_fields=["rank"])
    events.record(
        by=by,
        verb="item.moved",
        obj=item,
        changes={
            "behind": [stood_behind and stood_behind.key, after and after.key],
            "behind_id": [stood_behind and stood_behind.pk, after and after.pk],
        },
    )
    if len(item.rank) > ordering.LONGEST:
        ranks_renew(product)
        item.refresh_from_db(fields=["rank"])
    return item


def ranks_renew(product: Product) -> None:
    """Give every item of the product a fresh short key, keeping the order."""
    ids = list(
        Item.objects.filter(product=product).order_by("rank", "pk").values_list("pk", flat=True)
    )
    keys = ordering.many_between(None, None, len(ids))
    table = connection.ops.quote_name(Item._meta.db_table)
    with connection.cursor() as cursor:
        cursor.executemany(
            f"UPDATE {table} SET rank = %s WHERE id = %s",  # noqa: S608  (a quoted table name)
            list(zip(keys, ids, strict=True)),
        )
