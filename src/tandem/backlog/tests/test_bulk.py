import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from tandem.accounts.tests.caller import Caller
from tandem.backlog import custom
from tandem.backlog import operations as do
from tandem.backlog.models import Item, Label, Status
from tandem.core.errors import Conflict, PermissionRefused, Refused
from tandem.core.models import Event


def change(world, items, by=None, **more):
    sent = {name: more.pop(name) for name in ("mark", "dry") if name in more}
    return do.items_change(
        by=by or world.owner,
        product=world.product,
        items=[i.pk for i in items],
        change=more,
        **sent,
    )


def fresh(items):
    return list(Item.objects.filter(pk__in=[item.pk for item in items]).order_by("number"))


def test_it_sets_the_same_for_many_and_tells_it_once_with_its_parts(world, items):
    make = {"by": world.owner, "product": world.product}
    tier = do.field_create(**make, name="Tier", kind="choice", choices=["Gold"])
    done = Status.objects.get(name="Done")
    do.item_update(by=world.owner, item=items[3], status=done)
    newest = Event.objects.latest("pk").pk
    result = change(
        world, items, status=done, assignee=world.developer, labels_add=["web"],
        values={"tier": "gold"}, kind="bug", parent=None,
    )  # fmt: skip
    assert (len(result.changed), result.unchanged, result.refused) == (4, 0, [])
    rows = fresh(items)
    assert {(row.status_id, row.assignee_id, row.kind) for row in rows} == {
        (done.pk, world.developer.pk, "bug")
    }
    assert all(row.finished_at for row in rows)
    assert [list(row.labels.values_list("name", flat=True)) for row in rows] == [["web"]] * 4
    assert all(custom.held_of(row.pk) == {tier.pk: "gold"} for row in rows)
    told = list(Event.objects.filter(pk__gt=newest).order_by("pk"))
    assert [event.verb for event in told] == ["item.updated"] * 4 + ["items.changed"]
    assert told[-1].changes["parts"] == [event.pk for event in told[:-1]]
    assert told[-1] == result.event


def test_a_try_says_what_would_happen_and_changes_nothing(world, items):
    parent, child = items[0], items[1]
    do.item_update(by=world.owner, item=parent, parent=child)
    do.item_update(by=world.owner, item=items[2], kind="bug")
    result = change(world, items[:3], dry=True, parent=parent, kind="bug", labels_add=["new"])
    assert [item.key for item in result.changed] == ["FERRY-3"]
    assert result.reasons == [
        ("It would become its own parent under FERRY-1.", ["FERRY-1", "FERRY-2"])
    ]
    assert result.fields == {"parent": 1, "labels": 1}
    assert not Label.objects.filter(name="new").exists()
    assert fresh(items)[1].kind == "story"


def test_what_changed_since_the_try_is_looked_at_again(world, items):
    mark = change(world, items, dry=True, kind="bug").mark
    change(world, items[:1], by=world.technical, kind="debt")
    with pytest.raises(Conflict, match="look at the preview again"):
        change(world, items, mark=mark, kind="bug")
    assert [item.kind for item in fresh(items)] == ["debt", "story", "story", "story"]


def test_two_changes_at_once_follow_each_other(world, items):
    change(world, items, kind="bug", labels_add=["a"])
    second = change(world, items, by=world.technical, kind="debt", labels_add=["b"])
    assert {item.kind for item in fresh(items)} == {"debt"}
    assert second.event.member_id == world.technical.pk
    part = Event.objects.get(pk=second.event.changes["parts"][0])
    assert part.changes["kind"] == ["bug", "debt"]
    assert part.changes["labels"] == [["a"], ["a", "b"]]


