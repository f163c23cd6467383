"""The kept record of finished items answers as the rows do."""

import datetime

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from tandem.backlog import operations as do
from tandem.backlog.models import Category, Item
from tandem.planning import record_store
from tandem.planning.queries_forecast import finish_record
from tandem.planning.tests.forecast_world import TODAY, record_make, status_of


@pytest.fixture
def kept(world, monkeypatch):
    """A record of 80-odd items, which is long enough to be kept here."""
    monkeypatch.setattr(record_store, "LEAST", 1)
    do.item_create(by=world.owner, product=world.product, kind="story", title="The first")
    record_make(world)
    return record_store.record_of(world.product, TODAY, with_teams=True)


def test_a_kept_record_is_the_one_that_was_read(world, kept):
    with CaptureQueriesContext(connection) as asked:
        again = record_store.record_of(world.product, TODAY, with_teams=True)
    assert not [each for each in asked if "backlog_item" in each["sql"]]
    assert sorted(again.days) == sorted(kept.days)
    assert again.teams == kept.teams
    assert (again.since, again.ahead) == (kept.since, kept.ahead)


def test_a_change_of_the_product_reads_the_rows_again(world, kept):
    item = Item.objects.filter(finished_at__isnull=False).first()
    item.product = world.product
    do.item_update(by=world.owner, item=item, status=status_of(world.product, Category.OPEN))
    found = record_store.record_of(world.product, TODAY, with_teams=True)
    assert len(found.days) == len(kept.days) - 1
    assert found == finish_record(world.product, TODAY, with_teams=True)


def test_another_day_is_another_record(world, kept):
    before = record_store.record_of(
        world.product, TODAY - datetime.timedelta(weeks=4), with_teams=True
    )
    assert len(before.days) < len(kept.days)
    assert before.ahead > 0
