"""What the plan page shows, in a fixed number of queries."""

from collections import defaultdict
from dataclasses import dataclass
from typing import Any

from django.db.models import Q

from tandem.accounts.models import Product
from tandem.backlog.models import Item
from tandem.delivery.models import Team
from tandem.planning.models import Plan, PlanItem, PlanState, Rule, Scenario

LISTED = 300


@dataclass(frozen=True, slots=True)
class Card:
    """An item in a sprint of the plan."""

    key: str
    title: str
    kind: str
    effort: float
    value: float
    guessed_effort: bool
    guessed_value: bool
    must: bool


@dataclass(frozen=True, slots=True)
class Cell:
    """What one team does in one sprint."""

    team: str
    capacity: float
    used: float
    cards: list[Card]

    @property
    def over(self) -> bool:
        return self.used > self.capacity + 1e-6


@dataclass(frozen=True, slots=True)
class SprintColumn:
    number: int
    capacity: float
    used: float
    cells: list[Cell]


@dataclass(frozen=True, slots=True)
class OutRow:
    """An item that is not in the plan, and why."""

    key: str
    title: str
    kind: str
    reason: str
    in_list: bool


def scenario_of(product: Product, number: int | None) -> Scenario | None:
    """The scenario asked for, else the one whose plan was asked for last, else the first."""
    rows = Scenario.objects.filter(product=product)
    if number is not None:
        return rows.filter(pk=number).first()
    latest = Plan.objects.filter(scenario__product=product).select_related("scenario").first()
    return latest.scenario if latest else rows.first()


def committed_plan(product: Product) -> Plan | None:
    """The plan that counts: the one committed last."""
    rows = Plan.objects.filter(scenario__product=product).exclude(committed_at=None)
    return rows.select_related("scenario", "committed_by__user").order_by("-committed_at").first()


def rules_of(scenario: Scenario) -> list[Rule]:
    """The rules in force; those about deleted items wait for the item to come back."""
    rows = scenario.rules.filter(Q(item=None) | Q(item__deleted_at=None))
    rows = rows.select_related("item__product", "team", "label", "made_by__user")
    return list(rows.prefetch_related("others__product").order_by("kind", "pk"))


def accepted_plan(scenario: Scenario) -> Plan | None:
    """The plan accepted last: what the scenario says."""
    rows = Plan.objects.filter(scenario=scenario).exclude(accepted_at=None)
    return rows.order_by("-accepted_at").first()


def plan_shown(plan: Plan, product: Product, musts: set[str]) -> dict[str, Any]:
    """The board, the left-out list and the comparison of a solved plan."""
    details = plan.details
    entries = list(
        PlanItem.objects.filter(plan=plan, item__deleted_at=None)
        .select_related("item", "team")
        .order_by("sprint", "-value")
    )
    guessed_efforts = set(details.get("guessed_efforts", ()))
    guessed_values = set(details.get("guessed_values", ()))
    cards: dict[tuple[int, str], list[Card]] = defaultdict(list)
    for entry in entries:
        entry.item.product = product
        key = entry.item.key
        cards[entry.sprint, entry.team.name if entry.team else ""].append(
            Card(
                key=key,
                title=entry.item.title,
                kind=entry.item.kind,
                effort=entry.effort,
                value=entry.value,
                guessed_effort=key in guessed_efforts,
                guessed_value=key in guessed_values,
                must=key in musts,
            )
        )
    sprints = [
        SprintColumn(
            number=sprint["number"],
            capacity=sprint["capacity"],
            used=sprint["used"],
            cells=[
                Cell(
                    team=load["team"],
                    capacity=load["capacity"],
                    used=load["used"],
                    cards=cards.get((sprint["number"], load["team"]), []),
                )
                for load in sprint["teams"]
            ],
        )
        for sprint in details["sprints"]
    ]
    listed = {key for keys in details["score_and_cut"]["sprints"] for key in keys}
    planned = {entry.item.key for entry in entries}
    left_out = details["left_out"]
    named = {left["key"] for left in left_out[:LISTED]} | (listed - planned)
    found = {
        item.number: item
        for item in Item.objects.with_keys(product, named).only(
            "number", "title", "kind", "product_id"
        )
    }
    titles = {f"{product.key}-{number}": item for number, item in found.items()}
    best = details["score_and_cut"]["value"]
    return {
        "sprints": sprints,
        "left_out": [
            OutRow(
                key=left["key"],
                title=titles[left["key"]].title if left["key"] in titles else "",
                kind=titles[left["key"]].kind if left["key"] in titles else "story",
                reason=left["reason"],
                in_list=left["key"] in listed,
            )
            for left in left_out[:LISTED]
        ],
        "left_out_count": len(left_out),
        "listed_sprints": details["score_and_cut"]["sprints"],
        "listed_value": best,
        "gain": (plan.value or 0) - best,
        "gain_percent": 100 * ((plan.value or 0) - best) / best if best > 0 else None,
        "only_planned": planned - listed,
        "only_listed": listed - planned,
        "planned_count": len(planned),
    }


def teams_of(product: Product, scenario: Scenario | None) -> list[dict[str, Any]]:
    """Every team with whether, and with how much, it takes part."""
    part = {} if scenario is None else dict(scenario.teams.values_list("team_id", "capacity"))
    return [
        {"team": team, "takes_part": team.pk in part, "capacity": part.get(team.pk, team.capacity)}
        for team in Team.objects.of(product)
    ]


def earlier_plans(scenario: Scenario, most: int = 10) -> list[Plan]:
    rows = Plan.objects.filter(scenario=scenario).select_related("asked_by__user")
    return list(rows.exclude(state=PlanState.FAILED).defer("details")[:most])
