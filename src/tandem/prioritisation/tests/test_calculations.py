"""Rows to the engine and back: what counts, what is guessed, and what other items cannot touch."""

import pytest

from tandem.backlog.models import Category, Item, Status
from tandem.backlog.operations import item_delete, item_update
from tandem.core import forgetting
from tandem.core.errors import Refused
from tandem.core.models import Event
from tandem.prioritisation import score_store
from tandem.prioritisation.calculations import (
    SPREAD,
    derivation_of,
    estimate_of,
    model_in_force,
    models_of,
    row_of,
    table_at_hand,
    table_for,
)
from tandem.prioritisation.calculations_values import planning_values, scores_for
from tandem.prioritisation.models import ScoringModel
from tandem.prioritisation.operations import rating_set, weight_set
from tandem.prioritisation.tests.rated_world import (
    criterion,
    make_item,
    make_items,
    make_model,
    rate,
    rate_fully,
)


def table(world):
    return table_for(world.product, model_in_force(world.product))


def score_of(world, item):
    return scores_for(world.product, [item.pk])[item.pk]


class TestEstimates:
    @pytest.mark.parametrize(
        ("given", "found"),
        [
            ((None, None, None), None),
            ((2, 3, 8), (2, 3, 8)),
            ((None, 3, None), (3 * SPREAD[0], 3, 3 * SPREAD[1])),
            ((1, 3, None), (1, 3, 3 * SPREAD[1])),
            ((None, 3, 4), (3 * SPREAD[0], 3, 4)),
            ((4, None, 9), (4, 6, 9)),
            ((4, None, None), None),
            ((None, None, 9), None),
            ((None, 0, None), (0, 0, 0)),
            ((None, -2, None), None),
            ((5, 3, 8), None),
            ((None, float("nan"), None), None),
        ],
    )
    def test_an_estimate_is_completed_or_counts_as_missing(self, given, found):
        assert estimate_of(*given) == found

    def test_a_single_number_is_not_taken_as_certain(self, world):
        item = make_item(world, "Imported", estimate_likely=3)
        effort = score_of(world, item).effort
        assert effort.low < 3 < effort.high


class TestModels:
    def test_reading_makes_no_model(self, world):
        assert model_in_force(world.product).row is None
        assert not ScoringModel.objects.exists()

    def test_a_model_is_found_by_name_number_and_preset(self, world):
        rice = make_model(world, "rice", name="Reach first")
        for word in ("reach FIRST", rice.pk, str(rice.pk)):
            assert model_in_force(world.product, word).row == rice
        assert model_in_force(world.product, "wsjf").row is None

    def test_an_unknown_model_is_refused_with_those_there_are(self, world):
        make_model(world, "rice", name="Reach first")
        with pytest.raises(Refused, match="Models here: Reach first"):
            model_in_force(world.product, "tarot")

    def test_models_of_another_product_do_not_exist(self, world):
        foreign = make_model(world)
        assert models_of(world.foreign_product)[0].row is None
        with pytest.raises(Refused):
            model_in_force(world.foreign_product, foreign.pk)


