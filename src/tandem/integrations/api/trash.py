"""The trash over the API: what lies there, bringing it back, erasing it; and throwing products away."""

import datetime
from typing import Any, Literal

from django.http import HttpRequest
from ninja import Router, Schema, Status

from tandem.accounts.auth import caller, product_for
from tandem.accounts.permissions import require
from tandem.core.api import REFUSALS, RowId
from tandem.integrations.trash import operations as do
from tandem.integrations.trash.contents import Thrown, thrown

router = Router(tags=["workspace"])

Kind = Literal["product", "item", "comment", "attachment"]


class ThrownOut(Schema):
    """``days_left``: until it is erased by itself; ``may_restore``: whether the caller may."""

    kind: str
    id: int
    label: str
    product: str
    deleted_at: datetime.datetime
    deleted_by: str
    days_left: int
    may_restore: bool

    @staticmethod
    def resolve_id(row: Thrown) -> int:
        return row.pk

    @staticmethod
    def resolve_product(row: Thrown) -> str:
        return row.product.key


@router.get("/trash", response={200: list[ThrownOut], **REFUSALS})
def trash(request: HttpRequest, product: str = "") -> Any:
    """What was thrown away, newest first, at most 200 of a kind; ``product`` is a key."""
    require(caller(request), "trash.view")
    return thrown(caller(request), product_for(request, product) if product else None)


@router.post("/trash/{kind}/{pk}/restoration", response={204: None, **REFUSALS})
def thrown_restore(request: HttpRequest, kind: Kind, pk: RowId) -> Any:
    """Bring it back with everything on it."""
    do.thrown_restore(by=caller(request), kind=kind, pk=pk)
    return Status(204, None)


@router.delete("/trash/{kind}/{pk}", response={204: None, **REFUSALS})
def thrown_erase(request: HttpRequest, kind: Kind, pk: RowId) -> Any:
    """Erase it for good now, not after 30 days. Administrators only."""
    do.thrown_erase(by=caller(request), kind=kind, pk=pk)
    return Status(204, None)


@router.post("/products/{key}/deletion", response={204: None, **REFUSALS})
def product_delete(request: HttpRequest, key: str) -> Any:
    """Throw the product away, with everything in it: it lies in the trash for 30 days."""
    do.product_delete(by=caller(request), product=product_for(request, key))
    return Status(204, None)
