"""Sessions of other kinds: live, of estimates, and which of two comes first."""

import pytest
from django.utils import timezone

from tandem.backlog.models import Item
from tandem.core.errors import PermissionRefused, Refused
from tandem.prioritisation.models import Ballot
from tandem.prioritisation.operations import (
    entry_settle,
    items_compare,
    session_create,
    session_reveal,
    session_step,
)
from tandem.prioritisation.tests.rated_world import make_item, make_items, make_model
from tandem.prioritisation.tests.session_world import entry_of, give, in_days, make_session


class TestLive:
    def test_only_the_item_on_the_table_is_rated(self, world):
        session = make_session(world, pace="live", deadline=None)
        with pytest.raises(Refused, match="not on the table"):
            give(entry_of(session, 1), world.owner, urgency=4)
        session_step(by=world.owner, session=session, entry=entry_of(session, 1))
        give(entry_of(session, 1), world.owner, urgency=4)

    def test_in_a_session_with_a_deadline_nobody_steps(self, world):
        session = make_session(world)
        with pytest.raises(Refused):
            session_step(by=world.owner, session=session, entry=entry_of(session, 1))


class TestEstimating:
    def estimating(self, world, **more):
        return make_session(world, [make_item(world, "Quay")], kind="estimate", **more)

    def test_the_cards_spread_becomes_the_estimates_range(self, world):
        session = self.estimating(world)
        entry = entry_of(session)
        give(entry, world.developer, effort=3)
        give(entry, world.technical, effort="8")
        with pytest.raises(Refused, match="Cards"):
            give(entry, world.owner, effort=4)
        session_reveal(by=world.owner, session=session)
        entry_settle(by=world.technical, entry=entry, finals={"effort": {"value": 8}})
        item = Item.objects.get(pk=entry.item_id)
        assert (item.estimate_low, item.estimate_likely, item.estimate_high) == (3, 8, 8)

    def test_sizes_have_labels(self, world):
        session = self.estimating(world, cards="S=2, M=5, L=13")
        give(entry_of(session), world.developer, effort="m")
        assert Ballot.objects.get().value == 5

    def test_three_points_are_given_in_order(self, world):
        session = self.estimating(world, three_point=True)
        entry = entry_of(session)
        with pytest.raises(Refused, match="low, likely and high"):
            give(entry, world.developer, effort={"value": 3})
        with pytest.raises(Refused, match="above"):
            give(entry, world.developer, effort={"value": 3, "low": 4, "high": 5})
        give(entry, world.developer, effort={"value": 3, "low": 2, "high": 9})
        session_reveal(by=world.owner, session=session)
        entry_settle(by=world.owner, entry=entry, finals={"effort": {"value": 3}})
        item = Item.objects.get(pk=entry.item_id)
        assert (item.estimate_low, item.estimate_likely, item.estimate_high) == (2, 3, 9)

    def test_stakeholders_do_not_estimate(self, world):
        with pytest.raises(PermissionRefused):
            give(entry_of(self.estimating(world)), world.stakeholder, effort=3)


class TestPairs:
    def test_an_answer_names_two_items_of_the_session_in_any_order(self, world):
        one, other, third = make_items(world, 3)
        session = make_session(world, [one, other], kind="pairs")
        items_compare(by=world.owner, session=session, one=one, other=other, preferred=one)
        items_compare(by=world.owner, session=session, one=other, other=one, preferred=other)
        assert [each.preferred for each in session.pair_answers.all()] == [other]
        for wrong in ({"other": third}, {"other": one}, {"other": other, "preferred": third}):
            with pytest.raises(Refused):
                items_compare(by=world.owner, session=session, one=one, **wrong)

    def test_two_items_are_needed(self, world):
        with pytest.raises(Refused):
            make_session(world, [make_item(world, "Alone")], kind="pairs")


def test_a_model_in_the_archive_is_not_asked(world):
    make_model(world)
    spare = make_model(world, "rice")
    spare.archived_at = timezone.now()
    spare.save()
    with pytest.raises(Refused, match="archive"):
        session_create(
            by=world.owner,
            product=world.product,
            name="Later",
            items=make_items(world, 1),
            model=spare,
            deadline=in_days(1),
        )
