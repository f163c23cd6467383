"""The product's statuses: made, renamed, ordered, limited, merged."""

from typing import Any

from django.contrib import messages
from django.db.models import Count
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop as N_
from django.views.decorators.http import require_http_methods, require_POST

from tandem.accounts.permissions import can, require
from tandem.accounts.requests import ProductRequest
from tandem.backlog import operations as do
from tandem.backlog.models import Category, Item, Status
from tandem.backlog.views.lists import here_of
from tandem.core.errors import Refused

#: What each category means, where one chooses.
CATEGORIES = (
    (Category.OPEN, N_("not begun; can be planned")),
    (Category.STARTED, N_("being worked on; time runs")),
    (Category.DONE, N_("finished; counts for forecasts")),
    (Category.DROPPED, N_("given up; off the board")),
)


def _page(
    request: ProductRequest,
    *,
    trouble: Refused | None = None,
    where: int | str = "",
    removing: int | None = None,
) -> HttpResponse:
    """``where``: the status whose form was refused; ``removing``: whose items need a status."""
    may_edit = can(request.member, "status.edit")
    if may_edit:
        do.statuses_ensure(request.product)
    known = list(Status.objects.filter(product=request.product))
    held = Item.objects.of(request.product).order_by().values_list("status_id")
    values: dict[str, Any] = {
        "here": here_of(request),
        "may_edit": may_edit,
        "statuses": known,
        "held": dict(held.annotate(Count("pk"))),
        "categories": [(each, each.label, _(about)) for each, about in CATEGORIES],
        "trouble": trouble,
        "where": where,
        "removing": removing,
        "typed": request.POST,
    }
    code = trouble.status if trouble else 200
    return render(request, "backlog/setup/statuses.jinja", values, status=code)


def _there(request: ProductRequest, status: Status | None = None) -> HttpResponse:
    address = reverse("backlog:statuses", kwargs=here_of(request))
    return redirect(f"{address}#status-{status.pk}" if status else address)


def _status(request: ProductRequest, pk: int) -> Status:
    require(request.member, "status.edit")
    found: Status = get_object_or_404(Status, product=request.product, pk=pk)
    found.product = request.product
    return found


@require_http_methods(["GET", "POST"])
def statuses(request: ProductRequest) -> HttpResponse:
    """The page; POST makes a status."""
    require(request.member, "item.view")
    if request.method == "GET":
        return _page(request)
    try:
        made = do.status_add(
            by=request.member,
            product=request.product,
            name=request.POST.get("name", ""),
            category=request.POST.get("category", ""),
        )
    except Refused as refusal:
        if refusal.status == 403:
            raise
        return _page(request, trouble=refusal, where="new")
    messages.success(request, _("%(name)s is a status now.") % {"name": made.name})
    return _there(request, made)


@require_POST
def change(request: ProductRequest, pk: int) -> HttpResponse:
    """Save one status's form; with ``to`` it goes one place ``up`` or ``down``."""
    status = _status(request, pk)
    sent = request.POST
    step = {"up": -1, "down": 1}.get(sent.get("to", ""))
    values: dict[str, Any]
    if step is not None:
        values = {"position": max(0, status.position + step)}
    else:
        names = ("name", "category", "limit", "lane_limit")
        values = {name: sent[name] for name in names if name in sent}
        values["limit_refuses"] = bool(sent.get("limit_refuses"))
    try:
        do.status_update(by=request.member, status=status, **values)
    except Refused as refusal:
        if refusal.status in (403, 404):
            raise
        return _page(request, trouble=refusal, where=pk)
    return _there(request, status)


@require_POST
def place(request: ProductRequest) -> HttpResponse:
    """Put the status ``item`` right behind the status ``after`` (none: first)."""
    require(request.member, "status.edit")
    known = [str(each.pk) for each in Status.objects.filter(product=request.product)]
    item, after = request.POST.get("item", ""), request.POST.get("after", "")
    if item not in known or (after and after not in known):
        raise Refused(_("This status is gone. Load the page again."), field="item")
    known.remove(item)
    at = known.index(after) + 1 if after in known else 0
    status = _status(request, int(item))
    do.status_update(by=request.member, status=status, position=at)
    return HttpResponse(status=204) if request.htmx else _there(request, status)


@require_POST
def removal(request: ProductRequest, pk: int) -> HttpResponse:
    """Take a status away; while items are in it, ask first which status they get."""
    status = _status(request, pk)
    chosen = request.POST.get("to", "")
    to = _status(request, int(chosen)) if chosen.isascii() and chosen.isdigit() else None
    try:
        do.status_remove(by=request.member, status=status, to=to)
    except Refused as refusal:
        if refusal.status in (403, 404):
            raise
        asks = pk if refusal.field == "to" else None
        return _page(request, trouble=refusal, where=pk, removing=asks)
    told = {"name": status.name, "to": to.name if to else ""}
    said = _("%(name)s is gone. Its items are in %(to)s now.") if to else _("%(name)s is gone.")
    messages.success(request, said % told)
    return _there(request)
