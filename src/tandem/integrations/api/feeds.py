"""Feeds over the API: lists at secret addresses."""

import datetime
from typing import Annotated, Any

from django.http import HttpRequest
from django.shortcuts import get_object_or_404
from django.urls import reverse
from ninja import Router, Schema, Status

from tandem.accounts.auth import caller, product_for
from tandem.accounts.permissions import require
from tandem.core.api import REFUSALS, PageOut, PageSize, Problem, RowId, page_out
from tandem.core.paging import keyset
from tandem.core.rest.bodies import Body, one_of
from tandem.integrations.feeds import operations as do
from tandem.integrations.feeds.lists import FEED_LISTS
from tandem.integrations.models import Feed

router = Router(tags=["exports"])


class FeedOut(Schema):
    """``query``: the filter and the columns; ``made_by``: whose view it shows."""

    id: int
    name: str
    product: str
    list: str
    query: str
    made_by: str
    created_at: datetime.datetime
    last_read_at: datetime.datetime | None

    @staticmethod
    def resolve_product(row: Feed) -> str:
        return row.product.key

    @staticmethod
    def resolve_list(row: Feed) -> str:
        return row.list_name

    @staticmethod
    def resolve_made_by(row: Feed) -> str:
        return row.made_by.name


class FeedIn(Body):
    """``list``: backlog, ranking, plan or activity; ``query`` as its page's address has it."""

    name: str
    list: Annotated[str, one_of(FEED_LISTS)] = "backlog"
    query: str = ""


class FeedMadeOut(Schema):
    """``address`` and ``xlsx`` are told once: whoever holds them reads the list."""

    feed: FeedOut
    address: str
    xlsx: str


@router.get("/feeds", response={200: PageOut[FeedOut], 403: Problem})
def feeds(request: HttpRequest, after: str | None = None, limit: PageSize = 100) -> Any:
    """The open feeds, newest first: one's own; administrators see everybody's."""
    require(caller(request), "feed.make")
    rows = Feed.objects.managed_by(caller(request)).open().filter(product__deleted_at=None)
    rows = rows.select_related("product", "made_by__user")
    page = keyset(rows, ("-created_at", "-id"), after=after, limit=limit)
    return page_out(page, page.rows)


@router.post("/products/{key}/feeds", response={201: FeedMadeOut, **REFUSALS})
def feed_make(request: HttpRequest, key: str, body: FeedIn) -> Any:
    """Make a feed of one of the product's lists; the answer holds its secret address, once."""
    feed, secret = do.feed_make(
        by=caller(request),
        product=product_for(request, key),
        name=body.name,
        list_name=body.list,
        query=body.query,
    )
    csv, xlsx = (
        request.build_absolute_uri(reverse(f"feeds:{form}", args=[secret]))
        for form in ("csv", "xlsx")
    )
    return Status(201, {"feed": feed, "address": csv, "xlsx": xlsx})


@router.delete("/feeds/{pk}", response={204: None, 403: Problem, 404: Problem})
def feed_revoke(request: HttpRequest, pk: RowId) -> Any:
    """Revoke a feed: from now on its address answers 404."""
    require(caller(request), "feed.make")
    row = get_object_or_404(Feed.objects.visible_to(caller(request)), pk=pk)
    do.feed_revoke(by=caller(request), feed=row)
    return Status(204, None)
