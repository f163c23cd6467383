"""Rating sessions: who may, what stays hidden, what is settled, and every bad turn they can take."""

import datetime

import pytest
from django.utils import timezone

from tandem.backlog.models import Item
from tandem.backlog.operations import item_create, item_delete, item_restore
from tandem.core.errors import Elsewhere, PermissionRefused, Refused
from tandem.core.models import Event
from tandem.prioritisation.models import Ballot, Rating, RatingSession, SessionItem
from tandem.prioritisation.operations import (
    ballot_skip,
    entry_again,
    entry_reveal,
    entry_settle,
    rating_set,
    session_close,
    session_invite,
    session_join,
    session_reveal,
    session_update,
)
from tandem.prioritisation.session_links import link_token
from tandem.prioritisation.tasks import sessions_expire
from tandem.prioritisation.tests.rated_world import make_items
from tandem.prioritisation.tests.session_world import entry_of, give, in_days, make_session


def past_deadline(session):
    early = timezone.now() - datetime.timedelta(minutes=1)
    RatingSession.objects.filter(pk=session.pk).update(deadline=early)


class TestMaking:
    def test_it_keeps_the_items_in_order_and_seats_whoever_makes_it(self, world):
        items = make_items(world, 3)
        session = make_session(world, items)
        assert [entry.item for entry in session.entries.all()] == items
        seats = {seat.member: seat.joined_at is not None for seat in session.raters.all()}
        assert seats[world.owner]
        assert not seats[world.technical]
        assert Event.objects.get(verb="session.created").object_id == session.pk

    @pytest.mark.parametrize(
        ("wrong", "field"),
        [
            ({"name": " "}, "name"),
            ({"kind": "tarot"}, "kind"),
            ({"pace": "slow"}, "pace"),
            ({"deadline": None}, "deadline"),
            ({"deadline": timezone.now() - datetime.timedelta(days=1)}, "deadline"),
            ({"criteria": ["luck"]}, "criteria"),
            ({"items": []}, "items"),
            ({"kind": "estimate", "scale": "inches"}, "scale"),
            ({"kind": "estimate", "cards": "S=2, M=1"}, "cards"),
            ({"kind": "estimate", "cards": "S=two, M=3"}, "cards"),
        ],
    )
    def test_it_refuses(self, world, wrong, field):
        items = wrong.pop("items", None)
        with pytest.raises(Refused) as refusal:
            make_session(world, items, **wrong)
        assert refusal.value.field == field

    def test_epics_and_deleted_items_are_left_out(self, world):
        epic = item_create(by=world.owner, product=world.product, title="Epic", kind="epic")
        one, gone = make_items(world, 2)
        session = make_session(world, [epic, one, item_delete(by=world.owner, item=gone)])
        assert [entry.item for entry in session.entries.all()] == [one]

    def test_it_takes_no_item_model_or_member_of_elsewhere(self, world):
        foreign = item_create(by=world.outsider, product=world.foreign_product, title="Theirs")
        with pytest.raises(Elsewhere):
            make_session(world, [foreign])
        with pytest.raises(Elsewhere):
            make_session(world, members=[world.outsider])

    def test_only_those_who_steer_hold_sessions(self, world):
        with pytest.raises(PermissionRefused):
            make_session(world, by=world.developer)


class TestJoining:
    def test_a_member_joins_by_the_link_and_by_no_other(self, world):
        session = make_session(world, members=[])
        with pytest.raises(Refused, match="link is not right"):
            session_join(by=world.technical, session=session, token="made-up")
        other = make_session(world, members=[])
        with pytest.raises(Refused):
            session_join(by=world.technical, session=session, token=link_token(other))
        session_join(by=world.technical, session=session, token=link_token(session))
        give(entry_of(session), world.technical, feasibility=3)

    def test_nobody_of_another_workspace_joins_with_the_link(self, world):
        session = make_session(world)
        with pytest.raises(Elsewhere):
            session_join(by=world.outsider, session=session, token=link_token(session))

    def test_without_a_seat_nothing_can_be_given(self, world):
        session = make_session(world, members=[])
        with pytest.raises(PermissionRefused, match="no seat"):
            give(entry_of(session), world.technical, feasibility=3)

    def test_more_members_can_be_invited_each_once(self, world):
        session = make_session(world, members=[])
        session_invite(by=world.owner, session=session, members=[world.technical] * 2)
        session_invite(by=world.owner, session=session, members=[world.technical])
        assert session.raters.count() == 2
        assert Event.objects.filter(verb="session.invited").count() == 1


