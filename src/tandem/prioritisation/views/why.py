"""Where a number comes from: the derivation of an item's score or of one lens."""

from typing import Any

from django.http import Http404, HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.dateparse import parse_datetime
from django.utils.translation import gettext as _
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
from tandem.ui.filters import moment, spoken
from tandem.ui.phrases import plain, units


def item_asked(request: ProductRequest, key: str) -> Item:
    item = Item.objects.with_keys(request.product, [key]).select_related("status").first()
    if item is None:
        raise Http404
    item.product = request.product
    return item


def node_shown(node: Node, model: ModelInForce) -> dict[str, Any]:
    """The engine's node as the why panel draws it."""
    value, low, high = honest(node.value, node.low, node.high)
    unit = f" {units(node.unit)}" if node.unit else ""
    lens = next((each.lens for each in model.criteria if each.name == node.label), None)
    said = [_("A guess.") if node.is_guess else spoken(node.source), spoken(node.note)]
    number = f"{value}{unit}"
    return {
        "label": spoken(node.label),
        "value": number if low == high else with_range(number, low, high),
        "formula": spoken(node.formula) or None,
        "source": " · ".join(part for part in said if part) or None,
        "lens": lens,
        "guess": node.is_guess,
        "children": [node_shown(child, model) for child in node.children],
    }


def with_range(value: str, low: str, high: str) -> str:
    """A value with its P10 and P90."""
    return _("%(value)s (%(low)s to %(high)s)") % {"value": value, "low": low, "high": high}


@require_GET
def why(request: ProductRequest, key: str) -> HttpResponse:
    """``?lens=value`` or ``technical`` derives that lens, otherwise the score."""
    model = model_asked(request)
    lens = request.GET.get("lens") or None
    if lens not in (None, "value", "technical"):
        raise Refused(_("lens: value or technical."), field="lens")
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
        title=_("%(name)s of %(key)s") % {"name": _(TITLES[lens]), "key": item.key},
        result=value if low == high else with_range(value, low, high),
        unit=node.unit,
        nodes=[node_shown(child, model) for child in node.children],
        formula=f"{spoken(node.label)} = {spoken(node.formula)}" if node.formula else None,
        notes=_notes(row, model, meta["top"]),
        made=_(
            "Ranked %(moment)s by %(model)s: engine %(engine)s, seed %(seed)s, %(draws)s simulated "
            "values, inputs %(inputs)s."
        )
        % {
            "moment": moment(computed),
            "model": model.name,
            "engine": meta["engine_version"],
            "seed": meta["seed"],
            "draws": meta["draws"],
            "inputs": meta["fingerprint"][:12],
        },
        back=reverse("prioritisation:prioritise", kwargs=here_of(request)),
    )
    return page(request, "why" if request.htmx else "why_page", values)


def _notes(row: Any, model: ModelInForce, top: int) -> list[str]:
    notes = [_("The range in brackets holds 80 of 100 simulated values (P10 to P90).")]
    if row.ranked:
        notes.append(
            _(
                "Rank %(rank)s, likely between %(low)s and %(high)s; %(chance)s to be among the first "
                "%(count)s."
            )
            % {
                "rank": row.rank,
                "low": row.rank_low,
                "high": row.rank_high,
                "chance": percent(row.p_top),
                "count": top,
            }
        )
    else:
        notes.append(_("It is not open (or an epic), so it has a score and no rank."))
    if row.guesses:
        names = [each.name for each in model.criteria if each.slug in row.guesses]
        notes.append(
            _("Guessed: %(names)s. That causes %(share)s of the uncertainty.")
            % {"names": ", ".join(names), "share": plain(row.guess_share, ".0%")}
        )
    return notes
