"""How a rating loses trust with age: its interval widens until the whole scale counts."""

from __future__ import annotations

import math
from dataclasses import replace
from datetime import date

from tandem_engine.words import said

from .errors import ScoringError
from .inputs import Rating


def fresh_share(age_days: float, expires_after_days: float | None) -> float:
    """The share of its confidence (0 to 1) that a rating of this age still has.

    1 until it expires, after ``T = expires_after_days``; from then on ``2 ** -((age - T) / T)``:
    halved after as long again, a quarter after twice as long, and so on towards 0, where a rating
    says nothing and the whole scale counts. It never jumps, so that no rank does over night.
    Exponential forgetting with a half-life is the usual model of knowledge that loses its worth
    (R. G. Brown, "Smoothing, Forecasting and Prediction of Discrete Time Series", 1963, ch. 7).

    >>> fresh_share(90, 90), fresh_share(180, 90), fresh_share(270, 90), fresh_share(10_000, None)
    (1.0, 0.5, 0.25, 1.0)
    """
    if expires_after_days is None:
        return 1.0
    if not (math.isfinite(expires_after_days) and expires_after_days > 0):
        raise ScoringError(said("a rating expires after a number of days above zero"), "expiry")
    late = max(0.0, age_days - expires_after_days)
    return math.exp2(-late / expires_after_days)


def age_of(rating: Rating, today: date) -> int:
    """Whole days from the rating's day to ``today`` (UTC); 0 without a day, and for tomorrow's."""
    if rating.rated_at is None:
        return 0
    return max(0, today.toordinal() - rating.rated_at.toordinal())


def is_stale(rating: Rating, *, today: date, expires_after_days: float | None) -> bool:
    """Whether the rating is older than the time set for its criterion."""
    return expires_after_days is not None and age_of(rating, today) > expires_after_days


def faded(rating: Rating, *, today: date, expires_after_days: float | None) -> Rating:
    """The rating as it counts today: a stale one with less confidence, which widens its interval.

    The answer gives way to the whole scale around its likely value, which stays (see
    ``opinion_tables``). ``stated_confidence`` keeps what was said.
    """
    share = fresh_share(age_of(rating, today), expires_after_days)
    if share == 1.0:
        return rating
    stated = rating.confidence if rating.stated_confidence is None else rating.stated_confidence
    return replace(rating, confidence=stated * share, stated_confidence=stated)
