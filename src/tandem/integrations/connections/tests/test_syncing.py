"""A connection at work, against a small GitHub on loopback."""

import datetime

import pytest
from django.utils import timezone

from tandem.backlog import operations as backlog
from tandem.backlog.models import Item, Status
from tandem.core.models import Event
from tandem.integrations.connections import operations as do
from tandem.integrations.connections import remote
from tandem.integrations.connections.merging import Settled, settled
from tandem.integrations.connections.syncing import sync
from tandem.integrations.connections.tests.tracker import issue_of
from tandem.integrations.models import ConnectedItem, Connection, ConnectionConflict


def items(world):
    return {item.title: item for item in Item.objects.of(world.product).select_related("status")}


def item_of(number):
    return Item.objects.select_related("status").get(connected__number=str(number))


def status(world, name):
    return Status.objects.get(product=world.product, name=name)


def again(connection):
    Connection.objects.update(next_at=None)
    sync(connection.pk)
    connection.refresh_from_db()


def test_everything_there_is_read_at_first(world, connection, tracker):
    found = items(world)
    assert {title: item.status.name for title, item in found.items()} == {
        "Book a berth": "Backlog",
        "Pay": "Done",
        "Bring a dog": "Dropped",
    }
    assert found["Book a berth"].kind == "bug"
    assert (connection.complete, connection.last_error, connection.state) == (True, "", "active")
    assert connection.next_at > timezone.now()
    event = Event.objects.get(verb="item.imported", object_id=found["Pay"].pk)
    assert (event.member_name, event.member_id, event.channel) == ("GitHub", None, "connection")
    assert "good" not in connection.token


def test_pages_are_read_one_after_the_other_and_a_stop_goes_on_where_it_was(
    world, tracker, monkeypatch
):
    monkeypatch.setattr(remote, "PAGE", 2)
    monkeypatch.setattr("tandem.integrations.connections.github.PAGE", 2)
    made, _ = do.connection_make(
        by=world.owner, product=world.product, kind="github", project="club/sea", token="good",
        base_url=tracker.url,
    )  # fmt: skip
    tracker.failing = []
    real = tracker.answer

    def broken(tracker, asked):
        return (500, {}, None) if asked.query.get("since") else real(tracker, asked)

    tracker.answer = broken
    sync(made.pk)
    made.refresh_from_db()
    assert (len(items(world)), made.complete, made.failures) == (2, False, 1)
    assert "GitHub answered 500" in made.last_error
    assert made.next_at > timezone.now()
    tracker.answer = real
    tracker.asked.clear()
    again(made)
    assert (len(items(world)), made.complete, made.failures, made.last_error) == (3, True, 0, "")
    assert all(each.query.get("since") for each in tracker.asked)


def test_a_token_revoked_between_two_pages_keeps_the_first_and_goes_on_with_a_new_one(
    world, tracker, monkeypatch
):
    monkeypatch.setattr(remote, "PAGE", 2)
    monkeypatch.setattr("tandem.integrations.connections.github.PAGE", 2)
    made, _ = do.connection_make(
        by=world.owner, product=world.product, kind="github", project="club/sea", token="good",
        base_url=tracker.url,
    )  # fmt: skip
    real = tracker.answer

    def revoked(tracker, asked):
        if asked.query.get("since"):
            tracker.token = "another"
        return real(tracker, asked)

    tracker.answer = revoked
    sync(made.pk)
    made.refresh_from_db()
    assert (made.state, len(items(world)), made.complete) == ("stopped", 2, False)
    assert "does not take the token" in made.state_reason
    do.connection_token(by=world.owner, connection=made, token="another")
    sync(made.pk)
    made.refresh_from_db()
    assert (made.state, len(items(world)), made.complete) == ("active", 3, True)


def test_a_change_there_comes_here_and_nothing_goes_back(world, connection, tracker):
    tracker.issues["1"].update(title="Book two berths", state="closed", updated_at=tracker.later(),
                               closed_at="2026-03-01T10:00:00Z")  # fmt: skip
    again(connection)
    item = item_of(1)
    assert (item.title, item.status.name) == ("Book two berths", "Done")
    assert tracker.changes() == []
    assert not ConnectedItem.objects.filter(waiting=True).exists()


