"""The board of a plan: what each team does in each sprint, and what would change by committing."""

from collections import defaultdict
from dataclasses import dataclass, field
from typing import Any

from tandem.accounts.models import Product
from tandem.backlog.models import Category, Item
from tandem.delivery.models import Sprint, SprintItem, SprintState, Team
from tandem.planning.models import Plan, PlanItem
from tandem.ui.filters import spoken
from tandem_engine.words import said

LISTED = 300
#: What committing does to an item that is in no sprint.
NEW = said("new")


@dataclass(frozen=True, slots=True)
class Card:
    """An item in a sprint of the plan. ``change``: what committing does to it, in a word or two."""

    key: str
    title: str
    kind: str
    effort: float
    value: float
    guessed_effort: bool
    guessed_value: bool
    rule: str
    change: str


@dataclass(frozen=True, slots=True)
class Cell:
    """What one team does in one sprint."""

    team: str
    team_id: int
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


@dataclass(frozen=True)
class Standing:
    """Where the planned sprints hold each item now: ``(team, sprint counted from 1)``."""

    places: dict[int, tuple[int, int]]
    teams: dict[int, str]
    items: dict[int, Item] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Changes:
    """What committing would do: counted, and what would leave the sprints."""

    new: int
    moved: int
    same: int
    leaving: list[Card]

    @property
    def any(self) -> bool:
        return bool(self.new or self.moved or self.leaving)


def standing(plan: Plan, product: Product) -> Standing:
    """The open contents of the sprints the plan speaks of, as they are now. One query."""
    states = [SprintState.PLANNED]
    if plan.scenario.running_too:
        states.append(SprintState.RUNNING)
    rows = (
        SprintItem.objects.filter(
            sprint__team__product=product,
            sprint__state__in=states,
            item__deleted_at=None,
            item__status__category__in=[Category.OPEN, Category.STARTED],
        )
        .select_related("item", "sprint__team")
        .order_by("sprint__team_id", "sprint__start_date", "sprint_id")
    )
    numbers: dict[int, dict[int, int]] = defaultdict(dict)
    for sprint_id, team_id in _sprints(product, states):
        numbers[team_id][sprint_id] = len(numbers[team_id]) + 1
    places, teams, items = {}, {}, {}
    for row in rows:
        team = row.sprint.team
        teams[team.pk] = team.name
        places[row.item_id] = (team.pk, numbers[team.pk][row.sprint_id])
        row.item.product = product
        items[row.item_id] = row.item
    return Standing(places, teams, items)


def _sprints(product: Product, states: list[SprintState]) -> list[tuple[int, int]]:
    rows = Sprint.objects.filter(team__product=product, state__in=states)
    return list(rows.order_by("start_date", "pk").values_list("pk", "team_id"))


def plan_shown(plan: Plan, product: Product, words: dict[str, str]) -> dict[str, Any]:
    """The board, the left-out list and the comparison of a solved plan.

    ``words``: what a rule says of an item, by its key.
    """
    details = plan.details
    entries = list(
        PlanItem.objects.filter(plan=plan, item__deleted_at=None)
        .select_related("item", "team")
        .order_by("sprint", "-value")
    )
    for entry in entries:
        entry.item.product = product
    now = standing(plan, product)
    teams = dict(Team.objects.of(product).values_list("name", "pk"))
    cards, counts = _cards(entries, details, words, now)
    sprints = [
        SprintColumn(
            number=sprint["number"],
            capacity=sprint["capacity"],
            used=sprint["used"],
            cells=[
                Cell(
                    team=load["team"],
                    team_id=teams.get(load["team"], 0),
                    capacity=load["capacity"],
                    used=load["used"],
                    cards=cards.get((sprint["number"], load["team"]), []),
                )
                for load in sprint["teams"]
            ],
        )
        for sprint in details["sprints"]
    ]
    leaving = _leaving(plan, entries, now)
    return {
        "sprints": sprints,
        "lanes": max((len(sprint.cells) for sprint in sprints), default=0),
        "changes": Changes(counts[NEW], counts["moved"], counts[""], leaving),
        "planned_count": len(entries),
        **_outside(plan, product, {entry.item.key for entry in entries}),
    }


