"""A period of delivery of one team: from its first day up to, not including, its end day."""

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from tandem.accounts.models import Member
from tandem.backlog.models import Item
from tandem.delivery.models.team import Team
from tandem_engine.words import said


class SprintState(models.TextChoices):
    PLANNED = "planned", _("Planned")
    RUNNING = "running", _("Running")
    FINISHED = "finished", _("Finished")


class SprintQuerySet(models.QuerySet["Sprint"]):
    def visible_to(self, member: Member) -> "SprintQuerySet":
        return self.filter(
            team__product__workspace_id=member.workspace_id, team__product__deleted_at=None
        )


class Sprint(models.Model):
    team = models.ForeignKey(Team, on_delete=models.CASCADE, related_name="sprints")
    number = models.PositiveIntegerField()
    goal = models.CharField(max_length=300, blank=True)
    start_date = models.DateField()
    end_date = models.DateField()
    capacity = models.FloatField()
    state = models.CharField(
        max_length=10, choices=SprintState.choices, default=SprintState.PLANNED
    )
    items = models.ManyToManyField(Item, through="SprintItem", related_name="sprints")

    objects = SprintQuerySet.as_manager()

    class Meta:
        ordering = ["start_date", "id"]
        constraints = [
            models.UniqueConstraint(fields=["team", "number"], name="one_sprint_per_number"),
            models.CheckConstraint(
                condition=Q(end_date__gt=F("start_date")), name="sprint_ends_after_start"
            ),
            models.CheckConstraint(condition=Q(capacity__gte=0), name="sprint_capacity_from_zero"),
        ]

    def __str__(self) -> str:
        return said("%(team)s sprint %(number)s", team=str(self.team), number=self.number)

    @property
    def product_id(self) -> int:
        return self.team.product_id


class SprintItem(models.Model):
    sprint = models.ForeignKey(Sprint, on_delete=models.CASCADE, related_name="entries")
    item = models.ForeignKey(Item, on_delete=models.CASCADE, related_name="sprint_entries")
    added_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["sprint", "item"], name="one_entry_per_sprint"),
        ]

    def __str__(self) -> str:
        return f"{self.item.key} in {self.sprint}"
