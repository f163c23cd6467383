"""What must hold between a product, its items and their history."""

from collections.abc import Iterator

from django.db.models import Count, Exists, F, Max, OuterRef, Q

from tandem.accounts.models import Product, Workspace
from tandem.backlog.models import Attachment, Item
from tandem.core.integrity import RESTORE, Found, register, rows_found
from tandem.core.models import Event


def _ranks() -> Iterator[Found]:
    twice = (
        Item.objects.filter(deleted_at=None)
        .values("product__key", "product_id", "rank")
        .annotate(number=Count("pk"))
        .filter(number__gt=1)
        .order_by("product_id", "rank")
    )
    count = twice.count()
    keys = ", ".join(sorted({row["product__key"] for row in twice[:50]}))
    yield Found(
        "ranks",
        not count,
        "no two items share a rank"
        if not count
        else f"{count} ranks are shared by several items of {keys}",
        "Move one of the items: the list keeps working, their order is by number." if count else "",
    )


def _frame() -> Iterator[Found]:
    strange = Item.objects.filter(
        ~Q(workspace_id=F("product__workspace_id"))
        | ~Q(status__product_id=F("product_id"))
        | Q(parent__isnull=False) & ~Q(parent__product_id=F("product_id"))
    )
    yield rows_found(
        "products",
        strange,
        "items point into another product or workspace",
        "every item stays inside its product",
        RESTORE,
    )
    behind = Product.objects.annotate(last=Max("items__number")).filter(next_number__lte=F("last"))
    yield rows_found(
        "numbers",
        behind,
        "products would give an item's number again",
        "the next number of every product is free",
        RESTORE,
    )


def _history() -> Iterator[Found]:
    told = Event.objects.filter(object_kind="item", object_id=OuterRef("pk"))
    yield rows_found(
        "history",
        Item.objects.filter(~Exists(told)).exclude(created_at__lt=F("product__history_from")),
        "items have no history: something wrote past Tandem, or events were lost",
        "every item has its history",
        "Compare with the newest backup; write only through Tandem.",
    )
    workspaces = Workspace.objects.filter(pk=OuterRef("workspace_id"))
    yield rows_found(
        "events",
        Event.objects.filter(~Exists(workspaces)),
        "events belong to no workspace",
        "every event belongs to a workspace",
        RESTORE,
    )


def _attachments() -> Iterator[Found]:
    from tandem.core.storing import store

    place = store()
    named = dict(
        Attachment.objects.exclude(key="").values_list("key", "size").order_by("key").distinct()
    )
    wrong = [key for key, size in named.items() if place.size(key) != size]
    yield Found(
        "attachments",
        not wrong,
        f"the bytes of {len(named)} attachments are where they belong"
        if not wrong
        else f"the bytes of {len(wrong)} of {len(named)} attachments are gone or cut ({wrong[0]} …)",
        "Bring them back from a backup of the folder or bucket TANDEM_ATTACHMENTS names."
        if wrong
        else "",
    )


register("attachments", _attachments)
register("ranks", _ranks)
register("frame", _frame)
register("history", _history)
