"""Where a number comes from: the derivation of an item's score or of one lens."""

from typing import Any

from django.http import Http404, HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.dateparse import parse_datetime
from django.views.decorators.http import require_GET

from tandem.accounts.requests import ProductRequest
from tandem.backlog.models import Item
from tandem.core.errors import Refused
from tandem.prioritisation.calculations import (
    ModelInForce,
    Node,
    derivation_of,
    row_of,
    table_for,
)
from tandem.prioritisation.figures import honest, percent
from tandem.prioritisation.queries import TITLES
from tandem.prioritisation.views.shared import context_of, here_of, model_asked, page
from tandem.ui.filters import moment


def item_asked(request: ProductRequest, key: str) -> Item:
    item = Item.objects.with_keys(request.product, [key]).select_related("status").first()
    if item is None:
        raise Http404
    item.product = request.product
    return item


def node_shown(node: Node, model: ModelInForce) -> dict[str, Any]:
    """The engine's node as the why panel draws it."""
    value, low, high = honest(node.value, node.low, node.high)
    unit = f" {node.unit}" if node.unit else ""
    lens = next((each.lens for each in model.criteria if each.name == node.label), None)
    said = [node.source if not node.is_guess else "A guess.", node.note]
    return {
        "label": node.label,
        "value": f"{value}{unit}" if low == high else f"{value}{unit} ({low} to {high})",
        "formula": node.formula or None,
        "source": " · ".join(part for part in said if part) or None,
        "lens": lens,
        "guess": node.is_guess,
        "children": [node_shown(child, model) for child in node.children],
    }


@require_GET
def why(request: ProductRequest, key: str) -> HttpResponse:
    """``?lens=value`` or ``technical`` derives that lens, otherwise the score."""
    model = model_asked(request)
    lens = request.GET.get("lens") or None
    if lens not in (None, "value", "technical"):
        raise Refused("lens: value or technical.", field="lens")
    item = item_asked(request, key)
    table = table_for(request.product, model)
    node = derivation_of(item, model, table, lens)
    row = row_of(item, model, table)
    value, low, high = honest(node.value, node.low, node.high)
    meta = table.meta
    computed = parse_datetime(meta["computed_at"]) or timezone.now()
    values = context_of(
        request,
        model,
        item=item,
        lens=lens,
        title=f"{TITLES[lens]} of {item.key}",
        result=value if low == high else f"{value} ({low} to {high})",
        unit=node.unit,
        nodes=[node_shown(child, model) for child in node.children],
        formula=f"{node.label} = {node.formula}" if node.formula else None,
        notes=_notes(row, model, meta["top"]),
        made=(
            f"Ranked {moment(computed)} by {model.name}: engine {meta['engine_version']}, "
            f"seed {meta['seed']}, {meta['draws']} simulated values, "
            f"inputs {meta['fingerprint'][:12]}."
        ),
        back=reverse("prioritisation:prioritise", kwargs=here_of(request)),
    )
    return page(request, "why" if request.htmx else "why_page", values)


def _notes(row: Any, model: ModelInForce, top: int) -> list[str]:
    notes = ["The range in brackets holds 80 of 100 simulated values (P10 to P90)."]
    if row.ranked:
        notes.append(
            f"Rank {row.rank}, likely between {row.rank_low} and {row.rank_high}; "
            f"{percent(row.p_top)} to be among the first {top}."
        )
    else:
        notes.append("It is not open (or an epic), so it has a score and no rank.")
    if row.guesses:
        names = [each.name for each in model.criteria if each.slug in row.guesses]
        notes.append(
            f"Guessed: {', '.join(names)}. That causes {row.guess_share:.0%} of the uncertainty."
        )
    return notes
