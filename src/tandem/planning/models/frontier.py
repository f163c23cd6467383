"""A computed frontier: every trade-off worth considering for a scenario, kept by its inputs."""

from django.db import models

from tandem.accounts.models import Member
from tandem.planning.models.scenario import Scenario
from tandem.planning.sayings import Saying
from tandem_engine.words import said


class FrontierKind(models.TextChoices):
    LENSES = "lenses", "Value lens against technical lens"
    DEBT = "debt", "Debt share against delivered value"


class FrontierState(models.TextChoices):
    COMPUTING = "computing", "Computing"
    READY = "ready", "Ready"
    FAILED = "failed", "Failed"


class Frontier(Saying, models.Model):
    scenario = models.ForeignKey(Scenario, on_delete=models.CASCADE, related_name="frontiers")
    kind = models.CharField(max_length=8, choices=FrontierKind.choices)
    state = models.CharField(
        max_length=10, choices=FrontierState.choices, default=FrontierState.COMPUTING
    )
    #: Of the scenario's problem: the same inputs are computed once.
    fingerprint = models.CharField(max_length=80, blank=True)
    engine_version = models.CharField(max_length=20, blank=True)
    #: Points with their plans, the marked ones, and how complete it is.
    details = models.JSONField(default=dict)
    message = models.TextField(blank=True)
    asked_by = models.ForeignKey(Member, null=True, on_delete=models.SET_NULL, related_name="+")
    asked_at = models.DateTimeField()
    ready_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["-asked_at", "-id"]

    def __str__(self) -> str:
        kind = said(str(self.get_kind_display()))
        return said("%(kind)s of %(scenario)s", kind=kind, scenario=str(self.scenario))

    @property
    def product_id(self) -> int:
        return self.scenario.product_id
