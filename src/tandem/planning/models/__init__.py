from tandem.planning.models.forecast import Forecast, ForecastQuestion
from tandem.planning.models.plan import Plan, PlanItem, PlanState
from tandem.planning.models.scenario import Rule, RuleKind, Scenario, ScenarioTeam

__all__ = [
    "Forecast",
    "ForecastQuestion",
    "Plan",
    "PlanItem",
    "PlanState",
    "Rule",
    "RuleKind",
    "Scenario",
    "ScenarioTeam",
]
