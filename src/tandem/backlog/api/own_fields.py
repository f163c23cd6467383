"""A product's own fields over the API."""

from typing import Any

from django.db import transaction
from django.http import HttpRequest
from django.shortcuts import get_object_or_404
from ninja import Router, Status

from tandem.accounts.auth import caller, product_for
from tandem.accounts.permissions import require
from tandem.backlog import operations as do
from tandem.backlog.api.schemas_setup import (
    ChoiceIn,
    ChoicePatch,
    OwnFieldIn,
    OwnFieldOut,
    OwnFieldPatch,
)
from tandem.backlog.models import CustomField
from tandem.core.api import REFUSALS

router = Router(tags=["backlog"])


def _field(request: HttpRequest, key: str, slug: str) -> CustomField:
    product = product_for(request, key)
    field: CustomField = get_object_or_404(CustomField.objects.of(product), slug=slug)
    field.product = product
    return field


@router.get("/products/{key}/fields", response={200: list[OwnFieldOut], **REFUSALS})
def fields(request: HttpRequest, key: str) -> Any:
    """The product's own fields in their order, archived ones too."""
    product = product_for(request, key)
    require(caller(request), "item.view")
    return CustomField.objects.of(product)


@router.post("/products/{key}/fields", response={201: OwnFieldOut, **REFUSALS})
def field_create(request: HttpRequest, key: str, body: OwnFieldIn) -> Any:
    """Make a field; every item has it at once, without a value."""
    product = product_for(request, key)
    return Status(201, do.field_create(by=caller(request), product=product, **body.dict()))


@router.patch("/products/{key}/fields/{slug}", response={200: OwnFieldOut, **REFUSALS})
def field_update(request: HttpRequest, key: str, slug: str, body: OwnFieldPatch) -> Any:
    """Rename, explain, order or archive a field, or bring it back."""
    field, by = _field(request, key, slug), caller(request)
    sent = body.dict(exclude_unset=True)
    archived = sent.pop("archived", None)
    with transaction.atomic():
        if archived is False:
            field = do.field_restore(by=by, field=field)
        if sent:
            field = do.field_update(by=by, field=field, **sent)
        if archived:
            field = do.field_archive(by=by, field=field)
    return field


@router.post("/products/{key}/fields/{slug}/choices", response={201: OwnFieldOut, **REFUSALS})
def choice_add(request: HttpRequest, key: str, slug: str, body: ChoiceIn) -> Any:
    """Add a choice at the end."""
    field = _field(request, key, slug)
    sent = body.dict()
    sent["color"] = sent["color"] or ""
    return Status(201, do.choice_add(by=caller(request), field=field, **sent))


@router.patch(
    "/products/{key}/fields/{slug}/choices/{choice}", response={200: OwnFieldOut, **REFUSALS}
)
def choice_update(request: HttpRequest, key: str, slug: str, choice: str, body: ChoicePatch) -> Any:
    """Rename, recolour, number or order a choice; items that hold it follow."""
    field = _field(request, key, slug)
    sent = body.dict(exclude_unset=True)
    sent["number_given"] = "number" in sent
    return do.choice_update(by=caller(request), field=field, choice=choice, **sent)


@router.delete(
    "/products/{key}/fields/{slug}/choices/{choice}", response={200: OwnFieldOut, **REFUSALS}
)
def choice_remove(
    request: HttpRequest, key: str, slug: str, choice: str, then: str = "", to: str = ""
) -> Any:
    """Offer the choice no longer. While items hold it, ``then`` is keep, clear or move (``to``)."""
    field = _field(request, key, slug)
    return do.choice_remove(by=caller(request), field=field, choice=choice, then=then, to=to)
