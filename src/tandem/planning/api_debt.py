"""What debt costs, over the API."""

import datetime
from typing import Any

from django.http import HttpRequest
from ninja import Router, Schema

from tandem.accounts.auth import caller
from tandem.backlog.api import item_of
from tandem.core.api import REFUSALS
from tandem.core.rest.bodies import Body
from tandem.planning.models import DebtPrice
from tandem.planning.operations import debts as do

router = Router(tags=["planning"])


class DebtPriceOut(Schema):
    """``principal``: the item's estimate. ``interest``: what each week costs, in ``unit``."""

    item: str
    principal: float | None
    interest: float | None = None
    unit: str | None = None
    reason: str = ""
    set_by: str | None = None
    set_at: datetime.datetime | None = None


class DebtPriceIn(Body):
    """``interest`` ``null``: not known. ``unit``: ``effort`` or ``score``, a week."""

    interest: float | None
    unit: str = "effort"
    reason: str = ""


def _told(request: HttpRequest, key: str) -> dict[str, Any]:
    item = item_of(request, key)
    price = DebtPrice.objects.filter(item=item).select_related("set_by__user").first()
    told: dict[str, Any] = {"item": item.key, "principal": item.estimate_likely}
    if price is not None:
        told |= {name: getattr(price, name) for name in ("interest", "unit", "reason", "set_at")}
        told["set_by"] = price.set_by.name if price.set_by else None
    return told


@router.get("/items/{key}/debt", response={200: DebtPriceOut, **REFUSALS})
def debt_price(request: HttpRequest, key: str) -> Any:
    """What the debt costs to pay back, and what it costs each week until then."""
    return _told(request, key)


@router.put("/items/{key}/debt", response={200: DebtPriceOut, **REFUSALS})
def debt_price_set(request: HttpRequest, key: str, body: DebtPriceIn) -> Any:
    """Say what the debt costs each week."""
    do.debt_price_set(by=caller(request), item=item_of(request, key), **body.dict())
    return _told(request, key)
