"""Throwing products away, restoring, and erasing for good."""

import datetime
from dataclasses import dataclass
from typing import Any

from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from tandem.accounts.models import Member, Product
from tandem.accounts.permissions import require
from tandem.backlog import operations as backlog
from tandem.backlog.models import Attachment, Comment, Item
from tandem.backlog.storing_tidy import bytes_forget
from tandem.core import channel, events, forgetting, kept
from tandem.core.errors import Refused
from tandem.core.index import words
from tandem.core.jobs import notes
from tandem.core.models import Event
from tandem.integrations.models import ArchiveRun, ImportRun
from tandem.integrations.trash.contents import KEPT
from tandem.planning.models import Plan
from tandem.prioritisation import score_store

BATCH = 500
#: What one must be allowed to do to restore each kind.
RESTORES = {
    "product": "product.delete",
    "item": "item.delete",
    "comment": "comment.write",
    "attachment": "attachment.add",
}


@transaction.atomic
def product_delete(*, by: Member, product: Product) -> Product:
    """Out of every list, with everything in it, for 30 days; ``product_restore`` brings it back."""
    require(by, "product.delete")
    if product.workspace_id != by.workspace_id:
        raise Refused(_("That product is not in this workspace."))
    product = Product.objects.select_for_update().get(pk=product.pk)
    if product.deleted_at is None:
        product.deleted_at = timezone.now()
        product.save(update_fields=["deleted_at"])
        events.record(by=by, verb="product.deleted", obj=product, product_id=product.pk)
    return product


@transaction.atomic
def product_restore(*, by: Member, product: Product) -> Product:
    require(by, "product.delete")
    if product.workspace_id != by.workspace_id:
        raise Refused(_("That product is not in this workspace."))
    product = Product.objects.select_for_update().get(pk=product.pk)
    if product.deleted_at is not None:
        product.deleted_at = None
        product.save(update_fields=["deleted_at"])
        events.record(by=by, verb="product.restored", obj=product, product_id=product.pk)
    return product


def _row(by: Member, kind: str, pk: int) -> Any:
    """The thing in the trash of the member's workspace; refuses what is not (any more) there."""
    rows: dict[str, QuerySet[Any]] = {
        "product": Product.objects.filter(workspace_id=by.workspace_id),
        "item": Item.objects.filter(workspace_id=by.workspace_id, merged_into=None).select_related(
            "product"
        ),
        "comment": Comment.objects.filter(item__workspace_id=by.workspace_id).select_related(
            "item__product"
        ),
        "attachment": Attachment.objects.filter(item__workspace_id=by.workspace_id).select_related(
            "item__product"
        ),
    }
    found = rows[kind].exclude(deleted_at=None).filter(pk=pk).first() if kind in rows else None
    if found is None:
        raise Refused(_("This is not in the trash any more: it was restored or erased."))
    return found


def thrown_restore(*, by: Member, kind: str, pk: int) -> None:
    """Bring back what lies in the trash: a product, an item or one's own comment."""
    require(by, RESTORES.get(kind, "trash.view"))
    row = _row(by, kind, pk)
    if kind == "product":
        product_restore(by=by, product=row)
    elif kind == "item":
        backlog.item_restore(by=by, item=row)
    elif kind == "attachment":
        backlog.attachment_restore(by=by, attachment=row)
    else:
        backlog.comment_restore(by=by, comment=row)


@transaction.atomic
def thrown_erase(*, by: Member, kind: str, pk: int) -> None:
    """Erase what lies in the trash now instead of after 30 days. Administrators only."""
    require(by, "trash.erase")
    row = _row(by, kind, pk)
    if kind == "product":
        _products_erase([row], by=by)
    elif kind == "item":
        _items_erase([row], by=by)
    elif kind == "attachment":
        _attachments_erase([row], by=by)
    else:
        _comments_erase([row], by=by)


@dataclass(frozen=True)
class Purged:
    products: int
    items: int
    comments: int
    attachments: int


def purge(now: datetime.datetime) -> Purged:
    """Erase what has lain in the trash for 30 days. Can run again at any time."""
    before = now - KEPT
    products = list(Product.objects.filter(deleted_at__lt=before))
    for product in products:
        with transaction.atomic():
            _products_erase([product])
    items = comments = 0
    while batch := list(
        Item.objects.filter(deleted_at__lt=before, merged_into=None).select_related("product")[
            :BATCH
        ]
    ):
        with transaction.atomic():
            _items_erase(batch)
        items += len(batch)
    gone = Comment.objects.filter(deleted_at__lt=before).select_related("item__product")
    while talk := list(gone[:BATCH]):
        with transaction.atomic():
            _comments_erase(talk)
        comments += len(talk)
    files = 0
    removed = Attachment.objects.filter(deleted_at__lt=before).select_related("item__product")
    while some := list(removed[:BATCH]):
        with transaction.atomic():
            _attachments_erase(some)
        files += len(some)
    return Purged(len(products), items, comments, files)


