"""The scenarios the sample offers to plan: an open one, and what each role would push for."""

from dataclasses import dataclass
from typing import Any

from tandem.accounts.models import Member, Product
from tandem.accounts.sample import People
from tandem.backlog.models import Item
from tandem.home.sample.calendar import SPRINT_DAYS, Calendar
from tandem.home.sample.crew import Crew
from tandem.home.sample.ledger import Ledger
from tandem.planning.models import (
    DebtPrice,
    Maximise,
    Rule,
    RuleKind,
    Scenario,
    ScenarioTeam,
    SprintCapacity,
)

SPRINTS = 4

#: What holds in every scenario: (item's slug, kind, reason, who made the rule)
RULES = (
    ("brute-force", RuleKind.MUST, "High in last year's test; the insurer asks again in May.", "technical"),
    ("refund-self", RuleKind.MUST, "Promised to customer service before the summer.", "owner"),
    ("crew-lists", RuleKind.MUST_NOT, "The pursers asked for a season without another change.", "owner"),
)  # fmt: skip


@dataclass(frozen=True)
class Told:
    """A scenario, who made it, and the share of debt it asks for or allows, in percent."""

    name: str
    purpose: str
    by: str
    share: tuple[RuleKind, float, str] | None = None


OPEN = Told(
    "Next four sprints", "What both can stand behind: the promises, and else the best.", "owner"
)
SCENARIOS = (
    OPEN,
    Told(
        "Feature push",
        "Petra's proposal: the season is won with what people see.",
        "owner",
        (RuleKind.SHARE_MAX, 5, "Nothing that nobody notices before the season."),
    ),
    Told(
        "Debt push",
        "Tariq's proposal: pay back what makes every fare change take three weeks.",
        "technical",
        (RuleKind.SHARE_MIN, 35, "61 % of the last eight changes went into code nobody dares to touch."),
    ),
)  # fmt: skip

#: What debt costs each week in points: (item's slug, interest, why, who said so)
INTEREST = (
    ("fare-switch", 1.6, "Nine points for each fare, one fare in six weeks.", "technical"),
    ("fare-tests", 0.9, "Two days of checking by hand for every change of a price.", "developer"),
    ("night-batch", 0.7, "Somebody starts it again on two mornings a week.", "technical"),
    ("test-data", 1.2, "Half a day a week for three people.", "developer"),
    ("customer-doubles", 0.4, "Eleven calls a week about the wrong booking.", "owner"),
    ("secrets-vault", 0.3, "Each change of a password is an evening.", "technical"),
    ("soap-off", 0.5, "Two releases a year wait for it.", "technical"),
    ("log-noise", 0.8, "Half of the alarms at night mean nothing.", "developer"),
)  # fmt: skip


def scenario_make(
    items: dict[str, Item], product: Product, crew: Crew, calendar: Calendar, ledger: Ledger
) -> Scenario:
    """Rows and events as if both roles had set the scenarios up last week; gives the open one."""
    made = [
        _scenario(told, 3.4 + 0.1 * place, items, product, crew, calendar, ledger)
        for place, told in enumerate(SCENARIOS)
    ]
    for place, (slug, interest, reason, who) in enumerate(INTEREST):
        at = calendar.moment(2.3 + 0.02 * place)
        DebtPrice.objects.create(
            item=items[slug], interest=interest, reason=reason, set_by=crew[who], set_at=at
        )
        changes = {"interest": [None, f"{interest:g} effort a week"]}
        ledger.tell(crew[who], "debt.priced", items[slug], at=at, changes=changes)
    return made[0]


def _scenario(
    told: Told,
    when: float,
    items: dict[str, Item],
    product: Product,
    crew: Crew,
    calendar: Calendar,
    ledger: Ledger,
) -> Scenario:
    scenario = Scenario.objects.create(
        maximise=Maximise.BENEFIT,
        product=product,
        name=told.name,
        purpose=told.purpose,
        sprints=SPRINTS,
        start_date=calendar.day(SPRINT_DAYS),
    )
    ledger.tell(crew[told.by], "scenario.created", scenario, at=calendar.moment(when))
    ScenarioTeam.objects.bulk_create(
        ScenarioTeam(scenario=scenario, team=team, capacity=team.capacity)
        for team in crew.teams.values()
    )
    SprintCapacity.objects.create(
        scenario=scenario,
        team=crew.teams["Harbour"],
        sprint=3,
        capacity=9,
        reason="Mira is away for the first week.",
        made_by=crew[told.by],
    )
    rules: list[tuple[Member, dict[str, Any]]] = [
        (crew[who], {"item": items[slug], "kind": kind, "reason": reason})
        for slug, kind, reason, who in RULES
    ]
    if told.share is not None:
        kind, share, reason = told.share
        fields = {"kind": kind, "item_kind": "debt", "share": share, "reason": reason}
        rules.append((crew[told.by], fields))
    for place, (member, fields) in enumerate(rules, start=1):
        rule = Rule.objects.create(scenario=scenario, made_by=member, **fields)
        about = rule.item.key if rule.item is not None else "plan"
        ledger.tell(
            member,
            "rule.set",
            scenario,
            at=calendar.moment(when + 0.02 * place),
            changes={about: [None, rule.words]},
        )
    return scenario


def plans_start(people: People) -> None:
    """Ask for every scenario's plan and for both frontiers, so that the pages have something to show.

    The worker solves them in the background during the first minute.
    """
    from tandem.planning.operations.frontiers import frontier_ask
    from tandem.planning.operations.plans import plan_ask

    found = {
        each.name: each for each in Scenario.objects.filter(product__workspace=people.workspace)
    }
    for told in reversed(SCENARIOS):
        by = people.owner if told.by == "owner" else people.technical
        plan_ask(by=by, scenario=found[told.name], explain=told is OPEN)
    for kind in ("lenses", "debt"):
        frontier_ask(by=people.technical, scenario=found[OPEN.name], kind=kind)
