"""Items and ratings for the tests of Prioritise, made through the operations people use."""

from typing import Any

from tandem.accounts.models import Member
from tandem.backlog.models import Item
from tandem.backlog.operations import item_create
from tandem.prioritisation.models import ScoringCriterion, ScoringModel
from tandem.prioritisation.operations import criterion_to_rate, model_create, rating_set

VALUE = ("customer_value", "strategic_fit", "urgency")
TECHNICAL = ("risk_reduction", "feasibility")


def make_item(world: Any, title: str, **fields: Any) -> Item:
    return item_create(by=world.owner, product=world.product, title=title, **fields)


def make_items(world: Any, count: int, **fields: Any) -> list[Item]:
    return [make_item(world, f"Item {number}", **fields) for number in range(1, count + 1)]


def make_model(world: Any, preset: str = "value_effort", **more: Any) -> ScoringModel:
    return model_create(by=world.owner, product=world.product, preset=preset, **more)


def criterion(world: Any, slug: str) -> ScoringCriterion:
    return criterion_to_rate(by=world.admin, product=world.product, slug=slug)


def rate(world: Any, by: Member, item: Item, **levels: float) -> None:
    """``rate(world, world.owner, item, urgency=4)``"""
    for slug, value in levels.items():
        rating_set(by=by, item=item, criterion=criterion(world, slug), value=value)


def rate_fully(world: Any, item: Item, value: float, technical: float) -> None:
    rate(world, world.owner, item, **dict.fromkeys(VALUE, value))
    rate(world, world.technical, item, **dict.fromkeys(TECHNICAL, technical))
