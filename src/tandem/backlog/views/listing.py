"""The backlog as a list, its further pages, its count and its columns."""

from typing import Any
from urllib.parse import urlencode

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_GET, require_POST

from tandem.accounts.requests import ProductRequest
from tandem.backlog import columns as registry
from tandem.backlog.models import Item
from tandem.backlog.queries import grouping, seeking
from tandem.backlog.queries import listing as ask
from tandem.backlog.views.lists import (
    Asked,
    address_with,
    asked_by,
    context_of,
    here_of,
    is_part,
    many,
)
from tandem.backlog.views.undo import next_address
from tandem.core import live

COOKIE = "tandem-columns"
#: A grouped list is one page, so that a group is whole as far as it shows.
GROUPED = 500
A_YEAR = 60 * 60 * 24 * 365


def names_of(request: ProductRequest) -> list[str] | None:
    named = request.GET.get("columns", request.COOKIES.get(COOKIE))
    return None if named is None else named.split(".")


def columns_of(request: ProductRequest) -> list[registry.Column]:
    """The columns this person chose, kept by the browser; ``?columns=`` names others once."""
    return registry.chosen(names_of(request), registry.every(request.product))


def _nothing(request: ProductRequest, asked: Asked) -> str:
    """Why the list is empty: ``none`` at all, ``closed`` (nothing open), ``unmatched``."""
    if asked.wanted.active:
        return "unmatched"
    return "closed" if Item.objects.of(request.product).exists() else "none"


@require_GET
def listing(request: ProductRequest) -> HttpResponse:
    """The list; to htmx the part below the filters, or further rows for ``?after=``."""
    live_after = live.newest()
    statuses = ask.statuses_of(request.product)
    asked = asked_by(request, statuses)
    every_column = registry.every(request.product)
    columns = registry.chosen(names_of(request), every_column)
    after = request.GET.get("after")
    group = request.GET.get("group", "")
    groups = grouping.groupable(request.product) if group else {}
    rows = ask.Rows([], None)
    if asked.refusal is None:
        limit = GROUPED if group in groups else ask.PAGE
        rows = ask.page(
            asked.wanted, request.member, statuses, columns=columns, after=after, limit=limit
        )
    values: dict[str, Any] = {
        **context_of(request, asked, statuses),
        "rows": rows.rows,
        "live_after": live_after,
        "next_cursor": rows.next_cursor,
        "columns": columns,
        "every_column": every_column,
        "after": after,
        "group": group if group in groups else "",
        "groups": grouping.grouped(rows.rows, group, request.product) if group in groups else [],
        "carried": urlencode(
            [(name, request.GET[name]) for name in ("columns", "group") if name in request.GET]
        ),
        "nothing": "" if rows.rows or asked.refusal else _nothing(request, asked),
        "count": None if after or rows.next_cursor else many(len(rows.rows)),
    }
    if request.htmx and after:
        return render(request, "backlog/list_rows.jinja", values)
    status = asked.refusal.status if asked.refusal else 200
    if is_part(request, "backlog"):
        response = render(request, "backlog/list_part.jinja", values, status=status)
        if asked.refusal is None:
            address = address_with("backlog:list", request, asked.wanted)
            if values["carried"]:
                address += f"{'&' if '?' in address else '?'}{values['carried']}"
            response["HX-Push-Url"] = address
        return response
    return render(request, "backlog/list.jinja", values, status=status)


@require_GET
def count(request: ProductRequest) -> HttpResponse:
    """How many items fit: asked for after the page, so that no page waits for counting."""
    statuses = ask.statuses_of(request.product)
    asked = asked_by(request, statuses)
    if asked.refusal is not None:
        raise asked.refusal
    return HttpResponse(many(seeking.count(asked.wanted, statuses)))


@require_POST
def columns(request: ProductRequest) -> HttpResponse:
    """Keep which columns to show: in this browser, for every backlog."""
    known = registry.every(request.product)
    names = [column.name for column in registry.chosen(request.POST.getlist("column"), known)]
    # What was chosen in another product, of its own fields, stays chosen there.
    here = {column.name for column in known}
    names += [
        name
        for name in (request.COOKIES.get(COOKIE) or "").split(".")[:80]
        if name and name not in here
    ]
    response = redirect(next_address(request) or reverse("backlog:list", kwargs=here_of(request)))
    response.set_cookie(COOKIE, ".".join(names), max_age=A_YEAR, samesite="Lax", httponly=True)
    return response
