"""Rankings and scores over the API."""

from typing import Any

from django.http import HttpRequest
from django.utils.translation import gettext as _
from ninja import Query, Router, Schema
from pydantic import Field

from tandem.accounts.auth import caller, product_for
from tandem.accounts.permissions import require
from tandem.backlog.api import item_of
from tandem.backlog.api.items import ItemQuery
from tandem.core.api import REFUSALS, PageSize
from tandem.core.errors import Refused
from tandem.core.paging import decode, encode
from tandem.prioritisation.calculations import (
    Node,
    derivation_of,
    model_in_force,
    row_of,
    table_for,
)
from tandem.prioritisation.calculations_history import table_then
from tandem.prioritisation.caps import caps_of
from tandem.prioritisation.payload import score_payload
from tandem.prioritisation.queries import SHOWS, SORTS, RankingAsk, order_of
from tandem.prioritisation.views.history import then_asked

router = Router(tags=["prioritisation"])


class ScoreOut(Schema):
    """``low``/``high`` are P10 and P90; lenses are 0 to 100; ``gap`` is value minus technical."""

    key: str
    rank: int | None
    score: float
    low: float
    high: float
    value_lens: float
    value_lens_low: float
    value_lens_high: float
    technical_lens: float
    technical_lens_low: float
    technical_lens_high: float
    value_heard: bool
    technical_heard: bool
    gap: float
    gap_low: float
    gap_high: float
    disagreement: float
    rank_low: int | None
    rank_high: int | None
    p_top: float
    guesses: list[str]
    guess_share: float


class RankingOut(Schema):
    """One page of the ranking. All pages are of one ranking while ``fingerprint`` stays the same.

    ``rank_low``, ``rank_high`` and ``p_top`` (among the first ``top``) of the items come from
    ``rank_draws`` simulated orders; ``regret`` is what taking the first ``top`` as they stand is
    expected to bring less than knowing, ``regret_share`` that as a share.
    """

    items: list[ScoreOut]
    next: str | None
    model: str
    unit: str
    guesses: str
    #: Items whose formula has no result, so that their score counts as 0.
    no_result: list[str]
    #: What a MoSCoW model's classes take of the effort, and whether the caps are kept; else null.
    effort_caps: str | None = None
    effort_caps_broken: bool = False
    fingerprint: str
    seed: int
    engine_version: str
    top: int
    rank_draws: int
    regret: float
    regret_share: float


class NodeOut(Schema):
    label: str
    value: float
    low: float
    high: float
    unit: str
    formula: str
    source: str
    note: str
    children: list["NodeOut"]


class ItemScoreOut(ScoreOut):
    model: str
    unit: str
    derivation: NodeOut


def _node(node: Node) -> dict[str, Any]:
    return {
        "label": node.label,
        "value": node.value,
        "low": node.low,
        "high": node.high,
        "unit": node.unit,
        "formula": node.formula,
        "source": node.source,
        "note": node.note,
        "children": [_node(child) for child in node.children],
    }


class RankingQuery(ItemQuery):
    """The Prioritise page's filter, which is the backlog's, with what only a ranking knows."""

    model: str = Field("", description="A model's name or number, or a preset.")
    sort: str = Field("", description=f"One of {', '.join(SORTS)}; rank unless given.")
    show: str = Field("", description=f"One of {', '.join(SHOWS)}; all unless given.")


@router.get("/products/{key}/ranking", response={200: RankingOut, **REFUSALS})
def ranking(
    request: HttpRequest,
    key: str,
    asked: Query[RankingQuery],
    after: str | None = None,
    limit: PageSize = 100,
    as_of: str = "",
) -> Any:
    """The open items in rank order. Takes the address of the Prioritise page: its model, filters and
    order.

    ``as_of``: a day (``YYYY-MM-DD``), to have the order of its end from the inputs in force then;
    which items fit a filter is told by what they are today.
    """
    product = product_for(request, key)
    require(caller(request), "score.view")
    ask = RankingAsk.from_query(request.GET, product, caller(request))
    model = asked.model or None
    if as_of.strip():
        past = then_asked(product, as_of, model)
        chosen, table = past.model, table_then(past)
    else:
        chosen = model_in_force(product, model)
        table = table_for(product, chosen)
    caps = caps_of(product, chosen, table)
    start = _start(after)
    places = order_of(table, ask, caller(request), chosen)
    rows = table.rows(places[start : start + limit])
    return {
        "items": [score_payload(product.key, row) for row in rows],
        "next": encode([start + limit]) if start + limit < len(places) else None,
        "model": chosen.name,
        "unit": chosen.unit,
        "guesses": table.meta["guesses"]["sentence"],
        "no_result": table.meta.get("no_result", []),
        "effort_caps": caps.sentence if caps else None,
        "effort_caps_broken": bool(caps and caps.over),
        "fingerprint": table.meta["fingerprint"],
        "seed": table.meta["seed"],
        "engine_version": table.meta["engine_version"],
        "top": table.meta["top"],
        "rank_draws": table.meta["rank_draws"],
        "regret": table.meta["regret"]["expected"],
        "regret_share": table.meta["regret"]["share"],
    }


def _start(after: str | None) -> int:
    """A ranking is computed, so its cursor is a place in it."""
    if not after:
        return 0
    (place,) = decode(after, 1)
    if isinstance(place, bool) or not isinstance(place, int) or not 0 <= place < 10**9:
        raise Refused(
            _("This page's address is damaged. Start from the first page."), field="after"
        )
    return place


@router.get("/items/{key}/score", response={200: ItemScoreOut, **REFUSALS})
def item_score(request: HttpRequest, key: str, model: str | None = None) -> Any:
    """One item's score and how it follows from its inputs; ``rank`` is null when it is not open."""
    item = item_of(request, key)
    require(caller(request), "score.view")
    chosen = model_in_force(item.product, model)
    table = table_for(item.product, chosen)
    return {
        **score_payload(item.product.key, row_of(item, chosen, table)),
        "model": chosen.name,
        "unit": chosen.unit,
        "derivation": _node(derivation_of(item, chosen, table)),
    }
