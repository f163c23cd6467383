"""Items over the API: the same operations the pages call."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from django.db import transaction
from django.http import HttpRequest
from django.shortcuts import get_object_or_404
from django.utils.translation import gettext as _
from ninja import Field, Query, Router, Schema
from ninja import Status as Answer

from tandem.accounts.auth import caller, product_for
from tandem.accounts.history_keeping import gone_before
from tandem.accounts.models import Product
from tandem.backlog import operations as do
from tandem.backlog.api.reading import item_of, named
from tandem.backlog.api.schemas import (
    BulkIn,
    BulkOut,
    ItemEventOut,
    ItemFullOut,
    ItemIn,
    ItemOut,
    ItemPatch,
    MoveIn,
)
from tandem.backlog.filters import SORTS, ItemFilter
from tandem.backlog.language.parsing import LONGEST
from tandem.backlog.models import Category, Item, Kind, Status
from tandem.backlog.operations.templates import filled, template_named
from tandem.backlog.operations.undo import stands
from tandem.backlog.queries import seeking
from tandem.core.api import REFUSALS, HistoryOut, PageOut, PageSize, RowId, page_out
from tandem.core.errors import Refused
from tandem.core.models import Event
from tandem.core.paging import keyset
from tandem.core.rest.versions import version_of

router = Router(tags=["backlog"])
BULK_MOST = 500


class ItemQuery(Schema):
    """The backlog page's filter."""

    q: str = Field(
        "",
        description="The filter: `kind:story status:open value>5 -label:ux sort:rank`. A space "
        "means and, a comma or, a minus not; words without a field must stand in the title. "
        "Without status and category: open and started, as the backlog page shows. What can be "
        "asked for lists `GET /products/{key}/filter-fields`.",
        max_length=LONGEST,
    )
    kind: list[str] = Field(
        [], description=f"As kind: in q. Any of {', '.join(Kind.values)}.", deprecated=True
    )
    category: list[str] = Field(
        [],
        description=f"As category: in q. Any of {', '.join(Category.values)}, or all.",
        deprecated=True,
    )
    status: list[str] = Field([], description="As status: in q.", deprecated=True)
    label: list[str] = Field([], description="As label: in q.", deprecated=True)
    assignee: list[str] = Field([], description="As assignee: in q.", deprecated=True)
    estimate: str = Field("", description="As no:estimate and has:estimate.", deprecated=True)
    sort: str = Field(
        "", description=f"Instead of sort: in q; one of {', '.join(SORTS)}.", deprecated=True
    )


@router.get("/products/{key}/items", response={200: PageOut[ItemOut], **REFUSALS})
def items(
    request: HttpRequest,
    key: str,
    asked: Query[ItemQuery],
    after: str | None = None,
    limit: PageSize = 100,
) -> Any:
    """The backlog. Takes the address of the backlog page: what it shows there is listed here."""
    product = product_for(request, key)
    wanted = ItemFilter.from_query(request.GET, product, caller(request))
    statuses = list(Status.objects.filter(product=product))
    rows = seeking.seek(wanted, statuses, after=after, limit=limit + 1)
    rows = rows.select_related("status", "assignee__user", "parent__product", "product")
    found = list(rows.prefetch_related("labels", "field_values__field"))
    more = len(found) > limit
    following = seeking.cursor_of(wanted, found[limit - 1]) if more else None
    return {"items": found[:limit], "next": following}


@router.post("/products/{key}/items", response={201: ItemFullOut, **REFUSALS})
def item_create(request: HttpRequest, key: str, body: ItemIn) -> Any:
    """Make an item at the backlog's end (or top)."""
    product = product_for(request, key)
    with transaction.atomic():
        # The first item may name one of the statuses every product starts with.
        do.statuses_ensure(product)
        fields = named(product, _filled(product, body))
        return Answer(201, do.item_create(by=caller(request), product=product, **fields))


def _filled(product: Product, body: ItemIn) -> dict[str, Any]:
    """What was sent, with what its template gives for the rest."""
    sent = body.dict()
    name = sent.pop("template")
    template = name and template_named(product, name, sent["kind"])
    if not template:
        return sent
    # What was not sent is for the template to say.
    given = {key: value for key, value in sent.items() if key in body.model_fields_set}
    given["values"] = given.pop("fields", {})
    made = filled(template, given.pop("title"), given)
    made["fields"] = made.pop("values")
    return made


