"""Reordering by hand: in the list, within a board's column, from column to column."""

from urllib.parse import urlencode

from django.db import transaction
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from tandem.accounts.permissions import require
from tandem.accounts.requests import ProductRequest
from tandem.backlog import custom
from tandem.backlog import operations as do
from tandem.backlog.history import sentence_of
from tandem.backlog.models import Item, Status
from tandem.backlog.models.item import number_of
from tandem.backlog.queries.lanes import Lanes
from tandem.backlog.views.lists import changed, events_since, here_of, newest_event
from tandem.backlog.views.undo import next_address
from tandem.core.errors import Refused
from tandem.core.models import Event


def _named(request: ProductRequest, key: str, field: str) -> Item:
    number = number_of(request.product, key)
    rows = Item.objects.visible_to(request.member).filter(product=request.product)
    item = rows.filter(number=number).select_related("status").first() if number else None
    if item is None:
        raise Refused(
            _("%(key)s is gone. Load the page again.") % {"key": key[:20]}
            if key
            else _("The item is gone. Load the page again."),
            field=field,
        )
    item.product = request.product
    return item


def _status(request: ProductRequest) -> Status | None:
    text = request.POST.get("list", "")
    if not text:
        return None
    rows = Status.objects.filter(product=request.product)
    known = text.isascii() and text.isdigit() and len(text) < 19
    status = rows.filter(pk=int(text)).first() if known else None
    if status is None:
        raise Refused(_("This column is gone. Load the board again."), field="list")
    return status


def _before_first(item: Item, status: Status) -> tuple[Item | None, bool]:
    """The item to stand behind so as to be the column's first, and whether to move at all.

    A column shows a part of one order: being first in it is standing right before its first
    item, not at the top of the whole backlog. An empty column asks for no move.
    """
    others = Item.objects.of(item.product).exclude(pk=item.pk).order_by("rank")
    first = others.filter(status=status).first()
    if first is None:
        return None, False
    return others.filter(rank__lt=first.rank).order_by("-rank").first(), True


def _lane(request: ProductRequest, item: Item, status: Status | None) -> None:
    """On a board with lanes (``group``) the item gets what its new ``lane`` stands for, together
    with its status, so that the rules see both."""
    if "lane" not in request.POST:
        return
    fields = custom.fields_of(request.product)
    lanes = Lanes.named(request.product, fields, request.POST.get("group", ""))
    if lanes is None:
        raise Refused(_("These lanes are gone. Load the board again."), field="group")
    values = lanes.fields_for(request.member, item, request.POST["lane"][:60])
    if status is not None:
        values["status"] = status
    do.item_update(by=request.member, item=item, **values)


@transaction.atomic
def _move(request: ProductRequest, item: Item) -> Item | None:
    """Carry the move out; the item it stands behind now (``None``: first, or not moved)."""
    status = _status(request)
    _lane(request, item, status)
    place = request.POST.get("to", "")
    after_key = request.POST.get("after", "")
    by = request.member
    if place == "end":
        rows = Item.objects.of(request.product).exclude(pk=item.pk)
        after = rows.order_by("-rank").first()
    elif place not in ("", "top"):
        raise Refused(
            _("“%(place)s” is no place. Places: top, end.") % {"place": place[:20]}, field="to"
        )
    elif after_key and not place:
        after = _named(request, after_key, "after")
    elif status is not None:
        after, moves = _before_first(item, status)
        if not moves:
            do.item_update(by=by, item=item, status=status)
            return None
    else:
        after = None
    do.item_move(by=by, item=item, after=after, status=status)
    if after is not None:
        after.product = request.product
    return after


def _told(request: ProductRequest, item: Item, after: Item | None, events: list[Event]) -> str:
    """The sentence of the toast."""
    changed = [e for e in events if e.verb != "item.moved"] if "lane" in request.POST else []
    moved = any(event.verb == "item.moved" for event in events)
    entered = next((e.changes["status"][1] for e in events if "status" in e.changes), None)
    if entered is not None:
        return _("%(key)s: status is now %(status)s.") % {"key": item.key, "status": entered}
    if changed:
        return f"{item.key}: {sentence_of(changed[-1])}."
    if request.POST.get("to") == "end":
        return _("%(key)s moved to the end of the backlog.") % {"key": item.key}
    if moved and after is None:
        return _("%(key)s moved to the top of the backlog.") % {"key": item.key}
    if after:
        return _("%(key)s moved behind %(after)s.") % {"key": item.key, "after": after.key}
    return _("%(key)s moved.") % {"key": item.key}


@require_POST
def moves(request: ProductRequest) -> HttpResponse:
    """Put ``item`` right behind ``after`` (both keys; empty: first), on the board also into the
    status ``list``; or ``to`` the backlog's ``top`` or ``end``."""
    require(request.member, "item.move")
    item = _named(request, request.POST.get("item", ""), "item")
    newest = newest_event(item)
    try:
        after = _move(request, item)
    except Refused as refusal:
        if "missing" in refusal.details or "approval" in refusal.details:
            # The toast leads to where it can be put right.
            refusal.details["link"] = reverse(
                "backlog:item", kwargs={**here_of(request), "key": item.key}
            )
        raise
    events = events_since(request, item, newest)
    told = _told(request, item, after, events)
    if not request.htmx:
        return redirect(next_address(request) or reverse("backlog:list", kwargs=here_of(request)))
    undo = ""
    if events:
        query = urlencode([("event", event.pk) for event in events])
        undo = f"{reverse('backlog:moves-undo', kwargs=here_of(request))}?{query}"
    response = render(
        request, "backlog/list_toast.jinja", {"message": told if events else "", "undo": undo}
    )
    return changed(response, item)


@require_POST
def undo(request: ProductRequest) -> HttpResponse:
    """Take back everything one move did: its place and, on the board, its status."""
    asked = [text for text in request.GET.getlist("event") if text.isascii() and text.isdigit()]
    with transaction.atomic():
        for pk in sorted((int(text) for text in asked[:4] if len(text) < 19), reverse=True):
            event = get_object_or_404(
                Event,
                pk=pk,
                workspace_id=request.member.workspace_id,
                product_id=request.product.pk,
            )
            do.change_undo(by=request.member, event=event)
    return render(request, "backlog/list_toast.jinja", {"message": _("Taken back."), "undo": ""})
