"""One member's value for one item on one criterion, dated and never overwritten."""

from django.db import models

from tandem.accounts.models import Member
from tandem.backlog.models import Item
from tandem.prioritisation.models.rating_session import SessionItem
from tandem.prioritisation.models.scoring_model import ScoringCriterion


class RatingQuerySet(models.QuerySet["Rating"]):
    def current(self) -> "RatingQuerySet":
        return self.filter(superseded_at=None)


class Rating(models.Model):
    """A new rating supersedes the member's older one; both stay, so any past day can be shown."""

    item = models.ForeignKey(Item, on_delete=models.CASCADE, related_name="ratings")
    criterion = models.ForeignKey(
        ScoringCriterion, on_delete=models.CASCADE, related_name="ratings"
    )
    member = models.ForeignKey(Member, on_delete=models.CASCADE, related_name="ratings")
    value = models.FloatField()
    low = models.FloatField(null=True, blank=True)
    high = models.FloatField(null=True, blank=True)
    confidence = models.FloatField(null=True, blank=True)
    note = models.CharField(max_length=500, blank=True)
    rated_at = models.DateTimeField()
    superseded_at = models.DateTimeField(null=True, blank=True)
    #: The session's item whose final value this is: it stands for its raters' own values.
    agreed_in = models.ForeignKey(
        SessionItem, on_delete=models.SET_NULL, null=True, blank=True, related_name="ratings"
    )

    objects = RatingQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["item", "criterion", "member"],
                condition=models.Q(superseded_at=None),
                name="one_current_rating_each",
            ),
        ]
        indexes = [
            models.Index(
                fields=["criterion", "item"],
                condition=models.Q(superseded_at=None),
                name="rating_current",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.criterion}: {self.value:g}"