class TestGiving:
    def test_a_value_can_be_changed_until_it_is_revealed(self, world):
        entry = entry_of(make_session(world))
        give(entry, world.owner, urgency=2)
        give(entry, world.owner, urgency={"value": 4, "low": 3, "high": 5, "confidence": 0.6})
        ballot = Ballot.objects.get()
        assert (ballot.value, ballot.low, ballot.high, ballot.confidence) == (4, 3, 5, 0.6)

    def test_the_events_never_tell_a_value(self, world):
        entry = entry_of(make_session(world))
        give(entry, world.owner, urgency=4)
        told = Event.objects.filter(verb__startswith="session.ballot").values_list("changes")
        assert [changes for (changes,) in told] == [{"item": entry.item.key}]
        assert not Rating.objects.exists()

    @pytest.mark.parametrize(
        ("said", "field"),
        [
            ({"value": 6}, "value"),
            ({"value": "x"}, "value"),
            ({"value": ""}, "value"),
            ({"value": 3, "low": 4, "high": 5}, "low"),
            ({"value": 3, "low": 2}, "high"),
            ({"value": 3, "confidence": 80}, "confidence"),
        ],
    )
    def test_it_refuses_what_is_not_on_the_scale(self, world, said, field):
        with pytest.raises(Refused) as refusal:
            give(entry_of(make_session(world)), world.owner, urgency=said)
        assert refusal.value.field == field

    def test_it_refuses_the_criterion_of_the_other_lens(self, world):
        entry = entry_of(make_session(world))
        with pytest.raises(PermissionRefused, match="does not rate Feasibility"):
            give(entry, world.owner, feasibility=3)

    def test_it_refuses_a_criterion_that_the_session_does_not_ask(self, world):
        with pytest.raises(Refused, match="does not ask"):
            give(entry_of(make_session(world)), world.owner, customer_value=3)

    def test_an_item_is_passed_over_with_a_reason(self, world):
        entry = entry_of(make_session(world))
        give(entry, world.owner, urgency=4)
        with pytest.raises(Refused, match="Say why"):
            ballot_skip(by=world.owner, entry=entry, reason=" ")
        ballot_skip(by=world.owner, entry=entry, reason="I wrote it")
        assert [(each.skipped, each.note) for each in Ballot.objects.all()] == [
            (True, "I wrote it")
        ]
        give(entry, world.owner, urgency=3)
        assert [each.skipped for each in Ballot.objects.all()] == [False]


