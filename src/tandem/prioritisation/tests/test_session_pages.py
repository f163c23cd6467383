"""The pages of rating sessions, as forms first: what they show, save and refuse."""

import datetime

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from tandem.prioritisation.models import Ballot, Rating, RatingSession
from tandem.prioritisation.operations import entry_reveal, expiry_set
from tandem.prioritisation.queries_sessions import session_shown
from tandem.prioritisation.session_links import link_token
from tandem.prioritisation.tests.rated_world import make_items, make_model, rate
from tandem.prioritisation.tests.session_world import entry_of, give, make_session


@pytest.fixture
def session(world):
    return make_session(world, members=[world.technical])


def at(world, session, rest=""):
    return world.address(f"prioritise/sessions/{session.pk}/{rest}")


def test_a_session_is_made_from_the_items_that_a_filter_lets_through(world):
    make_model(world)
    make_items(world, 3)
    browser = world.client(world.owner)
    sent = {
        "q": "Item 2",
        "name": "March",
        "deadline": "2099-01-01T12:00",
        "member": world.technical.pk,
    }
    answer = browser.post(world.address("prioritise/sessions/new/"), sent)
    made = RatingSession.objects.get()
    assert answer.url == at(world, made)
    assert [entry.item.title for entry in made.entries.all()] == ["Item 2"]
    assert made.raters.count() == 2


def test_a_refused_form_says_why_and_keeps_what_was_typed(world):
    make_model(world)
    make_items(world, 1)
    sent = {"name": "March", "deadline": "2001-01-01T12:00"}
    answer = world.client(world.owner).post(world.address("prioritise/sessions/new/"), sent)
    text = answer.content.decode()
    assert answer.status_code == 422
    assert "The deadline lies in the past." in text
    assert 'value="March"' in text
    assert not RatingSession.objects.exists()


def test_a_value_is_saved_and_its_form_comes_back(world, session):
    key = entry_of(session).item.key
    address = at(world, session, f"items/{key}/ballots/urgency/")
    browser = world.client(world.owner)
    answer = browser.post(address, {"value": "4"}, headers={"HX-Request": "true"})
    assert answer.status_code == 200
    assert "Saved" in answer.content.decode()
    wrong = browser.post(address, {"exact": "9"}, headers={"HX-Request": "true"})
    assert (wrong.status_code, "lies outside" in wrong.content.decode()) == (422, True)
    assert browser.post(address, {"value": "5", "confidence": "60"}).status_code == 302
    ballot = Ballot.objects.get()
    assert (ballot.value, ballot.confidence) == (5, 0.6)


def test_a_late_value_is_refused_beside_the_form(world, session):
    entry = entry_reveal(by=world.owner, entry=entry_of(session))
    address = at(world, session, f"items/{entry.item.key}/ballots/urgency/")
    late = world.client(world.owner).post(address, {"value": "4"}, headers={"HX-Request": "true"})
    assert late.status_code == 422
    assert "revealed already" in late.content.decode()


def test_the_reveal_shows_every_value_as_a_strip_with_a_table(world, session):
    entry = entry_of(session)
    give(entry, world.owner, urgency={"value": 4, "low": 3, "high": 5, "note": "The season"})
    entry_reveal(by=world.owner, entry=entry)
    text = world.client(world.viewer).get(at(world, session)).content.decode()
    assert f"Urgency: One rater: there is nothing to compare. {world.owner.name} 4." in text
    assert "<td>3–5</td>" in text
    assert "The season" in text
    # Who only looks on settles nothing.
    assert "Final value" not in text


def test_a_final_value_of_nobodys_is_refused_beside_its_field(world, session):
    entry = entry_of(session)
    give(entry, world.owner, urgency=4)
    entry_reveal(by=world.owner, entry=entry)
    address = at(world, session, f"items/{entry.item.key}/settle/")
    browser = world.client(world.owner)
    wrong = browser.post(address, {"urgency-value": "2", "feasibility-value": ""})
    assert wrong.status_code == 422
    assert "Nobody gave 2. Say why it is the right one." in wrong.content.decode()
    sent = {"urgency-value": "2", "urgency-reason": "Later", "urgency-confidence": "70"}
    assert browser.post(address, sent).status_code == 302
    final = entry.finals.get()
    assert (final.value, final.confidence, final.reason) == (2, 0.7, "Later")


def test_the_link_leads_to_one_button(world):
    session = make_session(world, members=[])
    address = at(world, session, f"join/{link_token(session)}/")
    browser = world.client(world.technical)
    assert "Take part" in browser.get(address).content.decode()
    assert session.raters.count() == 1
    browser.post(address)
    assert session.raters.filter(member=world.technical, joined_at__isnull=False).exists()
    assert world.client(world.outsider).get(address).status_code == 404


def test_a_session_takes_as_many_queries_with_two_items_as_with_nine(world):
    counts = []
    for count in (2, 9):
        session = make_session(world, make_items(world, count))
        for position in range(count):
            give(entry_of(session, position), world.owner, urgency=3)
        session = RatingSession.objects.select_related("model").get(pk=session.pk)
        with CaptureQueriesContext(
            connection,
        ) as queries:
            session_shown(world.technical, session)
        counts.append(len(queries))
    assert counts[0] == counts[1] <= 8


def test_a_stale_rating_says_so_where_it_is_shown(world):
    rate(world, world.owner, (item := make_items(world, 1)[0]), urgency=4)
    expiry_set(by=world.owner, model=world.product.scoring_models.get(), days={"urgency": 60})
    Rating.objects.update(rated_at=timezone.now() - datetime.timedelta(days=90))
    for place in (f"items/{item.key}/", f"prioritise/rate/?item={item.key}"):
        text = world.client(world.owner).get(world.address(place)).content.decode()
        assert "Stale: 90 days old, and Urgency counts in full for 60." in text
    ranking = world.client(world.owner).get(world.address("prioritise/")).content.decode()
    assert f"Urgency of {item.key}: 4, stale. Rate" in ranking


def test_a_challenge_is_raised_answered_and_shown_beside_the_rating(world):
    rate(world, world.owner, (item := make_items(world, 1)[0]), urgency=4)
    rating = Rating.objects.get()
    at_item = world.address(f"items/{item.key}/")
    raised = world.address(f"prioritise/items/{item.key}/ratings/{rating.pk}/challenge/")
    technical, owner = world.client(world.technical), world.client(world.owner)
    assert technical.post(raised, {"reason": "The port closes in May"}).url == at_item
    assert "The port closes in May" in owner.get(at_item).content.decode()
    (challenge,) = rating.challenges.all()
    there = world.address(f"prioritise/items/{item.key}/challenges/{challenge.pk}/answer/")
    owner.post(there, {"answer": "In June, says the harbour"})
    assert "In June, says the harbour" in technical.get(at_item).content.decode()
