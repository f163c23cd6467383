"""Sprints, teams, parking and the trash in changes of many items."""

import datetime

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from tandem.accounts.tests.caller import Caller
from tandem.backlog import operations as backlog
from tandem.backlog.models import Item, Status
from tandem.core.errors import Conflict, Refused
from tandem.core.models import Event
from tandem.delivery import operations as do
from tandem.delivery.models import Assignment, SprintItem

MONDAY = datetime.date(2026, 1, 5)


@pytest.fixture
def team(world):
    return do.team_create(by=world.owner, product=world.product, name="Harbour")


@pytest.fixture
def sprints(world, team):
    made = []
    for _ in range(3):
        start = made[-1].end_date if made else MONDAY
        made.append(do.sprint_create(by=world.owner, team=team, start_date=start))
    do.sprint_start(by=world.owner, sprint=made[0])
    do.sprint_finish(by=world.owner, sprint=made[0])
    return made


@pytest.fixture
def items(world):
    return [
        backlog.item_create(by=world.owner, product=world.product, title=title)
        for title in ("Book", "Pay", "Board", "Land")
    ]


def change(world, items, **more):
    sent = {name: more.pop(name) for name in ("mark", "dry") if name in more}
    given = {"by": world.owner, "product": world.product, "items": [each.pk for each in items]}
    return backlog.items_change(**given, change=more, **sent)


def back(world, result):
    undone = backlog.bulk_undo(by=world.owner, event=result.event)
    return undone.restored, [key for key, _reason in undone.stayed]


def held():
    return sorted(SprintItem.objects.values_list("item__number", "sprint__number"))


def test_the_sprint_of_many_is_set_and_cleared_and_taken_back(world, sprints, items):
    _over, running, planned = sprints
    do.sprint_add(by=world.owner, sprint=running, item=items[0])
    do.sprint_add(by=world.owner, sprint=planned, item=items[1])
    mark = change(world, items[:3], dry=True, sprint=planned).mark
    tried = change(world, items[:3], dry=True, sprint=planned)
    assert (tried.unchanged, held()) == (1, [(1, 2), (2, 3)])
    assert tried.examples[0][1] == {"sprint": [["Harbour sprint 2"], ["Harbour sprint 3"]]}
    result = change(world, items[:3], sprint=planned, mark=mark, kind="bug")
    assert held() == [(1, 3), (2, 3), (3, 3)]
    verbs = Event.objects.filter(pk__in=result.event.changes["parts"]).values_list(
        "verb", flat=True
    )
    assert sorted(verbs) == [
        *["item.updated"] * 3,
        *["sprint.item_added"] * 2,
        "sprint.item_removed",
    ]
    # The sprint of one was changed in between: what was looked at is not what is there.
    with pytest.raises(Conflict):
        change(world, items[:3], sprint=planned, mark=mark)
    do.sprint_remove(by=world.owner, sprint=planned, item=items[2])
    assert back(world, result) == (2, ["FERRY-3"])
    assert held() == [(1, 2), (2, 3)]
    assert [Item.objects.get(pk=item.pk).kind for item in items[:3]] == ["story", "story", "bug"]
    cleared = change(world, items, sprint=None)
    assert (len(cleared.changed), held()) == (2, [])
    assert back(world, cleared) == (2, [])
    assert held() == [(1, 2), (2, 3)]
    # Once more it finds them changed again.
    assert back(world, cleared) == (0, ["FERRY-2", "FERRY-1"])


def test_a_sprint_that_is_over_is_refused_and_what_was_in_it_stays(world, sprints, items):
    SprintItem.objects.create(sprint=sprints[0], item=items[0], added_at=items[0].created_at)
    with pytest.raises(Refused, match="is finished"):
        change(world, items, sprint=sprints[0], kind="bug")
    change(world, items, sprint=sprints[1])
    assert held() == [(1, 1), (1, 2), (2, 2), (3, 2), (4, 2)]
    assert change(world, items, sprint=None).fields == {"sprint": 4}
    assert held() == [(1, 1)]


def test_the_team_of_many_is_set_and_taken_back_unless_it_was_changed_since(world, team, items):
    other = do.team_create(by=world.owner, product=world.product, name="Deck")
    do.team_assign(by=world.owner, item=items[0], team=other)
    result = change(world, items[:2], team=team)
    assert set(Assignment.objects.values_list("item__number", "team")) == {
        (1, team.pk),
        (2, team.pk),
    }
    do.team_assign(by=world.owner, item=items[1], team=None)
    assert back(world, result) == (1, ["FERRY-2"])
    assert list(Assignment.objects.values_list("item__number", "team")) == [(1, other.pk)]


