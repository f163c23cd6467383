"""A scenario: teams, sprints and settings a plan is solved for. Its rules are in ``rule.py``."""

from django.db import models
from django.db.models.functions import Lower

from tandem.accounts.models import Member, Product
from tandem.delivery.models import Team


class Maximise(models.TextChoices):
    """What a plan adds up. Of a score for effort only the benefit adds up: see decision 0013."""

    BENEFIT = "benefit", "benefit"
    SCORE = "score", "score"


class ScenarioQuerySet(models.QuerySet["Scenario"]):
    def visible_to(self, member: Member) -> "ScenarioQuerySet":
        return self.filter(product__workspace_id=member.workspace_id, product__deleted_at=None)


class Scenario(models.Model):
    product = models.ForeignKey(Product, on_delete=models.CASCADE, related_name="scenarios")
    name = models.CharField(max_length=80)
    #: What this scenario is meant to show, in a sentence.
    purpose = models.CharField(max_length=300, blank=True)
    sprints = models.PositiveSmallIntegerField(default=4)
    start_date = models.DateField(null=True, blank=True)
    #: ``None``: the product's default scoring model. By number, so that a model can go.
    scoring_model_id = models.BigIntegerField(null=True, blank=True)
    #: What the items of a plan add up to.
    maximise = models.CharField(max_length=8, choices=Maximise.choices, default=Maximise.SCORE)
    #: A prerequisite may be finished in the same sprint as what needs it.
    same_sprint_allowed = models.BooleanField(default=True)
    #: Plan with what each estimate stays below with 80 % instead of the likely number.
    careful = models.BooleanField(default=False)
    #: How much less a value counts for each sprint it is delivered later, in percent.
    decay = models.FloatField(default=0)
    #: Work of running sprints is planned anew instead of being left where it is.
    running_too = models.BooleanField(default=False)
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
            models.CheckConstraint(
                condition=models.Q(decay__gte=0) & models.Q(decay__lte=50),
                name="decay_of_0_to_50_percent",
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


class SprintCapacity(models.Model):
    """What a team has in one sprint of a scenario instead of its usual capacity: holidays, a guest."""

    scenario = models.ForeignKey(Scenario, on_delete=models.CASCADE, related_name="capacities")
    team = models.ForeignKey(Team, on_delete=models.CASCADE, related_name="+")
    sprint = models.PositiveSmallIntegerField()
    capacity = models.FloatField()
    reason = models.CharField(max_length=300, blank=True)
    made_by = models.ForeignKey(Member, null=True, on_delete=models.SET_NULL, related_name="+")

    class Meta:
        ordering = ["sprint", "team__name"]
        constraints = [
            models.UniqueConstraint(
                fields=["scenario", "team", "sprint"], name="one_capacity_per_team_and_sprint"
            ),
            models.CheckConstraint(
                condition=models.Q(capacity__gte=0), name="scenario_capacity_from_zero"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.team} in sprint {self.sprint} of {self.scenario}"
