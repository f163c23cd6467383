"""Who delivers, and how much in one sprint."""

from django.db import models
from django.db.models.functions import Lower

from tandem.accounts.models import Member, Product
from tandem.backlog.models import Item


class TeamQuerySet(models.QuerySet["Team"]):
    def visible_to(self, member: Member) -> "TeamQuerySet":
        return self.filter(product__workspace_id=member.workspace_id, product__deleted_at=None)

    def of(self, product: Product) -> "TeamQuerySet":
        return self.filter(product=product)


class Team(models.Model):
    product = models.ForeignKey(Product, on_delete=models.CASCADE, related_name="teams")
    name = models.CharField(max_length=80)
    #: Effort it usually finishes in one sprint, in the product's estimate unit.
    capacity = models.FloatField(default=20)
    sprint_days = models.PositiveSmallIntegerField(default=14)

    objects = TeamQuerySet.as_manager()

    class Meta:
        ordering = ["name"]
        constraints = [
            models.UniqueConstraint(Lower("name"), "product", name="one_team_per_name"),
            models.CheckConstraint(condition=models.Q(capacity__gte=0), name="capacity_from_zero"),
            models.CheckConstraint(
                condition=models.Q(sprint_days__gte=1) & models.Q(sprint_days__lte=120),
                name="sprint_of_1_to_120_days",
            ),
        ]

    def __str__(self) -> str:
        return self.name


class Assignment(models.Model):
    """The team an item is meant for; an item without one may go to any team."""

    item = models.OneToOneField(Item, on_delete=models.CASCADE, related_name="assignment")
    team = models.ForeignKey(Team, on_delete=models.CASCADE, related_name="assignments")

    def __str__(self) -> str:
        return f"{self.item.key} for {self.team}"