class TestRanking:
    def test_an_empty_product_has_an_empty_ranking(self, world):
        assert len(table(world)) == 0
        assert planning_values(world.product) == {}

    def test_an_unrated_unestimated_backlog_ranks(self, world):
        make_items(world, 3)
        found = table(world)
        rows = found.rows(range(3))
        assert [row.rank for row in rows] == [1, 1, 1]
        assert all(row.score.low < row.score.likely < row.score.high for row in rows)
        assert all(len(row.guesses) == 6 for row in rows)
        assert "3 of 3 items rest" in found.meta["guesses"]["sentence"]

    @pytest.mark.parametrize("preset", ["value_effort", "rice", "wsjf", "weighted"])
    def test_every_preset_ranks_it(self, world, preset):
        make_items(world, 2)
        found = table_for(world.product, model_in_force(world.product, preset))
        assert len(found) == 2

    def test_better_ratings_and_less_effort_come_first(self, world):
        good = make_item(world, "Good", estimate_likely=2)
        large = make_item(world, "Large", estimate_likely=20)
        poor = make_item(world, "Poor", estimate_likely=2)
        for item, level in ((good, 5), (large, 5), (poor, 1)):
            rate_fully(world, item, level, 3)
        assert table(world)["ids"].tolist() == [good.pk, poor.pk, large.pk]

    def test_finished_dropped_deleted_items_and_epics_are_not_ranked(self, world):
        kept = make_item(world, "Kept")
        make_item(world, "Epic", kind="epic")
        gone = make_item(world, "Gone")
        item_delete(by=world.owner, item=gone)
        for category in (Category.DONE, Category.DROPPED):
            status = Status.objects.filter(product=world.product, category=category).first()
            closed = make_item(world, f"Closed {category}")
            item_update(by=world.owner, item=closed, status=status)
        assert table(world)["ids"].tolist() == [kept.pk]

    def test_raters_of_one_name_are_told_apart(self, world):
        item = make_item(world, "Two Petras")
        world.admin.user.name = world.owner.user.name
        world.admin.user.save()
        rate(world, world.owner, item, urgency=5)
        rate(world, world.admin, item, urgency=1)
        node = derivation_of(item, model_in_force(world.product), table(world))
        raters = [each.label for each in node.walk() if each.label.startswith(world.owner.name)]
        assert len(set(raters)) == 2

    def test_lenses_are_heard_when_somebody_rated(self, world):
        item = make_item(world, "Half rated", estimate_likely=3)
        rate(world, world.owner, item, urgency=4)
        row = score_of(world, item)
        assert (row.value_heard, row.technical_heard) == (True, False)

    def test_a_clear_difference_is_found(self, world):
        wanted, neglected = make_items(world, 2, estimate_likely=3)
        rate_fully(world, wanted, 5, 1)
        rate_fully(world, neglected, 1, 5)
        differences = table(world).meta["differences"]
        assert {each["key"] for each in differences["top"]} == {wanted.key, neglected.key}
        assert differences["tau"] == -1
        assert min(each["disagreement"] for each in differences["top"]) > 0


class TestAbsoluteness:
    def test_an_unrelated_item_changes_no_score(self, world):
        item = make_item(world, "Here before", estimate_likely=5)
        rate_fully(world, item, 4, 2)
        before = score_of(world, item)
        other = make_item(world, "Newcomer", estimate_likely=1)
        rate_fully(world, other, 5, 5)
        after = score_of(world, item)
        assert (after.score, after.value, after.technical) == (
            before.score,
            before.value,
            before.technical,
        )
        assert after.rank == 2

    def test_one_item_computed_alone_equals_its_row(self, world):
        first, second = make_items(world, 2, estimate_likely=3)
        rate_fully(world, first, 4, 2)
        rate(world, world.owner, second, urgency=5)
        whole = table(world)
        for item in (first, second):
            assert row_of(item, model_in_force(world.product), whole) == score_of(world, item)

    def test_an_epic_has_a_score_and_no_rank(self, world):
        make_item(world, "Story")
        epic = make_item(world, "Epic", kind="epic")
        row = row_of(epic, model_in_force(world.product), table(world))
        assert not row.ranked
        assert row.score.likely > 0

    def test_the_derivation_is_the_score(self, world):
        item = make_item(world, "Derived", estimate_low=2, estimate_likely=3, estimate_high=6)
        rate_fully(world, item, 4, 2)
        node = derivation_of(item, model_in_force(world.product), table(world))
        row = score_of(world, item)
        assert (node.value, node.low, node.high) == (
            row.score.likely,
            row.score.low,
            row.score.high,
        )
        assert "Petra Holm" in str([each.source for each in node.walk()])


