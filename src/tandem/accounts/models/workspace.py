"""One organisation's data; every row belongs to one workspace."""

import zoneinfo

from django.core.exceptions import ValidationError
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.utils.translation import gettext as _


def known_zone(value: str) -> None:
    try:
        zoneinfo.ZoneInfo(value)
    except (zoneinfo.ZoneInfoNotFoundError, ValueError) as error:
        raise ValidationError(
            _("%(zone)s is no time zone. Write one like Europe/Berlin.") % {"zone": value}
        ) from error


#: History is kept this many days at the least, so that a month's trash and a quarter's review
#: always have theirs; and at the most, above which one says for ever.
LEAST_DAYS, MOST_DAYS = 90, 36_500


class Workspace(models.Model):
    name = models.CharField(max_length=120)
    slug = models.SlugField(max_length=60, unique=True)
    #: Decides where a day and a sprint end; times are stored in UTC.
    time_zone = models.CharField(max_length=60, default="UTC", validators=[known_zone])
    #: The fictional workspace that ``tandem up`` makes; only it offers printed sign-in links.
    is_sample = models.BooleanField(default=False)
    #: Members without a second factor are led to set one up before anything else.
    second_factor_required = models.BooleanField(default=False)
    #: Events older than this many days are deleted; empty: they are kept for ever.
    keep_history_days = models.PositiveIntegerField(
        null=True,
        blank=True,
        validators=[MinValueValidator(LEAST_DAYS), MaxValueValidator(MOST_DAYS)],
    )
    #: Events deleted by the run under way, until it tells of them: it may be killed in between.
    history_deleted = models.PositiveIntegerField(default=0)
    #: Events before this moment were deleted; empty: all are there.
    history_from = models.DateTimeField(null=True, blank=True)
    created_at = models.DateTimeField(auto_now_add=True)

    def __str__(self) -> str:
        return self.name

    @property
    def zone(self) -> zoneinfo.ZoneInfo:
        return zoneinfo.ZoneInfo(self.time_zone)
