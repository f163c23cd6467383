"""Shaping a scoring model: criteria, formula, going back, and weights from answers."""

import datetime

import pytest
from django.utils import timezone

from tandem.backlog.operations import item_update
from tandem.core.errors import Conflict, PermissionRefused, Refused
from tandem.core.models import Event
from tandem.prioritisation import choices, fields
from tandem.prioritisation.calculations import derivation_of, model_in_force, table_for
from tandem.prioritisation.calculations_weights import implied, pair_to_ask
from tandem.prioritisation.models import ModelVersion, Rating, WeightAnswers
from tandem.prioritisation.operations import (
    criterion_add,
    criterion_move,
    criterion_remove,
    criterion_return,
    criterion_update,
    model_copy,
    model_create,
    model_formula_set,
    model_go_back,
    pair_answer,
    pair_answer_undo,
    weights_answer,
    weights_apply,
    weights_set,
)
from tandem.prioritisation.preview import preview, starting_text
from tandem.prioritisation.second_opinion import second_opinion
from tandem.prioritisation.tests.rated_world import (
    criterion,
    make_item,
    make_items,
    make_model,
    rate,
    rate_fully,
)
from tandem_engine.prioritisation import PRESETS, Field


def score_of(world, item, model=None):
    chosen = model_in_force(world.product, model and model.pk)
    return table_for(world.product, chosen).rows_of([item.pk])[item.pk]


def slugs(model):
    return [each.slug for each in model_in_force(model.product, model.pk).criteria]


class TestCopying:
    def test_a_copy_asks_and_computes_the_same_and_starts_unrated(self, world):
        model, item = make_model(world), make_item(world, "Seats", estimate_likely=3)
        rate_fully(world, item, 4, 3)
        model_formula_set(by=world.owner, model=model, formula_text="urgency * 2 / effort")
        criterion_update(
            by=world.owner,
            criterion=model.criteria.get(slug="urgency"),
            weight=3,
            anchors="1: Some day.",
        )
        criterion_remove(by=world.owner, criterion=model.criteria.get(slug="strategic_fit"))
        before = Rating.objects.count()
        made = model_copy(by=world.technical, model=model)
        assert (made.name, made.is_default) == (f"{model.name}, copy", False)
        assert slugs(made) == slugs(model)
        kept = ("question", "lens", "low", "high", "weight", "anchors", "expires_after_days")
        asked = ((each, made.criteria.get(slug=each.slug)) for each in model.criteria.all()
                 if each.removed_at is None)  # fmt: skip
        for one, other in asked:
            assert [getattr(one, name) for name in kept] == [getattr(other, name) for name in kept]
            assert one.pk != other.pk
        assert model_in_force(world.product, made.pk).engine.formula_text == "urgency * 2 / effort"
        assert Rating.objects.count() == before
        assert Rating.objects.filter(criterion__model=made).count() == 0
        rate(world, world.owner, item, urgency=2)
        assert ModelVersion.objects.get(model=made).why.startswith(f"Copied from {model.name}")

    def test_names_stay_apart_and_a_developer_may_not(self, world):
        model = make_model(world)
        names = [model_copy(by=world.owner, model=model).name for _ in range(2)]
        assert names == [f"{model.name}, copy", f"{model.name}, copy 2"]
        with pytest.raises(Refused, match="already"):
            model_copy(by=world.owner, model=model, name=names[0].upper())
        with pytest.raises(PermissionRefused):
            model_copy(by=world.developer, model=model)


