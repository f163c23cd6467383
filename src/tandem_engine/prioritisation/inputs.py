"""What is known about an item: ratings and an estimate, checked against the model."""

from __future__ import annotations

import math
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from tandem_engine.words import figure, join, said, word

from .errors import ScoringError
from .model import Criterion, ScoringModel

#: A rating without a stated confidence: sure, but not certain.
DEFAULT_CONFIDENCE = 0.8


@dataclass(frozen=True, slots=True)
class Rating:
    """One member's answer to one criterion.

    ``value`` is the likely one (P50), in the criterion's unit; ``low`` and ``high`` (P10 and P90)
    may be given together. ``confidence`` between 0 and 1 says how far the answer is to be trusted:
    at 1 it stands as given, at 0 it spreads over the whole scale around ``value``. Of several
    ratings by one rater on one criterion the latest ``rated_at`` (a date or a moment in UTC)
    counts.
    """

    criterion: str
    value: float
    rater: str
    rated_at: date | None = None
    low: float | None = None
    high: float | None = None
    confidence: float = DEFAULT_CONFIDENCE
    #: What was stated, where ``confidence`` is less because the rating is stale.
    stated_confidence: float | None = None

    @property
    def trust(self) -> str:
        """The confidence in words, with what was stated where age has lowered it."""
        sure = figure(self.confidence, ".0%")
        if self.stated_confidence is None:
            return said("confidence %(share)s", share=sure)
        return said(
            "confidence %(share)s, faded from %(stated)s with age",
            share=sure,
            stated=figure(self.stated_confidence, ".0%"),
        )

    @property
    def source(self) -> str:
        """Who said it and when, for a derivation."""
        when = f", {self.rated_at.isoformat()[:10]}" if self.rated_at else ""
        return f"{self.rater}{when}"


@dataclass(frozen=True, slots=True)
class Estimate:
    """Effort as low / likely / high (P10 / P50 / P90), in the team's unit, 0 or more.

    Three equal numbers claim certainty and are taken at their word.
    """

    low: float
    likely: float
    high: float
    by: str = ""
    estimated_at: date | None = None


@dataclass(frozen=True, slots=True)
class ItemInputs:
    """One item of the ranking: its key and everything said about it.

    ``fields`` are further numbers by slug, such as its demand; custom formulas read them.
    """

    key: str
    ratings: tuple[Rating, ...] = ()
    estimate: Estimate | None = None
    fields: tuple[tuple[str, float], ...] = ()


#: low, likely, high, confidence of one rating, as plain numbers.
Opinion = tuple[float, float, float, float]
#: low, likely, high of an estimate, floored at the smallest effort.
Effort = tuple[float, float, float]


@dataclass(frozen=True, slots=True)
class Signature:
    """All that the numbers depend on. Items with equal signatures have equal scores."""

    opinions: tuple[tuple[Opinion, ...], ...]
    effort: Effort | None
    #: The fields the formula reads, in the model's order; None: the item has no such number.
    fields: tuple[float | None, ...] = ()


def current_ratings(item: ItemInputs) -> dict[str, list[Rating]]:
    """The ratings that count, by criterion: per rater the latest one, in the raters' order.

    Raises :class:`ScoringError` when one rater answered the same criterion twice at the same
    moment, because nobody can say which answer is meant.
    """
    found: dict[str, list[Rating]] = {}
    for (criterion, _), rating in sorted(_latest(item).items()):
        found.setdefault(criterion, []).append(rating)
    return found


def _latest(item: ItemInputs) -> dict[tuple[str, str], Rating]:
    latest = {(rating.criterion, rating.rater): rating for rating in item.ratings}
    if len(latest) == len(item.ratings):
        return latest
    latest.clear()
    for rating in item.ratings:
        slot = (rating.criterion, rating.rater)
        other = latest.setdefault(slot, rating)
        if other is rating:
            continue
        if _moment(other) == _moment(rating):
            raise ScoringError(
                said("%(rater)s has two ratings of the same moment; keep one", rater=rating.rater),
                f"{item.key} / {rating.criterion}",
            )
        if _moment(rating) > _moment(other):
            latest[slot] = rating
    return latest


