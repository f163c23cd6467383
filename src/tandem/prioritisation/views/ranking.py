"""The Prioritise page: the open items under both lenses, in the order a model puts them."""

from typing import Any

from django.http import HttpResponse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from tandem.accounts.requests import ProductRequest
from tandem.backlog.filters import ItemFilter
from tandem.backlog.language.parsing import FilterRefused
from tandem.backlog.models import Item
from tandem.backlog.views.lists import box_of
from tandem.core.errors import Refused
from tandem.prioritisation.calculations import ModelInForce, table_at_hand, table_for
from tandem.prioritisation.caps import caps_of
from tandem.prioritisation.queries import SHOWS, SORTS, RankingAsk, ranked_page
from tandem.prioritisation.score_table import ScoreTable
from tandem.prioritisation.views.shared import PATIENT, address, context_of, model_asked, page


def table_to_show(request: ProductRequest, model: ModelInForce) -> tuple[ScoreTable | None, bool]:
    """A table and whether it is true now; ``None`` when a large one must be computed first."""
    table, fresh = table_at_hand(request.product, model)
    if table is not None and (fresh or len(table) >= PATIENT):
        return table, fresh
    if table is None and _count(request) >= PATIENT and not request.htmx:
        return None, False
    return table_for(request.product, model), True


def _count(request: ProductRequest) -> int:
    return Item.objects.of(request.product).plannable().count()


@require_GET
def ranking(request: ProductRequest) -> HttpResponse:
    """The page; to htmx the part below the filters, or further rows (``?start=``)."""
    model = model_asked(request)
    refusal: Refused | None = None
    try:
        ask = RankingAsk.from_query(request.GET, request.product, request.member)
    except FilterRefused as refused:
        refusal, ask = refused, RankingAsk(ItemFilter(product=request.product))
    table, fresh = table_to_show(request, model)
    values = context_of(request, model, ask=ask, fresh=fresh, table=table, refusal=refusal)
    values |= box_of(request, ask.items, refusal)
    if refusal is not None and request.htmx:
        return page(request, "ranking_refused", values, status=refusal.status)
    if table is not None:
        shown = ranked_page(request.member, request.product, model, table, ask)
        values |= {"shown": shown, "sorts": _sorts(), "shows": _shows(values["lenses"])}
        values["caps"] = caps_of(request.product, model, table)
    if request.htmx and ask.start:
        return page(request, "ranking_rows", values)
    if request.htmx and request.htmx.target != "peek-body":
        return page(request, "ranking_part", values)
    values |= {
        "sorts": _sorts(),
        "shows": _shows(values["lenses"]),
        "any_items": table is None or len(table) > 0,
    }
    return page(request, "ranking", values, status=refusal.status if refusal else 200)


def _shows(lenses: list[str]) -> list[tuple[str, str]]:
    return [(name, _(words)) for name, words in SHOWS.items() if name != "unrated" or lenses]


def _sorts() -> dict[str, str]:
    return {name: _(words) for name, words in SORTS.items()}


@require_GET
def finding(request: ProductRequest) -> HttpResponse:
    """The header's sentences as they are now; asked for when something was rated meanwhile."""
    model = model_asked(request)
    ask = RankingAsk.from_query(request.GET, request.product, request.member)
    table = table_for(request.product, model)
    values: dict[str, Any] = context_of(
        request,
        model,
        ask=ask,
        table=table,
        caps=caps_of(request.product, model, table),
        fresh=True,
        moved=request.GET.get("state", "") != table.key[:16],
    )
    if not request.htmx:
        values["redirect"] = address(request, "prioritise")
    return page(request, "finding", values)
