"""Where a movement comes from: an item's change of score and rank, by single rating, estimate or weight."""

from typing import Any

from django.http import HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop as N_
from django.views.decorators.http import require_GET

from tandem.accounts.requests import ProductRequest
from tandem.prioritisation.calculations_history import CAUSE_WORDS, CAUSES, Changed, Moved, compared
from tandem.prioritisation.figures import honest
from tandem.prioritisation.views.history import days_asked
from tandem.prioritisation.views.shared import context_of, here_of, model_asked, page
from tandem.prioritisation.views.why import item_asked
from tandem.ui.filters import day, spoken
from tandem.ui.phrases import headed, units


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
        title=_("the move of %(key)s") % {"key": item.key},
        result=result,
        formula=_("the change of the score = the sum of its single changes' shares"),
        nodes=nodes,
        notes=notes,
        made=_("From %(start)s (%(before)s) to %(end)s (%(after)s): engine %(engine)s.")
        % {
            "start": day(at),
            "before": both.before,
            "end": day(to),
            "after": both.after,
            "engine": both.engine_version,
        },
        item=item,
        back=reverse("prioritisation:history", kwargs=here_of(request)),
        back_name=N_("History"),
    )
    return page(request, "why_other" if request.htmx else "why_other_page", values)


def _told(moved: Moved | None, unit: str) -> tuple[str, list[dict[str, Any]], list[str]]:
    if moved is None:
        return _("none"), [], [_("It was ranked on neither of the two days.")]
    if moved.score_before is None or moved.score_after is None:
        return _("none"), [], [moved.sentence]
    change = moved.score_after - moved.score_before
    return f"{_signed(change)} {units(unit)}", _nodes(moved), _notes(moved)


def _nodes(moved: Moved) -> list[dict[str, Any]]:
    shares = dict(moved.shares)
    nodes: list[dict[str, Any]] = []
    for cause in CAUSES:
        parts = [each for each in moved.changes if each.cause == cause]
        if parts or abs(shares[cause]) > 1e-9:
            nodes.append(
                {
                    "label": headed(spoken(CAUSE_WORDS[cause])),
                    "value": _signed(shares[cause]),
                    "lens": cause if cause in ("value", "technical") else None,
                    "children": [_node(each) for each in parts],
                }
            )
    if abs(moved.together) > 1e-9:
        nodes.append({"label": _("What these did only together"), "value": _signed(moved.together)})
    return nodes


def _node(change: Changed) -> dict[str, Any]:
    said = [change.who, day(change.at) if change.at else ""]
    won = change.places or 0.0
    places = _("%(number)s places") % {"number": _signed(won)} if abs(won) >= 0.005 else ""
    return {
        "label": change.what,
        "value": _signed(change.share or 0.0),
        "formula": " → ".join(spoken(each) or _("none") for each in (change.before, change.after))
        if change.before or change.after
        else None,
        "source": " · ".join(part for part in (*said, places) if part) or None,
    }


def _notes(moved: Moved) -> list[str]:
    won = [each.places or 0.0 for each in moved.changes]
    if abs(moved.places_together) > 0.005:
        ranks = _(
            "Rank %(before)s then, %(after)s now: %(own)s places by its own changes, %(others)s by what "
            "happened to other items, %(together)s only together."
        )
    else:
        ranks = _(
            "Rank %(before)s then, %(after)s now: %(own)s places by its own changes, %(others)s by what "
            "happened to other items."
        )
    numbers = {
        "before": moved.rank_before,
        "after": moved.rank_after,
        "own": _signed(sum(won)),
        "others": _signed(moved.others),
        "together": _signed(moved.places_together),
    }
    return [
        ranks % numbers,
        _(
            "A share is the mean of what the change did over all orders in which the changes could have "
            "come, a cause's changes one after the other (Owen value)."
        ),
    ]


def _signed(number: float) -> str:
    text = honest(abs(number), abs(number), abs(number))[0]
    return "0" if abs(number) < 1e-9 else f"{'+' if number > 0 else '−'}{text}"
