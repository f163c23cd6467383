"""Saved views over the API."""

from typing import Annotated, Any

from django.http import HttpRequest
from django.shortcuts import get_object_or_404
from ninja import Router, Schema, Status
from pydantic import Field

from tandem.accounts.auth import caller, product_for
from tandem.accounts.permissions import require
from tandem.backlog import operations as do
from tandem.backlog.models import Layout, SavedView
from tandem.core.api import REFUSALS, RowId
from tandem.core.rest.bodies import Body, one_of

router = Router(tags=["backlog"])
LayoutName = Annotated[str, one_of(Layout.values)]
Columns = Annotated[list[str], Field(max_length=60)]


class ViewOut(Schema):
    """``columns``: ``null`` shows the ones each person chose. ``group``: what the list is grouped
    by, or the calendar shows."""

    number: int
    name: str
    owner: str
    shared: bool
    pinned: bool
    filter: str
    columns: list[str] | None
    layout: str
    group: str

    @staticmethod
    def resolve_owner(row: SavedView) -> str:
        return row.owner.name

    @staticmethod
    def resolve_shared(row: SavedView) -> bool:
        return row.is_shared

    @staticmethod
    def resolve_pinned(row: SavedView) -> bool:
        return row.is_pinned


class ViewIn(Body):
    name: str
    filter: str = ""
    columns: Columns | None = None
    layout: LayoutName = Layout.LIST.value
    group: str = ""
    shared: bool = False
    pinned: bool = False


class ViewPatch(Body):
    """Only what is sent changes."""

    name: str | None = None
    filter: str | None = None
    columns: Columns | None = None
    layout: LayoutName | None = None
    group: str | None = None
    shared: bool | None = None
    pinned: bool | None = None


def _named(sent: dict[str, Any]) -> dict[str, Any]:
    for short in ("shared", "pinned"):
        if short in sent:
            sent[f"is_{short}"] = bool(sent.pop(short))
    return {name: value for name, value in sent.items() if value is not None or name == "columns"}


def _view(request: HttpRequest, key: str, number: int) -> SavedView:
    product = product_for(request, key)
    rows = SavedView.objects.seen_by(caller(request), product).select_related("owner__user")
    found: SavedView = get_object_or_404(rows, number=number)
    found.product = product
    return found


@router.get("/products/{key}/views", response={200: list[ViewOut], **REFUSALS})
def views(request: HttpRequest, key: str) -> Any:
    """The caller's own views and the shared ones, by name."""
    product, by = product_for(request, key), caller(request)
    require(by, "item.view")
    return SavedView.objects.seen_by(by, product).select_related("owner__user")


@router.post("/products/{key}/views", response={201: ViewOut, **REFUSALS})
def view_save(request: HttpRequest, key: str, body: ViewIn) -> Any:
    """Save a view. Its filter is read at once; what cannot be read is refused at its word."""
    product = product_for(request, key)
    return Status(201, do.view_save(by=caller(request), product=product, **_named(body.dict())))


@router.patch("/products/{key}/views/{number}", response={200: ViewOut, **REFUSALS})
def view_update(request: HttpRequest, key: str, number: RowId, body: ViewPatch) -> Any:
    """Change a view of one's own; a shared one also those who steer the product."""
    view = _view(request, key, number)
    sent = _named(body.dict(exclude_unset=True))
    return do.view_update(by=caller(request), view=view, **sent)


@router.delete("/products/{key}/views/{number}", response={204: None, **REFUSALS})
def view_remove(request: HttpRequest, key: str, number: RowId) -> Any:
    """Remove a view; its items stay."""
    do.view_remove(by=caller(request), view=_view(request, key, number))
    return Status(204, None)
