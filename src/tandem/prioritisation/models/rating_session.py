"""A rating session: chosen items, invited raters, blind until the values are revealed together."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from tandem.accounts.models import Member, Product
from tandem.backlog.models import Item
from tandem.prioritisation.models.scoring_model import ScoringModel
from tandem_engine.words import said


class SessionKind(models.TextChoices):
    RATING = "rating", _("Rate criteria")
    ESTIMATE = "estimate", _("Estimate effort")
    PAIRS = "pairs", _("Compare in pairs")


class Pace(models.TextChoices):
    DEADLINE = "deadline", _("Everybody in their own time, until a deadline")
    LIVE = "live", _("Together, item by item")


class SessionState(models.TextChoices):
    OPEN = "open", _("Open")
    REVEALED = "revealed", _("Revealed")
    CLOSED = "closed", _("Closed")


class RatingSessionQuerySet(models.QuerySet["RatingSession"]):
    def visible_to(self, member: Member) -> "RatingSessionQuerySet":
        return self.filter(product__workspace_id=member.workspace_id, product__deleted_at=None)


class RatingSession(models.Model):
    """Open while values are given; revealed when no more may be given; closed when it is over.

    ``criteria`` are the slugs of the model's criteria that are asked; empty: all that are rated.
    ``cards`` is the scale of an estimation: ``[[label, effort], …]``.
    """

    product = models.ForeignKey(Product, on_delete=models.CASCADE, related_name="rating_sessions")
    name = models.CharField(max_length=120)
    kind = models.CharField(max_length=10, choices=SessionKind.choices)
    pace = models.CharField(max_length=10, choices=Pace.choices, default=Pace.DEADLINE)
    model = models.ForeignKey(
        ScoringModel, on_delete=models.CASCADE, null=True, blank=True, related_name="sessions"
    )
    criteria = models.JSONField(default=list, blank=True)
    cards = models.JSONField(default=list, blank=True)
    #: An estimate is given as low, likely and high instead of one card.
    three_point = models.BooleanField(default=False)
    #: What pairs are compared by, in words: "Which is worth more to customers?"
    question = models.CharField(max_length=200, blank=True)
    state = models.CharField(max_length=10, choices=SessionState.choices, default=SessionState.OPEN)
    #: The position of the item on the table, where the pace is live.
    current = models.PositiveSmallIntegerField(default=0)
    deadline = models.DateTimeField(null=True, blank=True)
    facilitator = models.ForeignKey(
        Member, on_delete=models.CASCADE, related_name="facilitated_sessions"
    )
    created_at = models.DateTimeField(auto_now_add=True)
    revealed_at = models.DateTimeField(null=True, blank=True)
    closed_at = models.DateTimeField(null=True, blank=True)

    objects = RatingSessionQuerySet.as_manager()

    class Meta:
        ordering = ["-created_at", "-pk"]
        indexes = [
            models.Index(
                fields=["deadline"],
                condition=models.Q(state="open"),
                name="session_deadline",
            ),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def is_live(self) -> bool:
        return self.pace == Pace.LIVE


class SessionItem(models.Model):
    """One item of a session. ``round`` grows when the item is rated again after a discussion."""

    session = models.ForeignKey(RatingSession, on_delete=models.CASCADE, related_name="entries")
    item = models.ForeignKey(Item, on_delete=models.CASCADE, related_name="session_entries")
    position = models.PositiveSmallIntegerField()
    round = models.PositiveSmallIntegerField(default=1)
    revealed_at = models.DateTimeField(null=True, blank=True)
    locked_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["position"]
        constraints = [
            models.UniqueConstraint(fields=["session", "item"], name="one_session_entry_per_item"),
        ]

    def __str__(self) -> str:
        return said("%(item)s in %(session)s", item=str(self.item), session=str(self.session))


class SessionRater(models.Model):
    """Who was asked to rate; ``joined_at`` is the moment they came."""

    session = models.ForeignKey(RatingSession, on_delete=models.CASCADE, related_name="raters")
    member = models.ForeignKey(Member, on_delete=models.CASCADE, related_name="session_seats")
    invited_at = models.DateTimeField()
    joined_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(fields=["session", "member"], name="one_seat_per_member"),
        ]

    def __str__(self) -> str:
        return said("%(member)s in %(session)s", member=str(self.member), session=str(self.session))
