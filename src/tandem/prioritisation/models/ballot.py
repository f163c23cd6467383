"""What raters say in a session: hidden from everybody else until the item is revealed."""

from django.db import models

from tandem.accounts.models import Member
from tandem.backlog.models import Item
from tandem.prioritisation.models.rating_session import RatingSession, SessionItem
from tandem.prioritisation.models.scoring_model import ScoringCriterion
from tandem_engine.words import said


class BallotQuerySet(models.QuerySet["Ballot"]):
    def revealed(self) -> "BallotQuerySet":
        """Those anybody may see: of an item that is revealed, or of a round that is over."""
        return self.filter(
            models.Q(entry__revealed_at__isnull=False)
            | models.Q(round__lt=models.F("entry__round"))
        )

    def seen_by(self, member: Member) -> "BallotQuerySet":
        """What this member may see: what is revealed, and their own."""
        return self.filter(
            models.Q(member=member)
            | models.Q(entry__revealed_at__isnull=False)
            | models.Q(round__lt=models.F("entry__round"))
        )


class Ballot(models.Model):
    """One rater's value for one criterion (none: the effort) of one item in one round.

    ``skipped``: they pass over the item; ``note`` says why.
    """

    entry = models.ForeignKey(SessionItem, on_delete=models.CASCADE, related_name="ballots")
    member = models.ForeignKey(Member, on_delete=models.CASCADE, related_name="ballots")
    criterion = models.ForeignKey(
        ScoringCriterion, on_delete=models.CASCADE, null=True, blank=True, related_name="ballots"
    )
    round = models.PositiveSmallIntegerField(default=1)
    value = models.FloatField(null=True, blank=True)
    low = models.FloatField(null=True, blank=True)
    high = models.FloatField(null=True, blank=True)
    confidence = models.FloatField(null=True, blank=True)
    note = models.CharField(max_length=500, blank=True)
    skipped = models.BooleanField(default=False)
    given_at = models.DateTimeField()

    objects = BallotQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["entry", "round", "member", "criterion"],
                condition=models.Q(criterion__isnull=False),
                name="one_ballot_per_criterion",
            ),
            models.UniqueConstraint(
                fields=["entry", "round", "member"],
                condition=models.Q(criterion__isnull=True),
                name="one_ballot_without_criterion",
            ),
        ]

    def __str__(self) -> str:
        return said("%(member)s on %(entry)s", member=str(self.member), entry=str(self.entry))


class FinalValue(models.Model):
    """What a session settled on, with the reason where it is nobody's value."""

    entry = models.ForeignKey(SessionItem, on_delete=models.CASCADE, related_name="finals")
    criterion = models.ForeignKey(
        ScoringCriterion, on_delete=models.CASCADE, null=True, blank=True, related_name="finals"
    )
    value = models.FloatField()
    low = models.FloatField(null=True, blank=True)
    high = models.FloatField(null=True, blank=True)
    confidence = models.FloatField(null=True, blank=True)
    reason = models.CharField(max_length=500, blank=True)
    decided_by = models.ForeignKey(Member, on_delete=models.CASCADE, related_name="final_values")
    decided_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["entry", "criterion"],
                condition=models.Q(criterion__isnull=False),
                name="one_final_per_criterion",
            ),
            models.UniqueConstraint(
                fields=["entry"],
                condition=models.Q(criterion__isnull=True),
                name="one_final_without_criterion",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.entry}: {self.value:g}"


class PairAnswerQuerySet(models.QuerySet["PairAnswer"]):
    def revealed(self) -> "PairAnswerQuerySet":
        return self.exclude(session__state="open")

    def seen_by(self, member: Member) -> "PairAnswerQuerySet":
        return self.filter(models.Q(member=member) | ~models.Q(session__state="open"))


class PairAnswer(models.Model):
    """Which of two items a rater puts first; ``preferred`` none: both alike."""

    session = models.ForeignKey(
        RatingSession, on_delete=models.CASCADE, related_name="pair_answers"
    )
    member = models.ForeignKey(Member, on_delete=models.CASCADE, related_name="pair_answers")
    #: Of the two the one with the lower number.
    one = models.ForeignKey(Item, on_delete=models.CASCADE, related_name="+")
    other = models.ForeignKey(Item, on_delete=models.CASCADE, related_name="+")
    preferred = models.ForeignKey(
        Item, on_delete=models.CASCADE, null=True, blank=True, related_name="+"
    )
    given_at = models.DateTimeField()

    objects = PairAnswerQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["session", "member", "one", "other"], name="one_answer_per_pair"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.member}: {self.one} or {self.other}"
