"""Every write of scoring models and ratings: outcome, event, refusal."""

import pytest

from tandem.accounts.models import Role
from tandem.backlog.operations import item_delete
from tandem.core.errors import PermissionRefused, Refused
from tandem.core.models import Event
from tandem.prioritisation.calculations import models_of
from tandem.prioritisation.models import Rating, ScoringModel
from tandem.prioritisation.operations import (
    criterion_to_rate,
    model_archive,
    model_create,
    model_ensure,
    model_make_default,
    model_rename,
    model_restore,
    rating_set,
    rating_withdraw,
    weight_set,
    weights_set,
)
from tandem.prioritisation.tests.rated_world import criterion, make_item, make_model, rate


@pytest.fixture
def item(world):
    return make_item(world, "Sell tickets on board")


class TestModels:
    @pytest.mark.parametrize("preset", ["value_effort", "rice", "wsjf", "weighted"])
    def test_a_preset_becomes_rows_of_both_lenses(self, world, preset):
        model = make_model(world, preset)
        lenses = {each.lens for each in model.criteria.all()}
        assert (model.formula_kind, lenses) == (preset, {"value", "technical"})

    def test_the_first_model_is_the_one_plans_use(self, world):
        first, second = make_model(world), make_model(world, "rice")
        assert (first.is_default, second.is_default) == (True, False)

    def test_another_can_be_made_the_one_plans_use(self, world):
        first, second = make_model(world), make_model(world, "rice")
        model_make_default(by=world.technical, model=second)
        first.refresh_from_db()
        assert not first.is_default
        assert Event.objects.filter(verb="model.made_default", object_id=second.pk).exists()

    def test_it_is_recorded(self, world):
        model = make_model(world)
        event = Event.objects.get(verb="model.created", object_id=model.pk)
        assert event.product_id == world.product.pk

    @pytest.mark.parametrize(
        ("named", "field"),
        [
            ({"preset": "tarot"}, "preset"),
            ({"preset": "rice", "name": "value / EFFORT"}, "name"),
            ({"preset": "rice", "name": "x" * 81}, "name"),
        ],
    )
    def test_it_refuses_what_cannot_be_made(self, world, named, field):
        make_model(world)
        with pytest.raises(Refused) as refusal:
            model_create(by=world.owner, product=world.product, **named)
        assert refusal.value.field == field

    @pytest.mark.parametrize("who", ["developer", "stakeholder", "viewer"])
    def test_only_those_who_steer_make_models(self, world, who):
        with pytest.raises(PermissionRefused):
            model_create(by=getattr(world, who), product=world.product, preset="rice")
        assert not ScoringModel.objects.exists()

    def test_a_model_is_renamed_but_not_to_anothers_name(self, world):
        first = model_create(by=world.owner, product=world.product, preset="rice")
        second = model_create(by=world.owner, product=world.product, preset="wsjf")
        model_rename(by=world.owner, model=second, name="  What   matters ")
        assert second.name == "What matters"
        for name, told in (("rice", "already"), (" ", "needs a name"), ("x" * 81, "at most")):
            with pytest.raises(Refused, match=told) as refusal:
                model_rename(by=world.owner, model=second, name=name)
            assert refusal.value.field == "name"
        with pytest.raises(PermissionRefused):
            model_rename(by=world.developer, model=first, name="Mine")

    def test_an_archived_model_is_not_offered_until_it_is_brought_back(self, world):
        kept = model_create(by=world.owner, product=world.product, preset="rice")
        gone = model_create(by=world.owner, product=world.product, preset="wsjf")
        with pytest.raises(Refused, match="Choose another model for plans first"):
            model_archive(by=world.owner, model=kept)
        model_archive(by=world.owner, model=gone)
        assert [each.row for each in models_of(world.product)] == [kept]
        with pytest.raises(Refused, match="in the archive"):
            model_make_default(by=world.owner, model=gone)
        model_restore(by=world.owner, model=gone)
        assert gone in [each.row for each in models_of(world.product)]

    def test_ensuring_makes_a_model_once(self, world):
        first = model_ensure(by=world.owner, product=world.product)
        assert model_ensure(by=world.technical, product=world.product) == first
        assert ScoringModel.objects.count() == 1


