"""Items over the API: the same operations the pages call."""

from typing import Any

from django.http import HttpRequest
from django.shortcuts import get_object_or_404
from ninja import Router

from tandem.accounts.auth import caller, product_for
from tandem.backlog import operations as do
from tandem.backlog.api.reading import item_of, named
from tandem.backlog.api.schemas import (
    ItemEventOut,
    ItemFullOut,
    ItemIn,
    ItemOut,
    ItemPatch,
    MoveIn,
)
from tandem.backlog.filters import ItemFilter
from tandem.backlog.models import Item
from tandem.backlog.operations.undo import stands
from tandem.core.api import REFUSALS, PageOut, PageSize, RowId, page_out
from tandem.core.errors import Refused
from tandem.core.models import Event
from tandem.core.paging import keyset

router = Router(tags=["backlog"])


@router.get("/products/{key}/items", response={200: PageOut[ItemOut], **REFUSALS})
def items(
    request: HttpRequest,
    key: str,
    after: str | None = None,
    limit: PageSize = 100,
) -> Any:
    """The backlog in rank order; takes the pages' filters (q, kind, status, label, assignee, …)."""
    product = product_for(request, key)
    wanted = ItemFilter.from_query(request.GET, product, caller(request))
    rows = wanted.apply(Item.objects.of(product))
    rows = rows.select_related("status", "assignee__user", "parent__product", "product")
    page = keyset(rows.prefetch_related("labels"), ("rank", "id"), after=after, limit=limit)
    return page_out(page, page.rows)


@router.post("/products/{key}/items", response={201: ItemFullOut, **REFUSALS})
def item_create(request: HttpRequest, key: str, body: ItemIn) -> Any:
    """Make an item at the backlog's end (or top)."""
    product = product_for(request, key)
    return 201, do.item_create(by=caller(request), product=product, **named(product, body.dict()))


@router.get("/items/{key}", response={200: ItemFullOut, **REFUSALS})
def item(request: HttpRequest, key: str) -> Any:
    """One item with criteria, questions and dependencies."""
    return item_of(request, key)


@router.patch("/items/{key}", response={200: ItemFullOut, **REFUSALS})
def item_update(request: HttpRequest, key: str, body: ItemPatch) -> Any:
    """Change what is sent; 409 when somebody changed it since ``version``."""
    row = item_of(request, key)
    fields = named(row.product, body.dict(exclude_unset=True))
    return do.item_update(
        by=caller(request), item=row, version=fields.pop("version", None), **fields
    )


@router.delete("/items/{key}", response={204: None, **REFUSALS})
def item_delete(request: HttpRequest, key: str) -> Any:
    """Take the item out of every list."""
    do.item_delete(by=caller(request), item=item_of(request, key))
    return 204, None


@router.post("/items/{key}/move", response={200: ItemOut, **REFUSALS})
def item_move(request: HttpRequest, key: str, body: MoveIn) -> Any:
    """Put the item right behind another one."""
    row = item_of(request, key)
    found = named(row.product, {"status": body.status})
    behind = None
    if body.after is not None:
        behind = Item.objects.with_keys(row.product, [body.after]).first()
        if behind is None:
            raise Refused(f"There is no item {body.after}.", field="after")
    return do.item_move(by=caller(request), item=row, after=behind, status=found.get("status"))


@router.post("/items/{key}/restore", response={200: ItemFullOut, **REFUSALS})
def item_restore(request: HttpRequest, key: str) -> Any:
    """Bring a deleted item back with everything on it."""
    return do.item_restore(by=caller(request), item=item_of(request, key, deleted=True))


@router.get("/items/{key}/history", response={200: PageOut[ItemEventOut], **REFUSALS})
def history(request: HttpRequest, key: str, after: str | None = None, limit: PageSize = 100) -> Any:
    """Who changed what, newest first; also of a deleted item."""
    row = item_of(request, key, deleted=True)
    page = keyset(Event.objects.of("item", row.pk), ("-id",), after=after, limit=limit)
    return page_out(page, [_event(each, row) for each in page.rows])


def _event(event: Event, item: Item) -> Event:
    event.undoable = stands(event, item)  # type: ignore[attr-defined]
    return event


@router.post("/items/{key}/history/{pk}/undo", response={200: ItemFullOut, **REFUSALS})
def change_undo(request: HttpRequest, key: str, pk: RowId) -> Any:
    """Take one change back; 409 when somebody changed the same thing since."""
    row = item_of(request, key, deleted=True)
    event = get_object_or_404(Event.objects.of("item", row.pk), pk=pk)
    do.change_undo(by=caller(request), event=event)
    return item_of(request, key, deleted=True)
