"""What a product's archive holds: one JSON-lines file per table, rows in the order of their ids."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.db.models import Model, QuerySet

from tandem.accounts.models import Member, Product
from tandem.backlog.models import Comment, Criterion, Dependency, Item, Label, Question, Status
from tandem.core.models import Event
from tandem.delivery.models import Assignment, Sprint, SprintItem, Team
from tandem.planning.models import Forecast, Plan, PlanItem, Rule, Scenario, ScenarioTeam
from tandem.prioritisation.models import Rating, ScoringCriterion, ScoringModel

#: Grows when a table or a column changes its meaning; older archives keep importing.
SCHEMA_VERSION = 1


@dataclass(frozen=True)
class Table:
    name: str
    model: type[Model]
    rows: Callable[[Product], QuerySet[Any]]


def _of(model: type[Model], path: str) -> Callable[[Product], QuerySet[Any]]:
    return lambda product: model._default_manager.filter(**{path: product})


TABLES = (
    Table(
        "members",
        Member,
        lambda product: Member.objects.filter(workspace_id=product.workspace_id),
    ),
    Table("statuses", Status, _of(Status, "product")),
    Table("labels", Label, _of(Label, "product")),
    Table("items", Item, _of(Item, "product")),
    Table("item_labels", Item.labels.through, _of(Item.labels.through, "item__product")),
    Table("criteria", Criterion, _of(Criterion, "item__product")),
    Table("questions", Question, _of(Question, "item__product")),
    Table("comments", Comment, _of(Comment, "item__product")),
    Table("dependencies", Dependency, _of(Dependency, "from_item__product")),
    Table("teams", Team, _of(Team, "product")),
    Table("assignments", Assignment, _of(Assignment, "item__product")),
    Table("sprints", Sprint, _of(Sprint, "team__product")),
    Table("sprint_items", SprintItem, _of(SprintItem, "item__product")),
    Table("scoring_models", ScoringModel, _of(ScoringModel, "product")),
    Table("scoring_criteria", ScoringCriterion, _of(ScoringCriterion, "model__product")),
    Table("ratings", Rating, _of(Rating, "item__product")),
    Table("scenarios", Scenario, _of(Scenario, "product")),
    Table("scenario_teams", ScenarioTeam, _of(ScenarioTeam, "scenario__product")),
    Table("rules", Rule, _of(Rule, "scenario__product")),
    Table("plans", Plan, _of(Plan, "scenario__product")),
    Table("plan_items", PlanItem, _of(PlanItem, "plan__scenario__product")),
    Table("forecasts", Forecast, _of(Forecast, "product")),
    Table("events", Event, lambda product: Event.objects.filter(product_id=product.pk)),
)
