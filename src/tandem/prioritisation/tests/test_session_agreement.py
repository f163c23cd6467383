"""A revealed session shows how far its raters agreed."""

import pytest

from tandem.core.errors import Refused
from tandem.core.panels import shown
from tandem.prioritisation.calculations_whatif import session_agreements
from tandem.prioritisation.models import Rating
from tandem.prioritisation.operations import session_close, session_reveal
from tandem.prioritisation.tests.rated_world import make_items
from tandem.prioritisation.tests.session_world import entry_of, give, make_session


def held(world, answers):
    """A session in which the Product Owner and an administrator answered the same items."""
    session = make_session(
        world, make_items(world, len(answers)), members=[world.admin, world.technical]
    )
    for position, (one, two) in enumerate(answers):
        entry = entry_of(session, position)
        give(entry, world.owner, urgency=one)
        give(entry, world.admin, urgency=two)
    session_reveal(by=world.owner, session=session)
    session.refresh_from_db()
    return session


def test_its_agreement_is_that_of_the_ballots(world, client):
    session = held(world, [(1, 2), (2, 3), (3, 4), (4, 5)])
    urgency = next(each for each in session_agreements(session) if each.scope == "urgency")
    # One is always a level higher: all of the disagreement is habit.
    assert (urgency.items, urgency.raters) == (4, 2)
    assert urgency.split.bias_share > 0.9
    assert urgency.tau is None  # an administrator is neither of the two roles
    client.force_login(world.owner.user)
    here = f"/w/{world.workspace.slug}/{world.product.key}/prioritise/sessions/{session.pk}/"
    text = client.get(here).content.decode()
    assert "Agreement" in text
    assert "points of 100 higher than the others" in text


def test_where_all_say_the_same_alpha_is_undefined_and_the_page_says_why(world, client):
    session = held(world, [(3, 3), (3, 3), (3, 3)])
    urgency = next(each for each in session_agreements(session) if each.scope == "urgency")
    assert urgency.interval is urgency.ordinal is None
    client.force_login(world.owner.user)
    here = f"/w/{world.workspace.slug}/{world.product.key}/prioritise/sessions/{session.pk}/"
    assert f"<li>{urgency.sentence}</li>" in client.get(here).content.decode()
    assert "same" in urgency.sentence


def test_a_session_without_a_single_rating_is_revealed_and_closed_and_changes_nothing(
    world, client
):
    session = make_session(world)
    session_reveal(by=world.owner, session=session)
    session = session_close(by=world.owner, session=session)
    assert session_agreements(session) == []
    assert not Rating.objects.exists()
    client.force_login(world.owner.user)
    here = f"/w/{world.workspace.slug}/{world.product.key}/prioritise/sessions/{session.pk}/"
    assert client.get(here).status_code == 200


def test_whoever_was_still_rating_when_it_was_closed_is_told_so(world, client):
    session = make_session(world)
    open_entry = entry_of(session)  # as the rater's page has it
    session_close(by=world.owner, session=session)
    with pytest.raises(Refused, match="closed"):
        give(open_entry, world.owner, urgency=4)
    assert not Rating.objects.exists()


def test_a_single_rater_leaves_nothing_to_compare(world):
    session = make_session(world)
    give(entry_of(session), world.owner, urgency=3)
    session_reveal(by=world.owner, session=session)
    assert session_agreements(session) == []
    assert shown("rating_session", member=world.owner, subject=session) == []
