"""Asking how much criteria weigh: best and worst, every pair, which of two, and past choices."""

from itertools import combinations
from typing import Any, Final

from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop as N_

from tandem.accounts.permissions import require
from tandem.accounts.requests import ProductRequest, form_of
from tandem.core.errors import Refused
from tandem.prioritisation import operations as do
from tandem.prioritisation.calculations_models import ModelInForce, in_force
from tandem.prioritisation.calculations_weights import (
    as_weights,
    compared,
    implied,
    pair_to_ask,
    shown,
    stated,
)
from tandem.prioritisation.models import WeightAnswers, WeightScope, WeightWay
from tandem.prioritisation.views.models import model_row
from tandem.prioritisation.views.shape import told
from tandem.prioritisation.views.shared import address, context_of, page

#: Saaty's scale in words; a comparison lies on it or between two of its levels.
TIMES: Final = (
    (1, N_("1 – as much")),
    (2, "2"),
    (3, N_("3 – somewhat more")),
    (4, "4"),
    (5, N_("5 – clearly more")),
    (6, "6"),
    (7, N_("7 – much more")),
    (8, "8"),
    (9, N_("9 – far more")),
)
WAYS: Final = {
    WeightWay.BEST_WORST: N_(
        "Say what counts most and what least, and compare the rest with those two: few questions, checked against each other."
    ),
    WeightWay.PAIRS: N_(
        "Answer “which counts more?” one pair at a time; Tandem asks the pair it would learn most from."
    ),
    WeightWay.AHP: N_(
        "Compare every pair once, with a number; the consistency ratio says whether the answers fit."
    ),
    WeightWay.PAST: N_(
        "What was started and planned over what was left out, as if the weights had been these."
    ),
}


def _asked_scope(request: ProductRequest, model: ModelInForce) -> str:
    said = request.POST.get("scope") or request.GET.get("scope") or "all"
    compared(model, said)
    return said


def _shown(
    request: ProductRequest, pk: int, way: str, trouble: Refused | None = None
) -> HttpResponse:
    if trouble is not None and trouble.status not in (409, 422):
        raise trouble
    row = model_row(request, pk)
    row.product = request.product
    model = in_force(row)
    try:
        scope = _asked_scope(request, model)
        criteria = compared(model, scope)
    except Refused as refusal:
        scope, criteria, trouble = "all", list(model.rated()), trouble or refusal
    typed = request.POST if trouble else request.GET
    slugs = [each.slug for each in criteria]
    given = WeightAnswers.objects.filter(model=row, way=way, scope=scope).select_related("by__user")
    latest = given.filter(by=request.member).first() or given.first()
    values: dict[str, Any] = context_of(
        request,
        model,
        row=row,
        way=way,
        ways=[(each.value, each.label) for each in WAYS],
        explained=WAYS[WeightWay(way)],
        scope=scope,
        scopes=WeightScope.choices,
        criteria=criteria,
        names={each.slug: each.name for each in criteria},
        times=[(n, _(words)) for n, words in TIMES],
        trouble=trouble,
        typed=typed,
        latest=latest,
        given=list(given[:10]),
        today=stated(criteria),
    )
    if way == WeightWay.AHP:
        values["pairs"] = list(combinations(criteria, 2))
        values["both_ways"] = [(f"1/{n}", f"1/{n}") for n in range(9, 1, -1)] + values["times"]
    if way == WeightWay.PAIRS and len(criteria) > 1:
        mine = given.filter(by=request.member, applied_version=None).first()
        asked = mine.answers["asked"] if mine else []
        known = [each for each in asked if set(each[:2]) <= set(slugs)]
        values |= {"ask": pair_to_ask(slugs, known), "answered": len(known)}
    result = (
        shown(latest.result) if latest and set(latest.result["weights"]) == set(slugs) else None
    )
    if way == WeightWay.PAST and len(criteria) > 1:
        result = implied(request.product, model, scope)
    values["result"] = result
    if result:
        values["after"] = as_weights(criteria, result["weights"])
    return page(request, "weigh", values, status=trouble.status if trouble else 200)


def weigh(request: ProductRequest, pk: int, way: str) -> HttpResponse:
    """One way of asking; POST keeps the answers."""
    require(request.member, "score.view")
    if way not in WeightWay.values:
        raise Http404
    if request.method != "POST":
        return _shown(request, pk, way)
    row = model_row(request, pk)
    row.product = request.product
    try:
        scope = _asked_scope(request, in_force(row))
        if way == WeightWay.PAIRS:
            _pair(request, row, scope)
        else:
            answers = _answers(request, way)
            do.weights_answer(by=request.member, model=row, way=way, scope=scope, answers=answers)
    except Refused as refusal:
        return _shown(request, pk, way, refusal)
    return redirect(f"{address(request, 'weigh', pk=pk, way=way)}?scope={scope}")


def _pair(request: ProductRequest, row: Any, scope: str) -> None:
    if "undo" in request.POST:
        do.pair_answer_undo(by=request.member, model=row, scope=scope)
        return
    do.pair_answer(
        by=request.member,
        model=row,
        first=request.POST.get("first", ""),
        second=request.POST.get("second", ""),
        preferred=request.POST.get("preferred", ""),
        scope=scope,
    )


def _answers(request: ProductRequest, way: str) -> dict[str, Any]:
    post = request.POST
    if way == WeightWay.BEST_WORST:
        found: dict[str, Any] = {"best": post.get("best", ""), "worst": post.get("worst", "")}
        for side in ("to_others", "to_worst"):
            before = f"{side}-"
            found[side] = {
                name.removeprefix(before): value
                for name, value in post.items()
                if name.startswith(before)
            }
        return found
    if way == WeightWay.AHP:
        pairs = [name.split("-", 2)[1:] for name in post if name.startswith("pair-")]
        return {
            "pairs": [
                [*pair, post[f"pair-{pair[0]}-{pair[1]}"]] for pair in pairs if len(pair) == 2
            ]
        }
    return {}


@form_of("prioritisation:model-shape", "pk")
def weights_apply(request: ProductRequest, pk: int, answers: int) -> HttpResponse:
    """The weights that follow become the model's."""
    row = model_row(request, pk)
    given = get_object_or_404(WeightAnswers, model=row, pk=answers)
    try:
        model = do.weights_apply(by=request.member, answers=given)
    except Refused as refusal:
        return _shown(request, pk, given.way, refusal)
    told(request, pk, _("%(model)s weighs so from now on.") % {"model": model.name})
    return redirect(f"{address(request, 'model-shape', pk=pk)}#versions")
