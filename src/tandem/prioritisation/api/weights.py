"""Weights over the API: what was answered, what follows, and what past choices say."""

import datetime
from typing import Any, Literal

from django.http import HttpRequest
from django.shortcuts import get_object_or_404
from ninja import Router, Schema, Status

from tandem.accounts.auth import caller
from tandem.accounts.permissions import require
from tandem.core.api import REFUSALS, RowId
from tandem.core.rest.bodies import Body
from tandem.prioritisation import operations as do
from tandem.prioritisation.api.models import ModelOut, model_payload
from tandem.prioritisation.api.shaping import MODEL, model_row
from tandem.prioritisation.calculations import model_in_force
from tandem.prioritisation.calculations_weights import implied, shown
from tandem.prioritisation.models import WeightAnswers
from tandem.prioritisation.second_opinion import second_opinion

router = Router(tags=["prioritisation"])
Scope = Literal["all", "value", "technical"]


class AnswersIn(Body):
    """``answers`` by ``way``:

    best_worst ``{"best", "worst", "to_others": {slug: 1-9}, "to_worst": {slug: 1-9}}``;
    ahp ``{"pairs": [[slug, slug, 1/9-9], …]}``; pairs ``{"asked": [[slug, slug, preferred], …]}``;
    past ``{}``.
    """

    way: Literal["best_worst", "ahp", "pairs", "past"]
    scope: Scope = "all"
    answers: dict[str, Any] = {}


class PairIn(Body):
    """``preferred``: the slug that counts more, empty when both count the same."""

    first: str
    second: str
    preferred: str = ""
    scope: Scope = "all"


class AnswersOut(Schema):
    id: int
    way: str
    scope: str
    by: str | None
    at: datetime.datetime
    answers: dict[str, Any]
    result: dict[str, Any]
    applied_version: int | None

    @staticmethod
    def resolve_by(row: WeightAnswers) -> str | None:
        return row.by.name if row.by else None

    @staticmethod
    def resolve_result(row: WeightAnswers) -> dict[str, Any]:
        return shown(row.result)


class ImpliedOut(Schema):
    """Shares of 1 by slug; ``low`` and ``high`` are P10 and P90."""

    weights: dict[str, float]
    low: dict[str, float]
    high: dict[str, float]
    stated: dict[str, float]
    occasions: int
    chosen: int
    unrated_occasions: int
    enough: bool
    note: str
    contradictions: list[str]


class SecondOut(Schema):
    """``tau``: Kendall's tau-b of TOPSIS's order and the model's; None when there is none."""

    tau: float | None
    note: str
    items: list[dict[str, Any]]


@router.get(MODEL + "/weights/answers", response={200: list[AnswersOut], **REFUSALS})
def answers(request: HttpRequest, key: str, pk: RowId) -> Any:
    """What was answered about the weights, the latest first."""
    require(caller(request), "score.view")
    rows = WeightAnswers.objects.filter(model=model_row(request, key, pk))
    return list(rows.select_related("by__user")[:200])


@router.post(MODEL + "/weights/answers", response={201: AnswersOut, **REFUSALS})
def answer(request: HttpRequest, key: str, pk: RowId, body: AnswersIn) -> Any:
    """Keep answers and the weights that follow; they count once applied."""
    model = model_row(request, key, pk)
    return Status(201, do.weights_answer(by=caller(request), model=model, **body.dict()))


@router.post(MODEL + "/weights/answers/{answers}/application", response={200: ModelOut, **REFUSALS})
def apply(request: HttpRequest, key: str, pk: RowId, answers: RowId) -> Any:
    """Take the weights over that follow from these answers."""
    model = model_row(request, key, pk)
    row = get_object_or_404(WeightAnswers, model=model, pk=answers)
    do.weights_apply(by=caller(request), answers=row)
    return model_payload(model_in_force(model.product, model.pk))


@router.post(MODEL + "/weights/pairs", response={200: AnswersOut, **REFUSALS})
def pair(request: HttpRequest, key: str, pk: RowId, body: PairIn) -> Any:
    """One more answer to "which of two counts more?"."""
    model = model_row(request, key, pk)
    return do.pair_answer(by=caller(request), model=model, **body.dict())


@router.delete(MODEL + "/weights/pairs", response={204: None, **REFUSALS})
def pair_undo(request: HttpRequest, key: str, pk: RowId, scope: Scope = "all") -> Any:
    """Take your last answer back."""
    model = model_row(request, key, pk)
    do.pair_answer_undo(by=caller(request), model=model, scope=scope)
    return Status(204, None)


@router.get(MODEL + "/weights/implied", response={200: ImpliedOut, **REFUSALS})
def weights_implied(request: HttpRequest, key: str, pk: RowId, scope: Scope = "all") -> Any:
    """The weights that past choices imply, beside the stated ones."""
    require(caller(request), "score.view")
    model = model_row(request, key, pk)
    return implied(model.product, model_in_force(model.product, model.pk), scope)


@router.get(MODEL + "/second-opinion", response={200: SecondOut, **REFUSALS})
def opinion(request: HttpRequest, key: str, pk: RowId) -> Any:
    """Where TOPSIS would put the items that are rated in full, beside the model's order."""
    require(caller(request), "score.view")
    model = model_row(request, key, pk)
    return second_opinion(model.product, model_in_force(model.product, model.pk))