def test_a_change_here_goes_there_once(world, connection, tracker):
    backlog.item_update(by=world.owner, item=item_of(1), title="Book any berth", status=status(world, "Dropped"))  # fmt: skip
    assert ConnectedItem.objects.get(number="1").waiting
    sync(connection.pk)
    (sent,) = tracker.changes()
    assert sent.body == {
        "title": "Book any berth",
        "state": "closed",
        "state_reason": "not_planned",
    }
    again(connection)
    again(connection)
    assert len(tracker.changes()) == 1
    assert item_of(1).status.name == "Dropped"


def test_a_finer_status_here_is_kept_while_there_it_means_the_same(world, connection, tracker):
    backlog.item_update(by=world.owner, item=item_of(1), status=status(world, "In review"))
    tracker.issues["1"].update(body="Changed", updated_at=tracker.later())
    again(connection)
    item = item_of(1)
    assert (item.status.name, item.description) == ("In review", "Changed")
    assert tracker.changes() == []


@pytest.mark.parametrize(
    ("rule", "title", "told"),
    [("ours", "Ours", ["Ours"]), ("theirs", "Theirs", []), ("ask", "Ours", [])],
)
def test_a_change_on_both_sides_follows_the_rule(world, connection, tracker, rule, title, told):
    do.connection_update(by=world.owner, connection=connection, rule=rule)
    backlog.item_update(by=world.owner, item=item_of(1), title="Ours")
    tracker.issues["1"].update(title="Theirs", updated_at=tracker.later())
    sync(connection.pk)
    again(connection)
    assert item_of(1).title == title
    assert [each.body["title"] for each in tracker.changes()] == told
    assert ConnectionConflict.objects.filter(decided_at=None).exists() == (rule == "ask")


@pytest.mark.parametrize(("choice", "title"), [("ours", "Ours"), ("theirs", "Theirs")])
def test_a_conflict_waits_for_a_person_and_is_then_the_same_on_both_sides(
    world, connection, tracker, choice, title
):
    backlog.item_update(by=world.owner, item=item_of(1), title="Ours")
    tracker.issues["1"].update(title="Theirs", updated_at=tracker.later())
    again(connection)
    conflict = ConnectionConflict.objects.get()
    assert (conflict.ours, conflict.theirs) == ("Ours", "Theirs")
    do.conflict_decide(by=world.developer, conflict=conflict, choice=choice)
    again(connection)
    assert (item_of(1).title, tracker.issues["1"]["title"]) == (title, title)
    assert not ConnectionConflict.objects.filter(decided_at=None).exists()
    assert not ConnectedItem.objects.filter(waiting=True).exists()


def test_a_conflict_ends_by_itself_when_both_come_to_say_the_same(world, connection, tracker):
    backlog.item_update(by=world.owner, item=item_of(1), title="Ours")
    tracker.issues["1"].update(title="Theirs", updated_at=tracker.later())
    again(connection)
    tracker.issues["1"].update(title="Ours", updated_at=tracker.later())
    again(connection)
    assert ConnectionConflict.objects.get().decision == "same"


def test_a_revoked_token_stops_with_a_reason_and_a_new_one_goes_on_where_it_was(
    world, connection, tracker
):
    tracker.token = "another"
    backlog.item_update(by=world.owner, item=item_of(1), title="Changed here")
    issue_of(tracker, 9, "New there")
    again(connection)
    assert connection.state == "stopped"
    assert "does not take the token" in connection.state_reason
    backlog.item_update(by=world.owner, item=item_of(2), title="Paid")
    sync(connection.pk)  # a job left over does nothing
    do.connection_token(by=world.owner, connection=connection, token="another")
    sync(connection.pk)
    connection.refresh_from_db()
    assert (connection.state, connection.state_reason) == ("active", "")
    assert item_of(9).title == "New there"
    assert (tracker.issues["1"]["title"], tracker.issues["2"]["title"]) == ("Changed here", "Paid")
    assert Event.objects.filter(verb="connection.stopped").count() == 1


