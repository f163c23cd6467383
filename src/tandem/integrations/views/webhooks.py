"""Webhooks in the workspace's settings: the list, one with its log, one delivery."""

import json
import uuid

from django import forms
from django.contrib import messages
from django.db.models import QuerySet
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from tandem.accounts.permissions import require
from tandem.accounts.requests import MemberRequest, form_of
from tandem.core.errors import Refused
from tandem.core.paging import keyset
from tandem.integrations.forms import WebhookForm
from tandem.integrations.models import Webhook, WebhookDelivery
from tandem.integrations.webhooks import operations as do

PAGE = 50


def _rows(request: MemberRequest) -> QuerySet[Webhook]:
    require(request.member, "webhook.manage")
    return Webhook.objects.visible_to(request.member).select_related("product")


def _webhook(request: MemberRequest, pk: int) -> Webhook:
    return get_object_or_404(_rows(request), pk=pk)


def _back(request: MemberRequest, row: Webhook) -> HttpResponse:
    return redirect("webhooks:webhook", workspace=request.member.workspace.slug, pk=row.pk)


def refused(form: forms.Form, refusal: Refused) -> None:
    form.add_error(refusal.field if refusal.field in form.fields else None, refusal.message)


def webhooks(request: MemberRequest) -> HttpResponse:
    """The list; POST makes one and shows its secret, once."""
    rows = _rows(request)
    form = WebhookForm(request.POST or None, member=request.member)
    if request.method == "POST" and form.is_valid():
        try:
            row, secret = do.webhook_create(by=request.member, **form.cleaned_data)
        except Refused as refusal:
            refused(form, refusal)
        else:
            return _shown(request, row, secret=secret)
    status = 422 if form.errors else 200
    context = {"webhooks": rows, "form": form}
    return render(request, "integrations/webhooks/list.jinja", context, status=status)


def webhook(request: MemberRequest, pk: int) -> HttpResponse:
    """One webhook, its log and its form; POST changes it."""
    row = _webhook(request, pk)
    if request.method != "POST":
        return _shown(request, row)
    form = _form(request, row, bound=True)
    if form.is_valid():
        try:
            given = dict(form.cleaned_data)
            every = given["product"] is None
            do.webhook_update(by=request.member, webhook=row, every_product=every, **given)
        except Refused as refusal:
            refused(form, refusal)
        else:
            messages.success(request, _("The webhook is changed."))
            return _back(request, row)
    return _shown(request, row, form=form)


def _form(request: MemberRequest, row: Webhook, *, bound: bool = False) -> WebhookForm:
    initial = {"name": row.name, "url": row.url, "product": row.product_id, "kinds": row.kinds}
    return WebhookForm(request.POST if bound else None, member=request.member, initial=initial)


def _shown(
    request: MemberRequest, row: Webhook, *, form: WebhookForm | None = None, secret: str = ""
) -> HttpResponse:
    rows = WebhookDelivery.objects.filter(webhook=row).defer("body", "answer")
    page = keyset(rows, ("-sequence",), after=request.GET.get("after"), limit=PAGE)
    context = {
        "webhook": row,
        "page": page,
        "form": form or _form(request, row),
        "secret": secret,
        "first": not request.GET.get("after"),
    }
    status = 422 if form is not None and form.errors else 200
    return render(request, "integrations/webhooks/show.jinja", context, status=status)


def delivery(request: MemberRequest, pk: int, delivery: uuid.UUID) -> HttpResponse:
    """What was sent, and what came back."""
    row = get_object_or_404(
        WebhookDelivery.objects.select_related("webhook"),
        pk=delivery,
        webhook=_webhook(request, pk),
    )
    body = json.dumps(json.loads(row.body), ensure_ascii=False, indent=2)
    context = {"delivery": row, "webhook": row.webhook, "body": body, "area": "webhooks"}
    return render(request, "integrations/webhooks/delivery.jinja", context)


@form_of("webhooks:webhook", "pk")
def rotate_secret(request: MemberRequest, pk: int) -> HttpResponse:
    row = _webhook(request, pk)
    secret = do.webhook_rotate_secret(by=request.member, webhook=row)
    return _shown(request, row, secret=secret)


@require_POST
def ping(request: MemberRequest, pk: int) -> HttpResponse:
    row = _webhook(request, pk)
    do.webhook_ping(by=request.member, webhook=row)
    messages.success(
        request, _("A test is on its way. Load the page again to see what came of it.")
    )
    return _back(request, row)


@require_POST
def state(request: MemberRequest, pk: int) -> HttpResponse:
    row = _webhook(request, pk)
    do.webhook_update(by=request.member, webhook=row, active=request.POST.get("active") == "yes")
    return _back(request, row)


@require_POST
def delete(request: MemberRequest, pk: int) -> HttpResponse:
    do.webhook_delete(by=request.member, webhook=_webhook(request, pk))
    messages.success(request, _("The webhook is deleted."))
    return redirect("webhooks:webhooks", workspace=request.member.workspace.slug)


@require_POST
def send_again(request: MemberRequest, pk: int, delivery: uuid.UUID) -> HttpResponse:
    webhook = _webhook(request, pk)
    row = get_object_or_404(
        WebhookDelivery.objects.select_related("webhook"), pk=delivery, webhook=webhook
    )
    do.delivery_send_again(by=request.member, delivery=row)
    messages.success(
        request, _("The delivery is sent again. Load the page again to see the answer.")
    )
    return _back(request, webhook)
