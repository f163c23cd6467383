"""Rating sessions for tests, made through the operations people use."""

import datetime
from typing import Any

from django.utils import timezone

from tandem.accounts.models import Member
from tandem.prioritisation.models import Ballot, RatingSession, SessionItem
from tandem.prioritisation.operations import ballot_give, session_create
from tandem.prioritisation.tests.rated_world import make_items, make_model


def in_days(days: float) -> datetime.datetime:
    return timezone.now() + datetime.timedelta(days=days)


def make_session(world: Any, items: Any = None, **more: Any) -> RatingSession:
    """A session of the Product Owner's on urgency and feasibility with everybody invited."""
    if items is None:
        items = make_items(world, 2)
    if more.get("kind", "rating") == "rating" and "model" not in more:
        model = world.product.scoring_models.first() or make_model(world)
        more = {"model": model, "criteria": ["urgency", "feasibility"]} | more
    named = {"by": world.owner, "product": world.product, "name": "March", "deadline": in_days(2)}
    named["members"] = [world.technical, world.developer, world.stakeholder, world.viewer]
    return session_create(**(named | more), items=items)


def entry_of(session: RatingSession, position: int = 0) -> SessionItem:
    return session.entries.select_related("item__product", "session").get(position=position)


def give(entry: SessionItem, by: Member, **levels: Any) -> list[Ballot]:
    """``give(entry, world.owner, urgency=4)``; ``effort`` for an estimation."""
    given = []
    for slug, value in levels.items():
        said = value if isinstance(value, dict) else {"value": value}
        criterion = None if slug == "effort" else entry.session.model.criteria.get(slug=slug)
        given.append(ballot_give(by=by, entry=entry, criterion=criterion, **said))
    return given
