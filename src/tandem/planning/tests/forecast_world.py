"""A record of finished items for the forecast's tests: the same on every run."""

import datetime

from tandem.backlog.models import Category, Item, Kind
from tandem.backlog.operations import statuses_ensure
from tandem.delivery.models import Team
from tandem.planning.models import Plan, PlanItem, PlanState, Scenario

TODAY = datetime.date(2026, 9, 30)  # a Wednesday
#: Items finished in each complete week before TODAY, oldest first.
COUNTS = (4, 2, 0, 5, 3, 6, 1, 4, 3, 0, 2, 5, 4, 7, 3, 2, 4, 1, 0, 3, 5, 2, 4, 6, 3, 1)
UTC = datetime.UTC


def status_of(product, category):
    return next(each for each in statuses_ensure(product) if each.category == category)


def items_make(world, count, *, category=Category.OPEN, finished=(), kind=Kind.STORY, team=None):
    """``count`` items straight into the table; ``finished``: their finish moments."""
    product = world.product
    status = status_of(product, category)
    first = Item.objects.filter(product=product).count() + 1
    moment = datetime.datetime(2026, 1, 1, tzinfo=UTC)
    return Item.objects.bulk_create(
        Item(
            workspace_id=product.workspace_id,
            product=product,
            number=first + index,
            kind=kind,
            title=f"Item {first + index}",
            status=status,
            rank=f"a{first + index:05d}",
            created_at=moment,
            updated_at=moment,
            finished_at=finished[index] if index < len(finished) else None,
        )
        for index in range(count)
    )


def at_noon(day):
    return datetime.datetime.combine(day, datetime.time(12), tzinfo=UTC)


def record_make(world, counts=COUNTS, today=TODAY, **more):
    """Done items: ``counts`` a week, spread over Monday to Friday."""
    monday = today - datetime.timedelta(days=today.weekday())
    moments = [
        at_noon(monday - datetime.timedelta(weeks=len(counts) - week, days=-(index % 5)))
        for week, count in enumerate(counts)
        for index in range(count)
    ]
    return items_make(world, len(moments), category=Category.DONE, finished=moments, **more)


def plan_make(world, per_team, *, status="optimal"):
    """A solved plan with new open items: ``{"Web": 12}``."""
    scenario, _ = Scenario.objects.get_or_create(product=world.product, name="Autumn")
    plan = Plan.objects.create(
        scenario=scenario,
        state=PlanState.SOLVED,
        status=status,
        asked_at=datetime.datetime(2026, 9, 29, tzinfo=UTC),
    )
    for name, count in per_team.items():
        team, _ = Team.objects.get_or_create(product=world.product, name=name)
        for item in items_make(world, count):
            PlanItem.objects.create(plan=plan, item=item, team=team, sprint=1, effort=1, value=1)
    return plan