class TestWeights:
    def test_a_weight_changes_and_is_recorded(self, world):
        model = make_model(world)
        weight_set(by=world.owner, criterion=criterion(world, "urgency"), weight="2,5")
        assert model.criteria.get(slug="urgency").weight == 2.5
        event = Event.objects.get(verb="model.weight_set")
        assert event.changes == {"urgency": [1.0, 2.5]}

    def test_several_change_together_or_not_at_all(self, world):
        model = make_model(world)
        with pytest.raises(Refused) as refusal:
            weights_set(
                by=world.owner, model=model, weights={"urgency": 5, "strategic_fit": "much"}
            )
        assert refusal.value.field == "strategic_fit"
        assert model.criteria.get(slug="urgency").weight == 1

    @pytest.mark.parametrize("weight", [-1, "nan", "inf", "", None, 1001])
    def test_it_refuses_no_weight(self, world, weight):
        make_model(world)
        with pytest.raises(Refused) as refusal:
            weight_set(by=world.owner, criterion=criterion(world, "urgency"), weight=weight)
        assert refusal.value.field == "urgency"

    def test_a_lens_keeps_a_weight_above_zero(self, world):
        model = make_model(world)
        zero = dict.fromkeys(("customer_value", "strategic_fit", "urgency"), 0)
        with pytest.raises(Refused, match="Each lens"):
            weights_set(by=world.owner, model=model, weights=zero)

    def test_unchanged_weights_are_no_event(self, world):
        model = make_model(world)
        weights_set(by=world.owner, model=model, weights={"urgency": 1})
        assert not Event.objects.filter(verb="model.weight_set").exists()

    def test_an_unknown_criterion_is_refused(self, world):
        with pytest.raises(Refused, match="no criterion luck"):
            weights_set(by=world.owner, model=make_model(world), weights={"luck": 1})


class TestRating:
    def test_it_is_kept_with_rater_and_date(self, world, item):
        rating = rating_set(
            by=world.owner,
            item=item,
            criterion=criterion(world, "urgency"),
            value="4",
            low=3,
            high="4.5",
            confidence=0.5,
            note="  The season\nbegins ",
        )
        assert (rating.value, rating.low, rating.high, rating.confidence) == (4, 3, 4.5, 0.5)
        assert (rating.member, rating.note) == (world.owner, "The season begins")

    @pytest.mark.parametrize("written", ["1250", "1 250", "1\u202f250", 1250.0])
    def test_numbers_are_read_as_people_write_them(self, world, item, written):
        reach = make_model(world, "rice").criteria.get(slug="reach")
        assert rating_set(by=world.owner, item=item, criterion=reach, value=written).value == 1250

    def test_it_is_recorded(self, world, item):
        rate(world, world.owner, item, urgency=4)
        rate(world, world.owner, item, urgency=2)
        event = Event.objects.of("item", item.pk).filter(verb="item.rated").first()
        assert event.changes == {"Urgency": [4.0, 2.0]}
        assert event.product_id == world.product.pk

    def test_the_older_answer_stays_in_the_history(self, world, item):
        rate(world, world.owner, item, urgency=4)
        rate(world, world.owner, item, urgency=2)
        older, newer = Rating.objects.order_by("pk")
        assert older.superseded_at == newer.rated_at
        assert list(Rating.objects.current()) == [newer]

    def test_the_same_answer_again_changes_nothing(self, world, item):
        rate(world, world.owner, item, urgency=4)
        rate(world, world.owner, item, urgency=4)
        assert Rating.objects.count() == 1
        assert Event.objects.filter(verb="item.rated").count() == 1

    def test_two_raters_stand_beside_each_other(self, world, item):
        rate(world, world.owner, item, urgency=4)
        rate(world, world.admin, item, urgency=1)
        assert Rating.objects.current().count() == 2

    def test_taking_it_back_leaves_no_current_answer(self, world, item):
        rate(world, world.owner, item, urgency=4)
        rating_withdraw(by=world.owner, item=item, criterion=criterion(world, "urgency"))
        assert not Rating.objects.current().exists()
        assert Rating.objects.count() == 1

    def test_taking_nothing_back_is_no_event(self, world, item):
        rating_withdraw(by=world.owner, item=item, criterion=criterion(world, "urgency"))
        assert not Event.objects.filter(verb="item.rated").exists()

    @pytest.mark.parametrize(
        ("given", "field"),
        [
            ({"value": 6}, "value"),
            ({"value": 0.99}, "value"),
            ({"value": "much"}, "value"),
            ({"value": "nan"}, "value"),
            ({"value": ""}, "value"),
            ({"value": 3, "low": 4, "high": 5}, "low"),
            ({"value": 3, "low": 1, "high": 2}, "low"),
            ({"value": 3, "low": 2}, "high"),
            ({"value": 3, "high": 4}, "low"),
            ({"value": 3, "low": 0, "high": 4}, "low"),
            ({"value": 3, "low": 2, "high": 9}, "high"),
            ({"value": 3, "confidence": 1.5}, "confidence"),
            ({"value": 3, "confidence": "very"}, "confidence"),
            ({"value": 3, "note": "x" * 501}, "note"),
        ],
    )
    def test_it_refuses_what_is_not_on_the_scale(self, world, item, given, field):
        with pytest.raises(Refused) as refusal:
            rating_set(by=world.owner, item=item, criterion=criterion(world, "urgency"), **given)
        assert refusal.value.field == field
        assert not Rating.objects.exists()

    def test_effort_is_rated_by_the_estimate(self, world, item):
        with pytest.raises(Refused, match="estimate"):
            rating_set(by=world.technical, item=item, criterion=criterion(world, "effort"), value=3)

    def test_a_criterion_of_another_product_is_refused(self, world, item):
        other = model_create(by=world.outsider, product=world.foreign_product, preset="rice")
        with pytest.raises(Refused, match="another product"):
            rating_set(
                by=world.owner, item=item, criterion=other.criteria.get(slug="reach"), value=5
            )

    def test_an_item_of_another_workspace_is_refused(self, world, item):
        with pytest.raises(Refused, match="another workspace"):
            rating_set(by=world.outsider, item=item, criterion=criterion(world, "urgency"), value=5)

    def test_a_deleted_item_is_refused(self, world, item):
        urgency = criterion(world, "urgency")
        item_delete(by=world.owner, item=item)
        with pytest.raises(Refused, match="deleted"):
            rating_set(by=world.owner, item=item, criterion=urgency, value=5)