def signature_of(model: ScoringModel, item: ItemInputs) -> Signature:
    """The item's inputs as checked numbers.

    Raises :class:`ScoringError`, naming item and criterion, for a criterion the model lacks, a
    value outside its scale, a range out of order, a confidence outside 0 to 1, a negative effort.
    """
    opinions: tuple[tuple[Opinion, ...], ...]
    if item.ratings:
        given: dict[str, list[Opinion]] = {slug: [] for slug in model.by_slug}
        for (slug, _), rating in _latest(item).items():
            criterion = model.by_slug.get(slug)
            if criterion is None:
                raise ScoringError(said("the model has no such criterion"), f"{item.key} / {slug}")
            if criterion.kind == "effort":
                raise ScoringError(
                    said("effort comes from the item's estimate, not from a rating"),
                    f"{item.key} / {slug}",
                )
            scale, value, trust = criterion.scale, rating.value, rating.confidence
            # Most are single numbers, and there may be a hundred thousand: without a call.
            if (
                rating.low is None
                and rating.high is None
                and rating.rater
                and scale.low <= value <= scale.high
                and 0 <= trust <= 1
            ):
                value = float(value)
                given[slug].append((value, value, value, float(trust)))
            else:
                given[slug].append(_opinion(item.key, criterion, rating))
        opinions = tuple(
            tuple(sorted(found)) if len(found := given[c.slug]) > 1 else tuple(found)
            for c in model.ratings
        )
    else:
        opinions = ((),) * len(model.ratings)
    effort = None
    if model.effort is not None and item.estimate is not None:
        effort = effort_numbers(item.estimate, model.effort.scale.low, f"{item.key} / estimate")
    return Signature(opinions, effort, _fields(model, item) if model.fields_read else ())


def _fields(model: ScoringModel, item: ItemInputs) -> tuple[float | None, ...]:
    given = dict(item.fields)
    for slug, value in given.items():
        if not math.isfinite(value):
            raise ScoringError(
                said("the value %(value)s is not a number", value=figure(value)),
                f"{item.key} / {slug}",
            )
    return tuple(given.get(field.slug) for field in model.fields_read)


def effort_numbers(estimate: Estimate, floor: float, where: str) -> Effort:
    """Low, likely and high of a checked estimate, each at least ``floor``."""
    low, likely, high = estimate.low, estimate.likely, estimate.high
    if not all(math.isfinite(number) for number in (low, likely, high)):
        raise ScoringError(said("the estimate is not a number"), where)
    if low < 0:
        raise ScoringError(said("the effort %(low)s is negative", low=figure(low)), where)
    _check_order(low, likely, high, where)
    return (max(low, floor), max(likely, floor), max(high, floor))


def check_keys(items: Iterable[ItemInputs]) -> None:
    """Refuse an empty key and a key given twice."""
    seen: set[str] = set()
    for item in items:
        if not item.key:
            raise ScoringError(said("an item needs a key"), "items")
        if item.key in seen:
            raise ScoringError(said("the key appears twice in this ranking"), item.key)
        seen.add(item.key)


def _opinion(key: str, criterion: Criterion, rating: Rating) -> Opinion:
    value, low, high = rating.value, rating.low, rating.high
    if low is None and high is None:
        low = high = value
    if (
        rating.rater
        and low is not None
        and high is not None
        and criterion.scale.low <= low <= value <= high <= criterion.scale.high
        and 0 <= rating.confidence <= 1
    ):
        return (float(low), float(value), float(high), float(rating.confidence))
    raise _wrong(key, criterion, rating)


def _wrong(key: str, criterion: Criterion, rating: Rating) -> ScoringError:
    """What is the matter with a rating that does not count."""
    where = f"{key} / {criterion.slug}"
    if not rating.rater:
        return ScoringError(said("a rating needs its rater"), where)
    if (rating.low is None) != (rating.high is None):
        return ScoringError(said("a range needs both its low and its high end"), where)
    low = rating.value if rating.low is None else rating.low
    high = rating.value if rating.high is None else rating.high
    for number in (low, rating.value, high):
        if not criterion.scale.holds(number):
            unit = join(" ", word(criterion.unit)) if criterion.unit else ""
            return ScoringError(
                said(
                    "%(rater)s's rating %(number)s lies outside the scale %(low)s to %(high)s%(unit)s",
                    rater=rating.rater,
                    number=figure(number),
                    low=figure(criterion.scale.low),
                    high=figure(criterion.scale.high),
                    unit=unit,
                ),
                where,
            )
    _check_order(low, rating.value, high, where)
    return ScoringError(
        said(
            "the confidence %(confidence)s must be between 0 and 1",
            confidence=figure(rating.confidence),
        ),
        where,
    )


def _check_order(low: float, likely: float, high: float, where: str) -> None:
    if low > likely:
        raise ScoringError(
            said(
                "the low end %(low)s is above the likely value %(likely)s",
                low=figure(low),
                likely=figure(likely),
            ),
            where,
        )
    if likely > high:
        raise ScoringError(
            said(
                "the likely value %(likely)s is above the high end %(high)s",
                likely=figure(likely),
                high=figure(high),
            ),
            where,
        )


def _moment(rating: Rating) -> str:
    # ISO text orders dates and UTC moments alike; no date counts as the earliest.
    return rating.rated_at.isoformat() if rating.rated_at else ""
