"""The model editor: formula, criteria and weights with a preview on real items, and versions."""

from typing import Any, Final

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop as N_
from django.views.decorators.http import require_POST

from tandem.accounts.permissions import require
from tandem.accounts.requests import ProductRequest, form_of
from tandem.core.errors import Refused
from tandem.prioritisation import operations as do
from tandem.prioritisation.calculations import table_for
from tandem.prioritisation.calculations_models import in_force
from tandem.prioritisation.caps import caps_of
from tandem.prioritisation.criterion_settings import SETTINGS
from tandem.prioritisation.models import ModelVersion, ScoringCriterion, ScoringModel
from tandem.prioritisation.preview import preview, starting_text, warnings_of
from tandem.prioritisation.views.models import model_row
from tandem.prioritisation.views.shared import address, context_of, page
from tandem_engine.words import said

#: Formulas to choose from, in words.
KINDS: Final = (
    ("value_effort", N_("Places of the ratings, weighted, ÷ effort")),
    ("rice", N_("Product of the ratings ÷ effort (RICE)")),
    ("wsjf", N_("Weighted sum of the ratings ÷ effort (WSJF)")),
    ("weighted", N_("Places of everything, weighted")),
    ("custom", N_("A formula of your own")),
)
VERSIONS: Final = 20


def _row(request: ProductRequest, pk: int) -> ScoringModel:
    row = model_row(request, pk)
    row.product = request.product
    return row


def _criterion(request: ProductRequest, pk: int, slug: str) -> ScoringCriterion:
    model = _row(request, pk)
    row: ScoringCriterion = get_object_or_404(model.criteria, slug=slug)
    row.model = model
    return row


def _version(request: ProductRequest) -> int | None:
    """The version the form, or an offer to undo, was made from."""
    said = request.POST.get("version", "") or request.GET.get("from", "")
    return int(said) if said.isascii() and said.isdigit() and len(said) < 10 else None


def _shown(
    request: ProductRequest,
    pk: int,
    *,
    trouble: Refused | None = None,
    where: str = "",
) -> HttpResponse:
    if trouble is not None and trouble.status not in (409, 422):
        raise trouble
    row = _row(request, pk)
    model = in_force(row)
    typed = request.POST.dict() if trouble else {}
    given = typed if where == "formula" else {}
    values: dict[str, Any] = context_of(
        request,
        model,
        row=row,
        kinds=[(kind, _(words)) for kind, words in KINDS],
        text=typed.get("formula_text") if where == "formula" else starting_text(model.engine),
        names=sorted(model.engine.names),
        removed=list(row.criteria.exclude(removed_at=None)),
        versions=list(
            ModelVersion.objects.filter(model=row)
            .select_related("by__user")
            .order_by("-number")[:VERSIONS]
        ),
        seen=preview(request.product, row, given),
        warnings=warnings_of(model.engine),
        caps=caps_of(request.product, model),
        no_result=table_for(request.product, model).meta.get("no_result", []),
        trouble=trouble,
        where=where,
        typed=typed,
    )
    return page(request, "shape", values, status=trouble.status if trouble else 200)


def shape(request: ProductRequest, pk: int) -> HttpResponse:
    """The editor; POST saves the formula and the weights together."""
    require(request.member, "score.view")
    if request.method != "POST":
        return _shown(request, pk)
    row, before = _row(request, pk), "weight-"
    weights = {
        name.removeprefix(before): value
        for name, value in request.POST.items()
        if name.startswith(before)
    }
    try:
        do.model_formula_set(
            by=request.member,
            model=row,
            formula_kind=request.POST.get("formula_kind", ""),
            formula_text=request.POST.get("formula_text", ""),
            score_unit=request.POST.get("score_unit", ""),
            weights=weights,
            why=said("Formula and weights saved."),
            version=_version(request),
        )
    except Refused as refusal:
        return _shown(request, pk, trouble=refusal, where="formula")
    told(request, pk, _("%(model)s is saved.") % {"model": row.name})
    return redirect(address(request, "model-shape", pk=pk))


@require_POST
def shape_preview(request: ProductRequest, pk: int) -> HttpResponse:
    """The same forms, tried on real items; nothing is saved."""
    require(request.member, "score.view")
    row = _row(request, pk)
    seen = preview(request.product, row, request.POST)
    values = context_of(
        request,
        in_force(row),
        seen=seen,
        warnings=warnings_of(seen.model.engine) if seen.model else [],
    )
    return page(request, "_shape_preview", values)


def _settings(request: ProductRequest) -> dict[str, Any]:
    return {name: request.POST[name] for name in SETTINGS if name in request.POST}