class TestCriteria:
    def test_one_is_added_asked_and_named_in_a_formula(self, world):
        model, item = make_model(world), make_item(world, "Seats")
        joy = criterion_add(
            by=world.technical, model=model, name="Joy of use", lens="technical", low="0", high="10",
            anchors="0: None.\n10: All smile.",
        )  # fmt: skip
        assert (joy.slug, joy.anchors) == ("joy_of_use", [[0.0, "None."], [10.0, "All smile."]])
        rate(world, world.technical, item, joy_of_use=7)
        model_formula_set(by=world.owner, model=model, formula_text="joy_of_use * 2")
        assert score_of(world, item).score.likely == pytest.approx(14)
        verbs = Event.objects.filter(object_id=model.pk).values_list("verb", flat=True)
        assert {"model.criterion_added", "model.formula_changed"} <= set(verbs)

    def test_taken_out_it_keeps_its_ratings_and_they_count_when_it_is_back(self, world):
        model, item = make_model(world), make_item(world, "Seats")
        rate_fully(world, item, 4, 3)
        before = score_of(world, item).score
        urgency = criterion(world, "urgency")
        criterion_remove(by=world.owner, criterion=urgency)
        assert "urgency" not in slugs(model)
        assert score_of(world, item).score != before
        assert Rating.objects.current().filter(criterion=urgency).count() == 1
        criterion_return(by=world.owner, criterion=urgency)
        assert score_of(world, item).score == before

    def test_they_change_places(self, world):
        model = make_model(world)
        criterion_move(by=world.owner, criterion=criterion(world, "urgency"), position=0)
        assert slugs(model)[:2] == ["urgency", "customer_value"]
        assert Event.objects.filter(verb="model.criterion_moved").exists()

    @pytest.mark.parametrize(
        ("given", "field"),
        [
            ({"name": " "}, "name"),
            ({"name": "x" * 81}, "name"),
            ({"lens": "third"}, "lens"),
            ({"low": 5, "high": 5}, "low"),
            ({"low": "nan"}, "low"),
            ({"low": ""}, "low"),
            ({"low": 0, "spacing": "log"}, "low"),
            ({"step": 0}, "step"),
            ({"weight": -1}, "weight"),
            ({"weight": "inf"}, "weight"),
            ({"direction": "sideways"}, "direction"),
            ({"anchors": "9: Beyond the scale."}, "anchors"),
            ({"anchors": "3: Once.\n3: Twice."}, "anchors"),
            ({"anchors": "three"}, "anchors"),
            ({"slug": "urgency"}, "slug"),
            ({"slug": "max"}, "slug"),
            ({"slug": "Not a name"}, "slug"),
            ({"kind": "effort"}, "kind"),
            ({"colour": "red"}, "colour"),
        ],
    )
    def test_it_refuses_settings_without_a_meaning(self, world, given, field):
        model = make_model(world)
        named = {"name": "Joy", "lens": "value", "low": 1, "high": 5} | given
        if given.get("kind") == "effort":
            named |= {"direction": "lower"}
        with pytest.raises(Refused) as refusal:
            criterion_add(by=world.owner, model=model, **named)
        assert refusal.value.field == field
        assert ModelVersion.objects.filter(model=model).count() == 1

    def test_two_of_one_name_get_two_names_in_formulas(self, world):
        model = make_model(world)
        for _ in range(2):
            criterion_add(by=world.owner, model=model, name="Joy", lens="value", low=1, high=5)
        assert slugs(model)[-2:] == ["joy", "joy_2"]

    def test_it_refuses_a_scale_that_leaves_ratings_outside(self, world):
        make_model(world)
        item = make_item(world, "Seats")
        rate(world, world.owner, item, urgency=5)
        with pytest.raises(Refused) as refusal:
            criterion_update(
                by=world.owner, criterion=criterion(world, "urgency"), high=4, anchors=""
            )
        assert "1 current rating lies outside 1 to 4" in refusal.value.message

    def test_the_last_criterion_of_a_lens_stays(self, world):
        model = make_model(world, "ice")
        ease = model.criteria.get(slug="ease")
        with pytest.raises(Refused, match="technical lens"):
            criterion_remove(by=world.owner, criterion=ease)
        assert "ease" in slugs(model)

    def test_who_may_not_shape_is_refused(self, world):
        model = make_model(world)
        with pytest.raises(PermissionRefused):
            criterion_remove(by=world.developer, criterion=model.criteria.first())

    def test_a_second_save_from_an_old_page_is_a_conflict(self, world):
        make_model(world)
        urgency = criterion(world, "urgency")
        criterion_update(by=world.owner, criterion=urgency, name="Haste", version=1)
        with pytest.raises(Conflict):
            criterion_update(by=world.technical, criterion=urgency, name="Hurry", version=1)
        urgency.refresh_from_db()
        assert urgency.name == "Haste"


