"""Which ratings are stale, and how they count: rows -> the engine's fading."""

import datetime

from django.utils import timezone
from django.utils.translation import gettext_noop as N_

from tandem.prioritisation.calculations_models import ModelInForce
from tandem.prioritisation.models import ScoringCriterion
from tandem_engine.prioritisation import Rating as EngineRating
from tandem_engine.prioritisation import faded
from tandem_engine.words import said

__all__ = ["as_it_counts", "fades", "is_stale", "stale_sentence", "today"]


def today() -> datetime.date:
    """The day that ages are counted to, in UTC like the ratings' own days."""
    return timezone.now().astimezone(datetime.UTC).date()


def fades(model: ModelInForce) -> bool:
    """Whether the model's scores change with time alone."""
    return any(each.expires_after_days for each in model.criteria)


def is_stale(
    criterion: ScoringCriterion, rated_at: datetime.datetime, day: datetime.date | None = None
) -> bool:
    """Whether a rating of that moment is older than the criterion's time."""
    after = criterion.expires_after_days
    return after is not None and ((day or today()) - rated_at.date()).days > after


def as_it_counts(
    rating: EngineRating, criterion: ScoringCriterion, day: datetime.date
) -> EngineRating:
    """The rating with the confidence that its age leaves it on ``day``."""
    return faded(rating, today=day, expires_after_days=criterion.expires_after_days)


def stale_sentence(criterion: ScoringCriterion, rated_at: datetime.datetime) -> str:
    """For whoever sees a faded rating; empty while it is fresh."""
    if not is_stale(criterion, rated_at):
        return ""
    age = (today() - rated_at.date()).days
    return said(
        N_(
            "Stale: %(age)s days old, and %(criterion)s counts in full for %(days)s. Its range widens "
            "with age; rate it again to renew it."
        ),
        age=age,
        criterion=criterion.name,
        days=criterion.expires_after_days or 0,
    )
