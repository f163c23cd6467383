"""What is different with GitLab and Jira; the rest is tested with GitHub."""

import hashlib
import hmac
import json

import pytest
from django.test import Client

from tandem.backlog import operations as backlog
from tandem.backlog.models import Item, Status
from tandem.core.errors import Refused
from tandem.core.models import Event
from tandem.integrations.connections import operations as do
from tandem.integrations.connections import secrets
from tandem.integrations.connections.syncing import sync
from tandem.integrations.connections.tests.tracker import serving
from tandem.integrations.connections.tests.trackers import (
    gitlab,
    gitlab_issue,
    jira,
    jira_issue,
)
from tandem.integrations.models import ConnectedItem, Connection

MOVED = {
    "histories": [
        {
            "created": "2026-02-03T10:00:00.000+0000",
            "author": {"displayName": "Dana Novak"},
            "items": [{"field": "status", "fromString": "To Do", "toString": "QA"}],
        }
    ]
}


@pytest.fixture
def of_gitlab(world):
    with serving(gitlab) as tracker:
        gitlab_issue(tracker, 1, "Book a berth", labels=["type::bug"], weight=3)
        gitlab_issue(tracker, 2, "Bring a dog", state="closed", moved_to_id=7)
        made, _ = do.connection_make(
            by=world.owner, product=world.product, kind="gitlab", token="good", base_url=tracker.url,
            project=f"{tracker.url}/club/sea",
        )  # fmt: skip
        sync(made.pk)
        made.refresh_from_db()
        tracker.asked.clear()
        yield made, tracker


@pytest.fixture
def of_jira(world):
    with serving(jira) as tracker:
        jira_issue(tracker, 1, "Book a berth", "To Do", customfield_7=5)
        jira_issue(tracker, 2, "Pay", "QA")
        tracker.issues["SEA-2"]["changelog"] = MOVED
        jira_issue(tracker, 3, "Timetable", "Done", resolutiondate="2026-02-09T10:00:00.000+0000")
        made, _ = do.connection_make(
            by=world.owner, product=world.product, kind="jira", project="sea", token="good",
            account="ana@sea.test", base_url=tracker.url,
        )  # fmt: skip
        sync(made.pk)
        made.refresh_from_db()
        tracker.asked.clear()
        yield made, tracker


def item_of(number):
    return Item.objects.select_related("status").get(connected__number=number)


def status(world, name):
    return Status.objects.get(product=world.product, name=name)


def again(connection):
    Connection.objects.update(next_at=None)
    sync(connection.pk)
    connection.refresh_from_db()


def test_gitlab_is_read_and_told_in_its_own_words(world, of_gitlab):
    connection, tracker = of_gitlab
    item = item_of("1")
    assert (item.kind, item.estimate_likely, item.status.name) == ("bug", 3, "Backlog")
    assert item_of("2").status.name == "Dropped"
    backlog.item_update(by=world.owner, item=item, title="Book", status=status(world, "Dropped"))
    sync(connection.pk)
    assert len(tracker.changes()) == 1
    assert (tracker.issues["1"]["title"], tracker.issues["1"]["state"]) == ("Book", "closed")
    again(connection)
    assert item_of("1").status.name == "Dropped"  # closed is closed; ours is finer
    tracker.issues["1"].update(state="opened", updated_at=tracker.later())
    again(connection)
    assert item_of("1").status.name == "Backlog"
    assert len(tracker.changes()) == 1


def test_gitlabs_call_carries_the_secret(world, of_gitlab):
    connection, tracker = of_gitlab
    tracker.issues["1"].update(title="Called", updated_at=tracker.later())
    said = {
        "object_kind": "issue",
        "project": {"path_with_namespace": "club/sea"},
        "object_attributes": {"iid": 1},
    }
    for secret, wanted in (("wrong", 403), (secrets.call_secret(connection.salt), 202)):
        answer = Client().post(
            f"/calls/{connection.address_key}/", said, content_type="application/json",
            headers={"x-gitlab-token": secret, "x-gitlab-event-uuid": "e-1"},
        )  # fmt: skip
        assert answer.status_code == wanted
    sync(connection.pk)
    assert item_of("1").title == "Called"


def test_jira_is_read_page_by_page_with_its_statuses_points_and_history(world, of_jira):
    connection, _ = of_jira
    assert connection.complete
    assert [name for name, _ in connection.words] == ["To Do", "Ahoy", "QA", "Done"]
    assert item_of("SEA-1").estimate_likely == 5
    assert item_of("SEA-2").started_at.day == 3
    past = Event.objects.get(verb="item.past")
    assert (past.member_id, past.changes["status"]) == (world.developer.pk, ["To Do", "QA"])
    assert item_of("SEA-3").status.name == "Done"


def test_a_status_goes_to_jira_by_a_transition(world, of_jira):
    connection, tracker = of_jira
    assert item_of("SEA-2").status.name == "In progress"
    backlog.item_update(by=world.owner, item=item_of("SEA-1"), title="Berth", status=status(world, "In progress"))  # fmt: skip
    sync(connection.pk)
    fields = tracker.issues["SEA-1"]["fields"]
    assert (fields["summary"], fields["status"]["name"]) == ("Berth", "Ahoy")
    again(connection)
    # QA there is In progress here as well; nobody moves it for that.
    assert tracker.issues["SEA-2"]["fields"]["status"]["name"] == "QA"
    assert not ConnectedItem.objects.exclude(error="").exists()


def test_a_way_jira_does_not_offer_is_told_with_the_ways_it_does(world, of_jira):
    connection, _ = of_jira
    backlog.item_update(by=world.owner, item=item_of("SEA-3"), status=status(world, "Backlog"))
    sync(connection.pk)
    row = ConnectedItem.objects.get(number="SEA-3")
    assert "offers no way to “To Do”" in row.error
    assert connection.is_active
    assert item_of("SEA-3").status.name == "Backlog"


def test_jiras_call_is_signed(world, of_jira):
    connection, tracker = of_jira
    tracker.issues["SEA-1"]["fields"].update(summary="Called", updated=tracker.later())
    body = json.dumps({"webhookEvent": "jira:issue_updated", "issue": {"key": "SEA-1"}}).encode()
    signed = hmac.new(
        secrets.call_secret(connection.salt).encode(), body, hashlib.sha256
    ).hexdigest()
    answer = Client().post(
        f"/calls/{connection.address_key}/", body, content_type="application/json",
        headers={"x-hub-signature": f"sha256={signed}"},
    )  # fmt: skip
    assert answer.status_code == 202
    sync(connection.pk)
    assert item_of("SEA-1").title == "Called"


@pytest.mark.parametrize(
    ("kind", "project", "base_url", "field"),
    [
        ("jira", "SEA", "", "base_url"),
        ("jira", "no key", "https://sea.test", "project"),
        ("gitlab", "sea", "", "project"),
        ("gitlab", "club/../admin", "", "project"),
    ],
)
def test_what_is_no_project_is_refused(world, kind, project, base_url, field):
    with pytest.raises(Refused) as refusal:
        do.connection_make(
            by=world.owner,
            product=world.product,
            kind=kind,
            project=project,
            token="x",
            base_url=base_url,
        )
    assert refusal.value.field == field