class TestFormula:
    @pytest.mark.parametrize("preset", PRESETS)
    def test_every_preset_is_made_and_ranks(self, world, preset):
        model = make_model(world, preset)
        item = make_item(world, "Seats", estimate_likely=3)
        row = score_of(world, item, model)
        assert row.score.low <= row.score.likely <= row.score.high

    @pytest.mark.parametrize("preset", ["value_effort", "rice", "wsjf", "weighted"])
    def test_the_four_formulas_say_the_same_written_out(self, world, preset):
        model = make_model(world, preset)
        item = make_item(world, "Seats", estimate_likely=3)
        before = score_of(world, item, model).score
        text = starting_text(model_in_force(world.product, model.pk).engine)
        model_formula_set(by=world.owner, model=model, formula_text=text)
        after = score_of(world, item, model).score
        assert after.likely == pytest.approx(before.likely)
        assert (after.low, after.high) == pytest.approx((before.low, before.high))

    def test_an_error_points_at_the_character(self, world):
        model = make_model(world)
        with pytest.raises(Refused) as refusal:
            model_formula_set(by=world.owner, model=model, formula_text="urgency +\n  (feasability")
        assert refusal.value.field == "formula_text"
        assert refusal.value.message.startswith("Formula, line 2, character 3: a ) is missing")
        assert refusal.value.details["pointed"] == "  (feasability\n  ^"
        model.refresh_from_db()
        assert model.formula_kind == "value_effort"

    @pytest.mark.parametrize(
        ("given", "field"),
        [
            ({"formula_kind": "magic"}, "formula_kind"),
            ({"formula_text": ""}, "formula_text"),
            ({"formula_text": "x" * 2001}, "formula_text"),
            ({"formula_text": "nothing_here"}, "formula_text"),
            ({"formula_text": "a = b; b = a; a"}, "formula_text"),
            ({"formula_text": "urgency", "score_unit": "x" * 61}, "score_unit"),
        ],
    )
    def test_it_refuses_what_is_no_formula(self, world, given, field):
        with pytest.raises(Refused) as refusal:
            model_formula_set(by=world.owner, model=make_model(world), **given)
        assert refusal.value.field == field

    def test_a_criterion_the_formula_reads_cannot_be_taken_out(self, world):
        model = make_model(world)
        model_formula_set(by=world.owner, model=model, formula_text="urgency / effort")
        with pytest.raises(Refused, match="nothing is called urgency"):
            criterion_remove(by=world.owner, criterion=criterion(world, "urgency"))

    def test_going_back_brings_formula_criteria_and_weights_back(self, world):
        model, item = make_model(world), make_item(world, "Seats")
        rate_fully(world, item, 4, 3)
        before = score_of(world, item).score
        weights_set(by=world.owner, model=model, weights={"urgency": 9})
        criterion_add(by=world.owner, model=model, name="Joy", lens="value", low=1, high=5)
        criterion_remove(by=world.owner, criterion=criterion(world, "strategic_fit"))
        model_formula_set(by=world.owner, model=model, formula_text="urgency")
        model_go_back(by=world.technical, model=model, number=1)
        assert score_of(world, item).score == before
        assert "joy" not in slugs(model)
        latest = ModelVersion.objects.filter(model=model).last()
        assert (latest.number, latest.why) == (6, "Back to version 1.")
        model_go_back(by=world.technical, model=model, number=5)
        assert slugs(model)[-1] == "joy"
        with pytest.raises(Refused, match="no version 99"):
            model_go_back(by=world.technical, model=model, number=99)

    def test_a_registered_field_can_be_named_and_counts(self, world):
        model, item, other = make_model(world), make_item(world, "A"), make_item(world, "B")
        wants = Field("wants", "Wants", "votes", low=0)
        source = fields.Source(
            lambda product: [wants], lambda product, ids: {item.pk: {"wants": 4}}
        )
        fields.register(source)
        try:
            model_formula_set(by=world.owner, model=model, formula_text="wants + 0 * urgency")
            assert score_of(world, item).score.likely == 4
            assert score_of(world, other).score.likely == 0
            chosen = model_in_force(world.product)
            node = derivation_of(other, chosen, table_for(world.product, chosen))
            assert "Not given, so it counts as 0." in [each.note for each in node.walk()]
        finally:
            fields.unregister(source)

    def test_a_preview_tries_it_on_real_items_and_saves_nothing(self, world):
        model = make_model(world)
        for number, item in enumerate(make_items(world, 3), start=1):
            rate_fully(world, item, number, 6 - number)
        seen = preview(
            world.product, model, {"formula_kind": "custom", "formula_text": "6 - urgency"}
        )
        assert [each.place_after for each in seen.items] == [1, 2, 3]
        assert [each.after.score for each in seen.items] == pytest.approx([5, 4, 3])
        assert seen.items[0].key == f"{world.product.key}-1"
        wrong = preview(world.product, model, {"formula_kind": "custom", "formula_text": "6 -"})
        assert wrong.trouble is not None
        assert wrong.model is None
        assert ModelVersion.objects.filter(model=model).count() == 1


