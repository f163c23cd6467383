"""Before the reveal a value is its rater's alone, whichever way somebody looks."""

import io
import json
import re

import pytest

from tandem.accounts.models import Role
from tandem.core.models import Event
from tandem.integrations.archive.writing import archive_write
from tandem.integrations.webhooks.payload import described
from tandem.prioritisation.calculations import model_in_force, table_for
from tandem.prioritisation.operations import entry_reveal, items_compare, raters_set
from tandem.prioritisation.tests.rated_world import make_items
from tandem.prioritisation.tests.session_world import entry_of, give, make_session

#: A value and a note that stand nowhere else.
SAID = {"value": 4.375, "low": 3.375, "high": 4.875, "note": "Because of the quay"}
#: The seconds of a moment may end in the same digits: 12:30:44.375.
MARKS = re.compile(r"(?<!\d)(4\.375|3\.375|4\.875)(?!\d)|Because of the quay")
API = "/api/v1/products/FERRY"


@pytest.fixture
def session(world):
    found = make_session(world, members=[world.technical, world.developer, world.viewer])
    raters_set(by=world.admin, model=found.model, raters={"technical": [Role.TECHNICAL_PM]})
    give(entry_of(found), world.technical, feasibility=SAID)
    return found


def ways(world, session):
    """Every address that shows something of the session or its items."""
    item = entry_of(session).item.key
    at = f"rating-sessions/{session.pk}"
    pages = [
        "prioritise/sessions/",
        f"prioritise/sessions/{session.pk}/",
        f"prioritise/sessions/{session.pk}/?item={item}",
        f"items/{item}/",
        f"items/{item}/history/",
        "prioritise/",
        f"prioritise/items/{item}/why/",
        f"prioritise/rate/?item={item}",
        "prioritise/differences/",
        "activity/",
        "export/archive.zip/",
    ]
    api = [
        f"{API}/rating-sessions",
        f"{API}/{at}",
        f"{API}/{at}/pairs",
        f"{API}/activity",
        f"{API}/ranking",
        f"/api/v1/items/{item}/ratings?history=true",
        f"/api/v1/items/{item}/score",
        f"/api/v1/items/{item}/history",
        f"/api/v1/items/{item}/challenges",
        "/api/v1/audit",
    ]
    return [world.address(each) for each in pages] + api


def seen(world, member, address):
    answer = world.client(member).get(address)
    assert answer.status_code in (200, 403), address
    content = b"".join(answer.streaming_content) if answer.streaming else answer.content
    return content.decode(errors="replace")


@pytest.mark.parametrize("who", ["owner", "admin", "developer", "viewer"])
def test_nobody_else_sees_it_on_any_page_or_route(world, session, who):
    for address in ways(world, session):
        text = seen(world, getattr(world, who), address)
        assert not MARKS.findall(text), address


def test_the_rater_sees_their_own(world, session):
    own = world.client(world.technical).get(f"{API}/rating-sessions/{session.pk}").json()
    assert own["items"][0]["mine"]["feasibility"]["value"] == 4.375
    assert own["items"][0]["outcomes"] == []


def test_how_far_a_rater_is_can_be_seen_by_all(world, session):
    told = world.client(world.owner).get(f"{API}/rating-sessions/{session.pk}").json()
    progress = {each["rater"]: (each["done"], each["total"]) for each in told["progress"]}
    assert progress[world.technical.name] == (1, 2)
    assert progress[world.viewer.name] == (0, 0)


def test_it_is_not_in_an_archive_an_event_a_webhook_or_a_score(world, session):
    file = io.BytesIO()
    archive_write(by=world.admin, subject=world.product, file=file)
    events = list(Event.objects.all())
    told = json.dumps([each.changes for each in events])
    told += json.dumps(described(events, workspace="skerry"), default=str)
    import zipfile

    with zipfile.ZipFile(file) as archive:
        told += " ".join(archive.read(name).decode() for name in archive.namelist())
    assert not MARKS.findall(told)
    table = table_for(world.product, model_in_force(world.product))
    assert not table["technical_heard"].any()


def test_after_the_reveal_everybody_sees_it(world, session):
    entry_reveal(by=world.owner, entry=entry_of(session))
    told = world.client(world.viewer).get(f"{API}/rating-sessions/{session.pk}").json()
    (outcome,) = [each for each in told["items"][0]["outcomes"] if each["values"]]
    assert outcome["criterion"] == "feasibility"
    assert outcome["sentence"] == "One rater: there is nothing to compare."
    assert outcome["values"][0]["value"] == 4.375


def test_pairs_are_hidden_as_well(world):
    one, other = make_items(world, 2)
    session = make_session(world, [one, other], kind="pairs")
    items_compare(by=world.owner, session=session, one=one, other=other, preferred=other)
    address = f"{API}/rating-sessions/{session.pk}/pairs"
    mine = world.client(world.owner).get(address).json()
    assert [each["item"] for each in mine["standings"]] == [other.key, one.key]
    theirs = world.client(world.technical).get(address).json()
    assert {each["strength"] for each in theirs["standings"]} == {0.0}
    assert (theirs["answered"], theirs["note"]) == (0, "Nothing has been compared yet.")
