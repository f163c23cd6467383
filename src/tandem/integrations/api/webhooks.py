"""Webhooks and their deliveries over the API, for administrators."""

import datetime
import json
import uuid
from typing import Any

from django.db.models import QuerySet
from django.http import Http404, HttpRequest
from django.shortcuts import get_object_or_404
from django.utils.translation import gettext as _
from ninja import Router, Schema, Status

from tandem.accounts.auth import caller, product_for
from tandem.accounts.models import Product
from tandem.accounts.permissions import require
from tandem.core.api import REFUSALS, PageOut, PageSize, Problem, RowId, page_out
from tandem.core.errors import Refused
from tandem.core.paging import keyset
from tandem.core.rest.bodies import Body
from tandem.integrations.models import Webhook, WebhookDelivery
from tandem.integrations.webhooks import operations as do

router = Router(tags=["webhooks"])


class WebhookOut(Schema):
    id: int
    name: str
    url: str
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


class WebhookMadeOut(Schema):
    webhook: WebhookOut
    secret: str


class SecretOut(Schema):
    secret: str


class WebhookIn(Body):
    name: str
    url: str
    product: str | None = None
    kinds: list[str] = []


class WebhookPatch(Body):
    name: str | None = None
    url: str | None = None
    product: str | None = None
    kinds: list[str] | None = None
    active: bool | None = None


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


class DeliveryFullOut(DeliveryOut):
    body: dict[str, Any]
    answer: str

    @staticmethod
    def resolve_body(row: WebhookDelivery) -> dict[str, Any]:
        told: dict[str, Any] = json.loads(row.body)
        return told


def _rows(request: HttpRequest) -> QuerySet[Webhook]:
    require(caller(request), "webhook.manage")
    return Webhook.objects.visible_to(caller(request)).select_related("product")


def _webhook(request: HttpRequest, pk: RowId) -> Webhook:
    return get_object_or_404(_rows(request), pk=pk)


def product_named(request: HttpRequest, key: str | None) -> Product | None:
    if not key:
        return None
    try:
        return product_for(request, key)
    except Http404:
        raise Refused(
            _("There is no product %(key)s.") % {"key": key[:20]}, field="product"
        ) from None


def _delivery(request: HttpRequest, pk: RowId, delivery: uuid.UUID) -> WebhookDelivery:
    row: WebhookDelivery = get_object_or_404(
        WebhookDelivery.objects.select_related("webhook__product"),
        pk=delivery,
        webhook=_webhook(request, pk),
    )
    return row


@router.get("/webhooks", response={200: list[WebhookOut], 403: Problem})
def webhooks(request: HttpRequest) -> Any:
    """The workspace's webhooks."""
    return _rows(request)


@router.post("/webhooks", response={201: WebhookMadeOut, 403: Problem, 422: Problem})
def webhook_create(request: HttpRequest, body: WebhookIn) -> Any:
    """Make a webhook; the answer holds its secret, once. Without ``kinds``: every event."""
    row, secret = do.webhook_create(
        by=caller(request),
        name=body.name,
        url=body.url,
        product=product_named(request, body.product),
        kinds=body.kinds,
    )
    return Status(201, {"webhook": row, "secret": secret})


@router.get("/webhooks/{pk}", response={200: WebhookOut, 403: Problem, 404: Problem})
def webhook(request: HttpRequest, pk: RowId) -> Any:
    """One webhook."""
    return _webhook(request, pk)


@router.patch("/webhooks/{pk}", response={200: WebhookOut, **REFUSALS})
def webhook_update(request: HttpRequest, pk: RowId, body: WebhookPatch) -> Any:
    """Change what is given. ``product: null`` takes every product; ``active`` pauses and starts."""
    given = body.dict(exclude_unset=True)
    return do.webhook_update(
        by=caller(request),
        webhook=_webhook(request, pk),
        name=body.name,
        url=body.url,
        kinds=body.kinds,
        active=body.active,
        product=product_named(request, body.product),
        every_product="product" in given and not body.product,
    )


@router.delete("/webhooks/{pk}", response={204: None, 403: Problem, 404: Problem})
def webhook_delete(request: HttpRequest, pk: RowId) -> Any:
    """Forget a webhook and its deliveries."""
    do.webhook_delete(by=caller(request), webhook=_webhook(request, pk))
    return Status(204, None)


@router.post("/webhooks/{pk}/secret", response={200: SecretOut, 403: Problem, 404: Problem})
def webhook_rotate_secret(request: HttpRequest, pk: RowId) -> Any:
    """A new secret, told once; for a day deliveries are signed with both."""
    secret = do.webhook_rotate_secret(by=caller(request), webhook=_webhook(request, pk))
    return {"secret": secret}


@router.post("/webhooks/{pk}/ping", response={202: DeliveryOut, **REFUSALS})
def webhook_ping(request: HttpRequest, pk: RowId) -> Any:
    """Send a test."""
    return Status(202, do.webhook_ping(by=caller(request), webhook=_webhook(request, pk)))


@router.get(
    "/webhooks/{pk}/deliveries",
    response={200: PageOut[DeliveryOut], 403: Problem, 404: Problem},
)
def deliveries(
    request: HttpRequest, pk: RowId, after: str | None = None, limit: PageSize = 100
) -> Any:
    """What was sent, newest first; kept for 14 days."""
    rows = WebhookDelivery.objects.filter(webhook=_webhook(request, pk))
    page = keyset(rows.defer("body", "answer"), ("-sequence",), after=after, limit=limit)
    return page_out(page, page.rows)


@router.get(
    "/webhooks/{pk}/deliveries/{delivery}",
    response={200: DeliveryFullOut, 403: Problem, 404: Problem},
)
def delivery(request: HttpRequest, pk: RowId, delivery: uuid.UUID) -> Any:
    """One delivery: its body, and the beginning of the last answer."""
    return _delivery(request, pk, delivery)


@router.post(
    "/webhooks/{pk}/deliveries/{delivery}/sending", response={202: DeliveryOut, **REFUSALS}
)
def delivery_send_again(request: HttpRequest, pk: RowId, delivery: uuid.UUID) -> Any:
    """Send it once more, with the same body and number."""
    row = _delivery(request, pk, delivery)
    return Status(202, do.delivery_send_again(by=caller(request), delivery=row))
