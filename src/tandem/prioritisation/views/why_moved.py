"""Where a movement comes from: an item's change of score and rank, by single rating, estimate or weight."""

from typing import Any

from django.http import HttpResponse
from django.urls import reverse
from django.views.decorators.http import require_GET

from tandem.accounts.requests import ProductRequest
from tandem.prioritisation.calculations_history import CAUSE_WORDS, CAUSES, Changed, Moved, compared
from tandem.prioritisation.figures import honest
from tandem.prioritisation.views.history import days_asked
from tandem.prioritisation.views.shared import context_of, here_of, model_asked, page
from tandem.prioritisation.views.why import item_asked
from tandem.ui.filters import day


@require_GET
def why_moved(request: ProductRequest, key: str) -> HttpResponse:
    """``?at=`` and ``?to=`` are the days compared."""
    model = model_asked(request)
    item = item_asked(request, key)
    at, to = days_asked(request.product, request.GET.get("at", ""), request.GET.get("to", ""))
    both = compared(request.product, at, to, request.GET.get("model") or None)
    moved = next((each for each in both.found.items if each.key == item.key), None)
    result, nodes, notes = _told(moved, model.unit)
    values = context_of(
        request,
        model,
        title=f"the move of {item.key}",
        result=result,
        formula="the change of the score = the sum of its single changes' shares",
        nodes=nodes,
        notes=notes,
        made=f"From {day(at)} ({both.before}) to {day(to)} ({both.after}): engine {both.engine_version}.",
        item=item,
        back=reverse("prioritisation:history", kwargs=here_of(request)),
        back_name="History",
    )
    return page(request, "why_other" if request.htmx else "why_other_page", values)


def _told(moved: Moved | None, unit: str) -> tuple[str, list[dict[str, Any]], list[str]]:
    if moved is None:
        return "none", [], ["It was ranked on neither of the two days."]
    if moved.score_before is None or moved.score_after is None:
        return "none", [], [moved.sentence]
    change = moved.score_after - moved.score_before
    return f"{_signed(change)} {unit}", _nodes(moved), _notes(moved)


def _nodes(moved: Moved) -> list[dict[str, Any]]:
    shares = dict(moved.shares)
    nodes: list[dict[str, Any]] = []
    for cause in CAUSES:
        parts = [each for each in moved.changes if each.cause == cause]
        if parts or abs(shares[cause]) > 1e-9:
            words = CAUSE_WORDS[cause]
            nodes.append(
                {
                    "label": words[0].upper() + words[1:],
                    "value": _signed(shares[cause]),
                    "lens": cause if cause in ("value", "technical") else None,
                    "children": [_node(each) for each in parts],
                }
            )
    if abs(moved.together) > 1e-9:
        nodes.append({"label": "What these did only together", "value": _signed(moved.together)})
    return nodes


def _node(change: Changed) -> dict[str, Any]:
    said = [change.who, day(change.at) if change.at else ""]
    won = change.places or 0.0
    places = f"{_signed(won)} places" if abs(won) >= 0.005 else ""
    return {
        "label": change.what,
        "value": _signed(change.share or 0.0),
        "formula": f"{change.before or 'none'} → {change.after or 'none'}"
        if change.before or change.after
        else None,
        "source": " · ".join(part for part in (*said, places) if part) or None,
    }


def _notes(moved: Moved) -> list[str]:
    won = [each.places or 0.0 for each in moved.changes]
    return [
        f"Rank {moved.rank_before} then, {moved.rank_after} now: {_signed(sum(won))} places by its own "
        f"changes, {_signed(moved.others)} by what happened to other items"
        + (
            f", {_signed(moved.places_together)} only together."
            if abs(moved.places_together) > 0.005
            else "."
        ),
        (
            "A share is the mean of what the change did over all orders in which the changes could have "
            "come, a cause's changes one after the other (Owen value)."
        ),
    ]


def _signed(number: float) -> str:
    text = honest(abs(number), abs(number), abs(number))[0]
    return "0" if abs(number) < 1e-9 else f"{'+' if number > 0 else '−'}{text}"
