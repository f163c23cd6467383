import datetime

import pytest
from django.utils import timezone

from tandem.core.errors import Refused
from tandem.core.models import Event
from tandem.core.paging import beyond, encode, keyset

ORDERS = [
    ("id",),
    ("-id",),
    ("at", "id"),
    ("-at", "-id"),
    ("product_id", "id"),
    ("-product_id", "-id"),
    ("product_id", "-at", "id"),
]


@pytest.fixture
def events(db):
    """Twelve events with equal moments and missing products among them."""
    start = timezone.now()
    rows = [
        Event(
            workspace_id=1,
            product_id=[None, 1, 2, 2][number % 4],
            channel="page",
            verb="x",
            object_kind="x",
            object_id=number,
            at=start + datetime.timedelta(hours=number % 3),
        )
        for number in range(12)
    ]
    return Event.objects.bulk_create(rows)


def sorting_key(order):
    def key(row):
        return [
            (getattr(row, name) is None, _flipped(getattr(row, name), field.startswith("-")))
            for field in order
            for name in [field.lstrip("-")]
        ]

    return key


def _flipped(value, down):
    if value is None:
        return 0
    number = value.timestamp() if isinstance(value, datetime.datetime) else value
    return -number if down else number


@pytest.mark.parametrize("order", ORDERS)
@pytest.mark.parametrize("limit", [1, 5, 12, 50])
def test_pages_give_every_row_once_in_order_with_nulls_last(events, order, limit):
    rows, cursor = [], None
    for _ in range(13):
        page = keyset(Event.objects.all(), order, after=cursor, limit=limit)
        rows += page.rows
        cursor = page.next_cursor
        if cursor is None:
            break
    expected = sorted(events, key=sorting_key(order))
    assert [row.pk for row in rows] == [row.pk for row in expected]


@pytest.mark.parametrize("order", [("at", "id"), ("id",)])
def test_a_page_is_entered_through_the_index_not_from_its_start(events, order):
    page = keyset(Event.objects.all(), order, after=None, limit=3)
    asked = str(beyond(order, [getattr(page.rows[-1], name) for name in order]))
    assert f"('{order[0]}__gte'" in asked


@pytest.mark.parametrize(
    "cursor",
    ["x", "%%%", encode(["a"]), encode([[], 1]), encode(["no day", 1]), encode([None, None])],
)
def test_it_refuses_a_damaged_cursor(events, cursor):
    with pytest.raises(Refused) as refusal:
        keyset(Event.objects.all(), ("at", "id"), after=cursor, limit=3)
    assert refusal.value.field == "after"
