"""Queries whose SQL is written once give what the query itself gives."""

import datetime

import pytest
from django.db import connection
from django.db.models import QuerySet
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from tandem.backlog.models import Item, Label
from tandem.backlog.operations import item_create
from tandem.core.prepared import prepared

pytestmark = pytest.mark.django_db


@prepared
def _items(workspace_id: int, key: str, until: datetime.datetime) -> QuerySet[Item]:
    rows = Item.objects.filter(
        workspace_id=workspace_id, product__key=key, created_at__lte=until, deleted_at=None
    )
    return rows.select_related("status").prefetch_related("labels").order_by("number")[:2]


@prepared
def _due(item_id: int, day: datetime.date) -> QuerySet[Item, tuple[str, int]]:
    return Item.objects.filter(pk=item_id, due_date__gte=day).values_list("title", "number")


@prepared
def _among(item_ids: list[int], kind: str) -> QuerySet[Item, int]:
    rows = Item.objects.filter(pk__in=item_ids, kind=kind).order_by("pk")
    return rows.values_list("pk", flat=True)


@prepared
def _titled(part: str) -> QuerySet[Item]:
    return Item.objects.filter(title__contains=part)


@prepared
def _first(most: int) -> QuerySet[Item]:
    return Item.objects.all()[:most]


@pytest.fixture
def items(world):
    return [
        item_create(by=world.owner, product=world.product, title=f"Pier {n}", labels=[f"l {n}"])
        for n in range(3)
    ]


def test_it_gives_the_rows_with_what_belongs_to_them(world, items):
    for _ in range(2):
        with CaptureQueriesContext(connection) as asked:
            found = _items(world.owner.workspace_id, world.product.key, timezone.now())
            told = [
                (row.title, row.status.name, [each.name for each in row.labels.all()])
                for row in found
            ]
        assert told == [(f"Pier {n}", items[n].status.name, [f"l {n}"]) for n in range(2)]
        assert len(asked) == 2


def test_it_gives_other_rows_for_other_values(world, items):
    assert _items(world.owner.workspace_id + 1, world.product.key, timezone.now()) == []
    assert _items(world.owner.workspace_id, "ELSE", timezone.now()) == []
    before = items[0].created_at - datetime.timedelta(seconds=1)
    assert _items(world.owner.workspace_id, world.product.key, before) == []
    assert len(_items(world.owner.workspace_id, world.product.key, items[0].created_at)) == 1


def test_it_gives_values_and_compares_days(world, items):
    day = datetime.date(2026, 3, 9)
    Item.objects.filter(pk=items[1].pk).update(due_date=day)
    assert _due(items[1].pk, day) == [("Pier 1", items[1].number)]
    assert _due(items[1].pk, day + datetime.timedelta(days=1)) == []


@pytest.mark.parametrize("copies", [1, 3, 100, 300])
def test_it_takes_a_list_of_any_length(world, items, copies):
    wanted = [each.pk for each in items[1:]]
    assert _among(wanted + [0] * copies, "story") == wanted
    assert _among(wanted[:1] * copies, "story") == wanted[:1]
    assert _among(wanted, "bug") == []


def test_postgresql_is_given_a_list_of_numbers_as_one_value(world, items):
    with CaptureQueriesContext(connection) as asked:
        assert _among([each.pk for each in items], "story") == [each.pk for each in items]
    assert ("= ANY(" in asked[0]["sql"]) is (connection.vendor == "postgresql")
    assert (" IN (" in asked[0]["sql"]) is (connection.vendor == "sqlite")


def test_it_refuses_an_empty_list():
    with pytest.raises(TypeError, match="empty list"):
        _among([], "story")


def test_it_writes_the_sql_once(world, items, monkeypatch):
    _due(items[0].pk, datetime.date(2026, 1, 1))
    monkeypatch.setattr(QuerySet, "filter", lambda *_, **__: pytest.fail("built again"))
    _due(items[1].pk, datetime.date(2026, 1, 2))


@pytest.mark.parametrize("ask", [lambda: _titled("Pier"), lambda: _first(2)])
def test_it_refuses_a_value_that_does_not_travel_as_it_is(ask):
    with pytest.raises(TypeError, match="does not travel"):
        ask()


@pytest.mark.parametrize("value", [None, True, [True], 1.5])
def test_it_refuses_values_that_shape_the_query(value):
    with pytest.raises(TypeError, match="takes no"):
        _due(value, datetime.date(2026, 1, 1))


def test_its_rows_can_be_changed_and_saved(world, items):
    row = _items(world.owner.workspace_id, world.product.key, timezone.now())[0]
    row.title = "Quay"
    row.save(update_fields=["title"])
    assert Item.objects.get(pk=row.pk).title == "Quay"
    assert Label.objects.filter(product=world.product).count() == 3
