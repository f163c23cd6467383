"""Shaping scoring models over the API: formula, criteria, versions."""

import datetime
from typing import Any, Literal

from django.http import HttpRequest
from django.shortcuts import get_object_or_404
from ninja import Router, Schema, Status

from tandem.accounts.auth import caller, product_for
from tandem.accounts.permissions import require
from tandem.core.api import REFUSALS, RowId
from tandem.core.events import SAID
from tandem.core.rest.bodies import Body
from tandem.prioritisation import operations as do
from tandem.prioritisation.api.models import ModelOut, ScoringCriterionOut, model_payload
from tandem.prioritisation.calculations import model_in_force
from tandem.prioritisation.models import ModelVersion, ScoringCriterion, ScoringModel
from tandem.prioritisation.preview import formula_checked

router = Router(tags=["prioritisation"])
MODEL = "/products/{key}/scoring-models/{pk}"


class FormulaIn(Body):
    """``formula_kind``: value_effort, rice, wsjf, weighted, or custom with ``formula_text``.

    ``weights`` by slug go into the same version, when sent.
    ``version``: the model's version the change started from; another one by now is a conflict.
    """

    formula_kind: Literal["value_effort", "rice", "wsjf", "weighted", "custom"] = "custom"
    formula_text: str = ""
    score_unit: str = ""
    weights: dict[str, float] | None = None
    why: str = ""
    version: int | None = None


class CopyIn(Body):
    """``name``: made from the copied model's when left out."""

    name: str = ""


class ModelWarningOut(Schema):
    message: str
    at: int
    pointed: str


class FormulaCheckOut(Schema):
    """``error`` is empty when the formula can be read; ``at`` counts characters from 0."""

    error: str
    at: int | None
    pointed: str
    unit: str
    warnings: list[ModelWarningOut]
    names: list[str]


class ScoringCriterionIn(Body):
    """``slug``: its name in formulas, made from ``name`` when left out."""

    name: str
    lens: Literal["value", "technical"]
    low: float
    high: float
    slug: str = ""
    kind: Literal["rating", "effort"] = "rating"
    question: str = ""
    step: float | None = None
    spacing: Literal["linear", "log"] = "linear"
    direction: Literal["higher", "lower"] = "higher"
    weight: float = 1
    unit: str = ""
    anchors: list[tuple[float, str]] = []
    version: int | None = None


class ScoringCriterionPatch(Body):
    """Only what is sent changes. ``position``: its place among the criteria, from 0."""

    name: str | None = None
    lens: Literal["value", "technical"] | None = None
    low: float | None = None
    high: float | None = None
    question: str | None = None
    step: float | None = None
    spacing: Literal["linear", "log"] | None = None
    direction: Literal["higher", "lower"] | None = None
    weight: float | None = None
    unit: str | None = None
    anchors: list[tuple[float, str]] | None = None
    position: int | None = None
    version: int | None = None


class VersionOut(Schema):
    number: int
    at: datetime.datetime
    by: str | None
    why: str
    snapshot: dict[str, Any]

    @staticmethod
    def resolve_snapshot(row: ModelVersion) -> dict[str, Any]:
        return {name: value for name, value in row.snapshot.items() if name != SAID}

    @staticmethod
    def resolve_by(row: ModelVersion) -> str | None:
        return row.by.name if row.by else None


def model_row(request: HttpRequest, key: str, pk: int) -> ScoringModel:
    """The product's saved model, or 404."""
    product = product_for(request, key)
    row: ScoringModel = get_object_or_404(ScoringModel.objects.filter(product=product), pk=pk)
    row.product = product
    return row


def _shown(model: ScoringModel) -> Any:
    return model_payload(model_in_force(model.product, model.pk))


def _criterion(model: ScoringModel, slug: str) -> ScoringCriterion:
    row: ScoringCriterion = get_object_or_404(model.criteria, slug=slug)
    row.model = model
    return row


@router.put(MODEL + "/formula", response={200: ModelOut, **REFUSALS})
def formula_set(request: HttpRequest, key: str, pk: RowId, body: FormulaIn) -> Any:
    """Change how the score follows from the criteria."""
    model = model_row(request, key, pk)
    return _shown(do.model_formula_set(by=caller(request), model=model, **body.dict()))


@router.post(MODEL + "/copy", response={201: ModelOut, **REFUSALS})
def model_copy(request: HttpRequest, key: str, pk: RowId, body: CopyIn) -> Any:
    """Another model with the same criteria, anchors, weights and formula, and without ratings."""
    made = do.model_copy(by=caller(request), model=model_row(request, key, pk), name=body.name)
    return Status(201, model_payload(model_in_force(product_for(request, key), made.pk)))


@router.post(MODEL + "/formula/check", response={200: FormulaCheckOut, **REFUSALS})
def formula_check(request: HttpRequest, key: str, pk: RowId, body: FormulaIn) -> Any:
    """What a formula would be, without saving it: its unit, and what is wrong at which character."""
    require(caller(request), "score.view")
    return formula_checked(model_row(request, key, pk), body.formula_text, body.score_unit)


@router.post(MODEL + "/criteria", response={201: ScoringCriterionOut, **REFUSALS})
def criterion_add(request: HttpRequest, key: str, pk: RowId, body: ScoringCriterionIn) -> Any:
    """Ask a further question about every item."""
    model = model_row(request, key, pk)
    return Status(201, do.criterion_add(by=caller(request), model=model, **body.dict()))


@router.patch(MODEL + "/criteria/{slug}", response={200: ScoringCriterionOut, **REFUSALS})
def criterion_update(
    request: HttpRequest, key: str, pk: RowId, slug: str, body: ScoringCriterionPatch
) -> Any:
    """Change a criterion, or its place among the others."""
    row = _criterion(model_row(request, key, pk), slug)
    given = body.dict(exclude_unset=True)
    version, position = given.pop("version", None), given.pop("position", None)
    if given:
        row = do.criterion_update(by=caller(request), criterion=row, version=version, **given)
        version = None
    if position is not None:
        row = do.criterion_move(
            by=caller(request), criterion=row, position=position, version=version
        )
    return row


@router.delete(MODEL + "/criteria/{slug}", response={204: None, **REFUSALS})
def criterion_remove(request: HttpRequest, key: str, pk: RowId, slug: str) -> Any:
    """Ask it no longer; its ratings stay."""
    row = _criterion(model_row(request, key, pk), slug)
    do.criterion_remove(by=caller(request), criterion=row)
    return Status(204, None)


@router.post(MODEL + "/criteria/{slug}/return", response={200: ScoringCriterionOut, **REFUSALS})
def criterion_return(request: HttpRequest, key: str, pk: RowId, slug: str) -> Any:
    """Ask it again, with every rating it had."""
    row = _criterion(model_row(request, key, pk), slug)
    return do.criterion_return(by=caller(request), criterion=row)


@router.get(MODEL + "/versions", response={200: list[VersionOut], **REFUSALS})
def versions(request: HttpRequest, key: str, pk: RowId) -> Any:
    """Every version of the model's settings, the newest first."""
    require(caller(request), "score.view")
    rows = ModelVersion.objects.filter(model=model_row(request, key, pk))
    return list(rows.select_related("by__user").order_by("-number")[:500])


@router.post(MODEL + "/versions/{number}/return", response={200: ModelOut, **REFUSALS})
def version_return(request: HttpRequest, key: str, pk: RowId, number: RowId) -> Any:
    """Formula, criteria and weights as they stood in that version."""
    model = model_row(request, key, pk)
    return _shown(do.model_go_back(by=caller(request), model=model, number=number))
