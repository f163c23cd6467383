import datetime

import pytest
from django.db import connection
from django.utils import timezone

from tandem.accounts.tests.caller import Caller
from tandem.backlog import operations as do
from tandem.backlog.filters import ItemFilter
from tandem.backlog.models import Item, Status
from tandem.backlog.operations.parking import fitting, rule_of
from tandem.backlog.tasks import stale_park
from tandem.core.errors import Refused
from tandem.core.models import Event
from tandem.notices.models import Notice


def long_past(at, *items):
    """What happened to these items, or to all, happened then: no code of ours rewrites history."""
    ids = [item.pk for item in items] or list(Item.objects.values_list("pk", flat=True))
    with connection.cursor() as cursor:
        for pk in ids:
            cursor.execute(
                "UPDATE core_event SET at = %s WHERE object_kind = 'item' AND object_id = %s",
                [at, pk],
            )


@pytest.fixture
def stale(world, items):
    """All four items untouched for a year."""
    long_ago = timezone.now() - datetime.timedelta(days=365)
    Item.objects.update(updated_at=long_ago, created_at=long_ago)
    long_past(long_ago)
    return list(Item.objects.order_by("number"))


def rule(world, **more):
    sent = {"is_on": True, "days": 90, **more}
    return do.parking_rule_set(by=world.owner, product=world.product, **sent)


def found(world, text=""):
    wanted = ItemFilter.read(text, world.product, world.owner)
    return sorted(wanted.apply(Item.objects.of(world.product)).values_list("number", flat=True))


def test_each_night_what_nobody_touched_is_parked_and_its_watchers_hear(world, stale):
    first, second, third, fourth = stale
    do.comment_write(by=world.owner, item=first, text="Still wanted.")
    do.item_update(by=world.owner, item=second, labels=["keep"])
    Item.objects.filter(pk=second.pk).update(updated_at=third.updated_at)
    long_past(third.updated_at, second)
    tomorrow = timezone.localdate() + datetime.timedelta(days=1)
    Item.objects.filter(pk=third.pk).update(due_date=tomorrow)
    do.item_watch(by=world.technical, item=fourth)
    long_past(third.updated_at, fourth)
    rule(world, spared_label="Keep")
    assert stale_park.func() == 1
    fourth.refresh_from_db()
    assert fourth.parked_at is not None
    event = Event.objects.of("item", fourth.pk).first()
    assert (event.verb, event.channel) == ("item.parked", "job")
    assert event.changes == {"parked": [None, "nobody touched it for 90 days"]}
    assert Notice.objects.filter(member=world.technical, subject_id=fourth.pk).exists()
    assert stale_park.func() == 0


def test_nothing_is_parked_without_a_rule_that_is_on(world, stale):
    assert stale_park.func() == 0
    rule(world, is_on=False)
    assert stale_park.func() == 0
    assert fitting(rule_of(world.product), timezone.now()).count() == 4


def test_parked_items_are_in_no_list_and_no_plan_until_one_asks_for_them(world, stale):
    done = Status.objects.get(name="Done")
    do.items_park(by=world.owner, product=world.product, items=[stale[0].pk])
    assert found(world) == [2, 3, 4]
    assert found(world, "is:parked") == found(world, "parked:yes") == [1]
    assert found(world, "-is:parked") == [2, 3, 4]
    assert found(world, "status:all") == found(world, "parked:all") == [1, 2, 3, 4]
    assert 1 in found(world, "FERRY-1")
    assert stale[0] not in Item.objects.of(world.product).plannable()
    with pytest.raises(Refused, match="none of yes, no, all"):
        found(world, "parked:maybe")
    do.item_update(by=world.owner, item=stale[0], status=done)
    assert Item.objects.get(pk=stale[0].pk).parked_at is None


def test_a_revived_item_stands_where_it_stood_and_is_not_parked_again(world, stale):
    rule(world)
    stale_park.func()
    ranks = list(Item.objects.order_by("rank").values_list("pk", flat=True))
    revived = do.items_revive(by=world.owner, product=world.product, items=[i.pk for i in stale])
    assert len(revived) == 4
    assert list(Item.objects.order_by("rank").values_list("pk", flat=True)) == ranks
    assert stale_park.func() == 0


def test_parking_and_reviving_are_taken_back(world, stale):
    do.items_park(by=world.owner, product=world.product, items=[stale[0].pk])
    do.change_undo(by=world.owner, event=Event.objects.of("item", stale[0].pk).first())
    assert Item.objects.get(pk=stale[0].pk).parked_at is None
    do.change_undo(by=world.owner, event=Event.objects.of("item", stale[0].pk).first())
    assert Item.objects.get(pk=stale[0].pk).parked_at is not None


@pytest.mark.parametrize(
    ("sent", "said"), [({"days": 3}, "Between 7"), ({"spared_label": "nowhere"}, "no label")]
)
def test_a_rule_that_makes_no_sense_is_refused(world, sent, said):
    with pytest.raises(Refused, match=said):
        rule(world, **sent)


def test_the_page_shows_what_it_would_park_and_one_press_revives(client, world, stale):
    client.force_login(world.owner.user)
    at = f"/w/{world.workspace.slug}/{world.product.key}/"
    client.post(f"{at}setup/parking/", {"is_on": "on", "days": "90"})
    shown = client.get(f"{at}setup/parking/").text
    assert all(item.key in shown for item in stale)
    client.post(f"{at}setup/parking/", {"step": "now"})
    assert Item.objects.filter(parked_at__isnull=False).count() == 4
    assert "until it is revived" in client.get(f"{at}items/FERRY-1/").text
    client.post(f"{at}items/FERRY-1/parking/")
    client.post(f"{at}backlog/revival/", {"keys": "FERRY-2,FERRY-3"})
    assert found(world) == [1, 2, 3]
    assert "Revive" in client.get(f"{at}backlog/", {"q": "is:parked"}).text


def test_the_api_says_what_it_would_park_first(world, stale):
    api = Caller(world.owner)
    at = f"/products/{world.product.key}"
    assert api("PUT", f"{at}/parking", {"on": True, "days": 90}).json()["on"]
    tried = api("POST", f"{at}/items/park", {"dry_run": True}).json()
    assert (len(tried["keys"]), found(world)) == (4, [1, 2, 3, 4])
    assert len(api("POST", f"{at}/items/park", {}).json()["keys"]) == 4
    revived = api("POST", f"{at}/items/revive", {"keys": ["FERRY-2"]}).json()
    assert revived == {"keys": ["FERRY-2"]}
