from tandem.planning.models.debt import DebtPrice, InterestUnit
from tandem.planning.models.forecast import Forecast, ForecastQuestion
from tandem.planning.models.frontier import Frontier, FrontierKind, FrontierState
from tandem.planning.models.plan import Plan, PlanItem, PlanSource, PlanState
from tandem.planning.models.rule import OF_SEVERAL, OF_SHARE, OF_SPRINT, PLACING, Rule, RuleKind
from tandem.planning.models.scenario import Maximise, Scenario, ScenarioTeam, SprintCapacity

__all__ = [
    "OF_SEVERAL",
    "OF_SHARE",
    "OF_SPRINT",
    "PLACING",
    "DebtPrice",
    "Forecast",
    "ForecastQuestion",
    "Frontier",
    "FrontierKind",
    "FrontierState",
    "InterestUnit",
    "Maximise",
    "Plan",
    "PlanItem",
    "PlanSource",
    "PlanState",
    "Rule",
    "RuleKind",
    "Scenario",
    "ScenarioTeam",
    "SprintCapacity",
]