def test_a_used_up_limit_is_waited_for_and_is_no_failure(world, connection, tracker):
    tracker.failing = [(403, {"Retry-After": "90"}, {"message": "secondary rate limit"})]
    again(connection)
    wait = connection.next_at - timezone.now()
    assert datetime.timedelta(seconds=80) < wait <= datetime.timedelta(seconds=90)
    assert (connection.failures, connection.state) == (0, "active")
    assert "limit of requests" in connection.last_error


def test_the_last_request_of_a_limit_is_the_last_one(world, connection, tracker):
    tracker.limit_left = "0"
    backlog.item_update(by=world.owner, item=item_of(1), title="Waits")
    again(connection)
    assert len(tracker.asked) == 1
    assert "limit of requests" in connection.last_error
    assert ConnectedItem.objects.get(number="1").waiting


def test_an_issue_that_is_gone_leaves_its_item_and_says_so(world, connection, tracker):
    del tracker.issues["1"]
    backlog.item_update(by=world.owner, item=item_of(1), title="Nobody hears")
    sync(connection.pk)
    row = ConnectedItem.objects.get(number="1")
    assert (row.gone, row.waiting) == (True, False)
    assert "deleted" in row.error
    assert item_of(1).title == "Nobody hears"


def test_a_change_there_is_not_wanted_back_when_the_item_was_deleted_here(
    world, connection, tracker
):
    backlog.item_delete(by=world.owner, item=item_of(1))
    tracker.issues["1"].update(title="Still there", updated_at=tracker.later())
    again(connection)
    assert Item.objects.get(connected__number="1").deleted_at is not None
    assert tracker.changes() == []


def test_a_refused_change_stands_with_the_item_and_stops_nothing(world, connection, tracker):
    backlog.item_update(by=world.owner, item=item_of(1), title="Not taken")
    tracker.failing = []
    real = tracker.answer
    tracker.answer = lambda t, asked: (
        (422, {}, {"message": "Validation Failed"}) if asked.method == "PATCH" else real(t, asked)
    )
    sync(connection.pk)
    row = ConnectedItem.objects.get(number="1")
    assert (row.error, row.waiting) == ("GitHub answered 422: Validation Failed.", False)
    tracker.answer = real
    do.connection_sync(by=world.owner, connection=connection)
    sync(connection.pk)
    assert tracker.issues["1"]["title"] == "Not taken"


def test_an_address_inside_is_refused_unless_it_is_allowed(world, tracker, settings):
    from tandem.core.errors import Refused
    from tandem.core.outgoing.addresses import Allowed

    settings.WEBHOOK_ALLOW = Allowed.of([])
    with pytest.raises(Refused, match="not on the public internet"):
        do.connection_make(
            by=world.owner, product=world.product, kind="github", project="club/sea", token="good",
            base_url=tracker.url,
        )  # fmt: skip


@pytest.mark.parametrize(
    ("agreed", "ours", "theirs", "way", "rule", "wanted"),
    [
        ("a", "a", "a", "both", "ask", Settled()),
        ("a", "b", "b", "both", "ask", Settled()),
        ("a", "a", "b", "both", "ask", Settled(theirs=True)),
        ("a", "b", "a", "both", "ask", Settled(tell=True)),
        ("a", "b", "c", "both", "ask", Settled(ask=True)),
        ("a", "b", "c", "both", "ours", Settled(tell=True)),
        ("a", "b", "c", "both", "theirs", Settled(theirs=True)),
        ("a", "b", "a", "in", "ours", Settled(theirs=True)),
        ("a", "a", "b", "out", "theirs", Settled(tell=True)),
        ("a", "b", "c", "off", "theirs", Settled()),
        (None, "b", "c", "both", "ours", Settled(theirs=True)),
    ],
)  # fmt: skip
def test_which_side_counts(agreed, ours, theirs, way, rule, wanted):
    assert settled(agreed=agreed, ours=ours, theirs=theirs, way=way, rule=rule) == wanted