class TestKeeping:
    def test_nothing_is_computed_twice(self, world, monkeypatch):
        make_items(world, 2)
        first = table(world)
        monkeypatch.setattr(
            "tandem.prioritisation.calculations.rank", lambda *a, **k: pytest.fail("computed")
        )
        assert table(world) is first
        score_store.forget()
        again = table(world)
        assert again.meta == first.meta
        assert all((again[name] == first[name]).all() for name in first.columns)

    def test_a_rating_a_weight_an_estimate_and_a_deletion_make_it_new(self, world):
        items = make_items(world, 2, estimate_likely=3)
        criterion(world, "urgency")
        keys = {table(world).key}
        rate(world, world.owner, items[0], urgency=4)
        keys.add(table(world).key)
        weight_set(by=world.owner, criterion=criterion(world, "urgency"), weight=3)
        keys.add(table(world).key)
        item_update(by=world.owner, item=items[0], estimate_likely=5)
        keys.add(table(world).key)
        item_delete(by=world.owner, item=items[1])
        keys.add(table(world).key)
        assert len(keys) == 5
        assert len(table(world)) == 1

    def test_talk_leaves_it_as_it_is(self, world):
        from tandem.backlog.operations import comment_write

        (item,) = make_items(world, 1)
        before = table(world)
        comment_write(by=world.owner, item=item, text="What about lorries?")
        assert table(world) is before

    def test_a_late_commit_of_a_lower_number_makes_it_new(self, world):
        make_items(world, 2)
        before = table(world).key
        newest = Event.objects.filter(product_id=world.product.pk).order_by("-id")
        forgetting.forget(Event.objects.filter(pk=newest[1].pk))
        assert table(world).key != before

    def test_an_old_table_is_at_hand_and_known_to_be_old(self, world):
        make_items(world, 1)
        model = model_in_force(world.product)
        assert table_at_hand(world.product, model) == (None, False)
        kept = table(world)
        make_items(world, 1)
        assert table_at_hand(world.product, model) == (kept, False)

    @pytest.mark.parametrize("content", [b"", b"no archive", b"PK\x03\x04 cut short"])
    def test_a_damaged_file_is_computed_anew(self, world, content):
        make_items(world, 1)
        path = score_store.path_of(world.product, model_in_force(world.product).slug)
        table(world)
        score_store.forget()
        path.write_bytes(content)
        assert len(table(world)) == 1

    def test_a_folder_that_cannot_be_written_to_does_no_harm(self, world, settings, tmp_path):
        blocked = tmp_path / "file"
        blocked.write_text("in the way")
        settings.DATA = blocked
        make_items(world, 1)
        assert len(table(world)) == 1


class TestPlanningValues:
    def test_they_say_what_adds_up_and_what_is_guessed(self, world):
        rated = make_item(world, "Rated", estimate_likely=4)
        bare = make_item(world, "Bare")
        rate_fully(world, rated, 5, 5)
        values = planning_values(world.product)
        assert values[rated.pk].score == pytest.approx(25)
        assert values[rated.pk].benefit == pytest.approx(100)
        assert (values[rated.pk].guessed, values[bare.pk].guessed) == (False, True)
        assert 0 <= values[bare.pk].guess_share <= 1

    def test_a_missing_estimate_alone_is_no_missing_rating(self, world):
        item = make_item(world, "Not estimated")
        rate_fully(world, item, 3, 3)
        value = planning_values(world.product)[item.pk]
        assert not value.guessed
        assert value.guess_share > 0

    def test_an_effort_of_zero_is_divided_by_the_smallest_one(self, world):
        item = make_item(world, "Free", estimate_likely=0)
        rate_fully(world, item, 5, 5)
        value = planning_values(world.product)[item.pk]
        assert (value.score, value.benefit) == (pytest.approx(200), pytest.approx(100))

    def test_a_weighted_model_is_its_own_benefit(self, world):
        item = make_item(world, "Weighted", estimate_likely=4)
        value = planning_values(world.product, "weighted")[item.pk]
        assert value.benefit == value.score


def test_a_range_and_a_confidence_widen_the_score(world):
    narrow, wide = make_items(world, 2, estimate_likely=3)
    for item in (narrow, wide):
        rate_fully(world, item, 3, 3)
    rating_set(
        by=world.owner,
        item=wide,
        criterion=criterion(world, "customer_value"),
        value=3,
        low=1,
        high=5,
        confidence=0.2,
    )
    one, other = score_of(world, narrow).score, score_of(world, wide).score
    assert one.likely == other.likely
    assert other.high - other.low > one.high - one.low


def test_the_plannable_items_are_read_in_a_fixed_number_of_queries(
    world, django_assert_num_queries
):
    for item in make_items(world, 5, estimate_likely=2):
        rate_fully(world, item, 3, 3)
    # Models and their criteria; the product's state and own fields; ratings, raters, items.
    with django_assert_num_queries(7):
        table(world)
    with django_assert_num_queries(4):
        table(world)
    assert Item.objects.count() == 5
