"""The scenario the sample offers to plan: both teams, four sprints, three rules."""

from tandem.accounts.models import Product
from tandem.backlog.models import Item
from tandem.home.sample.calendar import SPRINT_DAYS, Calendar
from tandem.home.sample.crew import Crew
from tandem.home.sample.ledger import Ledger
from tandem.planning.models import Rule, RuleKind, Scenario, ScenarioTeam

NAME = "Next four sprints"
SPRINTS = 4

#: (item's slug, kind, reason, who made the rule)
RULES = (
    ("brute-force", RuleKind.MUST, "High in last year's test; the insurer asks again in May.", "technical"),
    ("refund-self", RuleKind.MUST, "Promised to customer service before the summer.", "owner"),
    ("crew-lists", RuleKind.MUST_NOT, "The pursers asked for a season without another change.", "owner"),
)  # fmt: skip


def scenario_make(
    items: dict[str, Item], product: Product, crew: Crew, calendar: Calendar, ledger: Ledger
) -> Scenario:
    """Rows and events as if both roles had set the scenario up last week."""
    scenario = Scenario.objects.create(
        product=product,
        name=NAME,
        sprints=SPRINTS,
        start_date=calendar.day(SPRINT_DAYS),
    )
    at = calendar.moment(3.4)
    ledger.tell(crew["owner"], "scenario.created", scenario, at=at)
    ScenarioTeam.objects.bulk_create(
        ScenarioTeam(scenario=scenario, team=team, capacity=team.capacity)
        for team in crew.teams.values()
    )
    for place, (slug, kind, reason, who) in enumerate(RULES, start=1):
        Rule.objects.create(
            scenario=scenario, item=items[slug], kind=kind, reason=reason, made_by=crew[who]
        )
        ledger.tell(
            crew[who],
            "rule.set",
            scenario,
            at=calendar.moment(3.4 + 0.02 * place),
            changes={items[slug].key: [None, kind.label]},
        )
    return scenario
