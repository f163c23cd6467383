"""A small backlog to plan, with a team and a scenario."""

import pytest

from tandem.backlog import operations as backlog
from tandem.delivery import operations as delivery
from tandem.planning.operations import plans as do
from tandem.planning.operations import scenarios
from tandem.prioritisation import operations as prioritisation

#: title, estimate, customer value (0-100 of the first value criterion)
ITEMS = (("Book", 5, 0.9), ("Pay", 8, 0.7), ("Cancel", 3, 0.4), ("Map", 13, 0.8), ("Fix", 2, 0.2))


@pytest.fixture
def items(world):
    model = prioritisation.model_create(
        by=world.owner, product=world.product, preset="value_effort"
    )
    criterion = model.criteria.filter(lens="value", kind="rating").first()
    made = {}
    for title, estimate, place in ITEMS:
        item = backlog.item_create(
            by=world.owner, product=world.product, title=title, estimate_likely=estimate
        )
        value = criterion.low + place * (criterion.high - criterion.low)
        prioritisation.rating_set(by=world.owner, item=item, criterion=criterion, value=value)
        made[title] = item
    return made


@pytest.fixture
def team(world):
    return delivery.team_create(
        by=world.technical, product=world.product, name="Harbour", capacity=10
    )


@pytest.fixture
def scenario(world, items, team):
    return scenarios.scenario_create(
        by=world.owner, product=world.product, name="Next", sprints=2, teams=[team]
    )


def plan_of(world, scenario):
    plan = do.plan_ask(by=world.owner, scenario=scenario)
    plan.refresh_from_db()
    return plan


def planned(plan):
    return {entry.item.title: entry.sprint for entry in plan.entries.select_related("item")}
