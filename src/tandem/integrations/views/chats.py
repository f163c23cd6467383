"""Chat targets in the workspace's settings: what is their own beside ``places``."""

import json
from typing import Any, ClassVar

from django.contrib import messages
from django.db.models import QuerySet
from django.http import HttpResponse
from django.utils.translation import gettext as _

from tandem.accounts.requests import MemberRequest
from tandem.integrations.chats import operations as do
from tandem.integrations.forms import ChatForm
from tandem.integrations.models import Webhook, WebhookDelivery
from tandem.integrations.views.places import PlacePages


class ChatPages(PlacePages):
    noun: ClassVar[str] = "chat"

    def seen(self, request: MemberRequest) -> QuerySet[Webhook]:
        return Webhook.objects.chats_visible_to(request.member)

    def form(
        self, request: MemberRequest, row: Webhook | None = None, *, bound: bool = False
    ) -> ChatForm:
        initial: dict[str, Any] = {"kinds": do.USUAL_KINDS}
        if row is not None:
            initial = {"name": row.name, "product": row.product_id, "kinds": row.kinds}
        data = request.POST if bound else None
        return ChatForm(data, member=request.member, initial=initial, new=row is None)

    def make(self, request: MemberRequest, given: dict[str, Any]) -> HttpResponse:
        row = do.chat_create(by=request.member, **given)
        messages.success(request, _("The chat target is made. Send a test to try it."))
        return self.back(request, row)

    def update(self, request: MemberRequest, row: Webhook, **given: Any) -> None:
        do.chat_update(by=request.member, chat=row, **given)

    def remove(self, request: MemberRequest, row: Webhook) -> None:
        do.chat_delete(by=request.member, chat=row)

    def try_it(self, request: MemberRequest, row: Webhook) -> None:
        do.chat_test(by=request.member, chat=row)

    def body(self, delivery: WebhookDelivery) -> str:
        says = json.loads(delivery.body)
        return f"{says['title']}\n\n{says['text']}"

    def said_changed(self) -> str:
        return _("The chat target is changed.")

    def said_deleted(self) -> str:
        return _("The chat target is deleted.")


pages = ChatPages()
