"""What a product's items share, over the API: statuses, labels and the activity."""

from typing import Any

from django.http import HttpRequest
from ninja import Router

from tandem.accounts.auth import caller, product_for
from tandem.accounts.permissions import require
from tandem.backlog.api.schemas import ActivityOut, LabelOut, StatusOut
from tandem.backlog.models import Label, Status
from tandem.core.api import REFUSALS, PageOut, PageSize, page_out
from tandem.core.models import Event
from tandem.core.paging import keyset

router = Router(tags=["backlog"])


@router.get("/products/{key}/statuses", response={200: list[StatusOut], **REFUSALS})
def statuses(request: HttpRequest, key: str) -> Any:
    """The product's statuses in their order; made with its first item."""
    return Status.objects.filter(product=product_for(request, key))


@router.get("/products/{key}/labels", response={200: PageOut[LabelOut], **REFUSALS})
def labels(request: HttpRequest, key: str, after: str | None = None, limit: PageSize = 100) -> Any:
    """The product's labels by name. A label is made by giving it to an item."""
    rows = Label.objects.filter(product=product_for(request, key))
    page = keyset(rows, ("name", "id"), after=after, limit=limit)
    return page_out(page, page.rows)


@router.get("/products/{key}/activity", response={200: PageOut[ActivityOut], **REFUSALS})
def activity(
    request: HttpRequest, key: str, after: str | None = None, limit: PageSize = 100
) -> Any:
    """Who changed what in the product, newest first."""
    product = product_for(request, key)
    require(caller(request), "item.view")
    rows = Event.objects.in_workspace(product.workspace_id).filter(product_id=product.pk)
    page = keyset(rows, ("-id",), after=after, limit=limit)
    return page_out(page, page.rows)
