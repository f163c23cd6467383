"""A scenario: teams, sprints and rules a plan is solved for."""

from django.db import models
from django.db.models.functions import Lower

from tandem.accounts.models import Member, Product
from tandem.backlog.models import Item
from tandem.delivery.models import Team


class ScenarioQuerySet(models.QuerySet["Scenario"]):
    def visible_to(self, member: Member) -> "ScenarioQuerySet":
        return self.filter(product__workspace_id=member.workspace_id, product__deleted_at=None)


class Scenario(models.Model):
    product = models.ForeignKey(Product, on_delete=models.CASCADE, related_name="scenarios")
    name = models.CharField(max_length=80)
    sprints = models.PositiveSmallIntegerField(default=4)
    start_date = models.DateField(null=True, blank=True)
    #: ``None``: the product's default scoring model. By number, so that a model can go.
    scoring_model_id = models.BigIntegerField(null=True, blank=True)
    created_at = models.DateTimeField(auto_now_add=True)

    objects = ScenarioQuerySet.as_manager()

    class Meta:
        ordering = ["name"]
        constraints = [
            models.UniqueConstraint(Lower("name"), "product", name="one_scenario_per_name"),
            models.CheckConstraint(
                condition=models.Q(sprints__gte=1) & models.Q(sprints__lte=26),
                name="scenario_of_1_to_26_sprints",
            ),
        ]

    def __str__(self) -> str:
        return self.name


class ScenarioTeam(models.Model):
    """A team taking part, with its capacity in each sprint of the scenario."""

    scenario = models.ForeignKey(Scenario, on_delete=models.CASCADE, related_name="teams")
    team = models.ForeignKey(Team, on_delete=models.CASCADE, related_name="+")
    capacity = models.FloatField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["scenario", "team"], name="one_team_per_scenario"),
        ]

    def __str__(self) -> str:
        return f"{self.team} in {self.scenario}"


class RuleKind(models.TextChoices):
    MUST = "must", "must be in"
    MUST_NOT = "must_not", "must not be in"


class Rule(models.Model):
    scenario = models.ForeignKey(Scenario, on_delete=models.CASCADE, related_name="rules")
    item = models.ForeignKey(Item, on_delete=models.CASCADE, related_name="plan_rules")
    kind = models.CharField(max_length=10, choices=RuleKind.choices)
    reason = models.CharField(max_length=300, blank=True)
    made_by = models.ForeignKey(Member, null=True, on_delete=models.SET_NULL, related_name="+")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["scenario", "item"], name="one_rule_per_item"),
        ]

    def __str__(self) -> str:
        return f"{self.item.key} {self.get_kind_display()}"
