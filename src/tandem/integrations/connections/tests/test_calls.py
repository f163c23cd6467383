"""What a tracker calls for: proved, counted once, and looked at there rather than believed."""

import hashlib
import hmac
import json

import pytest
from django.test import Client

from tandem.backlog.models import Item
from tandem.integrations.connections import secrets
from tandem.integrations.connections.syncing import sync
from tandem.integrations.connections.tests.tracker import issue_of
from tandem.integrations.models import ConnectionCall


def call(connection, body, *, delivery="d-1", secret="", event="issues", key=None):
    sent = json.dumps(body).encode()
    secret = secret or secrets.call_secret(connection.salt)
    signed = hmac.new(secret.encode(), sent, hashlib.sha256).hexdigest()
    return Client().post(
        f"/calls/{key or connection.address_key}/", sent, content_type="application/json",
        headers={"x-hub-signature-256": f"sha256={signed}", "x-github-event": event, "x-github-delivery": delivery},
    )  # fmt: skip


def about(number, name="club/sea", **fields):
    return {"issue": {"number": number, **fields}, "repository": {"full_name": name}}


def test_a_call_brings_the_issue_as_it_is_there_now(world, connection, tracker):
    tracker.issues["1"].update(title="As it is now", updated_at=tracker.later())
    assert call(connection, about(1, title="As the call says")).status_code == 202
    sync(connection.pk)
    assert Item.objects.get(connected__number="1").title == "As it is now"
    assert [each.path for each in tracker.asked] == ["/repos/club/sea/issues/1"]
    connection.refresh_from_db()
    assert connection.last_hook_at is not None


def test_a_call_of_a_new_issue_makes_its_item(world, connection, tracker):
    issue_of(tracker, 12, "New there")
    call(connection, about(12))
    sync(connection.pk)
    assert Item.objects.get(connected__number="12").title == "New there"


def test_the_same_call_counts_once(world, connection, tracker):
    assert call(connection, about(1)).status_code == 202
    assert call(connection, about(1)).status_code == 200
    sync(connection.pk)
    assert call(connection, about(1)).status_code == 200
    sync(connection.pk)
    assert len(tracker.asked) == 1


def test_a_call_that_proves_nothing_is_refused(world, connection, tracker):
    assert call(connection, about(1), secret="guessed").status_code == 403
    assert Client().post(f"/calls/{connection.address_key}/", {}).status_code == 403
    unknown = "00000000-0000-4000-8000-000000000001"
    assert call(connection, about(1), key=unknown).status_code == 403
    assert Client().get(f"/calls/{connection.address_key}/").status_code == 405
    assert not ConnectionCall.objects.exists()


@pytest.mark.parametrize(
    ("body", "event"),
    [
        (about(1), "ping"),
        (about(1, name="club/other"), "issues"),
        (about("1/../../user"), "issues"),
        ({"issue": []}, "issues"),
        ([], "issues"),
    ],
)
def test_a_call_about_nothing_of_ours_asks_for_nothing(world, connection, tracker, body, event):
    assert call(connection, body, event=event).status_code == 202
    sync(connection.pk)
    assert tracker.asked == []


def test_a_call_that_an_issue_is_gone_leaves_the_item(world, connection, tracker):
    del tracker.issues["1"]
    call(connection, about(1))
    sync(connection.pk)
    assert Item.objects.get(connected__number="1").connected.gone


def test_calls_while_the_connection_is_stopped_are_kept_for_later(world, connection, tracker):
    type(connection).objects.update(state="stopped")
    tracker.issues["1"].update(title="Meanwhile", updated_at=tracker.later())
    assert call(connection, about(1)).status_code == 202
    sync(connection.pk)
    assert tracker.asked == []
    type(connection).objects.update(state="active")
    sync(connection.pk)
    assert Item.objects.get(connected__number="1").title == "Meanwhile"
