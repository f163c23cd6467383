"""What the pages of all places that are told of events do alike: the list, one with its log and
form, one delivery. Webhooks and chats say only what is their own."""

import uuid
from abc import ABC, abstractmethod
from collections.abc import Callable
from functools import wraps
from typing import Any, ClassVar

from django import forms
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
from tandem.integrations.models import Webhook, WebhookDelivery
from tandem.integrations.webhooks.operations import delivery_send_again

PAGE = 50


class PlacePages(ABC):
    """The views of one noun; its addresses are called alike but for the noun."""

    #: The noun, which names its page, its templates' context and the operations' argument.
    noun: ClassVar[str]

    @property
    def area(self) -> str:
        return f"{self.noun}s"

    @abstractmethod
    def seen(self, request: MemberRequest) -> QuerySet[Webhook]:
        """Those of the workspace."""

    @abstractmethod
    def form(
        self, request: MemberRequest, row: Webhook | None = None, *, bound: bool = False
    ) -> forms.Form:
        """The form of a new one, or of ``row``."""

    @abstractmethod
    def make(self, request: MemberRequest, given: dict[str, Any]) -> HttpResponse:
        """Make one, and answer."""

    @abstractmethod
    def update(self, request: MemberRequest, row: Webhook, **given: Any) -> None: ...

    @abstractmethod
    def remove(self, request: MemberRequest, row: Webhook) -> None: ...

    @abstractmethod
    def try_it(self, request: MemberRequest, row: Webhook) -> None: ...

    @abstractmethod
    def body(self, delivery: WebhookDelivery) -> str:
        """What was sent, for people."""

    @abstractmethod
    def said_changed(self) -> str: ...

    @abstractmethod
    def said_deleted(self) -> str: ...

    def rows(self, request: MemberRequest) -> QuerySet[Webhook]:
        require(request.member, "webhook.manage")
        return self.seen(request).select_related("product")

    def row(self, request: MemberRequest, pk: int) -> Webhook:
        return get_object_or_404(self.rows(request), pk=pk)

    def back(self, request: MemberRequest, row: Webhook) -> HttpResponse:
        page = f"{self.area}:{self.noun}"
        return redirect(page, workspace=request.member.workspace.slug, pk=row.pk)

    def delivery_of(self, request: MemberRequest, pk: int, delivery: uuid.UUID) -> WebhookDelivery:
        rows = WebhookDelivery.objects.select_related("webhook")
        return get_object_or_404(rows, pk=delivery, webhook=self.row(request, pk))

    # The views

    def list_page(self, request: MemberRequest) -> HttpResponse:
        """The list; POST makes one."""
        rows = self.rows(request)
        form = self.form(request, bound=request.method == "POST")
        if request.method == "POST" and form.is_valid():
            try:
                return self.make(request, dict(form.cleaned_data))
            except Refused as refusal:
                _refused(form, refusal)
        context = {self.area: rows, "form": form}
        status = 422 if form.errors else 200
        return render(request, f"integrations/{self.area}/list.jinja", context, status=status)

    def page(self, request: MemberRequest, pk: int) -> HttpResponse:
        """One with its log and its form; POST changes it."""
        row = self.row(request, pk)
        if request.method != "POST":
            return self.shown(request, row)
        form = self.form(request, row, bound=True)
        if form.is_valid():
            given = dict(form.cleaned_data)
            try:
                self.update(request, row, every_product=given["product"] is None, **given)
            except Refused as refusal:
                _refused(form, refusal)
            else:
                messages.success(request, self.said_changed())
                return self.back(request, row)
        return self.shown(request, row, form=form)

    def shown(
        self, request: MemberRequest, row: Webhook, *, form: forms.Form | None = None, **more: Any
    ) -> HttpResponse:
        rows = WebhookDelivery.objects.filter(webhook=row).defer("body", "answer")
        context = {
            self.noun: row,
            "page": keyset(rows, ("-sequence",), after=request.GET.get("after"), limit=PAGE),
            "form": form or self.form(request, row),
            "first": not request.GET.get("after"),
            # Shown once, after it was made; and whether the form makes one.
            "secret": "",
            "new": False,
            **more,
        }
        status = 422 if form is not None and form.errors else 200
        return render(request, f"integrations/{self.area}/show.jinja", context, status=status)

    def delivery(self, request: MemberRequest, pk: int, delivery: uuid.UUID) -> HttpResponse:
        """What was sent, and what came back."""
        row = self.delivery_of(request, pk, delivery)
        context = {
            "delivery": row,
            "webhook": row.webhook,
            "body": self.body(row),
            "area": self.area,
        }
        return render(request, "integrations/webhooks/delivery.jinja", context)

    def test(self, request: MemberRequest, pk: int) -> HttpResponse:
        row = self.row(request, pk)
        self.try_it(request, row)
        messages.success(
            request, _("A test is on its way. Load the page again to see what came of it.")
        )
        return self.back(request, row)

    def state(self, request: MemberRequest, pk: int) -> HttpResponse:
        row = self.row(request, pk)
        self.update(request, row, active=request.POST.get("active") == "yes")
        return self.back(request, row)

    def delete(self, request: MemberRequest, pk: int) -> HttpResponse:
        self.remove(request, self.row(request, pk))
        messages.success(request, self.said_deleted())
        return redirect(f"{self.area}:{self.area}", workspace=request.member.workspace.slug)

    def send_again(self, request: MemberRequest, pk: int, delivery: uuid.UUID) -> HttpResponse:
        row = self.delivery_of(request, pk, delivery)
        delivery_send_again(by=request.member, delivery=row)
        messages.success(
            request, _("The delivery is sent again. Load the page again to see the answer.")
        )
        return self.back(request, row.webhook)


def posted(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    """A view of these pages that only takes forms."""

    @require_POST
    @wraps(view)
    def taken(request: Any, *args: Any, **named: Any) -> HttpResponse:
        return view(request, *args, **named)

    return taken


def _refused(form: forms.Form, refusal: Refused) -> None:
    form.add_error(refusal.field if refusal.field in form.fields else None, refusal.message)
