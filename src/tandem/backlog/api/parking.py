"""Parking stale items over the API: the rule, what it would park, parking and reviving."""

from typing import Annotated, Any

from django.http import HttpRequest
from ninja import Router, Schema
from pydantic import Field

from tandem.accounts.auth import caller, product_for
from tandem.accounts.permissions import require
from tandem.backlog import operations as do
from tandem.backlog.api.reading import ids_of
from tandem.backlog.models import ParkingRule
from tandem.backlog.models.parking import DAYS
from tandem.backlog.operations.bulk import MOST
from tandem.backlog.operations.parking import rule_of
from tandem.core.api import REFUSALS
from tandem.core.rest.bodies import Body

router = Router(tags=["backlog"])
Keys = Annotated[list[str], Field(max_length=MOST)]


class ParkingOut(Schema):
    """Open items nobody touched for ``days`` are parked each night while the rule is ``on``."""

    on: bool
    days: int
    spared_label: str | None

    @staticmethod
    def resolve_on(row: ParkingRule) -> bool:
        return row.is_on

    @staticmethod
    def resolve_spared_label(row: ParkingRule) -> str | None:
        return row.spared_label.name if row.spared_label else None


class ParkingIn(Body):
    on: bool
    days: int = DAYS
    spared_label: str = ""


class ParkIn(Body):
    """``keys``, or nothing for what the rule finds. ``dry_run`` parks none."""

    keys: Keys | None = None
    dry_run: bool = False


class ReviveIn(Body):
    keys: Keys


class ParkedOut(Schema):
    """``more``: the rule finds more than are parked at once."""

    keys: list[str]
    more: bool


class RevivedOut(Schema):
    keys: list[str]


@router.get("/products/{key}/parking", response={200: ParkingOut, **REFUSALS})
def parking(request: HttpRequest, key: str) -> Any:
    """The rule by which stale items are parked."""
    product = product_for(request, key)
    require(caller(request), "item.view")
    return rule_of(product)


@router.put("/products/{key}/parking", response={200: ParkingOut, **REFUSALS})
def parking_rule_set(request: HttpRequest, key: str, body: ParkingIn) -> Any:
    """Set the rule; `POST …/items/park` with `dry_run` says what it would park today."""
    product = product_for(request, key)
    return do.parking_rule_set(
        by=caller(request),
        product=product,
        is_on=body.on,
        days=body.days,
        spared_label=body.spared_label,
    )


@router.post("/products/{key}/items/park", response={200: ParkedOut, **REFUSALS})
def items_park(request: HttpRequest, key: str, body: ParkIn) -> Any:
    """Park these items, or those the rule finds: out of lists, ranking and plans until revived."""
    product = product_for(request, key)
    ids = None if body.keys is None else ids_of(product, body.keys)
    done = do.items_park(by=caller(request), product=product, items=ids, dry=body.dry_run)
    return {"keys": [item.key for item in done.items], "more": done.more}


@router.post("/products/{key}/items/revive", response={200: RevivedOut, **REFUSALS})
def items_revive(request: HttpRequest, key: str, body: ReviveIn) -> Any:
    """Bring parked items back where they stood."""
    product = product_for(request, key)
    ids = ids_of(product, body.keys)
    done = do.items_revive(by=caller(request), product=product, items=ids)
    return {"keys": [item.key for item in done]}
