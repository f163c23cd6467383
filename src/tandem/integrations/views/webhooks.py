"""Webhooks in the workspace's settings: what is their own beside ``places``."""

import json
from typing import Any, ClassVar

from django.db.models import QuerySet
from django.http import HttpResponse
from django.utils.translation import gettext as _

from tandem.accounts.requests import MemberRequest, form_of
from tandem.integrations.forms import WebhookForm
from tandem.integrations.models import Webhook, WebhookDelivery
from tandem.integrations.views.places import PlacePages
from tandem.integrations.webhooks import operations as do


class WebhookPages(PlacePages):
    noun: ClassVar[str] = "webhook"

    def seen(self, request: MemberRequest) -> QuerySet[Webhook]:
        return Webhook.objects.visible_to(request.member)

    def form(
        self, request: MemberRequest, row: Webhook | None = None, *, bound: bool = False
    ) -> WebhookForm:
        names = ("name", "url", "kinds")
        initial = {name: getattr(row, name) for name in names} if row is not None else {}
        data = request.POST if bound else None
        if row is not None:
            initial["product"] = row.product_id
        return WebhookForm(data, member=request.member, initial=initial)

    def make(self, request: MemberRequest, given: dict[str, Any]) -> HttpResponse:
        """Its secret is shown once: here."""
        row, secret = do.webhook_create(by=request.member, **given)
        return self.shown(request, row, secret=secret)

    def update(self, request: MemberRequest, row: Webhook, **given: Any) -> None:
        do.webhook_update(by=request.member, webhook=row, **given)

    def remove(self, request: MemberRequest, row: Webhook) -> None:
        do.webhook_delete(by=request.member, webhook=row)

    def try_it(self, request: MemberRequest, row: Webhook) -> None:
        do.webhook_ping(by=request.member, webhook=row)

    def body(self, delivery: WebhookDelivery) -> str:
        return json.dumps(json.loads(delivery.body), ensure_ascii=False, indent=2)

    def said_changed(self) -> str:
        return _("The webhook is changed.")

    def said_deleted(self) -> str:
        return _("The webhook is deleted.")


pages = WebhookPages()


@form_of("webhooks:webhook", "pk")
def rotate_secret(request: MemberRequest, pk: int) -> HttpResponse:
    row = pages.row(request, pk)
    secret = do.webhook_rotate_secret(by=request.member, webhook=row)
    return pages.shown(request, row, secret=secret)
