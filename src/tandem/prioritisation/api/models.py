"""Scoring models over the API: the same operations the pages call."""

from typing import Annotated, Any, Literal

from django.db import transaction
from django.http import HttpRequest
from django.shortcuts import get_object_or_404
from ninja import Router, Schema, Status

from tandem.accounts.auth import caller, product_for
from tandem.core.api import REFUSALS, RowId
from tandem.core.rest.bodies import Body, one_of
from tandem.prioritisation import operations as do
from tandem.prioritisation.calculations import (
    PRESETS,
    ModelInForce,
    model_in_force,
    models_of,
)
from tandem.prioritisation.models import ScoringCriterion, ScoringModel
from tandem.prioritisation.permissions import roles_rating
from tandem.prioritisation.preview import warnings_of

router = Router(tags=["prioritisation"])


class AnchorOut(Schema):
    value: float
    text: str


class ScoringCriterionOut(Schema):
    slug: str
    name: str
    question: str
    lens: str
    kind: str
    low: float
    high: float
    step: float | None
    spacing: str
    direction: str
    weight: float
    unit: str
    anchors: list[AnchorOut]
    expires_after_days: int | None
    raters: list[str]

    @staticmethod
    def resolve_anchors(row: ScoringCriterion) -> list[dict[str, Any]]:
        return [{"value": value, "text": text} for value, text in row.anchors]

    @staticmethod
    def resolve_raters(row: ScoringCriterion) -> list[str]:
        return [role.value for role in roles_rating(row)]


class ModelOut(Schema):
    """``id`` is ``null`` for the preset that ranks a product until a model is made."""

    id: int | None
    name: str
    preset: str
    formula: str
    formula_text: str
    unit: str
    is_default: bool
    version: int | None
    warnings: list[str]
    criteria: list[ScoringCriterionOut]


class ModelIn(Body):
    preset: Annotated[str, one_of(PRESETS)]
    name: str = ""
    is_default: bool = False


def model_payload(model: ModelInForce) -> dict[str, Any]:
    return {
        "id": model.row.pk if model.row else None,
        "name": model.name,
        "preset": model.engine.preset,
        "formula": model.engine.formula_kind,
        "formula_text": model.engine.formula_text,
        "unit": model.unit,
        "version": model.row.version if model.row else None,
        "warnings": [each["message"] for each in warnings_of(model.engine)],
        "is_default": model.row is None or model.row.is_default,
        "criteria": list(model.criteria),
    }


@router.get("/products/{key}/scoring-models", response={200: list[ModelOut], **REFUSALS})
def scoring_models(request: HttpRequest, key: str) -> Any:
    """The product's scoring models, the one plans use first."""
    return [model_payload(each) for each in models_of(product_for(request, key))]


@router.post("/products/{key}/scoring-models", response={201: ModelOut, **REFUSALS})
def scoring_model_create(request: HttpRequest, key: str, body: ModelIn) -> Any:
    """Make a scoring model from a preset."""
    product = product_for(request, key)
    made: ScoringModel = do.model_create(by=caller(request), product=product, **body.dict())
    return Status(201, model_payload(model_in_force(product, made.pk)))


def _saved(request: HttpRequest, key: str, pk: int) -> ScoringModel:
    rows = ScoringModel.objects.filter(product=product_for(request, key))
    model: ScoringModel = get_object_or_404(rows, pk=pk)
    return model


@router.get("/products/{key}/scoring-models/{pk}", response={200: ModelOut, **REFUSALS})
def scoring_model(request: HttpRequest, key: str, pk: RowId) -> Any:
    """One saved scoring model."""
    _saved(request, key, pk)
    return model_payload(model_in_force(product_for(request, key), pk))


class ModelPatch(Body):
    """Only what is sent changes. By the criteria's slugs: ``weights``; ``raters``, the roles that
    rate it (``[]``: those of its lens); ``expires_after_days`` (``null``: never). For these two a
    lens stands for all of its criteria. ``version``: the one the weights started from; ``why`` is
    kept with the version they make."""

    name: str | None = None
    is_default: Literal[True] | None = None
    weights: dict[str, float] | None = None
    version: int | None = None
    why: str = ""
    raters: dict[str, list[str]] | None = None
    expires_after_days: dict[str, int | None] | None = None


@router.patch("/products/{key}/scoring-models/{pk}", response={200: ModelOut, **REFUSALS})
def scoring_model_update(request: HttpRequest, key: str, pk: RowId, body: ModelPatch) -> Any:
    """Rename it, change weights, or make it the model that plans and the backlog use."""
    model = _saved(request, key, pk)
    with transaction.atomic():
        if body.name is not None:
            model = do.model_rename(by=caller(request), model=model, name=body.name)
        if body.weights:
            model = do.weights_set(
                by=caller(request),
                model=model,
                weights=body.weights,
                why=body.why,
                version=body.version,
            )
        if body.raters:
            model = do.raters_set(by=caller(request), model=model, raters=body.raters)
        if body.expires_after_days:
            model = do.expiry_set(by=caller(request), model=model, days=body.expires_after_days)
        if body.is_default:
            model = do.model_make_default(by=caller(request), model=model)
    return model_payload(model_in_force(product_for(request, key), pk))


@router.delete("/products/{key}/scoring-models/{pk}", response={204: None, **REFUSALS})
def scoring_model_archive(request: HttpRequest, key: str, pk: RowId) -> Any:
    """Archive it: no longer offered; its ratings and plans stay."""
    do.model_archive(by=caller(request), model=_saved(request, key, pk))
    return Status(204, None)


@router.post("/products/{key}/scoring-models/{pk}/restore", response={200: ModelOut, **REFUSALS})
def scoring_model_restore(request: HttpRequest, key: str, pk: RowId) -> Any:
    """Bring an archived model back with everything that was rated by it."""
    model = do.model_restore(by=caller(request), model=_saved(request, key, pk))
    return model_payload(model_in_force(product_for(request, key), model.pk))
