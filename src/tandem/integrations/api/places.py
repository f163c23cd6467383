"""What the API tells of all places that are told of events, and how it reads them."""

import datetime
import uuid
from typing import Any

from django.db.models import QuerySet
from django.http import Http404, HttpRequest
from django.shortcuts import get_object_or_404
from django.utils.translation import gettext as _
from ninja import Schema

from tandem.accounts.auth import caller, product_for
from tandem.accounts.models import Product
from tandem.accounts.permissions import require
from tandem.core.api import page_out
from tandem.core.errors import Refused
from tandem.core.paging import keyset
from tandem.core.rest.bodies import Body
from tandem.integrations.models import Webhook, WebhookDelivery
from tandem.integrations.models.webhook import WebhookQuerySet


class PlaceOut(Schema):
    id: int
    name: str
    product: str | None
    kinds: list[str]
    state: str
    state_reason: str
    failures: int
    failing_since: datetime.datetime | None
    created_at: datetime.datetime

    @staticmethod
    def resolve_product(row: Webhook) -> str | None:
        return row.product.key if row.product else None


class PlacePatch(Body):
    name: str | None = None
    product: str | None = None
    kinds: list[str] | None = None
    active: bool | None = None

    def given(self, request: HttpRequest) -> dict[str, Any]:
        """As the operations take it; ``product: null`` takes every product."""
        every = "product" in self.model_fields_set and not self.product
        product = product_named(request, self.product)
        return {**self.dict(), "product": product, "every_product": every}


class DeliveryOut(Schema):
    id: uuid.UUID
    sequence: int
    event: str
    state: str
    attempts: int
    created_at: datetime.datetime
    last_at: datetime.datetime | None
    next_at: datetime.datetime | None
    status: int | None
    duration_ms: int | None
    error: str

    @staticmethod
    def resolve_event(row: WebhookDelivery) -> str:
        return row.kind


def places(request: HttpRequest, *, chats: bool = False) -> QuerySet[Webhook]:
    by = caller(request)
    require(by, "webhook.manage")
    rows: WebhookQuerySet = Webhook.objects.all()
    return (rows.chats_visible_to(by) if chats else rows.visible_to(by)).select_related("product")


def product_named(request: HttpRequest, key: str | None) -> Product | None:
    if not key:
        return None
    try:
        return product_for(request, key)
    except Http404:
        raise Refused(
            _("There is no product %(key)s.") % {"key": key[:20]}, field="product"
        ) from None


def deliveries_of(place: Webhook, *, after: str | None, limit: int) -> Any:
    rows = WebhookDelivery.objects.filter(webhook=place)
    page = keyset(rows.defer("body", "answer"), ("-sequence",), after=after, limit=limit)
    return page_out(page, page.rows)


def delivery_of(place: Webhook, delivery: uuid.UUID) -> WebhookDelivery:
    rows = WebhookDelivery.objects.select_related("webhook__product")
    return get_object_or_404(rows, pk=delivery, webhook=place)