def _told(
    verb: str, row: Any, workspace_id: int, product_id: int, label: str, by: Member | None
) -> Event:
    """What remains of an erased thing in the workspace's history: that it was, and who erased it."""
    return Event(
        workspace_id=workspace_id,
        product_id=product_id,
        member_id=by.pk if by else None,
        member_name=by.name[:200] if by else "",
        channel=channel.current() if by else "job",
        verb=verb,
        object_kind=row._meta.model_name,
        object_id=row.pk,
        object_label=label,
        at=timezone.now(),
    )


def _items_erase(items: list[Item], by: Member | None = None) -> None:
    merged = Item.objects.filter(merged_into__in=[item.pk for item in items])
    items = [*items, *merged.select_related("product")]
    pks = [item.pk for item in items]
    told = [
        _told("item.erased", item, item.workspace_id, item.product_id, item.key, by)
        for item in items
    ]
    forgetting.forget(Event.objects.filter(object_kind="item", object_id__in=pks))
    _bytes_forget(Attachment.objects.filter(item__in=pks))
    Item.objects.filter(pk__in=pks).delete()
    _words_forget(items)
    Event.objects.bulk_create(told)


def _comments_erase(comments: list[Comment], by: Member | None = None) -> None:
    for comment in comments:
        # Its text stands in the history too.
        told_it = Event.objects.filter(
            object_kind="item",
            object_id=comment.item_id,
            verb="comment.written",
            changes__comment=[None, comment.text],
        )
        forgetting.reword(told_it, changes={"comment": [None, "(erased)"]})
    told = [
        _told(
            "comment.erased", comment, comment.item.workspace_id, comment.product_id,
            f"a comment on {comment.item.key}", by,
        )
        for comment in comments
    ]  # fmt: skip
    for comment in comments:
        # The thread goes on: its oldest reply begins it now.
        replies = Comment.objects.filter(reply_to=comment).order_by("written_at", "pk")
        first = replies.first()
        if first is not None:
            replies.exclude(pk=first.pk).update(reply_to=first)
            first.reply_to, first.resolved_at = None, comment.resolved_at
            first.resolved_by = comment.resolved_by
            first.save(update_fields=["reply_to", "resolved_at", "resolved_by"])
    Comment.objects.filter(pk__in=[comment.pk for comment in comments]).delete()
    _words_forget([comment.item for comment in comments])
    Event.objects.bulk_create(told)


def _words_forget(items: list[Item]) -> None:
    """The words in use are counted by workspace: those of erased texts must not be suggested."""
    for workspace in {item.workspace_id for item in items}:
        words.forget(workspace)


def _bytes_forget(rows: QuerySet[Attachment]) -> None:
    """The bytes go when the rows that name them are gone."""
    named: dict[int, list[str]] = {}
    for workspace, key in rows.exclude(key="").values_list("item__workspace_id", "key"):
        named.setdefault(workspace, []).append(key)
    for workspace, keys in named.items():
        bytes_forget(workspace, keys)


def _attachments_erase(files: list[Attachment], by: Member | None = None) -> None:
    told = [
        _told(
            "attachment.erased", each, each.item.workspace_id, each.product_id,
            f"an attachment of {each.item.key}", by,
        )
        for each in files
    ]  # fmt: skip
    rows = Attachment.objects.filter(pk__in=[each.pk for each in files])
    _bytes_forget(rows)
    rows.delete()
    _words_forget([each.item for each in files])
    Event.objects.bulk_create(told)


def _products_erase(products: list[Product], by: Member | None = None) -> None:
    for product in products:
        told = _told("product.erased", product, product.workspace_id, product.pk, product.key, by)
        told.product_id = None
        product_rows_erase(product)
        told.save(force_insert=True)


def product_rows_erase(product: Product) -> None:
    """Every row and file of a product, in the caller's transaction."""
    for path in (
        ImportRun.objects.filter(product=product).exclude(path="").values_list("path", flat=True)
    ):
        kept.forget(path)
    archives = ArchiveRun.objects.filter(product=product)
    for path in archives.exclude(path="").values_list("path", flat=True):
        kept.forget(path)
    transaction.on_commit(lambda: score_store.erase(product))
    told = [run.progress_key for run in ImportRun.objects.filter(product=product).only("pk")]
    told += [run.progress_key for run in archives.only("pk")]
    plans = Plan.objects.filter(scenario__product=product).values_list("pk", flat=True)
    told += [f"plan-{pk}" for pk in plans]
    transaction.on_commit(lambda: notes.forget_all(told))
    _bytes_forget(Attachment.objects.filter(item__product=product))
    # Items first: a status may not go while an item stands in it.
    Item.objects.filter(product=product).delete()
    forgetting.forget(Event.objects.filter(product_id=product.pk))
    Product.objects.filter(pk=product.pk).delete()
    words.forget(product.workspace_id)