def told(request: ProductRequest, pk: int, said: str) -> None:
    """Say it on the next page, with the way back to the version before; nothing may lie between."""
    versions = ModelVersion.objects.filter(model_id=pk).order_by("-number")
    numbers = list(versions.values_list("number", flat=True)[:2])
    undo = ""
    if len(numbers) == 2:
        back = address(request, "version-back", pk=pk, number=numbers[1])
        undo = f"undo:{back}?from={numbers[0]}"
    messages.success(request, said, extra_tags=undo)


def _done(request: ProductRequest, pk: int, said: str, at: str = "criteria") -> HttpResponse:
    told(request, pk, said)
    return redirect(f"{address(request, 'model-shape', pk=pk)}#{at}")


@form_of("prioritisation:model-shape", "pk")
def criterion_new(request: ProductRequest, pk: int) -> HttpResponse:
    """A further criterion."""
    try:
        made = do.criterion_add(
            by=request.member,
            model=_row(request, pk),
            slug=request.POST.get("slug", ""),
            kind=request.POST.get("kind", "rating"),
            version=_version(request),
            **_settings(request),
        )
    except Refused as refusal:
        return _shown(request, pk, trouble=refusal, where="new")
    return _done(request, pk, _("%(name)s is asked from now on.") % {"name": made.name})


@form_of("prioritisation:model-shape", "pk")
def criterion_save(request: ProductRequest, pk: int, slug: str) -> HttpResponse:
    row = _criterion(request, pk, slug)
    try:
        do.criterion_update(
            by=request.member, criterion=row, version=_version(request), **_settings(request)
        )
    except Refused as refusal:
        return _shown(request, pk, trouble=refusal, where=slug)
    return _done(request, pk, _("%(model)s is saved.") % {"model": row.name})


@form_of("prioritisation:model-shape", "pk")
def criterion_place(request: ProductRequest, pk: int, slug: str) -> HttpResponse:
    """One place up or down (``to``)."""
    row = _criterion(request, pk, slug)
    order = [each.slug for each in row.model.criteria.filter(removed_at=None)]
    if slug not in order:
        raise Refused(_("%(row)s is taken out. Bring it back first.") % {"row": row.name})
    step = -1 if request.POST.get("to") == "up" else 1
    do.criterion_move(by=request.member, criterion=row, position=max(0, order.index(slug) + step))
    return redirect(f"{address(request, 'model-shape', pk=pk)}#criterion-{slug}")


@form_of("prioritisation:model-shape", "pk")
def criteria_order(request: ProductRequest, pk: int) -> HttpResponse:
    """Put criterion ``item`` right behind ``after`` (empty: first), as lists send it."""
    row = _criterion(request, pk, request.POST.get("item", ""))
    after = request.POST.get("after", "")
    others = [each.slug for each in row.model.criteria.filter(removed_at=None)]
    if row.slug in others:
        others.remove(row.slug)
    if after and after not in others:
        raise Refused(_("That criterion is taken out. Load the page again."), field="after")
    position = others.index(after) + 1 if after else 0
    do.criterion_move(by=request.member, criterion=row, position=position)
    if request.htmx:
        return HttpResponse(status=204)
    return redirect(f"{address(request, 'model-shape', pk=pk)}#criterion-{row.slug}")


@form_of("prioritisation:model-shape", "pk")
def criterion_out(request: ProductRequest, pk: int, slug: str) -> HttpResponse:
    row = _criterion(request, pk, slug)
    try:
        do.criterion_remove(by=request.member, criterion=row)
    except Refused as refusal:
        return _shown(request, pk, trouble=refusal, where=slug)
    return _done(request, pk, _("%(name)s is taken out. Its ratings stay.") % {"name": row.name})


@form_of("prioritisation:model-shape", "pk")
def criterion_back(request: ProductRequest, pk: int, slug: str) -> HttpResponse:
    row = _criterion(request, pk, slug)
    try:
        do.criterion_return(by=request.member, criterion=row)
    except Refused as refusal:
        return _shown(request, pk, trouble=refusal, where="new")
    return _done(request, pk, _("%(name)s is asked again, with its ratings.") % {"name": row.name})


@form_of("prioritisation:model-shape", "pk")
def version_back(request: ProductRequest, pk: int, number: int) -> HttpResponse:
    """Everything as it stood in an earlier version."""
    try:
        do.model_go_back(
            by=request.member, model=_row(request, pk), number=number, version=_version(request)
        )
    except Refused as refusal:
        return _shown(request, pk, trouble=refusal, where="versions")
    return _done(request, pk, _("Back to version %(number)s.") % {"number": number}, "versions")
