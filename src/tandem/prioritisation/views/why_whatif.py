"""Where what-ifs come from: what an order costs, who swaps at a weight, what a needed value does."""

from typing import Any

from django.http import Http404, HttpResponse
from django.urls import reverse
from django.views.decorators.http import require_GET

from tandem.accounts.requests import ProductRequest
from tandem.prioritisation.calculations import ModelInForce, table_for
from tandem.prioritisation.calculations_whatif import (
    Swapped,
    needed_of,
    sensitivity_of,
    sequence_of,
    swapped_of,
)
from tandem.prioritisation.figures import honest
from tandem.prioritisation.views.shared import address, context_of, here_of, model_asked, page
from tandem.prioritisation.views.whatif import item_named
from tandem.prioritisation.views.why import node_shown

#: So many items stand one by one in a sum; the rest in one line.
LISTED = 40


def _shown(request: ProductRequest, model: ModelInForce, back: str, **values: Any) -> HttpResponse:
    meta = table_for(request.product, model).meta
    context = context_of(
        request,
        model,
        item=None,
        made=(
            f"From the ranking by {model.name}: engine {meta['engine_version']}, seed "
            f"{meta['seed']}, inputs {meta['fingerprint'][:12]}."
        ),
        back=reverse(f"prioritisation:{back}", kwargs=here_of(request)),
        back_name="Sequence" if back == "sequence" else "What if",
        **values,
    )
    return page(request, "why_other" if request.htmx else "why_other_page", context)


def _said(number: float) -> str:
    return honest(number, number, number)[0]


@require_GET
def why_sequence(request: ProductRequest) -> HttpResponse:
    """``?rule=`` is the place of another rule's order; without it the order itself."""
    model = model_asked(request)
    shown = sequence_of(request.product, model)
    word = request.GET.get("rule", "")
    if word and not (word.isascii() and word.isdigit()):
        raise Http404
    rule = int(word[:6]) if word else None
    if rule is not None and rule >= len(shown.found.alternatives):
        raise Http404
    name, cost, slots = shown.slots_of(rule)
    jobs = {job.key: job for job in shown.jobs}
    effort = model.engine.effort
    unit = effort.unit if effort else "units of effort"
    dearest = sorted(slots, key=lambda slot: -slot.cost)
    nodes = [
        {
            "label": f"{slot.key} {shown.titles[slot.key]}",
            "value": _said(slot.cost),
            "formula": f"{_said(jobs[slot.key].cost_of_delay)} × {_said(slot.done)} {unit}",
            "source": f"done after {_said(slot.done)} {unit}, of which its own "
            f"{_said(jobs[slot.key].time)}"
            + (", not estimated: the usual size" if slot.key in shown.guessed else ""),
            "href": address(request, "why", key=slot.key) + f"?model={model.slug}",
        }
        for slot in dearest[:LISTED]
    ]
    if len(dearest) > LISTED:
        rest = sum(slot.cost for slot in dearest[LISTED:])
        nodes.append({"label": f"{len(dearest) - LISTED} more items", "value": _said(rest)})
    notes = [
        "An item's benefit is its score before it is divided by effort; the dearest delays come first."
    ]
    if rule is None:
        notes.append(f"{shown.found.method.capitalize()}. {shown.found.sentence}")
    else:
        more = cost - shown.found.cost
        notes.append(f"{_said(more)} more than the order that costs least.")
    return _shown(
        request,
        model,
        "sequence",
        title=f"what delay costs: {name[0].lower()}{name[1:]}",
        result=_said(cost),
        formula="cost of delay = the sum over the items of benefit × time until it is done",
        nodes=nodes,
        notes=notes,
    )


@require_GET
def why_weight(request: ProductRequest, slug: str) -> HttpResponse:
    """What happens where a weight changes who comes first."""
    model = model_asked(request)
    criterion = model.criterion(slug)
    if criterion is None:
        raise Http404
    found = next((e for e in sensitivity_of(request.product, model) if e.slug == slug), None)
    if found is None:
        return _shown(
            request,
            model,
            "whatif",
            title=f"how steady the order is under {criterion.name}",
            result=f"weight {_said(criterion.weight)}",
            formula=None,
            nodes=[],
            notes=["No score changes with this weight, whatever it is."],
        )
    edges = [
        (word, factor, past)
        for word, factor, past in (("below", found.down, 0.999), ("above", found.up, 1.001))
        if factor is not None
    ]
    edges += [("at half", 0.5, 1.0), ("at twice", 2.0, 1.0)]
    nodes = []
    for word, factor, past in edges:
        swapped = swapped_of(request.product, model, slug, factor * past)
        nodes.append(
            {
                "label": f"{word.capitalize()} {_said(found.weight * factor)}"
                if past != 1.0
                else f"{word.capitalize()}, {_said(found.weight * factor)}",
                "value": f"{sum(each.enters for each in swapped)} swap"
                if swapped
                else "nobody swaps",
                "children": [_swap(each) for each in swapped],
            }
        )
    return _shown(
        request,
        model,
        "whatif",
        title=f"how steady the order is under {found.name}",
        result=f"weight {_said(found.weight)}",
        formula=f"the first {found.top} by likely score, this weight changed and no other",
        nodes=nodes,
        notes=[found.sentence, "The edge is narrowed down to a hundredth of a percent by halving."],
    )


def _swap(each: Swapped) -> dict[str, Any]:
    return {
        "label": f"{each.key} {'comes in' if each.enters else 'leaves'}",
        "value": f"{each.rank} → {each.rank_then}",
        "source": f"scores {_said(each.score)} now, {_said(each.score_then)} then",
    }


@require_GET
def why_needed(request: ProductRequest) -> HttpResponse:
    """``?a=&b=`` name two items, ``slug`` the input and ``of`` whose (none: a weight)."""
    model = model_asked(request)
    one, two = (item_named(request, request.GET.get(name, ""), name) for name in ("a", "b"))
    of, slug = request.GET.get("of", ""), request.GET.get("slug", "")
    found = needed_of(request.product, model, (one, two), of, slug)
    if found is None:
        return _shown(
            request,
            model,
            "whatif",
            title="what would have to be true",
            result="none",
            formula=None,
            nodes=[],
            notes=["No value of this input alone makes the two items score the same."],
        )
    overtaking, condition, trees = found
    assert condition.needed is not None
    unit = f" {condition.unit}" if condition.unit and not condition.is_weight else ""
    return _shown(
        request,
        model,
        "whatif",
        title=f"what would have to be true: {condition.name}",
        result=f"{_said(condition.needed)}{unit}",
        formula=f"{overtaking.challenger} and {overtaking.leader} score the same",
        nodes=[
            {**node_shown(tree, model), "label": f"{key}: {tree.label[0].lower()}{tree.label[1:]}"}
            for key, tree in zip((overtaking.challenger, overtaking.leader), trees, strict=True)
        ],
        notes=[
            condition.sentence,
            (
                f"Now {overtaking.challenger} scores {_said(overtaking.challenger_score)} and "
                f"{overtaking.leader} {_said(overtaking.leader_score)}. Everything else stays as it is."
            ),
        ],
    )