def _cards(
    entries: list[PlanItem], details: dict[str, Any], words: dict[str, str], now: Standing
) -> tuple[dict[tuple[int, str], list[Card]], dict[str, int]]:
    efforts = set(details.get("guessed_efforts", ()))
    values = set(details.get("guessed_values", ()))
    cards: dict[tuple[int, str], list[Card]] = defaultdict(list)
    counts: dict[str, int] = defaultdict(int)
    for entry in entries:
        key = entry.item.key
        change = _change(entry, now)
        counts["moved" if change not in ("", NEW) else change] += 1
        cards[entry.sprint, entry.team.name if entry.team else ""].append(
            Card(
                key=key,
                title=entry.item.title,
                kind=entry.item.kind,
                effort=entry.effort,
                value=entry.value,
                guessed_effort=key in efforts,
                guessed_value=key in values,
                rule=words.get(key, ""),
                # Into empty sprints everything is new: then the mark says nothing.
                change=spoken(change) if now.places else "",
            )
        )
    return cards, counts


def _change(entry: PlanItem, now: Standing) -> str:
    place = now.places.get(entry.item_id)
    if place is None:
        return NEW
    team, sprint = place
    if team != entry.team_id:
        return said("from %(team)s %(number)s", team=now.teams[team], number=sprint)
    return "" if sprint == entry.sprint else said("from sprint %(number)s", number=sprint)


def _leaving(plan: Plan, entries: list[PlanItem], now: Standing) -> list[Card]:
    """What is in the sprints of the plan's horizon now and would go out of them."""
    planned = {entry.item_id for entry in entries}
    return [
        Card(
            key=now.items[pk].key,
            title=now.items[pk].title,
            kind=now.items[pk].kind,
            effort=now.items[pk].estimate_likely or 0.0,
            value=0.0,
            guessed_effort=False,
            guessed_value=False,
            rule="",
            change=spoken(said("from %(team)s %(number)s", team=now.teams[team], number=sprint)),
        )
        for pk, (team, sprint) in now.places.items()
        if pk not in planned and sprint <= plan.scenario.sprints
    ]


def _outside(plan: Plan, product: Product, planned: set[str]) -> dict[str, Any]:
    details = plan.details
    listed = {key for keys in details["score_and_cut"]["sprints"] for key in keys}
    left_out = details["left_out"]
    named = {left["key"] for left in left_out[:LISTED]} | (listed - planned)
    found = Item.objects.with_keys(product, named).only("number", "title", "kind", "product_id")
    titles = {f"{product.key}-{item.number}": item for item in found}
    best = details["score_and_cut"]["value"]
    gain = (plan.value or 0) - best
    return {
        "left_out": [
            OutRow(
                key=left["key"],
                title=titles[left["key"]].title if left["key"] in titles else "",
                kind=titles[left["key"]].kind if left["key"] in titles else "story",
                reason=plan.say(left["reason"]),
                in_list=left["key"] in listed,
            )
            for left in left_out[:LISTED]
        ],
        "left_out_count": len(left_out),
        "listed_sprints": details["score_and_cut"]["sprints"],
        "listed_value": best,
        "gain": gain,
        "gain_percent": 100 * gain / best if best > 0 else None,
        "only_planned": planned - listed,
        "only_listed": listed - planned,
    }


def interim_shown(yet: dict[str, Any], product: Product) -> dict[str, Any]:
    """The best plan of a solve that still runs, with the titles of its items. One query."""
    cells = [team for sprint in yet["sprints"] for team in sprint["teams"]]
    keys = [key for team in cells for key in team["items"]]
    found = Item.objects.with_keys(product, keys[:LISTED]).only("number", "title", "kind")
    items = {f"{product.key}-{item.number}": item for item in found}
    for team in cells:
        team["cards"] = [(key, items[key]) for key in team["items"] if key in items]
    return {"value": yet["value"], "sprints": yet["sprints"], "more": max(0, len(keys) - LISTED)}
