"""A solved plan: kept with its inputs' fingerprint and everything the page shows."""

from django.db import models

from tandem.accounts.models import Member
from tandem.backlog.models import Item
from tandem.delivery.models import Team
from tandem.planning.models.scenario import Scenario
from tandem.planning.sayings import Saying
from tandem_engine.words import said


class PlanState(models.TextChoices):
    SOLVING = "solving", "Solving"
    SOLVED = "solved", "Solved"
    FAILED = "failed", "Failed"
    CANCELLED = "cancelled", "Cancelled"


class PlanSource(models.TextChoices):
    """How a plan came about."""

    SOLVED = "solved", "Solved"
    FRONTIER = "frontier", "Picked on a frontier"


class Plan(Saying, models.Model):
    scenario = models.ForeignKey(Scenario, on_delete=models.CASCADE, related_name="plans")
    source = models.CharField(max_length=10, choices=PlanSource.choices, default=PlanSource.SOLVED)
    #: A word on where it comes from: "Nash point of the lenses".
    note = models.CharField(max_length=200, blank=True)
    state = models.CharField(max_length=10, choices=PlanState.choices, default=PlanState.SOLVING)
    #: The engine's answer: optimal, feasible or infeasible.
    status = models.CharField(max_length=12, blank=True)
    value = models.FloatField(null=True)
    bound = models.FloatField(null=True)
    gap = models.FloatField(null=True)
    #: What the page shows besides: sprints, left-out reasons, lists beside it, guesses, notes.
    details = models.JSONField(default=dict)
    message = models.TextField(blank=True)
    fingerprint = models.CharField(max_length=80, blank=True)
    engine_version = models.CharField(max_length=20, blank=True)
    seed = models.BigIntegerField(default=0)
    asked_by = models.ForeignKey(Member, null=True, on_delete=models.SET_NULL, related_name="+")
    asked_at = models.DateTimeField()
    solved_at = models.DateTimeField(null=True)
    #: The plan that was committed when this one was asked for: what its changes are marked against.
    based_on = models.ForeignKey("self", null=True, on_delete=models.SET_NULL, related_name="+")
    accepted_at = models.DateTimeField(null=True)
    accepted_by = models.ForeignKey(Member, null=True, on_delete=models.SET_NULL, related_name="+")
    committed_at = models.DateTimeField(null=True)
    committed_by = models.ForeignKey(Member, null=True, on_delete=models.SET_NULL, related_name="+")

    class Meta:
        ordering = ["-asked_at", "-id"]

    def __str__(self) -> str:
        return said("plan %(number)s of %(scenario)s", number=self.pk, scenario=str(self.scenario))

    @property
    def product_id(self) -> int:
        return self.scenario.product_id


class PlanItem(models.Model):
    """An item in a plan's sprint."""

    plan = models.ForeignKey(Plan, on_delete=models.CASCADE, related_name="entries")
    item = models.ForeignKey(Item, on_delete=models.CASCADE, related_name="plan_entries")
    team = models.ForeignKey(Team, null=True, on_delete=models.SET_NULL, related_name="+")
    sprint = models.PositiveSmallIntegerField()
    effort = models.FloatField()
    value = models.FloatField()

    class Meta:
        ordering = ["sprint", "-value"]
        constraints = [
            models.UniqueConstraint(fields=["plan", "item"], name="one_entry_per_plan_item"),
        ]

    def __str__(self) -> str:
        return f"{self.item.key} in sprint {self.sprint}"
