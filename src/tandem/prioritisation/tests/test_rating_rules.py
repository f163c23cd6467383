"""Who rates what, how long a rating counts, and challenging what others say."""

import datetime

import pytest
from django.utils import timezone

from tandem.core.errors import PermissionRefused, Refused
from tandem.core.models import Event
from tandem.prioritisation.calculations import model_in_force, table_for
from tandem.prioritisation.models import Rating
from tandem.prioritisation.operations import (
    challenge_answer,
    challenge_raise,
    challenge_withdraw,
    expiry_set,
    raters_set,
    rating_set,
)
from tandem.prioritisation.queries import ratings_of
from tandem.prioritisation.tests.rated_world import criterion, make_item, make_model, rate


@pytest.fixture
def item(world):
    make_model(world)
    return make_item(world, "Sell tickets on board", estimate_likely=3)


def aged(days):
    at = timezone.now() - datetime.timedelta(days=days)
    Rating.objects.update(rated_at=at)


class TestRaters:
    def test_a_criterion_may_name_the_roles_that_rate_it(self, world, item):
        model = world.product.scoring_models.get()
        raters_set(by=world.owner, model=model, raters={"urgency": ["stakeholder"]})
        rate(world, world.stakeholder, item, urgency=4)
        with pytest.raises(PermissionRefused, match="Stakeholder may"):
            rate(world, world.owner, item, urgency=4)
        with pytest.raises(PermissionRefused):
            rate(world, world.stakeholder, item, customer_value=4)
        raters_set(by=world.owner, model=model, raters={"urgency": []})
        rate(world, world.owner, item, urgency=3)

    def test_a_lens_stands_for_all_its_criteria_and_it_is_recorded(self, world, item):
        model = world.product.scoring_models.get()
        raters_set(by=world.owner, model=model, raters={"technical": ["developer", "technical_pm"]})
        changes = Event.objects.get(verb="model.raters_set").changes
        assert set(changes) == {"risk_reduction", "feasibility"}
        rate(world, world.developer, item, feasibility=4)

    @pytest.mark.parametrize(
        ("raters", "field"),
        [({"luck": ["admin"]}, "luck"), ({"urgency": ["viewer"]}, "urgency"),
         ({"urgency": "admin"}, "urgency"), ({"effort": ["admin"]}, "effort")],
    )  # fmt: skip
    def test_it_refuses(self, world, item, raters, field):
        model = world.product.scoring_models.get()
        with pytest.raises(Refused) as refusal:
            raters_set(by=world.owner, model=model, raters=raters)
        assert refusal.value.field == field


class TestExpiry:
    def test_a_stale_rating_widens_its_lens_and_says_so(self, world, item):
        rate(world, world.owner, item, urgency=4)
        model = world.product.scoring_models.get()
        aged(120)
        in_full = table_for(world.product, model_in_force(world.product)).rows([0])[0]
        expiry_set(by=world.owner, model=model, days={"urgency": 60})
        faded = table_for(world.product, model_in_force(world.product)).rows([0])[0]
        assert faded.value.low < in_full.value.low
        cell = ratings_of(world.owner, item, model_in_force(world.product)).cells["urgency"]
        assert cell.mine.stale.startswith("Stale: 120 days old, and Urgency counts in full for 60.")

    def test_saying_the_same_again_renews_it(self, world, item):
        rate(world, world.owner, item, urgency=4)
        urgency = criterion(world, "urgency")
        same = rating_set(by=world.owner, item=item, criterion=urgency, value=4)
        assert Rating.objects.get() == same
        aged(120)
        expiry_set(by=world.owner, model=urgency.model, days={"value": "60"})
        urgency.refresh_from_db()
        rating_set(by=world.owner, item=item, criterion=urgency, value=4)
        assert Rating.objects.count() == 2

    @pytest.mark.parametrize("days", [0, 0.5, "soon", 100_000])
    def test_it_refuses_days_that_are_none(self, world, item, days):
        model = world.product.scoring_models.get()
        with pytest.raises(Refused) as refusal:
            expiry_set(by=world.owner, model=model, days={"urgency": days})
        assert refusal.value.field == "urgency"


class TestChallenges:
    @pytest.fixture
    def rating(self, world, item):
        rate(world, world.owner, item, urgency=5)
        return Rating.objects.get()

    def test_it_stands_beside_the_rating_and_changes_nothing(self, world, rating):
        made = challenge_raise(by=world.technical, rating=rating, reason="The port closes in May")
        rating.refresh_from_db()
        assert (rating.value, rating.superseded_at) == (5, None)
        assert Event.objects.get(verb="rating.challenged").object_id == rating.item_id
        cells = ratings_of(world.owner, rating.item, model_in_force(world.product)).cells
        assert [each.pk for each in cells["urgency"].mine.challenges] == [made.pk]

    def test_the_rater_answers_it(self, world, rating):
        made = challenge_raise(by=world.technical, rating=rating, reason="Why?")
        with pytest.raises(PermissionRefused):
            challenge_answer(by=world.technical, challenge=made, answer="So.")
        made = challenge_answer(by=world.owner, challenge=made, answer="Because of the season")
        assert (made.state, made.answered_by) == ("answered", world.owner)
        with pytest.raises(Refused, match="answered already"):
            challenge_withdraw(by=world.technical, challenge=made)

    def test_whoever_raised_it_withdraws_it(self, world, rating):
        made = challenge_raise(by=world.technical, rating=rating, reason="Why?")
        with pytest.raises(PermissionRefused):
            challenge_withdraw(by=world.owner, challenge=made)
        assert challenge_withdraw(by=world.technical, challenge=made).state == "withdrawn"
        challenge_raise(by=world.technical, rating=rating, reason="After all")

    def test_it_refuses_ones_own_a_second_one_and_one_of_the_past(self, world, item, rating):
        with pytest.raises(Refused, match="your own"):
            challenge_raise(by=world.owner, rating=rating, reason="Hm")
        challenge_raise(by=world.technical, rating=rating, reason="Hm")
        with pytest.raises(Refused, match="already"):
            challenge_raise(by=world.technical, rating=rating, reason="Hm")
        rate(world, world.owner, item, urgency=1)
        with pytest.raises(Refused, match="replaced"):
            challenge_raise(by=world.stakeholder, rating=rating, reason="Hm")
        with pytest.raises(Refused, match="Write why"):
            challenge_raise(by=world.technical, rating=Rating.objects.last(), reason=" ")
        with pytest.raises(PermissionRefused):
            challenge_raise(by=world.viewer, rating=Rating.objects.last(), reason="Hm")
