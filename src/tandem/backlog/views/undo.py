"""Taking a change back: what the toasts' and the history's "Undo" post to."""

import json

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from tandem.accounts.requests import ProductRequest
from tandem.backlog import operations as do
from tandem.core.errors import Refused
from tandem.core.models import Event


def next_address(request: ProductRequest) -> str:
    """Where the form asked to go afterwards, when that is a page of ours."""
    address = request.POST.get("next", "")
    own = url_has_allowed_host_and_scheme(address, {request.get_host()}, request.is_secure())
    return address if own and address.startswith("/") else ""


@require_POST
def undo(request: ProductRequest, pk: int) -> HttpResponse:
    """Take one change back. To htmx it answers a toast, and every part of a page that shows the
    item hears ``item-changed`` and ``item-undone`` on the body and loads itself again."""
    event = get_object_or_404(
        Event, pk=pk, workspace_id=request.member.workspace_id, product_id=request.product.pk
    )
    try:
        item = do.change_undo(by=request.member, event=event)
    except Refused as refusal:
        if request.htmx or not next_address(request):
            raise
        messages.error(request, refusal.message)
        return redirect(next_address(request))
    said = _("Taken back: %(key)s.") % {"key": item.key}
    if request.htmx:
        response = render(request, "backlog/item/toast.jinja", {"message": said})
        detail = {"target": "body", "key": item.key}
        response["HX-Trigger"] = json.dumps({"item-changed": detail, "item-undone": detail})
        return response
    messages.success(request, said)
    return redirect(
        next_address(request)
        or redirect(
            "backlog:item",
            workspace=request.member.workspace.slug,
            product=request.product.key,
            key=item.key,
        ).url
    )
