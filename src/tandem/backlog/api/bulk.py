"""Many items changed at once over the API: tried, done as one, taken back as one."""

import datetime
from typing import Annotated, Any, cast

from django.http import HttpRequest
from django.shortcuts import get_object_or_404
from django.utils.translation import gettext as _
from ninja import Router, Schema
from pydantic import Field, create_model

from tandem.accounts.auth import caller, product_for
from tandem.accounts.models import Product
from tandem.accounts.permissions import require
from tandem.backlog import operations as do
from tandem.backlog.api.reading import ids_of, named
from tandem.backlog.api.schemas import KindName, OwnValue
from tandem.backlog.filters import ItemFilter
from tandem.backlog.language.parsing import LONGEST
from tandem.backlog.models import Item
from tandem.backlog.operations import bulk_settings
from tandem.backlog.operations.bulk import MOST
from tandem.backlog.operations.wholes import WAYS
from tandem.core.api import REFUSALS, RowId
from tandem.core.errors import Refused
from tandem.core.models import Event
from tandem.core.rest.bodies import Body

router = Router(tags=["backlog"])


class SetAlone(Body):
    """Only what is sent is set; ``null`` empties it. ``fields``: the product's own. ``parked``: true
    parks, false revives. ``trash``: true moves to the trash; nothing else is set with it."""

    kind: KindName | None = None
    status: str | None = None
    assignee_id: int | None = None
    parent: str | None = None
    due_date: datetime.date | None = None
    estimate_likely: float | None = None
    labels_add: list[str] | None = None
    labels_remove: list[str] | None = None
    fields: dict[str, OwnValue] | None = None
    parked: bool | None = None
    trash: bool | None = None


_chosen: dict[str, Any] = {
    f"{each.name}_id": (RowId | None, None) for each in bulk_settings.chosen()
}
#: With what higher apps let be set.
ChangeSet = create_model("ChangeSet", __base__=SetAlone, __doc__=SetAlone.__doc__, **_chosen)


class ChangeIn(Body):
    """Either ``keys`` or a ``filter`` says which items, up to 2,000. ``dry_run`` changes nothing;
    its ``mark`` sent along refuses with 409 when one of the items changed since."""

    keys: Annotated[list[str], Field(max_length=MOST)] | None = None
    filter: Annotated[str, Field(max_length=LONGEST)] | None = None
    set: ChangeSet  # type: ignore[valid-type]
    dry_run: bool = False
    mark: str = ""


class RefusedOut(Schema):
    key: str
    reason: str


class ChangeOut(Schema):
    """``fields``: how many items each field changes of. ``event``: undoes the whole, at
    ``POST /products/{key}/changes/{event}/undo``."""

    changed: int
    unchanged: int
    refused: list[RefusedOut]
    fields: dict[str, int]
    mark: str
    event: int | None


class StayedOut(Schema):
    key: str
    reason: str


class UndoneOut(Schema):
    """``stayed``: the items that were changed again since, and stay as they are."""

    restored: int
    stayed: list[StayedOut]


def _ids(request: HttpRequest, product: Product, body: ChangeIn) -> list[int]:
    if (body.keys is None) == (body.filter is None):
        raise Refused(_("Say which items: by keys or by filter, one of both."), field="keys")
    if body.filter is not None:
        wanted = ItemFilter.read(body.filter, product, caller(request))
        rows = wanted.apply(Item.objects.of(product)).order_by()
        return list(rows.values_list("pk", flat=True)[: MOST + 1])
    return ids_of(product, body.keys or [])


def _change(product: Product, sent: dict[str, Any]) -> dict[str, Any]:
    change = named(product, sent)
    for name in ("parked", "trash"):
        if name in change and change[name] is None:
            del change[name]
    for setting in bulk_settings.chosen():
        if f"{setting.name}_id" in change and setting.row is not None:
            pk = change.pop(f"{setting.name}_id")
            change[setting.name] = pk and setting.row(product, pk)
    return change


@router.post("/products/{key}/items/change", response={200: ChangeOut, **REFUSALS})
def items_change(request: HttpRequest, key: str, body: ChangeIn) -> Any:
    """Set the same for many items: those that can be changed are, the others are told with why."""
    product, by = product_for(request, key), caller(request)
    require(by, "item.edit")
    change = _change(product, cast(SetAlone, body.set).dict(exclude_unset=True))
    result = do.items_change(
        by=by,
        product=product,
        items=_ids(request, product, body),
        change=change,
        mark=body.mark,
        dry=body.dry_run,
    )
    return {
        "changed": len(result.changed),
        "unchanged": result.unchanged,
        "refused": [{"key": item.key, "reason": reason} for item, reason in result.refused],
        "fields": {name: count for name, count in result.fields.items() if name != "field_members"},
        "mark": result.mark,
        "event": result.event.pk if result.event else None,
    }


@router.post("/products/{key}/changes/{pk}/undo", response={200: UndoneOut, **REFUSALS})
def bulk_undo(request: HttpRequest, key: str, pk: RowId) -> Any:
    """Take back what was done to many items as one; what was changed again since stays."""
    product = product_for(request, key)
    rows = Event.objects.filter(product_id=product.pk, verb__in=list(WAYS))
    event = get_object_or_404(rows, pk=pk, workspace_id=product.workspace_id)
    undone = do.bulk_undo(by=caller(request), event=event)
    stayed = [{"key": key, "reason": reason} for key, reason in undone.stayed]
    return {"restored": undone.restored, "stayed": stayed}
