"""Chat targets and what they were told over the API, for administrators."""

import json
import uuid
from typing import Any

from django.http import HttpRequest
from django.shortcuts import get_object_or_404
from ninja import Router, Status

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
from tandem.integrations.chats import operations as do
from tandem.integrations.models import Webhook, WebhookDelivery
from tandem.integrations.webhooks.operations import delivery_send_again

router = Router(tags=["webhooks"])


class ChatOut(PlaceOut):
    #: The service's name, like ``Slack``. The address itself is never told.
    service: str

    @staticmethod
    def resolve_service(row: Webhook) -> str:
        return row.url


class ChatIn(Body):
    name: str
    address: str
    product: str | None = None
    kinds: list[str] = list(do.USUAL_KINDS)


class ChatPatch(PlacePatch):
    address: str | None = None


class MessageOut(DeliveryOut):
    title: str
    text: str
    answer: str

    @staticmethod
    def resolve_title(row: WebhookDelivery) -> str:
        return str(json.loads(row.body)["title"])

    @staticmethod
    def resolve_text(row: WebhookDelivery) -> str:
        return str(json.loads(row.body)["text"])


def _chat(request: HttpRequest, pk: RowId) -> Webhook:
    return get_object_or_404(places(request, chats=True), pk=pk)


@router.get("/chats", response={200: list[ChatOut], 403: Problem})
def chats(request: HttpRequest) -> Any:
    """The workspace's chat targets, without their addresses."""
    return places(request, chats=True)


@router.post("/chats", response={201: ChatOut, 403: Problem, 422: Problem})
def chat_create(request: HttpRequest, body: ChatIn) -> Any:
    """Make a chat target. ``address`` is apprise's (``slack://…``); no answer tells it."""
    return Status(
        201,
        do.chat_create(
            by=caller(request),
            name=body.name,
            address=body.address,
            product=product_named(request, body.product),
            kinds=body.kinds,
        ),
    )


@router.get("/chats/{pk}", response={200: ChatOut, 403: Problem, 404: Problem})
def chat(request: HttpRequest, pk: RowId) -> Any:
    """One chat target."""
    return _chat(request, pk)


@router.patch("/chats/{pk}", response={200: ChatOut, **REFUSALS})
def chat_update(request: HttpRequest, pk: RowId, body: ChatPatch) -> Any:
    """Change what is given. ``product: null`` takes every product; ``active`` pauses and starts."""
    return do.chat_update(by=caller(request), chat=_chat(request, pk), **body.given(request))


@router.delete("/chats/{pk}", response={204: None, 403: Problem, 404: Problem})
def chat_delete(request: HttpRequest, pk: RowId) -> Any:
    """Forget a chat target, its address and its log."""
    do.chat_delete(by=caller(request), chat=_chat(request, pk))
    return Status(204, None)


@router.post("/chats/{pk}/test", response={202: DeliveryOut, **REFUSALS})
def chat_test(request: HttpRequest, pk: RowId) -> Any:
    """Send a test message."""
    return Status(202, do.chat_test(by=caller(request), chat=_chat(request, pk)))


@router.get(
    "/chats/{pk}/deliveries", response={200: PageOut[DeliveryOut], 403: Problem, 404: Problem}
)
def deliveries(
    request: HttpRequest, pk: RowId, after: str | None = None, limit: PageSize = 100
) -> Any:
    """What the chat was told, newest first; kept for 14 days."""
    return deliveries_of(_chat(request, pk), after=after, limit=limit)


@router.get(
    "/chats/{pk}/deliveries/{delivery}",
    response={200: MessageOut, 403: Problem, 404: Problem},
)
def delivery(request: HttpRequest, pk: RowId, delivery: uuid.UUID) -> Any:
    """One message, and the beginning of the last answer."""
    return delivery_of(_chat(request, pk), delivery)


@router.post("/chats/{pk}/deliveries/{delivery}/sending", response={202: DeliveryOut, **REFUSALS})
def send_again(request: HttpRequest, pk: RowId, delivery: uuid.UUID) -> Any:
    """Tell it once more."""
    row = delivery_of(_chat(request, pk), delivery)
    return Status(202, delivery_send_again(by=caller(request), delivery=row))
