"""Scoring models, rankings and ratings over the API: the same operations the pages call."""

import datetime
from typing import Annotated, Any, Literal

from django.db import transaction
from django.http import HttpRequest
from django.shortcuts import get_object_or_404
from ninja import Query, Router, Schema
from pydantic import Field

from tandem.accounts.auth import caller, product_for
from tandem.accounts.permissions import require
from tandem.backlog.api import item_of
from tandem.backlog.api.items import ItemQuery
from tandem.core.api import REFUSALS, PageSize, RowId
from tandem.core.errors import Refused
from tandem.core.paging import decode, encode
from tandem.core.rest.bodies import Body, one_of
from tandem.prioritisation import operations as do
from tandem.prioritisation.calculations import (
    PRESETS,
    ModelInForce,
    Node,
    derivation_of,
    model_in_force,
    models_of,
    row_of,
    table_for,
)
from tandem.prioritisation.calculations_fading import stale_sentence
from tandem.prioritisation.calculations_history import table_then
from tandem.prioritisation.caps import caps_of
from tandem.prioritisation.models import Rating, ScoringCriterion, ScoringModel
from tandem.prioritisation.payload import score_payload
from tandem.prioritisation.permissions import roles_rating
from tandem.prioritisation.preview import warnings_of
from tandem.prioritisation.queries import SHOWS, SORTS, RankingAsk, order_of
from tandem.prioritisation.views.history import then_asked

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


class ScoreOut(Schema):
    """``low``/``high`` are P10 and P90; lenses are 0 to 100; ``gap`` is value minus technical."""

    key: str
    rank: int | None
    score: float
    low: float
    high: float
    value_lens: float
    value_lens_low: float
    value_lens_high: float
    technical_lens: float
    technical_lens_low: float
    technical_lens_high: float
    value_heard: bool
    technical_heard: bool
    gap: float
    gap_low: float
    gap_high: float
    disagreement: float
    rank_low: int | None
    rank_high: int | None
    p_top: float
    guesses: list[str]
    guess_share: float


class RankingOut(Schema):
    """One page of the ranking. All pages are of one ranking while ``fingerprint`` stays the same.

    ``rank_low``, ``rank_high`` and ``p_top`` (among the first ``top``) of the items come from
    ``rank_draws`` simulated orders; ``regret`` is what taking the first ``top`` as they stand is
    expected to bring less than knowing, ``regret_share`` that as a share.
    """

    items: list[ScoreOut]
    next: str | None
    model: str
    unit: str
    guesses: str
    #: Items whose formula has no result, so that their score counts as 0.
    no_result: list[str]
    #: What a MoSCoW model's classes take of the effort, and whether the caps are kept; else null.
    effort_caps: str | None = None
    effort_caps_broken: bool = False
    fingerprint: str
    seed: int
    engine_version: str
    top: int
    rank_draws: int
    regret: float
    regret_share: float


class NodeOut(Schema):
    label: str
    value: float
    low: float
    high: float
    unit: str
    formula: str
    source: str
    note: str
    children: list["NodeOut"]


class ItemScoreOut(ScoreOut):
    model: str
    unit: str
    derivation: NodeOut


class RatingIn(Body):
    value: float
    low: float | None = None
    high: float | None = None
    confidence: float | None = None
    note: str = ""


class RatingOut(Schema):
    """``stale`` says why it counts less than it did; ``agreed_in`` the session that settled it."""

    id: int
    criterion: str
    model: str
    lens: str
    value: float
    low: float | None
    high: float | None
    confidence: float | None
    note: str
    rater: str
    rated_at: datetime.datetime
    superseded_at: datetime.datetime | None
    stale: str
    agreed_in: str | None

    @staticmethod
    def resolve_stale(row: Rating) -> str:
        return stale_sentence(row.criterion, row.rated_at)

    @staticmethod
    def resolve_agreed_in(row: Rating) -> str | None:
        return row.agreed_in.session.name if row.agreed_in else None

    @staticmethod
    def resolve_criterion(row: Rating) -> str:
        return row.criterion.slug

    @staticmethod
    def resolve_model(row: Rating) -> str:
        return row.criterion.model.name

    @staticmethod
    def resolve_lens(row: Rating) -> str:
        return row.criterion.lens

    @staticmethod
    def resolve_rater(row: Rating) -> str:
        return row.member.name


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