class TestRevealing:
    def test_the_values_become_the_raters_ratings_at_that_moment(self, world):
        entry = entry_of(make_session(world))
        give(entry, world.owner, urgency=4)
        give(entry, world.technical, feasibility=2)
        entry_reveal(by=world.owner, entry=entry)
        ratings = {each.member: each.value for each in Rating.objects.current()}
        assert ratings == {world.owner: 4, world.technical: 2}
        assert Event.objects.get(verb="item.revealed").changes == {
            "Urgency": [None, [4]],
            "Feasibility": [None, [2]],
        }

    def test_nothing_can_be_given_after_it(self, world):
        entry = entry_of(make_session(world))
        entry_reveal(by=world.owner, entry=entry)
        with pytest.raises(Refused, match="revealed already"):
            give(entry, world.owner, urgency=4)
        with pytest.raises(Refused, match="revealed already"):
            ballot_skip(by=world.owner, entry=entry, reason="late")

    def test_a_passed_deadline_closes_it_before_and_after_the_job_comes(self, world):
        session = make_session(world)
        entry = entry_of(session)
        give(entry, world.owner, urgency=4)
        past_deadline(session)
        with pytest.raises(Refused, match="deadline"):
            give(entry, world.technical, feasibility=4)
        assert sessions_expire.func() == 1
        assert sessions_expire.func() == 0
        session.refresh_from_db()
        assert session.state == "revealed"
        assert Rating.objects.get().value == 4
        event = Event.objects.get(verb="session.revealed")
        assert (event.member_id, event.channel) == (world.owner.pk, "job")
        with pytest.raises(Refused, match="revealed meanwhile"):
            give(entry, world.technical, feasibility=4)

    def test_a_value_on_a_scale_that_was_changed_meanwhile_becomes_no_rating(self, world):
        entry = entry_of(make_session(world))
        give(entry, world.owner, urgency=5)
        entry.session.model.criteria.filter(slug="urgency").update(high=4)
        entry_reveal(by=world.owner, entry=entry)
        assert list(Ballot.objects.revealed().values_list("value", flat=True)) == [5]
        assert not Rating.objects.exists()

    def test_a_session_without_any_value_is_revealed_empty(self, world):
        session = session_reveal(by=world.owner, session=make_session(world))
        assert session.state == "revealed"
        assert not Rating.objects.exists()
        assert not Event.objects.filter(verb="item.revealed").exists()

    def test_the_item_is_rated_again_beside_the_round_that_is_over(self, world):
        session = make_session(world)
        entry = entry_of(session)
        give(entry, world.owner, urgency=1)
        session_reveal(by=world.owner, session=session)
        entry = entry_again(by=world.owner, entry=entry)
        give(entry, world.owner, urgency=5)
        assert list(Ballot.objects.revealed().values_list("value", flat=True)) == [1]
        entry_reveal(by=world.owner, entry=entry)
        assert sorted(Ballot.objects.revealed().values_list("value", flat=True)) == [1, 5]
        assert Rating.objects.current().get().value == 5

    def test_rating_again_after_the_deadline_needs_a_new_one(self, world):
        session = make_session(world)
        past_deadline(session)
        sessions_expire.func()
        with pytest.raises(Refused) as refusal:
            entry_again(by=world.owner, entry=entry_of(session))
        assert refusal.value.field == "deadline"
        entry = entry_again(by=world.owner, entry=entry_of(session), deadline=in_days(1))
        give(entry, world.owner, urgency=5)

    def test_an_item_deleted_meanwhile_takes_nothing_and_hinders_nothing(self, world):
        session = make_session(world)
        entry = entry_of(session)
        give(entry, world.owner, urgency=4)
        item_delete(by=world.owner, item=entry.item)
        with pytest.raises(Refused, match="deleted meanwhile"):
            give(entry, world.technical, feasibility=4)
        session_reveal(by=world.owner, session=session)
        with pytest.raises(Refused, match="deleted"):
            entry_settle(by=world.owner, entry=entry, finals={"urgency": {"value": 4}})
        item_restore(by=world.owner, item=entry.item)
        entry_settle(by=world.owner, entry=entry, finals={"urgency": {"value": 4}})

    def test_an_item_erased_for_good_leaves_the_session(self, world):
        session = make_session(world)
        give(entry_of(session), world.owner, urgency=4)
        Item.objects.filter(pk=entry_of(session).item_id).delete()
        assert SessionItem.objects.filter(session=session).count() == 1
        session_reveal(by=world.owner, session=session)