def test_the_whole_is_taken_back_but_what_was_changed_since(world, items):
    do.item_update(by=world.owner, item=items[0], labels=["old"])
    result = change(world, items, kind="bug", labels_remove=["OLD"], estimate_likely=3)
    do.item_update(by=world.developer, item=fresh(items)[1], kind="spike")
    undone = do.bulk_undo(by=world.owner, event=result.event)
    assert (undone.restored, [key for key, _ in undone.stayed]) == (3, ["FERRY-2"])
    rows = fresh(items)
    assert [row.kind for row in rows] == ["story", "spike", "story", "story"]
    assert [row.estimate_likely for row in rows] == [None, 3, None, None]
    assert list(rows[0].labels.values_list("name", flat=True)) == ["old"]


def test_it_takes_the_same_number_of_queries_for_few_and_many(world, items):
    change(world, items, kind="bug", labels_add=["web"])
    with CaptureQueriesContext(connection) as few:
        change(world, items[:2], kind="debt", labels_add=["app"])
    with CaptureQueriesContext(connection) as many:
        change(world, items, kind="spike", labels_add=["ferry"])
    assert own(few) == own(many)


def own(asked):
    """Without what followers of events ask about each item."""
    asked = [query["sql"] for query in asked]
    return len([sql for sql in asked if "SAVEPOINT" not in sql and "backlog_watch" not in sql])


def test_it_refuses_too_many_nothing_and_the_unknown(world, items):
    with pytest.raises(Refused, match="At most 2,000"):
        do.items_change(
            by=world.owner, product=world.product, items=range(2001), change={"kind": "bug"}
        )
    for wrong in ({}, {"title": "x"}, {"kind": "novel"}, {"values": {"moon": 1}}):
        with pytest.raises(Refused):
            change(world, items, **wrong)
    with pytest.raises(PermissionRefused):
        change(world, items, by=world.stakeholder, kind="bug")


def test_the_page_tries_does_and_takes_back(world, items):
    client = world.client(world.owner)
    page = world.address("backlog/bulk/")
    sent = {"keys": "FERRY-1,FERRY-2", "kind": "bug", "assignee": "-"}
    assert "2 chosen items" in client.post(page, {"keys": "FERRY-1,FERRY-2"}).content.decode()
    tried = client.post(page, {**sent, "step": "try"}).content.decode()
    assert "2 items change" in tried
    assert "Story</del>" in tried
    assert "<ins>Bug</ins>" in tried
    mark = tried.split('name="mark" value="')[1].split('"')[0]
    stale = client.post(page, {**sent, "step": "do", "mark": "0" * 16})
    assert stale.status_code == 409
    # The preview as it is now stands below the refusal, ready to be done.
    assert f'name="mark" value="{mark}"' in stale.content.decode()
    done = client.post(page, {**sent, "step": "do", "mark": mark}).content.decode()
    assert "2 items were changed" in done
    undo = done.split('action="')[-1].split('"')[0]
    assert "2 items are as before" in client.post(undo).content.decode()
    everything = {"everything": "1", "filter": "kind:story", "step": "try", "kind": "bug"}
    assert "4 items change" in client.post(page, everything).content.decode()
    assert client.post(page, {**sent, "due_date": "soon", "step": "try"}).status_code == 422


def test_the_api_changes_by_keys_or_filter_and_takes_back(world, items):
    ask = Caller(world.owner)
    route = "/products/FERRY/items/change"
    tried = ask(
        "POST", route, {"filter": "kind:story", "set": {"kind": "bug"}, "dry_run": True}
    ).json()
    assert (tried["changed"], tried["unchanged"], tried["refused"]) == (4, 0, [])
    body = {"keys": ["FERRY-1"], "set": {"status": "Done", "labels_add": ["web"]}}
    done = ask("POST", route, body).json()
    assert done["changed"] == 1
    back = ask("POST", f"/products/FERRY/changes/{done['event']}/undo")
    assert back.json() == {"restored": 1, "stayed": []}
    assert ask("POST", route, {"set": {"kind": "bug"}}).status_code == 422
    wrong = ask("POST", route, {"keys": ["FERRY-99"], "set": {"kind": "bug"}})
    assert (wrong.status_code, wrong.json()["field"]) == (422, "keys")
