"""Webhooks and their deliveries over the API, for administrators."""

import json
import uuid
from typing import Any

from django.http import HttpRequest
from django.shortcuts import get_object_or_404
from ninja import Router, Schema, Status

from tandem.accounts.auth import caller
from tandem.core.api import REFUSALS, PageOut, PageSize, Problem, RowId
from tandem.core.rest.bodies import Body
from tandem.integrations.api.places import (
    DeliveryOut,
    PlaceOut,
    PlacePatch,
    deliveries_of,
    delivery_of,
    places,
    product_named,
)
from tandem.integrations.models import Webhook, WebhookDelivery
from tandem.integrations.webhooks import operations as do

router = Router(tags=["webhooks"])


class WebhookOut(PlaceOut):
    url: str


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


class WebhookPatch(PlacePatch):
    url: str | None = None


class DeliveryFullOut(DeliveryOut):
    body: dict[str, Any]
    answer: str

    @staticmethod
    def resolve_body(row: WebhookDelivery) -> dict[str, Any]:
        told: dict[str, Any] = json.loads(row.body)
        return told


def _webhook(request: HttpRequest, pk: RowId) -> Webhook:
    return get_object_or_404(places(request), pk=pk)


@router.get("/webhooks", response={200: list[WebhookOut], 403: Problem})
def webhooks(request: HttpRequest) -> Any:
    """The workspace's webhooks."""
    return places(request)


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
    return do.webhook_update(
        by=caller(request), webhook=_webhook(request, pk), **body.given(request)
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
    return deliveries_of(_webhook(request, pk), after=after, limit=limit)


@router.get(
    "/webhooks/{pk}/deliveries/{delivery}",
    response={200: DeliveryFullOut, 403: Problem, 404: Problem},
)
def delivery(request: HttpRequest, pk: RowId, delivery: uuid.UUID) -> Any:
    """One delivery: its body, and the beginning of the last answer."""
    return delivery_of(_webhook(request, pk), delivery)


@router.post(
    "/webhooks/{pk}/deliveries/{delivery}/sending", response={202: DeliveryOut, **REFUSALS}
)
def delivery_send_again(request: HttpRequest, pk: RowId, delivery: uuid.UUID) -> Any:
    """Send it once more, with the same body and number."""
    row = delivery_of(_webhook(request, pk), delivery)
    return Status(202, do.delivery_send_again(by=caller(request), delivery=row))