class TestSettling:
    def revealed(self, world, **values):
        entry = entry_of(make_session(world))
        for slug, value in values.items():
            give(entry, world.owner if slug == "urgency" else world.technical, **{slug: value})
        return entry_reveal(by=world.owner, entry=entry)

    def test_a_raters_value_needs_no_reason(self, world):
        entry = self.revealed(world, urgency=4, feasibility=2)
        finals = {"urgency": {"value": 4}, "feasibility": {"value": "2"}}
        entry = entry_settle(by=world.owner, entry=entry, finals=finals)
        assert entry.locked_at
        agreed = Rating.objects.current()
        assert {(each.criterion.slug, each.value, each.agreed_in) for each in agreed} == {
            ("urgency", 4, entry),
            ("feasibility", 2, entry),
        }
        assert Event.objects.get(verb="item.settled").object_id == entry.item_id

    def test_nobodys_value_needs_one(self, world):
        entry = self.revealed(world, urgency=4)
        with pytest.raises(Refused, match="Nobody gave 3") as refusal:
            entry_settle(by=world.owner, entry=entry, finals={"urgency": {"value": 3}})
        assert refusal.value.field == "urgency-reason"
        finals = {"urgency": {"value": 3, "reason": "The port opens later"}}
        entry_settle(by=world.owner, entry=entry, finals=finals)
        assert entry.finals.get().reason == "The port opens later"

    def test_without_any_value_the_final_one_needs_a_reason(self, world):
        entry = self.revealed(world)
        with pytest.raises(Refused, match="Nobody gave 3"):
            entry_settle(by=world.owner, entry=entry, finals={"urgency": {"value": 3}})

    @pytest.mark.parametrize(
        ("finals", "field"),
        [
            ({"urgency": {"value": 9, "reason": "x"}}, "urgency-value"),
            ({"urgency": {"value": ""}}, "value"),
            ({"luck": {"value": 3}}, "luck"),
            ({"effort": {"value": 3}}, "effort"),
        ],
    )
    def test_it_refuses(self, world, finals, field):
        entry = self.revealed(world, urgency=4)
        with pytest.raises(Refused) as refusal:
            entry_settle(by=world.owner, entry=entry, finals=finals)
        assert refusal.value.field == field

    def test_it_is_not_settled_before_it_is_revealed(self, world):
        with pytest.raises(Refused, match="Reveal"):
            entry_settle(
                by=world.owner,
                entry=entry_of(make_session(world)),
                finals={"urgency": {"value": 4}},
            )

    def test_of_two_who_settle_at_once_the_second_is_told(self, world):
        entry = self.revealed(world, urgency=4)
        entry_settle(by=world.owner, entry=entry, finals={"urgency": {"value": 4}})
        with pytest.raises(Refused, match="settled already"):
            entry_settle(by=world.technical, entry=entry, finals={"urgency": {"value": 4}})

    def test_what_is_settled_stands_until_another_session(self, world):
        entry = self.revealed(world, urgency=4)
        entry_settle(by=world.owner, entry=entry, finals={"urgency": {"value": 4}})
        urgency = entry.session.model.criteria.get(slug="urgency")
        with pytest.raises(Refused, match="settled at 4 in the session March"):
            rating_set(by=world.owner, item=entry.item, criterion=urgency, value=1)
        again = make_session(world, [entry.item], name="April")
        give(entry_of(again), world.owner, urgency=1)
        session_reveal(by=world.owner, session=again)
        assert [each.value for each in Rating.objects.current()] == [1]

    def test_a_settled_item_is_opened_by_rating_it_again(self, world):
        entry = self.revealed(world, urgency=4)
        entry_settle(by=world.owner, entry=entry, finals={"urgency": {"value": 4}})
        entry = entry_again(by=world.owner, entry=entry)
        assert entry.locked_at is None
        assert Rating.objects.current().get().value == 4
        give(entry, world.owner, urgency=2)
        entry_reveal(by=world.owner, entry=entry)
        entry_settle(by=world.owner, entry=entry, finals={"urgency": {"value": 2}})
        assert Rating.objects.current().get().value == 2

    def test_a_closed_session_changes_no_more(self, world):
        session = make_session(world)
        give(entry_of(session), world.owner, urgency=4)
        session = session_close(by=world.owner, session=session)
        assert Rating.objects.get().value == 4
        entry = entry_of(session)
        for refused in (
            lambda: entry_settle(by=world.owner, entry=entry, finals={"urgency": {"value": 4}}),
            lambda: entry_again(by=world.owner, entry=entry),
            lambda: session_update(by=world.owner, session=session, name="Later"),
            lambda: session_invite(by=world.owner, session=session, members=[world.admin]),
            lambda: give(entry, world.owner, urgency=1),
        ):
            with pytest.raises(Refused):
                refused()
