"""A doubt about somebody's rating, with a reason; it stands beside the rating and changes nothing."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from tandem.accounts.models import Member
from tandem.prioritisation.models.rating import Rating


class ChallengeState(models.TextChoices):
    OPEN = "open", _("Open")
    ANSWERED = "answered", _("Answered")
    WITHDRAWN = "withdrawn", _("Withdrawn")


class ChallengeQuerySet(models.QuerySet["Challenge"]):
    def visible_to(self, member: Member) -> "ChallengeQuerySet":
        return self.filter(
            rating__item__workspace_id=member.workspace_id, rating__item__product__deleted_at=None
        )


class Challenge(models.Model):
    rating = models.ForeignKey(Rating, on_delete=models.CASCADE, related_name="challenges")
    raised_by = models.ForeignKey(Member, on_delete=models.CASCADE, related_name="challenges")
    raised_at = models.DateTimeField()
    reason = models.CharField(max_length=1000)
    state = models.CharField(
        max_length=10, choices=ChallengeState.choices, default=ChallengeState.OPEN
    )
    answer = models.CharField(max_length=1000, blank=True)
    answered_by = models.ForeignKey(
        Member, on_delete=models.CASCADE, null=True, blank=True, related_name="challenge_answers"
    )
    #: The moment it was answered or withdrawn.
    ended_at = models.DateTimeField(null=True, blank=True)

    objects = ChallengeQuerySet.as_manager()

    class Meta:
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["rating", "raised_by"],
                condition=models.Q(state="open"),
                name="one_open_challenge_each",
            ),
        ]

    def __str__(self) -> str:
        return self.reason[:80]
