"""Two or three scenarios beside each other, in figures and in items."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from tandem.accounts.models import Product
from tandem.backlog.models import Kind
from tandem.planning.models import Plan, PlanItem, PlanState, Scenario
from tandem.planning.operations import ForecastSummary, forecast_for_plan
from tandem.prioritisation.calculations_values import scores_for

#: Items in which the scenarios differ that the page lists.
LISTED = 200
MOST_SCENARIOS = 3


@dataclass(frozen=True)
class Side:
    """A scenario with the plan that stands for it: the accepted one, else the newest."""

    scenario: Scenario
    plan: Plan | None
    items: dict[int, PlanItem]
    effort: float = 0.0
    debt_effort: float = 0.0
    value_lens: float = 0.0
    technical_lens: float = 0.0
    forecast: ForecastSummary | None = None

    @property
    def debt_share(self) -> float:
        """Percent of the planned effort that is debt."""
        return 100 * self.debt_effort / self.effort if self.effort > 0 else 0.0

    @property
    def loads(self) -> list[dict[str, Any]]:
        return list(self.plan.details.get("sprints", ())) if self.plan is not None else []


@dataclass(frozen=True)
class Row:
    """An item that is not in the same sprint everywhere: its sprint in each scenario."""

    key: str
    title: str
    kind: str
    sprints: list[int | None]


@dataclass(frozen=True)
class Comparison:
    sides: list[Side]
    rows: list[Row]
    more: int
    in_all: int


def compared(product: Product, scenarios: Sequence[Scenario]) -> Comparison:
    """A fixed number of queries per scenario, whatever the plans hold."""
    sides = [_side(product, scenario) for scenario in scenarios]
    entries: dict[int, PlanItem] = {}
    for side in sides:
        entries |= side.items
    rows, in_all = [], 0
    for pk, entry in entries.items():
        places = [side.items[pk].sprint if pk in side.items else None for side in sides]
        in_all += None not in places
        if len(set(places)) > 1:
            item = entry.item
            rows.append(Row(f"{product.key}-{item.number}", item.title, item.kind, places))
    rows.sort(key=lambda row: (sum(each is not None for each in row.sprints), row.key))
    return Comparison(sides, rows[:LISTED], max(0, len(rows) - LISTED), in_all)


def plan_standing_for(scenario: Scenario) -> Plan | None:
    """The plan accepted last, else the newest solved one."""
    rows = Plan.objects.filter(scenario=scenario, state=PlanState.SOLVED)
    rows = rows.exclude(status="infeasible")
    accepted = rows.exclude(accepted_at=None).order_by("-accepted_at").first()
    return accepted or rows.first()


def _side(product: Product, scenario: Scenario) -> Side:
    plan = plan_standing_for(scenario)
    if plan is None:
        return Side(scenario, None, {})
    scenario.product = product
    plan.scenario = scenario
    rows = PlanItem.objects.filter(plan=plan, item__deleted_at=None).select_related("item")
    items = {entry.item_id: entry for entry in rows}
    lenses = scores_for(product, items).values()
    return Side(
        scenario,
        plan,
        items,
        effort=sum(entry.effort for entry in items.values()),
        debt_effort=sum(e.effort for e in items.values() if e.item.kind == Kind.DEBT),
        value_lens=sum(row.value.likely for row in lenses),
        technical_lens=sum(row.technical.likely for row in lenses),
        forecast=forecast_for_plan(plan),
    )
