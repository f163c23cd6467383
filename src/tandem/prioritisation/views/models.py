"""A product's scoring models: what they ask, how they weigh it, and which one plans use."""

from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop as N_

from tandem.accounts.requests import ProductRequest, form_of
from tandem.core.errors import Refused
from tandem.prioritisation import operations as do
from tandem.prioritisation.calculations import (
    PRESETS,
    ModelInForce,
    model_in_force,
    table_for,
)
from tandem.prioritisation.caps import caps_of
from tandem.prioritisation.models import ScoringModel
from tandem.prioritisation.views.shared import address, context_of, model_asked, page
from tandem.ui.filters import spoken
from tandem.ui.phrases import units

#: The four formulas in words; ``%(effort)s`` is the model's effort with its unit.
FORMULAS = {
    "value_effort": N_(
        "The weighted mean place of the ratings on their scales (0 to 100), divided by effort in "
        "%(effort)s."
    ),
    "rice": N_("Reach × impact × confidence, divided by effort in %(effort)s."),
    "wsjf": N_(
        "The weighted sum of the ratings, which is the cost of delay, divided by effort in %(effort)s."
    ),
    "weighted": N_(
        "The weighted mean place of everything on its scale, effort included: 0 to 100."
    ),
}


def formula_words(model: ModelInForce) -> str:
    if model.engine.formula_kind == "custom":
        return " = ".join((_("Score"), spoken(model.engine.formula.text())))
    effort = model.engine.effort
    return _(FORMULAS[model.engine.formula_kind]) % {"effort": units(effort.unit) if effort else ""}


def _shown(
    request: ProductRequest,
    model: ModelInForce,
    *,
    trouble: Refused | None = None,
    where: str = "",
) -> HttpResponse:
    values: dict[str, Any] = context_of(
        request,
        model,
        presets=[(slug, _(name)) for slug, name in PRESETS.items()],
        archived=list(
            ScoringModel.objects.filter(product=request.product, archived_at__isnull=False)
        ),
        formula=formula_words(model),
        caps=caps_of(request.product, model),
        no_result=table_for(request.product, model).meta.get("no_result", []),
        trouble=trouble,
        where=where,
        typed=request.POST.dict() if trouble else {},
    )
    return page(request, "models", values, status=422 if trouble else 200)


def model_row(request: ProductRequest, pk: int) -> ScoringModel:
    rows = ScoringModel.objects.visible_to(request.member)
    return get_object_or_404(rows, product=request.product, pk=pk)


def models(request: ProductRequest) -> HttpResponse:
    """The models, one of them in full; POST makes one from a preset."""
    if request.method != "POST":
        return _shown(request, model_asked(request))
    try:
        made = do.model_create(
            by=request.member,
            product=request.product,
            preset=request.POST.get("preset", ""),
            name=request.POST.get("name", ""),
        )
    except Refused as refusal:
        if refusal.status == 403:
            raise
        return _shown(request, model_asked(request), trouble=refusal, where="create")
    messages.success(request, _("The scoring model %(made)s was made.") % {"made": made.name})
    return redirect(f"{address(request, 'models')}?model={made.pk}")


@form_of("prioritisation:models")
def default(request: ProductRequest, pk: int) -> HttpResponse:
    """Plans and the backlog's score use this model from now on."""
    row = do.model_make_default(by=request.member, model=model_row(request, pk))
    messages.success(request, _("Plans use %(row)s from now on.") % {"row": row.name})
    return redirect(f"{address(request, 'models')}?model={row.pk}")


def _told(request: ProductRequest, row: ScoringModel, refusal: Refused, where: str) -> HttpResponse:
    if refusal.status == 403:
        raise refusal
    return _shown(request, model_in_force(request.product, row.pk), trouble=refusal, where=where)


@form_of("prioritisation:models")
def name(request: ProductRequest, pk: int) -> HttpResponse:
    """Another name for the model."""
    row = model_row(request, pk)
    try:
        do.model_rename(by=request.member, model=row, name=request.POST.get("name", ""))
    except Refused as refusal:
        return _told(request, row, refusal, "name")
    return redirect(f"{address(request, 'models')}?model={row.pk}")


@form_of("prioritisation:models")
def copy(request: ProductRequest, pk: int) -> HttpResponse:
    """A copy to change at will, opened where it is changed."""
    made = do.model_copy(by=request.member, model=model_row(request, pk))
    messages.success(
        request,
        _("%(made)s was made. Ratings stay with the model it came from.") % {"made": made.name},
    )
    return redirect(address(request, "model-shape", pk=made.pk))


@form_of("prioritisation:models")
def archive(request: ProductRequest, pk: int) -> HttpResponse:
    row = model_row(request, pk)
    try:
        do.model_archive(by=request.member, model=row)
    except Refused as refusal:
        return _told(request, row, refusal, "archive")
    messages.success(request, _("%(row)s is in the archive. Its ratings stay.") % {"row": row.name})
    return redirect(address(request, "models"))


@form_of("prioritisation:models")
def restore(request: ProductRequest, pk: int) -> HttpResponse:
    row = do.model_restore(by=request.member, model=model_row(request, pk))
    messages.success(request, _("%(row)s is back.") % {"row": row.name})
    return redirect(f"{address(request, 'models')}?model={row.pk}")


@form_of("prioritisation:models")
def weights(request: ProductRequest, pk: int) -> HttpResponse:
    """Save the weights sent as ``weight-<slug>``."""
    row = model_row(request, pk)
    before = "weight-"
    sent = {
        name.removeprefix(before): value
        for name, value in request.POST.items()
        if name.startswith(before)
    }
    try:
        do.weights_set(by=request.member, model=row, weights=sent)
    except Refused as refusal:
        if refusal.status == 403:
            raise
        model = model_in_force(request.product, row.pk)
        return _shown(request, model, trouble=refusal, where="weights")
    messages.success(request, _("The weights of %(row)s are saved.") % {"row": row.name})
    return redirect(f"{address(request, 'models')}?model={row.pk}")