BEST_WORST = {
    "best": "customer_value",
    "worst": "urgency",
    "to_others": {"strategic_fit": 2, "urgency": 8},
    "to_worst": {"strategic_fit": "5"},
}


class TestAnswers:
    def test_best_worst_answers_become_weights_and_can_be_undone(self, world):
        model = make_model(world)
        row = weights_answer(
            by=world.owner, model=model, way="best_worst", scope="value", answers=BEST_WORST
        )
        found = row.result["weights"]
        assert found["customer_value"] == pytest.approx(0.6071, abs=1e-4)
        assert model.criteria.get(slug="urgency").weight == 1
        weights_apply(by=world.technical, answers=row)
        # The lens keeps its 6 of 10, split as answered.
        assert model.criteria.get(slug="customer_value").weight == pytest.approx(
            6 * 0.6071, abs=1e-3
        )
        assert model.criteria.get(slug="feasibility").weight == 2
        row.refresh_from_db()
        assert row.applied_version == 2
        kept = ModelVersion.objects.get(model=model, number=2)
        assert kept.why.startswith(f"Best and worst, answered by {world.owner.name}")
        assert Event.objects.filter(verb="model.weight_set", object_id=model.pk).exists()
        model_go_back(by=world.owner, model=model, number=1)
        assert model.criteria.get(slug="customer_value").weight == 3

    def test_every_pair_is_asked_for(self, world):
        model = make_model(world)
        pairs = [["customer_value", "strategic_fit", 3], ["strategic_fit", "urgency", "3"]]
        with pytest.raises(Refused, match="1 of the pairs"):
            weights_answer(by=world.owner, model=model, way="ahp", scope="value", answers={"pairs": pairs})  # fmt: skip
        pairs.append(["urgency", "customer_value", "1/5"])
        row = weights_answer(by=world.owner, model=model, way="ahp", scope="value", answers={"pairs": pairs})  # fmt: skip
        assert row.result["ratio"] == pytest.approx(0.0332, abs=5e-4)
        assert "Consistency ratio 0.03" in row.result["note"]

    def test_pairs_are_answered_one_by_one_and_taken_back(self, world):
        model = make_model(world)
        one = pair_answer(by=world.owner, model=model, first="urgency", second="feasibility", preferred="urgency")  # fmt: skip
        two = pair_answer(by=world.owner, model=model, first="urgency", second="strategic_fit", preferred="")  # fmt: skip
        assert one.pk == two.pk
        assert len(two.answers["asked"]) == 2
        assert two.result["note"]
        other = pair_answer(by=world.technical, model=model, first="urgency", second="feasibility", preferred="")  # fmt: skip
        assert other.pk != one.pk
        back = pair_answer_undo(by=world.owner, model=model)
        assert back is not None
        assert len(back.answers["asked"]) == 1
        assert pair_answer_undo(by=world.owner, model=model) is None
        assert pair_answer_undo(by=world.owner, model=model) is None
        assert WeightAnswers.objects.count() == 1

    def test_the_next_pair_is_one_not_asked_yet(self):
        assert pair_to_ask(["a", "b", "c"], [["a", "b", "a"]] * 5) != ("a", "b")

    @pytest.mark.parametrize(
        ("way", "scope", "answers", "field"),
        [
            ("dice", "all", {}, "way"),
            ("past", "third", {}, "scope"),
            ("best_worst", "value", {}, "best"),
            ("best_worst", "value", BEST_WORST | {"worst": "customer_value"}, "worst"),
            ("best_worst", "value", BEST_WORST | {"to_others": {}}, "to_others-strategic_fit"),
            ("best_worst", "value", BEST_WORST | {"to_worst": {"strategic_fit": 12}}, "answers"),
            ("ahp", "value", {"pairs": [["urgency", "joy", 2]]}, "pairs"),
            ("ahp", "value", {"pairs": [["urgency", "strategic_fit", "1/0"]]}, "pair-urgency-strategic_fit"),
            ("pairs", "value", {"asked": []}, "asked"),
            ("pairs", "value", {"asked": [["urgency", "urgency", ""]]}, "asked"),
            ("pairs", "value", {"asked": [["urgency", "strategic_fit", "joy"]]}, "asked"),
        ],
    )  # fmt: skip
    def test_it_refuses_answers_that_cannot_be(self, world, way, scope, answers, field):
        with pytest.raises(Refused) as refusal:
            weights_answer(
                by=world.owner, model=make_model(world), way=way, scope=scope, answers=answers
            )
        assert refusal.value.field == field

    def test_answers_about_other_criteria_are_not_taken_over(self, world):
        model = make_model(world)
        row = weights_answer(
            by=world.owner, model=model, way="best_worst", scope="value", answers=BEST_WORST
        )
        criterion_remove(by=world.owner, criterion=criterion(world, "urgency"))
        with pytest.raises(Refused, match="criteria changed"):
            weights_apply(by=world.owner, answers=row)

    def test_past_choices_contradict_what_is_said(self, world, monkeypatch):
        make_model(world)
        items = make_items(world, 12, estimate_likely=3)
        for number, item in enumerate(items):
            # Urgency alone told which were taken; value and fit went the other way.
            urgent = 5 if number < 6 else 1
            rate(world, world.owner, item, urgency=urgent, customer_value=3 - (number % 2), strategic_fit=3)  # fmt: skip
            rate(world, world.technical, item, risk_reduction=1 + number % 5, feasibility=3)
        now = timezone.now() + datetime.timedelta(minutes=1)
        past = [
            choices.Occasion(
                now, frozenset({items[n].pk}), frozenset(each.pk for each in items[6:]), "started"
            )
            for n in range(6)
        ] * 3
        monkeypatch.setattr(choices, "_sources", [lambda product: past])
        found = implied(world.product, model_in_force(world.product), "all")
        assert found["enough"]
        assert max(found["weights"], key=found["weights"].get) == "urgency"
        assert any(each.startswith("You say Urgency is 10%") for each in found["contradictions"])

    def test_it_says_when_the_past_is_too_short(self, world):
        model = make_model(world)
        found = implied(world.product, model_in_force(world.product), "all")
        assert not found["enough"]
        row = weights_answer(by=world.owner, model=model, way="past")
        with pytest.raises(Refused, match="Nothing follows"):
            weights_apply(by=world.owner, answers=row)

    def test_starting_an_item_is_a_choice_over_those_that_waited(self, world):
        make_model(world)
        first, second, _ = make_items(world, 3)
        for item in (first, second):
            rate_fully(world, item, 3, 3)
        started = first.product.statuses.get(name="In progress")
        item_update(by=world.owner, item=first, status=started)
        (occasion,) = choices.occasions_of(world.product)
        assert (occasion.chosen, occasion.left_out) == ({first.pk}, {second.pk})


def test_a_second_opinion_looks_at_items_that_are_rated_in_full(world):
    make_model(world)
    assert second_opinion(world.product, model_in_force(world.product))["tau"] is None
    for number, item in enumerate(make_items(world, 3, estimate_likely=3), start=1):
        rate_fully(world, item, number, number)
    make_item(world, "Unrated")
    found = second_opinion(world.product, model_in_force(world.product))
    assert found["tau"] == 1
    assert {each["key"] for each in found["items"]} == {
        f"{world.product.key}-{n}" for n in (1, 2, 3)
    }


def test_a_model_of_one_s_own_starts_from_any_preset(world):
    model = model_create(by=world.owner, product=world.product, preset="moscow")
    assert (model.formula_kind, model.version) == ("custom", 1)
    assert "class = round" in model.formula_text