def test_many_are_parked_and_revived_but_those_that_are_finished(world, items):
    done = Status.objects.get(product=world.product, name="Done")
    backlog.item_update(by=world.owner, item=items[3], status=done)
    result = change(world, items, parked=True, kind="bug")
    assert result.reasons == [("It is finished; nothing to park.", ["FERRY-4"])]
    assert Item.objects.filter(parked_at__isnull=False, kind="bug").count() == 3
    backlog.items_revive(by=world.owner, product=world.product, items=[items[0].pk])
    assert back(world, result) == (2, ["FERRY-1"])
    assert list(Item.objects.filter(kind="bug").values_list("number", flat=True)) == [1]
    assert not Item.objects.filter(parked_at__isnull=False).exists()
    parked = change(world, items[:1], parked=True)
    assert back(world, change(world, items[:2], parked=False)) == (1, [])
    assert Item.objects.get(pk=items[0].pk).parked_at
    assert back(world, parked) == (1, [])
    with pytest.raises(Refused, match="one of both"):
        change(world, items, parked=True, status=done)


def test_many_go_to_the_trash_and_come_back_as_one(world, items):
    assert change(world, items, dry=True, trash=True).fields == {"trash": 4}
    result = change(world, items, trash=True)
    assert not Item.objects.of(world.product).exists()
    backlog.item_restore(by=world.owner, item=Item.objects.get(pk=items[0].pk))
    assert back(world, result) == (3, ["FERRY-1"])
    assert Item.objects.of(world.product).count() == 4
    with pytest.raises(Refused, match="not changed as well"):
        change(world, items, trash=True, kind="bug")


def test_it_takes_the_same_number_of_queries_for_few_and_many(world, team, sprints, items):
    change(world, items, sprint=sprints[1], team=team)
    other = do.team_create(by=world.owner, product=world.product, name="Deck")
    with CaptureQueriesContext(connection) as few:
        change(world, items[:2], sprint=sprints[2], team=other, parked=True)
    change(world, items[:2], sprint=sprints[1], team=team, parked=False)
    with CaptureQueriesContext(connection) as many:
        change(world, items, sprint=sprints[2], team=other, parked=True)
    assert own(few) == own(many)


def own(asked):
    """Without what followers of events ask about each item."""
    asked = [query["sql"] for query in asked]
    return len([sql for sql in asked if "SAVEPOINT" not in sql and "backlog_watch" not in sql])


def test_page_and_api_set_them(world, team, sprints, items):
    client, page = world.client(world.owner), world.address("backlog/bulk/")
    sent = {"keys": "FERRY-1,FERRY-2", "sprint": sprints[1].pk, "team": team.pk}
    form = client.post(page, {"keys": "FERRY-1"}).content.decode()
    assert "Harbour sprint 2</option>" in form
    assert "Harbour sprint 1</option>" not in form
    tried = client.post(page, {**sent, "step": "try"}).content.decode()
    assert "<ins>Harbour sprint 2</ins>" in tried
    client.post(page, {**sent, "step": "do"})
    assert held() == [(1, 2), (2, 2)]
    # Chosen on the list: looked at first.
    looked = client.post(page, {"keys": "FERRY-1", "place": "trash"}).content.decode()
    assert "1 item changes" in looked
    assert Item.objects.get(number=1).deleted_at is None
    ask, route = Caller(world.owner), "/products/FERRY/items/change"
    body = {"keys": ["FERRY-1"], "set": {"sprint_id": None, "team_id": None, "parked": True}}
    done = ask("POST", route, body).json()
    assert done["fields"] == {"sprint": 1, "team": 1, "parked": 1}
    assert held() == [(2, 2)]
    wrong = ask("POST", route, {"keys": ["FERRY-1"], "set": {"sprint_id": 99}})
    assert (wrong.status_code, wrong.json()["field"]) == (422, "sprint")


def test_parent_sprint_and_team_are_columns_for_a_query_each_and_in_table_files(
    world, team, sprints, items
):
    change(world, items[1:], sprint=sprints[1], parent=items[0])
    SprintItem.objects.create(sprint=sprints[0], item=items[0], added_at=items[0].created_at)
    change(world, items[3:], team=team)
    client, at = world.client(world.owner), world.address("backlog/")
    client.get(at)
    with CaptureQueriesContext(connection) as plain:
        client.get(at, {"columns": "kind"})
    with CaptureQueriesContext(connection) as more:
        page = client.get(at, {"columns": "parent.sprint.team"}).content.decode()
    assert len(more) == len(plain) + 3
    assert page.count('<span class="item-key">FERRY-1</span> Book</a>') == 3
    assert (page.count("Harbour sprint 1<"), page.count("Harbour sprint 2<")) == (1, 3)
    sent = {"columns": "parent.sprint.team", "q": "sort:-team"}
    rows = b"".join(client.get(world.address("export/lists/backlog.csv"), sent).streaming_content)
    assert rows.decode("utf-8-sig").split("\r\n")[:3] == [
        "Key,Title,Parent,Sprint,Team",
        "FERRY-4,Land,FERRY-1,Harbour sprint 2,Harbour",
        "FERRY-3,Board,FERRY-1,Harbour sprint 2,",
    ]
