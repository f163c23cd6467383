"""Past rankings and what an order depends on, over the API."""

import datetime
from typing import Any

from django.http import HttpRequest
from django.utils.translation import gettext as _
from ninja import Router, Schema

from tandem.accounts.auth import caller, product_for
from tandem.accounts.permissions import require
from tandem.backlog.models import Item
from tandem.core.api import REFUSALS
from tandem.core.errors import Refused
from tandem.prioritisation.calculations import model_in_force
from tandem.prioritisation.calculations_history import compared, ranking_of
from tandem.prioritisation.calculations_whatif import (
    agreements_of,
    overtaking_of,
    sensitivity_of,
    sequence_of,
)
from tandem.prioritisation.orders import orders_of
from tandem.prioritisation.views.history import days_asked, finding_of

router = Router(tags=["prioritisation"])


class PastScoreOut(Schema):
    key: str
    rank: int
    rank_low: int
    rank_high: int
    p_top: float
    score: float
    low: float
    high: float


class PastOut(Schema):
    """The ranking of the end of a day, computed from the inputs in force then."""

    at: datetime.date
    model: str
    unit: str
    fingerprint: str
    seed: int
    engine_version: str
    items: list[PastScoreOut]


class ChangedOut(Schema):
    """A single input that is another now. ``share`` is its part of the item's change of score,
    ``places`` of the places won; null where no item is meant. ``at`` is the day, where known."""

    cause: str
    what: str
    who: str
    at: datetime.date | None = None
    before: str
    after: str
    share: float | None = None
    places: float | None = None


class MovedOut(Schema):
    """``shares`` add up to the change of the score, and so do the changes' shares with ``together``
    (what many changes did only by meeting). The changes' places, ``others`` (what happened to other
    items) and ``places_together`` add up to the places won."""

    key: str
    rank_before: int | None
    rank_after: int | None
    score_before: float | None
    score_after: float | None
    shares: dict[str, float]
    changes: list[ChangedOut]
    others: float
    together: float
    places_together: float
    sentence: str


class MovementOut(Schema):
    at: datetime.date
    to: datetime.date
    finding: str
    model_changes: list[ChangedOut]
    items: list[MovedOut]


class OrderedOut(Schema):
    """Places among the compared items, 1 first; ``topsis`` is null for an item not rated in full."""

    key: str
    title: str
    model: int
    value: int
    technical: int
    consensus: int
    topsis: int | None


class OrdersOut(Schema):
    sentence: str
    disagreements: int
    items: list[OrderedOut]


class ConditionOut(Schema):
    of: str
    key: str
    slug: str
    now: float
    needed: float | None
    is_weight: bool
    sentence: str


class OvertakingOut(Schema):
    challenger: str
    leader: str
    challenger_score: float
    leader_score: float
    possible: list[ConditionOut]
    impossible: list[ConditionOut]


class SensitivityOut(Schema):
    slug: str
    weight: float
    tau_half: float | None
    tau_double: float | None
    leaving: int
    down: float | None
    up: float | None
    top: int
    sentence: str


class SlotOut(Schema):
    key: str
    done: float
    cost: float


class AlternativeOut(Schema):
    name: str
    order: list[str]
    cost: float


class SequenceOut(Schema):
    cost: float
    bound: float
    is_exact: bool
    method: str
    slots: list[SlotOut]
    alternatives: list[AlternativeOut]


class AgreementOut(Schema):
    """``interval`` and ``ordinal`` are Krippendorff's alpha; null where it is undefined."""

    scope: str
    name: str
    items: int
    raters: int
    interval: float | None
    ordinal: float | None
    tau: float | None
    bias_share: float | None
    sentence: str
    sentences: list[str]


@router.get("/products/{key}/ranking/as-of", response={200: PastOut, **REFUSALS})
def ranking_as_of(request: HttpRequest, key: str, at: str = "", model: str | None = None) -> Any:
    """The order at the end of the day ``at`` (``YYYY-MM-DD``; 30 days ago without)."""
    product = product_for(request, key)
    require(caller(request), "score.view")
    day, _ = days_asked(product, at, "")
    name, ranking = ranking_of(product, day, model)
    return {
        "at": day,
        "model": name,
        "unit": ranking.unit,
        "fingerprint": ranking.fingerprint,
        "seed": ranking.seed,
        "engine_version": ranking.engine_version,
        "items": list(ranking.scores),
    }


