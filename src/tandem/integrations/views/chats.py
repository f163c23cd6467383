"""Chat targets in the workspace's settings: the list, one with its log, one message."""

import json
import uuid

from django.contrib import messages
from django.db.models import QuerySet
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from tandem.accounts.permissions import require
from tandem.accounts.requests import MemberRequest
from tandem.core.errors import Refused
from tandem.core.paging import keyset
from tandem.integrations.chats import operations as do
from tandem.integrations.forms import ChatForm
from tandem.integrations.models import Webhook, WebhookDelivery
from tandem.integrations.views.webhooks import PAGE, refused
from tandem.integrations.webhooks.operations import delivery_send_again


def _rows(request: MemberRequest) -> QuerySet[Webhook]:
    require(request.member, "webhook.manage")
    return Webhook.objects.chats_visible_to(request.member).select_related("product")


def _chat(request: MemberRequest, pk: int) -> Webhook:
    return get_object_or_404(_rows(request), pk=pk)


def _back(request: MemberRequest, row: Webhook) -> HttpResponse:
    return redirect("chats:chat", workspace=request.member.workspace.slug, pk=row.pk)


def chats(request: MemberRequest) -> HttpResponse:
    """The list; POST makes one."""
    rows = _rows(request)
    form = ChatForm(
        request.POST or None, member=request.member, initial={"kinds": do.USUAL_KINDS}, new=True
    )
    if request.method == "POST" and form.is_valid():
        try:
            row = do.chat_create(by=request.member, **form.cleaned_data)
        except Refused as refusal:
            refused(form, refusal)
        else:
            messages.success(request, _("The chat target is made. Send a test to try it."))
            return _back(request, row)
    status = 422 if form.errors else 200
    context = {"chats": rows, "form": form}
    return render(request, "integrations/chats/list.jinja", context, status=status)


def chat(request: MemberRequest, pk: int) -> HttpResponse:
    """One target, its log and its form; POST changes it."""
    row = _chat(request, pk)
    if request.method != "POST":
        return _shown(request, row)
    form = _form(request, row, bound=True)
    if form.is_valid():
        try:
            given = dict(form.cleaned_data)
            every = given["product"] is None
            do.chat_update(by=request.member, chat=row, every_product=every, **given)
        except Refused as refusal:
            refused(form, refusal)
        else:
            messages.success(request, _("The chat target is changed."))
            return _back(request, row)
    return _shown(request, row, form=form)


def _form(request: MemberRequest, row: Webhook, *, bound: bool = False) -> ChatForm:
    initial = {"name": row.name, "product": row.product_id, "kinds": row.kinds}
    return ChatForm(request.POST if bound else None, member=request.member, initial=initial)


def _shown(request: MemberRequest, row: Webhook, *, form: ChatForm | None = None) -> HttpResponse:
    rows = WebhookDelivery.objects.filter(webhook=row).defer("body", "answer")
    page = keyset(rows, ("-sequence",), after=request.GET.get("after"), limit=PAGE)
    context = {
        "chat": row,
        "page": page,
        "form": form or _form(request, row),
        "first": not request.GET.get("after"),
    }
    status = 422 if form is not None and form.errors else 200
    return render(request, "integrations/chats/show.jinja", context, status=status)


def delivery(request: MemberRequest, pk: int, delivery: uuid.UUID) -> HttpResponse:
    """What was said, and what came back."""
    row = get_object_or_404(WebhookDelivery, pk=delivery, webhook=_chat(request, pk))
    says = json.loads(row.body)
    body = f"{says['title']}\n\n{says['text']}"
    context = {"delivery": row, "webhook": row.webhook, "body": body, "area": "chats"}
    return render(request, "integrations/webhooks/delivery.jinja", context)


@require_POST
def test(request: MemberRequest, pk: int) -> HttpResponse:
    row = _chat(request, pk)
    do.chat_test(by=request.member, chat=row)
    messages.success(
        request, _("A test is on its way. Load the page again to see what came of it.")
    )
    return _back(request, row)


@require_POST
def state(request: MemberRequest, pk: int) -> HttpResponse:
    row = _chat(request, pk)
    do.chat_update(by=request.member, chat=row, active=request.POST.get("active") == "yes")
    return _back(request, row)


@require_POST
def delete(request: MemberRequest, pk: int) -> HttpResponse:
    do.chat_delete(by=request.member, chat=_chat(request, pk))
    messages.success(request, _("The chat target is deleted."))
    return redirect("chats:chats", workspace=request.member.workspace.slug)


@require_POST
def send_again(request: MemberRequest, pk: int, delivery: uuid.UUID) -> HttpResponse:
    chat = _chat(request, pk)
    row = get_object_or_404(
        WebhookDelivery.objects.select_related("webhook"), pk=delivery, webhook=chat
    )
    delivery_send_again(by=request.member, delivery=row)
    messages.success(
        request, _("The delivery is sent again. Load the page again to see the answer.")
    )
    return _back(request, chat)
