"""Saved views: their list, one of them as a page, made, changed and removed; and the calendar."""

import datetime
from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from tandem.accounts.permissions import can, require
from tandem.accounts.requests import ProductRequest
from tandem.backlog import operations as do
from tandem.backlog.models import Layout, SavedView
from tandem.backlog.queries import grouping
from tandem.backlog.queries import listing as ask
from tandem.backlog.views import board, listing
from tandem.backlog.views.lists import asked_by, context_of, here_of
from tandem.core import live
from tandem.core.errors import Refused


def _view(request: ProductRequest, number: int) -> SavedView:
    rows = SavedView.objects.seen_by(request.member, request.product)
    found: SavedView = get_object_or_404(rows.select_related("owner__user"), number=number)
    found.product = request.product
    return found


def address_of(request: ProductRequest, view: SavedView) -> str:
    return reverse("backlog:view", kwargs={**here_of(request), "number": view.number})


def _sent(request: ProductRequest) -> dict[str, Any]:
    sent = request.POST
    found: dict[str, Any] = {
        name: sent[name] for name in ("name", "filter", "layout", "group") if name in sent
    }
    if "columns" in sent:
        found["columns"] = [name for name in sent["columns"].split(".") if name]
    for name in ("is_shared", "is_pinned"):
        if f"{name}-asked" in sent:
            found[name] = bool(sent.get(name))
    return found


@require_http_methods(["GET", "POST"])
def views(request: ProductRequest) -> HttpResponse:
    """Every view the member sees; POST saves one."""
    require(request.member, "item.view")
    trouble: Refused | None = None
    if request.method == "POST":
        try:
            made = do.view_save(
                by=request.member, product=request.product, **{"name": "", **_sent(request)}
            )
        except Refused as refusal:
            if refusal.status == 403:
                raise
            trouble = refusal
        else:
            messages.success(request, _("The view %(name)s is saved.") % {"name": made.name})
            return redirect(address_of(request, made))
    rows = SavedView.objects.seen_by(request.member, request.product)
    values = {
        "here": here_of(request),
        "views": rows.select_related("owner__user"),
        "trouble": trouble,
        "typed": request.POST,
        "steers": can(request.member, "product.edit"),
        "may_share": can(request.member, "view.share"),
        "layouts": Layout.choices,
    }
    return render(
        request, "backlog/views/list.jinja", values, status=trouble.status if trouble else 200
    )


@require_GET
def view(request: ProductRequest, number: int) -> HttpResponse:
    """The view as its layout shows it; ``?q=`` shows another filter in it, unsaved."""
    found = _view(request, number)
    query = request.GET.copy()
    query.setdefault("q", found.filter)
    if found.columns is not None:
        query.setdefault("columns", ".".join(found.columns))
    if found.group:
        query.setdefault("by" if found.layout == Layout.CALENDAR else "group", found.group)
    request.GET = query  # type: ignore[assignment]
    request.saved_view = found  # type: ignore[attr-defined]
    shown: HttpResponse = {
        Layout.BOARD.value: board.board,
        Layout.CALENDAR.value: calendar,
    }.get(found.layout, listing.listing)(request)
    return shown


@require_POST
def change(request: ProductRequest, number: int) -> HttpResponse:
    found = _view(request, number)
    found = do.view_update(by=request.member, view=found, **_sent(request))
    messages.success(request, _("The view %(name)s is saved.") % {"name": found.name})
    return redirect(address_of(request, found))


@require_POST
def removal(request: ProductRequest, number: int) -> HttpResponse:
    found = _view(request, number)
    do.view_remove(by=request.member, view=found)
    messages.success(
        request, _("The view %(name)s is removed; its items stay.") % {"name": found.name}
    )
    return redirect(reverse("backlog:views", kwargs=here_of(request)))


@require_GET
def calendar(request: ProductRequest) -> HttpResponse:
    """A month of the items that fit, by a date of theirs (``?by=due&month=2027-03``)."""
    # Before anything is read: what happens from here on comes as a live update.
    live_after = live.newest()
    statuses = ask.statuses_of(request.product)
    asked = asked_by(request, statuses)
    dates = grouping.datable(request.product)
    by = request.GET.get("by", "due")
    if by not in dates:
        by = "due"
    today = timezone.now().astimezone(request.member.workspace.zone).date()
    first = grouping.month_of(request.GET.get("month", ""), today)
    weeks: list[list[grouping.Day]] = []
    if asked.refusal is None:
        weeks = grouping.month(
            asked.wanted, request.member, statuses, by=by, first=first, today=today
        )
    before = (first.replace(day=1) - datetime.timedelta(days=1)).replace(day=1)
    after = (first.replace(day=28) + datetime.timedelta(days=4)).replace(day=1)
    values = {
        **context_of(request, asked, statuses),
        "live_after": live_after,
        "weeks": weeks,
        "first": first,
        "before": f"{before:%Y-%m}",
        "following": f"{after:%Y-%m}",
        "dates": dates,
        "weekdays": grouping.weekdays(),
        "by": by,
        "many_shown": sum(len(day.rows) for week in weeks for day in week if day.inside),
    }
    status = asked.refusal.status if asked.refusal else 200
    return render(request, "backlog/calendar.jinja", values, status=status)
