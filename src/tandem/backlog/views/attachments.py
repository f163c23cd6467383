"""An item's attachments: the list, adding, the bytes themselves, removing."""

from typing import Any, cast

from django.http import Http404, HttpResponse, JsonResponse
from django.http.response import HttpResponseBase, HttpResponseRedirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from tandem.accounts.requests import ProductRequest
from tandem.backlog import operations as do
from tandem.backlog.models import Attachment, Comment, Item
from tandem.backlog.views.answers import Toast, done, refused, show, with_item
from tandem.core.errors import Refused
from tandem.core.storing.serving import served


def _found(item: Item, pk: int) -> Attachment:
    found = Attachment.objects.of(item).filter(pk=pk).first()
    if found is None:
        raise Http404
    found.item = item
    return found


def address_of(request: ProductRequest, attachment: Attachment) -> str:
    return reverse(
        "backlog:attachment",
        kwargs={
            "workspace": request.member.workspace.slug,
            "product": request.product.key,
            "key": attachment.item.key,
            "pk": attachment.pk,
        },
    )


@with_item
def attachments(request: ProductRequest, item: Item) -> HttpResponse:
    """The list; POST attaches a file, or a link. A script that asks for JSON gets the new row, with
    what to write into a text to show it there."""
    if request.method != "POST":
        return show(request, item, "attachments")
    scripted = "application/json" in request.headers.get("Accept", "")
    try:
        added = _added(request, item)
    except Refused as refusal:
        if scripted:
            return JsonResponse({"message": refusal.message}, status=refusal.status)
        return refused(request, item, refusal, "attachments", default_field="file")
    if scripted:
        address = address_of(request, added)
        label = added.name.replace("[", "(").replace("]", ")")
        told = f"{'!' if added.shown else ''}[{label}]({address})"
        return JsonResponse({"id": added.pk, "name": added.name, "markdown": told}, status=201)
    return done(request, item, "attachments")


def _added(request: ProductRequest, item: Item) -> Attachment:
    link = request.POST.get("link", "")
    sent = request.FILES.get("file")
    if sent is None:
        if not link:
            raise Refused(_("Choose a file."), field="file")
        return do.attachment_link(by=request.member, item=item, link=link)
    more: dict[str, Any] = {}
    if request.POST.get("comment", "").isdecimal():
        rows = Comment.objects.filter(item=item, pk=int(request.POST["comment"]), deleted_at=None)
        more["comment"] = rows.first()
    return do.attachment_add(
        by=request.member, item=item, name=sent.name or "", chunks=sent.chunks(), **more
    )


@require_safe
@with_item
def attachment(request: ProductRequest, item: Item, pk: int) -> HttpResponse:
    """The bytes: a picture to look at, anything else to save; a link leads away."""
    found = _found(item, pk)
    if found.link:
        return HttpResponseRedirect(found.link)
    return cast(HttpResponse, _bytes(request, found))


def _bytes(request: ProductRequest, found: Attachment) -> HttpResponseBase:
    return served(
        request,
        key=found.key,
        name=found.name,
        media=found.media,
        size=found.size,
        etag=found.etag,
        inline=found.shown and "save" not in request.GET,
    )


@require_POST
@with_item
def removal(request: ProductRequest, item: Item, pk: int) -> HttpResponse:
    event = do.attachment_remove(by=request.member, attachment=_found(item, pk))
    return done(request, item, "attachments", toast=Toast(_("Attachment removed."), event))
