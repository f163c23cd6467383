"""The worlds of many tests, made once: later tests get their rows, which costs a tenth of making
them.

Operations make it the first time; what they wrote is kept. The copies are as young as a world
made now would be: every moment is moved on by the time that has passed.
"""

import datetime
import pickle
from collections.abc import Callable, Iterator
from typing import Any

from django.apps import apps
from django.db import models
from django.utils import timezone

from support.migrated import KEPT
from tandem.accounts.models import User
from tandem.accounts.tests.world import World, make_world

#: When it was made, the world and all rows, by what made it.
_kept: dict[Callable[[], World], tuple[datetime.datetime, bytes]] = {}


def world_again(make: Callable[[], World] = make_world) -> World:
    """A world, its rows the same in every test; made anew where somebody is there before it."""
    if User.objects.exists():
        return make()
    if make not in _kept:
        begun, made = timezone.now(), make()
        _kept[make] = begun, pickle.dumps((made, _rows()))
        return made
    begun, kept = _kept[make]
    world, rows = pickle.loads(kept)
    passed = timezone.now() - begun
    by_model: dict[type[models.Model], list[models.Model]] = {}
    for row in rows:
        _move_on(row, passed)
        by_model.setdefault(type(row), []).append(row)
    for model, instances in by_model.items():
        model._base_manager.bulk_create(instances)
    # Writing them may have set their moments anew.
    written = {(type(row), row.pk): row for row in rows}
    for instance in _held(world):
        row = written[type(instance), instance.pk]
        for field in row._meta.concrete_fields:
            setattr(instance, field.attname, getattr(row, field.attname))
    return world


def _rows() -> list[models.Model]:
    found = [each for each in apps.get_models(include_auto_created=True) if each._meta.managed]
    return [
        row
        for model in found
        if model._meta.db_table not in KEPT and not model._meta.proxy
        for row in model._base_manager.all()
    ]


def _held(world: World) -> Iterator[models.Model]:
    """The instances that the world holds, and those that they hold."""
    waiting: list[Any] = [*vars(world.people).values(), world.product, world.outsider]
    waiting.append(world.foreign_product)
    seen: set[int] = set()
    while waiting:
        each = waiting.pop()
        if isinstance(each, models.Model) and id(each) not in seen:
            seen.add(id(each))
            yield each
            waiting += each._state.fields_cache.values()


def _move_on(instance: models.Model, passed: datetime.timedelta) -> None:
    for name, value in vars(instance).items():
        if isinstance(value, datetime.datetime):
            setattr(instance, name, value + passed)
