"""Rating: one answer at a time from a row, an item's panel, or the rate page."""

import json
from typing import Any

from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from tandem.accounts.permissions import can, require
from tandem.accounts.requests import ProductRequest
from tandem.backlog.models import Criterion, Item
from tandem.core.errors import Refused
from tandem.prioritisation import operations as do
from tandem.prioritisation.calculations import ModelInForce, model_in_force, row_of, table_at_hand
from tandem.prioritisation.calculations import table_for as table_now
from tandem.prioritisation.permissions import RATE
from tandem.prioritisation.queries import (
    Cell,
    own_criteria,
    ranked_rows,
    ratings_of,
    scale_of,
)
from tandem.prioritisation.queries_queue import queue_for
from tandem.prioritisation.views.shared import (
    PATIENT,
    address,
    context_of,
    here_of,
    holds,
    model_asked,
    page,
)
from tandem.prioritisation.views.why import item_asked
from tandem.ui.numbers import read_number


def _saved(request: ProductRequest, item: Item, slug: str) -> ModelInForce:
    """Do what the form says; the model it was said in, as it is now."""
    word = request.POST.get("model") or None
    criterion = do.criterion_to_rate(
        by=request.member, product=request.product, slug=slug, model=word
    )
    sent = request.POST
    # "exact" is a level between the anchors; it wins over a chosen anchor.
    value = sent.get("exact", "").strip() or sent.get("value", "").strip()
    if not value:
        do.rating_withdraw(by=request.member, item=item, criterion=criterion)
    else:
        do.rating_set(
            by=request.member,
            item=item,
            criterion=criterion,
            value=value,
            low=sent.get("low", "").strip(),
            high=sent.get("high", "").strip(),
            confidence=share_typed(sent.get("confidence", "")),
            note=sent.get("note", ""),
        )
    return model_in_force(request.product, word)


def share_typed(percent: str) -> str | float:
    """A page asks for a confidence in percent; what is no number is left to be refused."""
    try:
        return read_number(percent.strip().rstrip("%")) / 100 if percent.strip() else ""
    except ValueError:
        return percent


def _tell(response: HttpResponse, item: Item) -> HttpResponse:
    """Whatever else shows the item learns of it."""
    response["HX-Trigger"] = json.dumps({"rating-saved": {"target": "body", "key": item.key}})
    return response


@require_POST
def rating(request: ProductRequest, key: str, slug: str) -> HttpResponse:
    """Save an answer (an empty value takes it back) and answer what asked: ``part`` says which.

    ``row``: the ranking's row; ``panel``: the item's panel; ``form``: the criterion's form.
    """
    item = item_asked(request, key)
    part = request.POST.get("part", "form")
    trouble: Refused | None = None
    try:
        model = _saved(request, item, slug)
    except Refused as refusal:
        if refusal.status == 403 or not request.htmx or part != "form":
            raise
        trouble = refusal
        model = model_in_force(request.product, request.POST.get("model") or None)
    if not request.htmx:
        return redirect(f"{address(request, 'rate')}?item={item.key}&model={_word(request)}")
    if part == "row":
        return _tell(_row(request, model, item), item)
    if part == "panel":
        values = context_of(request, model, **panel_values(request.member, item, model))
        return _tell(page(request, "panel", values), item)
    ratings = ratings_of(request.member, item, model)
    cell = ratings.cells.get(slug)
    if cell is None:
        raise trouble or Refused(
            _("%(model)s has no criterion %(slug)s.") % {"model": model.name, "slug": slug},
            field="criterion",
        )
    values = context_of(
        request,
        model,
        item=item,
        cell=cell,
        trouble=trouble,
        typed=request.POST.dict() if trouble else {},
        saved=trouble is None,
    )
    # htmx replaces the form in either case: the words stand beside the field.
    response = page(request, "rate_form_alone", values, status=422 if trouble else 200)
    return response if trouble else _tell(response, item)


def _word(request: ProductRequest) -> str:
    return request.POST.get("model", "")


def _row(request: ProductRequest, model: ModelInForce, item: Item) -> HttpResponse:
    # The score is computed now, the rank is the last ranking's: rating ten items in a row should
    # not rank the product ten times. The header asks for the new order when the hand rests.
    table, _ = table_at_hand(request.product, model)
    table = table or table_now(request.product, model)
    own = own_criteria(request.member, model)
    score = row_of(item, model, table)
    rows = ranked_rows(request.member, request.product, model, [score], own)
    values = context_of(request, model, row=rows[0], scale_high=scale_of(table), own=own)
    return page(request, "ranking_row_alone", values)


def panel_values(member: Any, item: Item, model: ModelInForce) -> dict[str, Any]:
    """What the panel on an item shows: its score (``None`` before a large product is ranked for
    the first time, which a page about one item does not wait for) and every answer."""
    table, _ = table_at_hand(item.product, model)
    if table is None and not holds(item.product, PATIENT):
        table = table_now(item.product, model)
    return {
        "item": item,
        "score": row_of(item, model, table) if table else None,
        "scale_high": scale_of(table) if table else 1.0,
        "ratings": ratings_of(member, item, model),
        "me": member.pk,
        "may_challenge": can(member, "rating.challenge"),
    }


@require_GET
def rate(request: ProductRequest) -> HttpResponse:
    """One item at a time, with the levels of the member's own criteria."""
    model = model_asked(request)
    own = own_criteria(request.member, model)
    if not own:
        require(request.member, RATE["value"])
    everything = request.GET.get("queue", "") == "all"
    wanted = request.GET.get("item", "").strip()
    item = item_asked(request, wanted) if wanted else None
    queue = queue_for(request.member, request.product, model, item, everything=everything)
    values = context_of(request, model, queue=queue, everything=everything, item=queue.item)
    if queue.item is not None:
        ratings = ratings_of(request.member, queue.item, model)
        cells: list[Cell] = [ratings.cells[each.slug] for each in own]
        values |= {
            "cells": cells,
            "ratings": ratings,
            "criteria": list(Criterion.objects.filter(item=queue.item)[:20]),
            "here_item": {**here_of(request), "key": queue.item.key},
        }
    return page(request, "rate", values)