def _node(node: Node) -> dict[str, Any]:
    return {
        "label": node.label,
        "value": node.value,
        "low": node.low,
        "high": node.high,
        "unit": node.unit,
        "formula": node.formula,
        "source": node.source,
        "note": node.note,
        "children": [_node(child) for child in node.children],
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
    return 201, model_payload(model_in_force(product, made.pk))


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
    return 204, None


@router.post("/products/{key}/scoring-models/{pk}/restore", response={200: ModelOut, **REFUSALS})
def scoring_model_restore(request: HttpRequest, key: str, pk: RowId) -> Any:
    """Bring an archived model back with everything that was rated by it."""
    model = do.model_restore(by=caller(request), model=_saved(request, key, pk))
    return model_payload(model_in_force(product_for(request, key), model.pk))


class RankingQuery(ItemQuery):
    """The Prioritise page's filter, which is the backlog's, with what only a ranking knows."""

    model: str = Field("", description="A model's name or number, or a preset.")
    sort: str = Field("", description=f"One of {', '.join(SORTS)}; rank unless given.")
    show: str = Field("", description=f"One of {', '.join(SHOWS)}; all unless given.")


@router.get("/products/{key}/ranking", response={200: RankingOut, **REFUSALS})
def ranking(
    request: HttpRequest,
    key: str,
    asked: Query[RankingQuery],
    after: str | None = None,
    limit: PageSize = 100,
    as_of: str = "",
) -> Any:
    """The open items in rank order. Takes the address of the Prioritise page: its model, filters and
    order.

    ``as_of``: a day (``YYYY-MM-DD``), to have the order of its end from the inputs in force then;
    which items fit a filter is told by what they are today.
    """
    product = product_for(request, key)
    require(caller(request), "score.view")
    ask = RankingAsk.from_query(request.GET, product, caller(request))
    model = asked.model or None
    if as_of.strip():
        past = then_asked(product, as_of, model)
        chosen, table = past.model, table_then(past)
    else:
        chosen = model_in_force(product, model)
        table = table_for(product, chosen)
    caps = caps_of(product, chosen, table)
    start = _start(after)
    places = order_of(table, ask, caller(request), chosen)
    rows = table.rows(places[start : start + limit])
    return {
        "items": [score_payload(product.key, row) for row in rows],
        "next": encode([start + limit]) if start + limit < len(places) else None,
        "model": chosen.name,
        "unit": chosen.unit,
        "guesses": table.meta["guesses"]["sentence"],
        "no_result": table.meta.get("no_result", []),
        "effort_caps": caps.sentence if caps else None,
        "effort_caps_broken": bool(caps and caps.over),
        "fingerprint": table.meta["fingerprint"],
        "seed": table.meta["seed"],
        "engine_version": table.meta["engine_version"],
        "top": table.meta["top"],
        "rank_draws": table.meta["rank_draws"],
        "regret": table.meta["regret"]["expected"],
        "regret_share": table.meta["regret"]["share"],
    }


def _start(after: str | None) -> int:
    """A ranking is computed, so its cursor is a place in it."""
    if not after:
        return 0
    (place,) = decode(after, 1)
    if isinstance(place, bool) or not isinstance(place, int) or not 0 <= place < 10**9:
        raise Refused("This page's address is damaged. Start from the first page.", field="after")
    return place


@router.get("/items/{key}/score", response={200: ItemScoreOut, **REFUSALS})
def item_score(request: HttpRequest, key: str, model: str | None = None) -> Any:
    """One item's score and how it follows from its inputs; ``rank`` is null when it is not open."""
    item = item_of(request, key)
    require(caller(request), "score.view")
    chosen = model_in_force(item.product, model)
    table = table_for(item.product, chosen)
    return {
        **score_payload(item.product.key, row_of(item, chosen, table)),
        "model": chosen.name,
        "unit": chosen.unit,
        "derivation": _node(derivation_of(item, chosen, table)),
    }


@router.get("/items/{key}/ratings", response={200: list[RatingOut], **REFUSALS})
def ratings(request: HttpRequest, key: str, model: str | None = None, history: bool = False) -> Any:
    """The item's ratings of one model or all; ``history`` adds those that were superseded."""
    item = item_of(request, key)
    require(caller(request), "score.view")
    rows = Rating.objects.filter(item=item).select_related(
        "criterion__model", "member__user", "agreed_in__session"
    )
    if model is not None:
        chosen = model_in_force(item.product, model)
        rows = rows.filter(criterion__model=chosen.row) if chosen.row else rows.none()
    if not history:
        rows = rows.filter(superseded_at=None)
    return list(rows.order_by("criterion__model_id", "criterion__position", "rated_at", "pk"))


@router.put("/items/{key}/ratings/{criterion}", response={200: RatingOut, **REFUSALS})
def rating_set(
    request: HttpRequest, key: str, criterion: str, body: RatingIn, model: str | None = None
) -> Any:
    """Rate the item on a criterion of your lens, in the default model or in ``model``."""
    item = item_of(request, key)
    asked = do.criterion_to_rate(
        by=caller(request), product=item.product, slug=criterion, model=model
    )
    return do.rating_set(by=caller(request), item=item, criterion=asked, **body.dict())


@router.delete("/items/{key}/ratings/{criterion}", response={204: None, **REFUSALS})
def rating_withdraw(
    request: HttpRequest, key: str, criterion: str, model: str | None = None
) -> Any:
    """Take your rating back: the criterion counts as its whole scale again."""
    item = item_of(request, key)
    asked = do.criterion_to_rate(
        by=caller(request), product=item.product, slug=criterion, model=model
    )
    do.rating_withdraw(by=caller(request), item=item, criterion=asked)
    return 204, None