class TestWhoMayRate:
    MAY = {
        Role.ADMIN: {"value", "technical"},
        Role.PRODUCT_OWNER: {"value"},
        Role.TECHNICAL_PM: {"technical"},
    }

    @pytest.mark.parametrize(
        "who", ["admin", "owner", "technical", "developer", "stakeholder", "viewer"]
    )
    @pytest.mark.parametrize("slug", ["urgency", "feasibility"])
    def test_each_rates_only_through_their_lens(self, world, item, who, slug):
        member, asked = getattr(world, who), criterion(world, slug)
        if asked.lens in self.MAY.get(Role(member.role), set()):
            assert rating_set(by=member, item=item, criterion=asked, value=3).pk
            return
        with pytest.raises(PermissionRefused):
            rating_set(by=member, item=item, criterion=asked, value=3)
        with pytest.raises(PermissionRefused):
            rating_withdraw(by=member, item=item, criterion=asked)
        assert not Rating.objects.exists()


class TestCriterionToRate:
    def test_the_first_rating_makes_the_default_model(self, world):
        found = criterion_to_rate(by=world.owner, product=world.product, slug="urgency")
        assert found.model.is_default
        assert found.model.preset == "value_effort"

    def test_who_may_not_rate_makes_no_model(self, world):
        with pytest.raises(PermissionRefused):
            criterion_to_rate(by=world.technical, product=world.product, slug="urgency")
        with pytest.raises(PermissionRefused):
            criterion_to_rate(by=world.viewer, product=world.product, slug="urgency")
        assert not ScoringModel.objects.exists()

    def test_an_unknown_criterion_makes_no_model(self, world):
        with pytest.raises(Refused, match="no criterion luck"):
            criterion_to_rate(by=world.owner, product=world.product, slug="luck")
        assert not ScoringModel.objects.exists()

    def test_a_named_preset_must_be_made_first(self, world):
        make_model(world)
        with pytest.raises(Refused, match="Create it first"):
            criterion_to_rate(by=world.owner, product=world.product, slug="reach", model="rice")