@router.get("/items/{key}", response={200: ItemFullOut, **REFUSALS})
def item(request: HttpRequest, key: str) -> Any:
    """One item with criteria, questions and dependencies."""
    return item_of(request, key)


@router.patch("/items/{key}", response={200: ItemFullOut, **REFUSALS})
def item_update(request: HttpRequest, key: str, body: ItemPatch) -> Any:
    """Change what is sent; 409 when somebody changed it since ``version``."""
    row = item_of(request, key)
    fields = named(row.product, body.dict(exclude_unset=True))
    version = version_of(request, fields.pop("version", None))
    return do.item_update(by=caller(request), item=row, version=version, **fields)


@router.delete("/items/{key}", response={204: None, **REFUSALS})
def item_delete(request: HttpRequest, key: str) -> Any:
    """Take the item out of every list."""
    item = item_of(request, key)
    do.item_delete(by=caller(request), item=item, version=version_of(request))
    return Answer(204, None)


def _behind(product: Product, key: str | None) -> Item | None:
    if key is None:
        return None
    found = Item.objects.with_keys(product, [key]).first()
    if found is None:
        raise Refused(_("There is no item %(key)s.") % {"key": key}, field="after")
    return found


@router.post("/items/{key}/move", response={200: ItemOut, **REFUSALS})
def item_move(request: HttpRequest, key: str, body: MoveIn) -> Any:
    """Put the item right behind another one."""
    item = item_of(request, key)
    return do.item_move(by=caller(request), item=item, **_place(item.product, body))


def _place(product: Product, body: MoveIn) -> dict[str, Any]:
    status = named(product, {"status": body.status}).get("status")
    return {"after": _behind(product, body.after), "status": status, "version": body.version}


@contextmanager
def _naming(part: str, index: int) -> Iterator[None]:
    """A refusal inside names the place in the request: ``update.3.title``."""
    try:
        yield
    except Refused as refusal:
        refusal.field = ".".join([part, str(index), *filter(None, [refusal.field])])
        refusal.details["index"] = index
        raise


def _item_in(product: Product, key: str) -> Item:
    found = Item.objects.with_keys(product, [key]).select_related("status").first()
    if found is None:
        raise Refused(_("There is no item %(key)s.") % {"key": key}, field="key")
    found.product = product
    return found


@router.post("/products/{key}/items/bulk", response={200: BulkOut, **REFUSALS})
def items_bulk(request: HttpRequest, key: str, body: BulkIn) -> Any:
    """Create, change and move up to 500 items: all of it or nothing.

    An error names the place, as ``update.3.title``, and its ``index`` in the list.
    """
    product, by = product_for(request, key), caller(request)
    if len(body.create) + len(body.update) + len(body.move) > BULK_MOST:
        raise Refused(
            _("At most %(most)s items at once. Send the rest on its own.") % {"most": BULK_MOST}
        )
    done: dict[str, list[Item]] = {"created": [], "updated": [], "moved": []}
    with transaction.atomic():
        do.statuses_ensure(product)
        for index, new in enumerate(body.create):
            with _naming("create", index):
                fields = named(product, _filled(product, new))
                done["created"].append(do.item_create(by=by, product=product, **fields))
        for index, patch in enumerate(body.update):
            with _naming("update", index):
                fields = named(product, patch.dict(exclude_unset=True))
                item = _item_in(product, fields.pop("key"))
                done["updated"].append(do.item_update(by=by, item=item, **fields))
        for index, move in enumerate(body.move):
            with _naming("move", index):
                item = _item_in(product, move.key)
                done["moved"].append(do.item_move(by=by, item=item, **_place(product, move)))
    return done


@router.post("/items/{key}/restore", response={200: ItemFullOut, **REFUSALS})
def item_restore(request: HttpRequest, key: str) -> Any:
    """Bring a deleted item back with everything on it."""
    return do.item_restore(by=caller(request), item=item_of(request, key, deleted=True))


@router.get("/items/{key}/history", response={200: HistoryOut[ItemEventOut], **REFUSALS})
def history(request: HttpRequest, key: str, after: str | None = None, limit: PageSize = 100) -> Any:
    """Who changed what, newest first; also of a deleted item."""
    row = item_of(request, key, deleted=True)
    page = keyset(Event.objects.of("item", row.pk), ("-id",), after=after, limit=limit)
    kept_from = gone_before(row.product, row.created_at)
    return page_out(page, [_event(each, row) for each in page.rows], kept_from=kept_from)


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
