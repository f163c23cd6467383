"""Challenges of an item's ratings over the API."""

import datetime
from typing import Any

from django.http import HttpRequest
from django.shortcuts import get_object_or_404
from ninja import Router, Schema, Status

from tandem.accounts.auth import caller
from tandem.accounts.permissions import require
from tandem.backlog.api import item_of
from tandem.core.api import REFUSALS, RowId
from tandem.core.rest.bodies import Body
from tandem.prioritisation import operations as do
from tandem.prioritisation.models import Challenge, Rating
from tandem.prioritisation.queries_challenges import challenges_of

router = Router(tags=["prioritisation"])


class ChallengeIn(Body):
    """``rating`` is the number of a current rating of the item."""

    rating: RowId
    reason: str


class ChallengeAnswerIn(Body):
    answer: str


class ChallengeOut(Schema):
    id: int
    rating: int
    criterion: str
    rater: str
    value: float
    raised_by: str
    raised_at: datetime.datetime
    reason: str
    state: str
    answer: str
    answered_by: str | None
    ended_at: datetime.datetime | None

    @staticmethod
    def resolve_rating(row: Challenge) -> int:
        return row.rating_id

    @staticmethod
    def resolve_criterion(row: Challenge) -> str:
        return row.rating.criterion.slug

    @staticmethod
    def resolve_rater(row: Challenge) -> str:
        return row.rating.member.name

    @staticmethod
    def resolve_value(row: Challenge) -> float:
        return row.rating.value

    @staticmethod
    def resolve_raised_by(row: Challenge) -> str:
        return row.raised_by.name

    @staticmethod
    def resolve_answered_by(row: Challenge) -> str | None:
        return row.answered_by.name if row.answered_by else None


@router.get("/items/{key}/challenges", response={200: list[ChallengeOut], **REFUSALS})
def challenges(request: HttpRequest, key: str) -> Any:
    """Every challenge of the item's ratings, the oldest first."""
    item = item_of(request, key)
    require(caller(request), "score.view")
    return list(challenges_of(item))


@router.post("/items/{key}/challenges", response={201: ChallengeOut, **REFUSALS})
def challenge_raise(request: HttpRequest, key: str, body: ChallengeIn) -> Any:
    """Challenge a rating with a reason; the rating stays as it is."""
    rating = get_object_or_404(Rating, item=item_of(request, key), pk=body.rating)
    made = do.challenge_raise(by=caller(request), rating=rating, reason=body.reason)
    return Status(201, challenges_of(rating.item).get(pk=made.pk))


@router.post("/items/{key}/challenges/{pk}/answer", response={200: ChallengeOut, **REFUSALS})
def challenge_answer(request: HttpRequest, key: str, pk: RowId, body: ChallengeAnswerIn) -> Any:
    """Answer it: the rater, or somebody who rates the criterion."""
    found = get_object_or_404(challenges_of(item_of(request, key)), pk=pk)
    do.challenge_answer(by=caller(request), challenge=found, answer=body.answer)
    return challenges_of(found.rating.item).get(pk=pk)


@router.post("/items/{key}/challenges/{pk}/withdraw", response={200: ChallengeOut, **REFUSALS})
def challenge_withdraw(request: HttpRequest, key: str, pk: RowId) -> Any:
    """Withdraw one's own."""
    found = get_object_or_404(challenges_of(item_of(request, key)), pk=pk)
    do.challenge_withdraw(by=caller(request), challenge=found)
    return challenges_of(found.rating.item).get(pk=pk)
