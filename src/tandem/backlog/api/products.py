"""What a product's items share, over the API: statuses, labels and the activity."""

from typing import Annotated, Any

from django.http import HttpRequest
from django.shortcuts import get_object_or_404
from ninja import Router
from ninja import Status as Answer

from tandem.accounts.auth import caller, product_for
from tandem.accounts.history_keeping import gone_before
from tandem.accounts.permissions import require
from tandem.backlog import operations as do
from tandem.backlog.api.schemas import ActivityOut
from tandem.backlog.api.schemas_setup import (
    FilterFieldOut,
    LabelOut,
    StatusIn,
    StatusOut,
    StatusPatch,
)
from tandem.backlog.history_words import GROUPS
from tandem.backlog.language.completing import ordered
from tandem.backlog.language.fields import Asking
from tandem.backlog.models import Label, Status
from tandem.backlog.queries.activity import activity_asked, activity_rows
from tandem.core.api import REFUSALS, HistoryOut, PageOut, PageSize, RowId, page_out
from tandem.core.paging import keyset
from tandem.core.rest.bodies import one_of

router = Router(tags=["backlog"])


@router.get("/products/{key}/statuses", response={200: list[StatusOut], **REFUSALS})
def statuses(request: HttpRequest, key: str) -> Any:
    """The product's statuses in their order; made with its first item."""
    return Status.objects.filter(product=product_for(request, key))


def _status(request: HttpRequest, key: str, pk: int) -> Status:
    product = product_for(request, key)
    found: Status = get_object_or_404(Status, product=product, pk=pk)
    found.product = product
    return found


@router.post("/products/{key}/statuses", response={201: StatusOut, **REFUSALS})
def status_add(request: HttpRequest, key: str, body: StatusIn) -> Any:
    """Make a status: behind the last of its category, or at ``position``."""
    product = product_for(request, key)
    return Answer(201, do.status_add(by=caller(request), product=product, **body.dict()))


@router.patch("/products/{key}/statuses/{pk}", response={200: StatusOut, **REFUSALS})
def status_update(request: HttpRequest, key: str, pk: RowId, body: StatusPatch) -> Any:
    """Rename, order, categorise or limit a status; the name it had keeps finding it."""
    sent = body.dict(exclude_unset=True)
    for name in ("name", "category", "limit_refuses"):
        if name in sent and sent[name] is None:
            del sent[name]
    return do.status_update(by=caller(request), status=_status(request, key, pk), **sent)


@router.delete("/products/{key}/statuses/{pk}", response={204: None, **REFUSALS})
def status_remove(request: HttpRequest, key: str, pk: RowId, to: RowId | None = None) -> Any:
    """Take a status away; while items are in it, ``to`` says which status they get."""
    status = _status(request, key, pk)
    target = None if to is None else _status(request, key, to)
    do.status_remove(by=caller(request), status=status, to=target)
    return Answer(204, None)


@router.get("/products/{key}/labels", response={200: PageOut[LabelOut], **REFUSALS})
def labels(request: HttpRequest, key: str, after: str | None = None, limit: PageSize = 100) -> Any:
    """The product's labels by name. A label is made by giving it to an item."""
    rows = Label.objects.filter(product=product_for(request, key))
    page = keyset(rows, ("name", "id"), after=after, limit=limit)
    return page_out(page, page.rows)


@router.get("/products/{key}/filter-fields", response={200: list[FilterFieldOut], **REFUSALS})
def filter_fields(request: HttpRequest, key: str) -> Any:
    """What a filter (``q``) can ask of this product's items, with the values one can choose."""
    by = caller(request)
    require(by, "item.view")
    asking = Asking(product_for(request, key), by)
    return [
        {
            "name": each.name,
            "title": each.title,
            "kind": each.kind,
            "aliases": list(each.aliases),
            "operators": list(each.operators),
            "can_be_missing": each.present is not None,
            "values": [
                {"value": offer.value, "words": offer.words} for offer in each.offered(asking)
            ],
        }
        for each in ordered(asking)
    ]


@router.get("/products/{key}/activity", response={200: HistoryOut[ActivityOut], **REFUSALS})
def activity(
    request: HttpRequest,
    key: str,
    what: Annotated[str, one_of(GROUPS)] | None = None,
    by: RowId | None = None,
    after: str | None = None,
    limit: PageSize = 100,
) -> Any:
    """Who changed what in the product, newest first. ``what``: a kind of change; ``by``: a member."""
    product = product_for(request, key)
    require(caller(request), "item.view")
    asked = activity_asked({"what": what, "by": str(by or "")})
    page = keyset(activity_rows(product, **asked), ("-id",), after=after, limit=limit)
    return page_out(page, page.rows, kept_from=gone_before(product))
