"""Every change of a scoring model keeps how it stood before."""

import datetime

import pytest
from django.utils import timezone

from tandem.core.errors import Conflict
from tandem.prioritisation.models import ModelVersion
from tandem.prioritisation.operations import model_make_default, model_rename, weights_set
from tandem.prioritisation.tests.rated_world import make_model
from tandem.prioritisation.versions import default_as_of, model_as_of


def weights(model):
    return {each.slug: each.weight for each in model.engine.criteria}


class TestVersions:
    def test_every_change_is_the_next_version_and_the_past_stays(self, world):
        model = make_model(world)
        before = timezone.now()
        weights_set(by=world.technical, model=model, weights={"urgency": 7}, why="They are late.")
        model_rename(by=world.owner, model=model, name="Worth")
        kept = list(ModelVersion.objects.filter(model=model))
        assert [each.number for each in kept] == [1, 2, 3]
        assert [each.by for each in kept] == [world.owner, world.technical, world.owner]
        assert kept[1].why == "They are late."
        then, now = model_as_of(model, before), model_as_of(model, timezone.now())
        assert (weights(then)["urgency"], weights(now)["urgency"]) == (1, 7)
        assert (then.name, now.name) == ("Value / effort", "Worth")
        assert [each.pk for each in then.criteria] == [each.pk for each in now.criteria]

    def test_saving_what_it_is_makes_no_version(self, world):
        model = make_model(world)
        weights_set(by=world.owner, model=model, weights={"urgency": 1})
        assert ModelVersion.objects.filter(model=model).count() == 1

    def test_of_two_who_save_at_once_the_second_is_told(self, world):
        model = make_model(world)
        weights_set(by=world.technical, model=model, weights={"urgency": 7}, version=1)
        with pytest.raises(Conflict) as refusal:
            weights_set(by=world.owner, model=model, weights={"urgency": 2}, version=1)
        assert (refusal.value.current, refusal.value.yours) == (2, 1)
        assert world.technical.name in refusal.value.message
        assert model.criteria.get(slug="urgency").weight == 7

    def test_it_knows_which_model_plans_used(self, world):
        long_ago = timezone.now() - datetime.timedelta(days=400)
        first, second = make_model(world), make_model(world, "rice")
        between = timezone.now()
        model_make_default(by=world.owner, model=second)
        assert default_as_of(world.product, between).row == first
        assert default_as_of(world.product, timezone.now()).row == second
        assert default_as_of(world.product, long_ago).row is None

    def test_a_model_older_than_versions_stands_as_it_is_known(self, world):
        model = make_model(world)
        ModelVersion.objects.all().delete()
        assert weights(model_as_of(model, timezone.now()))["urgency"] == 1
        weights_set(by=world.owner, model=model, weights={"urgency": 5})
        then = model_as_of(model, model.created_at)
        assert weights(then)["urgency"] == 1
        assert ModelVersion.objects.filter(model=model).count() == 2