@router.get("/products/{key}/ranking/movement", response={200: MovementOut, **REFUSALS})
def ranking_movement(
    request: HttpRequest, key: str, at: str = "", to: str = "", model: str | None = None
) -> Any:
    """What moved between the ends of two days, and because of what."""
    product = product_for(request, key)
    require(caller(request), "score.view")
    first, second = days_asked(product, at, to)
    found = compared(product, first, second, model).found
    return {
        "at": first,
        "to": second,
        "finding": finding_of(found),
        "model_changes": list(found.model_changes),
        "items": [{**_fields(each), "shares": dict(each.shares)} for each in found.moved],
    }


def _fields(row: Any) -> dict[str, Any]:
    names = ["key", "rank_before", "rank_after", "score_before", "score_after", "sentence"]
    names += ["others", "together", "places_together"]
    return {name: getattr(row, name) for name in names} | {"changes": list(row.changes)}


@router.get("/products/{key}/ranking/overtaking", response={200: OvertakingOut, **REFUSALS})
def ranking_overtaking(
    request: HttpRequest, key: str, a: str, b: str, model: str | None = None
) -> Any:
    """What would have to be true for the worse of two items to overtake the better one."""
    product = product_for(request, key)
    require(caller(request), "score.view")
    pair = []
    for field, word in (("a", a), ("b", b)):
        item = Item.objects.with_keys(product, [word]).select_related("status").first()
        if item is None:
            raise Refused(_("There is no item %(word)s.") % {"word": word[:40]}, field=field)
        item.product = product
        pair.append(item)
    return overtaking_of(product, model_in_force(product, model), *pair)


@router.get("/products/{key}/ranking/sensitivity", response={200: list[SensitivityOut], **REFUSALS})
def ranking_sensitivity(request: HttpRequest, key: str, model: str | None = None) -> Any:
    """How steady the first places are under each weight, the most sensitive weight first."""
    product = product_for(request, key)
    require(caller(request), "score.view")
    return list(sensitivity_of(product, model_in_force(product, model)))


@router.get("/products/{key}/ranking/sequence", response={200: SequenceOut, **REFUSALS})
def ranking_sequence(request: HttpRequest, key: str, model: str | None = None) -> Any:
    """The open items in the order that costs least delay, prerequisites kept."""
    product = product_for(request, key)
    require(caller(request), "score.view")
    found = sequence_of(product, model_in_force(product, model)).found
    return {
        "cost": found.cost,
        "bound": found.bound,
        "is_exact": found.is_exact,
        "method": found.method,
        "slots": list(found.slots),
        "alternatives": [
            {"name": each.name, "order": list(each.order), "cost": each.cost}
            for each in found.alternatives
        ],
    }


@router.get("/products/{key}/ranking/orders", response={200: OrdersOut, **REFUSALS})
def ranking_orders(request: HttpRequest, key: str, model: str | None = None) -> Any:
    """The first items that both lenses rated: by the model, each lens, their consensus, TOPSIS."""
    product = product_for(request, key)
    require(caller(request), "score.view")
    found = orders_of(product, model_in_force(product, model))
    if found is None:
        sentence = "Fewer than two items were rated under both lenses."
        return {"sentence": sentence, "disagreements": 0, "items": []}
    return {
        "sentence": found.sentence,
        "disagreements": found.disagreements,
        "items": list(found.rows),
    }


@router.get("/products/{key}/ranking/agreement", response={200: list[AgreementOut], **REFUSALS})
def ranking_agreement(request: HttpRequest, key: str, model: str | None = None) -> Any:
    """How far the raters agree, per criterion, lens and in all; habit told from dispute."""
    product = product_for(request, key)
    require(caller(request), "score.view")
    names = ("scope", "name", "items", "raters", "interval", "ordinal", "tau", "sentence")
    return [
        {name: getattr(each, name) for name in names}
        | {
            "bias_share": each.split.bias_share,
            "sentences": list(each.split.sentences("points of 100")),
        }
        for each in agreements_of(product, model_in_force(product, model))
    ]
