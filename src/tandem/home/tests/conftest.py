"""The filled sample, made once per file of tests; what a test changes is taken back after it."""

import datetime
from collections.abc import Iterator
from dataclasses import dataclass

import pytest
from django.db import transaction

from tandem.accounts.tests.world import World, make_world
from tandem.home.sample import Sample, sample_fill

#: A Wednesday; the running sprint began on Monday of the week before.
TODAY = datetime.date(2026, 5, 13)


@dataclass(frozen=True)
class Filled:
    world: World
    sample: Sample


@pytest.fixture(scope="module")
def filled_once(django_db_setup, django_db_blocker) -> Iterator[Filled]:
    """The small world's product with the sample as of ``TODAY``, in one outer transaction."""
    with django_db_blocker.unblock():
        outer = transaction.atomic()
        outer.__enter__()
        world = make_world()
        made = Filled(world, sample_fill(world.people, world.product, TODAY))
    yield made
    with django_db_blocker.unblock():
        transaction.set_rollback(True)
        outer.__exit__(None, None, None)


@pytest.fixture
def filled(filled_once, db) -> Filled:
    return filled_once


@pytest.fixture
def sample(filled) -> Sample:
    return filled.sample
