"""What lies in the trash: who threw it away, when, and how long it can be restored."""

import datetime
import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from django.utils import timezone
from django.utils.translation import gettext as _

from tandem.accounts.models import Member, Product
from tandem.backlog.models import Attachment, Comment, Item
from tandem.core.models import Event

KEPT_DAYS = 30
KEPT = datetime.timedelta(days=KEPT_DAYS)
#: A page of the trash shows so many of each kind, the newest first.
MOST = 200


@dataclass(frozen=True)
class Thrown:
    """One thing in the trash. ``kind``: ``product``, ``item``, ``comment`` or ``attachment``."""

    kind: str
    pk: int
    label: str
    product: Product
    deleted_at: datetime.datetime
    deleted_by: str
    #: Days until it is erased, begun ones counted; 0: with the next purge.
    days_left: int
    may_restore: bool


def thrown(member: Member, product: Product | None = None) -> list[Thrown]:
    """The trash of the product, or of the workspace with its deleted products; newest first."""
    found: list[Thrown] = []
    if product is None:
        products = Product.objects.filter(workspace_id=member.workspace_id).exclude(deleted_at=None)
        found += _listed(member, "product", products.order_by("-deleted_at")[:MOST])
    items = Item.objects.filter(workspace_id=member.workspace_id, product__deleted_at=None)
    # A merged item is no rubbish: its key leads on.
    items = items.filter(merged_into=None).exclude(deleted_at=None).select_related("product")
    comments = Comment.objects.filter(
        item__workspace_id=member.workspace_id,
        item__deleted_at=None,
        item__product__deleted_at=None,
    )
    comments = comments.exclude(deleted_at=None).select_related("item__product")
    files = Attachment.objects.filter(
        item__workspace_id=member.workspace_id,
        item__deleted_at=None,
        item__product__deleted_at=None,
    )
    files = files.exclude(deleted_at=None).select_related("item__product")
    if product is not None:
        files = files.filter(item__product=product)
        items, comments = items.filter(product=product), comments.filter(item__product=product)
    found += _listed(member, "item", items.order_by("-deleted_at")[:MOST])
    found += _listed(member, "comment", comments.order_by("-deleted_at")[:MOST])
    found += _listed(member, "attachment", files.order_by("-deleted_at")[:MOST])
    return sorted(found, key=lambda each: each.deleted_at, reverse=True)


def _listed(
    member: Member, kind: str, rows: "Iterable[Product | Item | Comment | Attachment]"
) -> "list[Thrown]":
    from tandem.accounts.permissions import can

    listed = list(rows)
    names = _who(kind, listed)
    now = timezone.now()
    action = {
        "product": "product.delete",
        "item": "item.delete",
        "comment": "comment.write",
        "attachment": "attachment.add",
    }[kind]
    may = can(member, action)
    found = []
    for row in listed:
        assert row.deleted_at is not None
        left = row.deleted_at + KEPT - now
        found.append(
            Thrown(
                kind,
                row.pk,
                _label(row),
                row if isinstance(row, Product) else _product(row),
                row.deleted_at,
                names.get(row.pk, _("Somebody")),
                max(0, math.ceil(left / datetime.timedelta(days=1))),
                may and _is_theirs(member, row),
            )
        )
    return found


def _label(row: "Product | Item | Comment | Attachment") -> str:
    if isinstance(row, Comment):
        return f"{row.item.key}: {row.text[:120]}"
    if isinstance(row, Attachment):
        return f"{row.item.key}: {row.name}"
    return str(row)


def _is_theirs(member: Member, row: "Product | Item | Comment | Attachment") -> bool:
    """Whether it is theirs to bring back, as far as that is a matter of who made it."""
    from tandem.accounts.permissions import can

    if isinstance(row, Comment):
        return row.written_by_id == member.pk
    if isinstance(row, Attachment):
        return row.added_by_id == member.pk or can(member, "item.edit")
    return True


def _product(row: Item | Comment | Attachment) -> Product:
    return row.product if isinstance(row, Item) else row.item.product


def _who(kind: str, rows: "Sequence[Product | Item | Comment | Attachment]") -> dict[int, str]:
    """Who threw each away, by the newest event that says so."""
    if kind in ("comment", "attachment"):
        events = Event.objects.filter(
            verb="comment.deleted" if kind == "comment" else "attachment.removed",
            object_kind="item",
            object_id__in=[row.item_id for row in rows if isinstance(row, Comment | Attachment)],
        )
        pairs = events.order_by("pk").values_list(f"changes__{kind}_id", "member_name")
    else:
        events = Event.objects.filter(
            verb=f"{kind}.deleted", object_kind=kind, object_id__in=[row.pk for row in rows]
        )
        pairs = events.order_by("pk").values_list("object_id", "member_name")
    return {int(pk): name or _("Somebody") for pk, name in pairs if pk is not None}
