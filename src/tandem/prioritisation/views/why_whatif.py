"""Where what-ifs come from: what an order costs, who swaps at a weight, what a needed value does."""

from typing import Any

from django.http import Http404, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop as N_
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
from tandem.ui.filters import spoken
from tandem.ui.phrases import begun, headed, units

#: So many items stand one by one in a sum; the rest in one line.
LISTED = 40


def _shown(request: ProductRequest, model: ModelInForce, back: str, **values: Any) -> HttpResponse:
    meta = table_for(request.product, model).meta
    context = context_of(
        request,
        model,
        item=None,
        made=_(
            "From the ranking by %(model)s: engine %(engine)s, seed %(seed)s, inputs %(inputs)s."
        )
        % {
            "model": model.name,
            "engine": meta["engine_version"],
            "seed": meta["seed"],
            "inputs": meta["fingerprint"][:12],
        },
        back=reverse(f"prioritisation:{back}", kwargs=here_of(request)),
        back_name=N_("Sequence") if back == "sequence" else N_("What if"),
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
    unit = units(effort.unit) if effort else _("units of effort")
    dearest = sorted(slots, key=lambda slot: -slot.cost)
    nodes = [
        {
            "label": f"{slot.key} {shown.titles[slot.key]}",
            "value": _said(slot.cost),
            "formula": f"{_said(jobs[slot.key].cost_of_delay)} × {_said(slot.done)} {unit}",
            "source": (
                _(
                    "done after %(done)s %(unit)s, of which its own %(own)s, not estimated: the usual size"
                )
                if slot.key in shown.guessed
                else _("done after %(done)s %(unit)s, of which its own %(own)s")
            )
            % {
                "done": _said(slot.done),
                "unit": unit,
                "own": _said(jobs[slot.key].time),
            },
            "href": address(request, "why", key=slot.key) + f"?model={model.slug}",
        }
        for slot in dearest[:LISTED]
    ]
    if len(dearest) > LISTED:
        rest = sum(slot.cost for slot in dearest[LISTED:])
        more_items = _("%(count)s more items") % {"count": len(dearest) - LISTED}
        nodes.append({"label": more_items, "value": _said(rest)})
    notes = [
        _(
            "An item's benefit is its score before it is divided by effort; the dearest delays come "
            "first."
        )
    ]
    if rule is None:
        notes.append(f"{headed(spoken(shown.found.method))}. {spoken(shown.found.sentence)}")
    else:
        more = cost - shown.found.cost
        notes.append(_("%(cost)s more than the order that costs least.") % {"cost": _said(more)})
    return _shown(
        request,
        model,
        "sequence",
        title=_("what delay costs: %(rule)s") % {"rule": begun(spoken(name))},
        result=_said(cost),
        formula=_("cost of delay = the sum over the items of benefit × time until it is done"),
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
            title=_("how steady the order is under %(name)s") % {"name": criterion.name},
            result=_("weight %(number)s") % {"number": _said(criterion.weight)},
            formula=None,
            nodes=[],
            notes=[_("No score changes with this weight, whatever it is.")],
        )
    edges = [
        (words, factor, past)
        for words, factor, past in (
            (_("Below %(number)s"), found.down, 0.999),
            (_("Above %(number)s"), found.up, 1.001),
        )
        if factor is not None
    ]
    edges += [(_("At half, %(number)s"), 0.5, 1.0), (_("At twice, %(number)s"), 2.0, 1.0)]
    nodes = []
    for words, factor, past in edges:
        swapped = swapped_of(request.product, model, slug, factor * past)
        nodes.append(
            {
                "label": words % {"number": _said(found.weight * factor)},
                "value": _("%(count)s swap") % {"count": sum(each.enters for each in swapped)}
                if swapped
                else _("nobody swaps"),
                "children": [_swap(each) for each in swapped],
            }
        )
    return _shown(
        request,
        model,
        "whatif",
        title=_("how steady the order is under %(name)s") % {"name": found.name},
        result=_("weight %(number)s") % {"number": _said(found.weight)},
        formula=_("the first %(count)s by likely score, this weight changed and no other")
        % {"count": found.top},
        nodes=nodes,
        notes=[
            found.sentence,
            _("The edge is narrowed down to a hundredth of a percent by halving."),
        ],
    )


def _swap(each: Swapped) -> dict[str, Any]:
    return {
        "label": (_("%(key)s comes in") if each.enters else _("%(key)s leaves"))
        % {"key": each.key},
        "value": f"{each.rank} → {each.rank_then}",
        "source": _("scores %(now)s now, %(then)s then")
        % {"now": _said(each.score), "then": _said(each.score_then)},
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
            title=_("what would have to be true"),
            result=_("none"),
            formula=None,
            nodes=[],
            notes=[_("No value of this input alone makes the two items score the same.")],
        )
    overtaking, condition, trees = found
    assert condition.needed is not None
    unit = f" {units(condition.unit)}" if condition.unit and not condition.is_weight else ""
    return _shown(
        request,
        model,
        "whatif",
        title=_("what would have to be true: %(name)s") % {"name": condition.name},
        result=f"{_said(condition.needed)}{unit}",
        formula=_("%(one)s and %(other)s score the same")
        % {"one": overtaking.challenger, "other": overtaking.leader},
        nodes=[
            {**node_shown(tree, model), "label": f"{key}: {begun(spoken(tree.label))}"}
            for key, tree in zip((overtaking.challenger, overtaking.leader), trees, strict=True)
        ],
        notes=[
            condition.sentence,
            _(
                "Now %(one)s scores %(first)s and %(other)s %(second)s. Everything else stays as it is."
            )
            % {
                "one": overtaking.challenger,
                "first": _said(overtaking.challenger_score),
                "other": overtaking.leader,
                "second": _said(overtaking.leader_score),
            },
        ],
    )
