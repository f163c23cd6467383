"""Ratings over the API: what was said about an item, and saying it."""

import datetime
from typing import Any

from django.http import HttpRequest
from ninja import Router, Schema, Status

from tandem.accounts.auth import caller
from tandem.accounts.permissions import require
from tandem.backlog.api import item_of
from tandem.core.api import REFUSALS
from tandem.core.rest.bodies import Body
from tandem.prioritisation import operations as do
from tandem.prioritisation.calculations import (
    model_in_force,
)
from tandem.prioritisation.calculations_fading import stale_sentence
from tandem.prioritisation.models import Rating

router = Router(tags=["prioritisation"])


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
    return Status(204, None)
