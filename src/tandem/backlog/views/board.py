"""The backlog as a board: a column for each status."""

from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from tandem.accounts.requests import ProductRequest
from tandem.backlog.models import Category, Item
from tandem.backlog.own_columns import card_facts
from tandem.backlog.queries import board as ask
from tandem.backlog.queries import listing
from tandem.backlog.queries.lanes import Lanes, offered
from tandem.backlog.views.lists import (
    May,
    address_with,
    asked_by,
    asking_of,
    context_of,
    counted,
    here_of,
    is_part,
)
from tandem.core import live

#: Dropped items are no work; their column shows when it is asked for.
SHOWN = (Category.OPEN, Category.STARTED, Category.DONE)


@require_GET
def board(request: ProductRequest) -> HttpResponse:
    """The board; to htmx the part below the filters."""
    live_after = live.newest()
    statuses = listing.statuses_of(request.product)
    asked = asked_by(request, statuses, SHOWN)
    columns = []
    facts = card_facts(asking_of(request).own)
    lanes = lanes_asked(request)
    laned: list[ask.Lane] = []
    if asked.refusal is None:
        limit = ask.LANED if lanes else ask.CARDS
        columns = ask.columns(asked.wanted, request.member, statuses, limit=limit, facts=facts)
        if lanes is not None:
            laned = ask.lanes_of(asked.wanted, columns, lanes)
    total = sum(column.count or 0 for column in columns)
    values = {
        **context_of(request, asked, statuses),
        "layout": "board",
        "columns": columns,
        "lanes": laned,
        "laned_by": lanes,
        "group": lanes.by if lanes else "",
        "lanes_offered": offered(asking_of(request).own),
        "carried": f"group={lanes.by}" if lanes else "",
        "limits": ask.limits(request.product, statuses),
        "live_after": live_after,
        "facts": facts,
        "nothing": "" if total or asked.refusal else _nothing(request, asked.wanted.active),
        "counted": counted,
    }
    status = asked.refusal.status if asked.refusal else 200
    if is_part(request, "board"):
        response = render(request, "backlog/board_part.jinja", values, status=status)
        if asked.refusal is None:
            address = address_with("backlog:board", request, asked.wanted)
            if lanes is not None:
                address += f"{'&' if '?' in address else '?'}group={lanes.by}"
            response["HX-Push-Url"] = address
        return response
    return render(request, "backlog/board.jinja", values, status=status)


def lanes_asked(request: ProductRequest) -> Lanes | None:
    """What the board has lanes by (``?group=``); a name nobody knows any more: none."""
    named = request.GET.get("group", "")
    return Lanes.named(request.product, asking_of(request).own, named) if named else None


def _nothing(request: ProductRequest, filtered: object) -> str:
    if filtered:
        return "unmatched"
    return "closed" if Item.objects.of(request.product).exists() else "none"


@require_GET
def column(request: ProductRequest, pk: int) -> HttpResponse:
    """The next cards of one column."""
    statuses = listing.statuses_of(request.product)
    asked = asked_by(request, statuses, SHOWN)
    if asked.refusal is not None:
        raise asked.refusal
    status = next((each for each in statuses if each.pk == pk), None)
    if status is None or not asked.wanted.status_fits(status):
        raise Http404
    facts = card_facts(asking_of(request).own)
    after = request.GET.get("after", "")
    lanes, lane = lanes_asked(request), request.GET.get("lane", "")[:60]
    shown = ask.column_page(
        asked.wanted, request.member, status, after=after, facts=facts, lanes=lanes, lane=lane
    )
    values = {
        "here": here_of(request),
        "may": May.of(request.member),
        "query": asked.wanted.as_query(),
        "unit": request.product.estimate_unit,
        "column": shown,
        "carried": f"group={lanes.by}" if lanes else "",
        "lane_key": lane,
        "facts": facts,
    }
    return render(request, "backlog/board_cards.jinja", values)
