"""The sample has the shape other pages, tests and pictures count on."""

import datetime
from collections import Counter, defaultdict

import pytest

from tandem.backlog.models import Category, Criterion, Dependency, Item, Kind, Question
from tandem.core.errors import Refused
from tandem.core.models import Event
from tandem.delivery.models import Sprint, SprintItem, SprintState, Team
from tandem.home.sample import sample_fill
from tandem.home.sample.lenses import WEIGHED_AGO
from tandem.home.sample.reading import RATED_FIELDS, SampleError, _item, epics_read
from tandem.home.tests.conftest import TODAY
from tandem.planning.models import Rule, Scenario
from tandem.prioritisation.calculations_history import compared
from tandem.prioritisation.models import Rating, ScoringModel


def past(sample):
    """The sample's events in the order a feed reads them."""
    return Event.objects.in_workspace(sample.product.workspace_id).order_by("pk")


def test_it_has_some_150_items_of_every_kind_and_status(sample):
    items = Item.objects.of(sample.product).select_related("status")
    assert 140 <= items.count() <= 185
    kinds = Counter(item.kind for item in items)
    assert set(kinds) == set(Kind.values)
    assert 8 <= kinds[Kind.EPIC] <= 10
    assert {item.status.name for item in items} == {
        "Backlog", "Ready", "In progress", "In review", "Done", "Dropped",
    }  # fmt: skip
    assert len({item.title for item in items}) == items.count()


def test_every_item_but_the_epics_belongs_to_an_epic(sample):
    items = Item.objects.of(sample.product).exclude(kind=Kind.EPIC)
    assert not items.filter(parent=None).exists()
    assert not items.exclude(parent__kind=Kind.EPIC).exists()


def test_most_items_are_estimated_and_some_are_not(sample):
    open_items = Item.objects.of(sample.product).plannable()
    missing = open_items.filter(estimate_likely=None).count()
    assert 8 <= missing <= 20
    assert missing < open_items.count() / 4


def test_its_dependencies_are_of_all_kinds_and_close_no_circle(sample):
    assert {each.kind for each in Dependency.objects.all()} == {"blocks", "relates", "duplicates"}
    following = defaultdict(set)
    for each in Dependency.objects.filter(kind="blocks"):
        following[each.from_item_id].add(each.to_item_id)
    waiting = Counter(target for targets in following.values() for target in targets)
    free = [start for start in following if not waiting[start]]
    seen = 0
    while free:
        seen += 1
        for target in following.pop(free.pop(), ()):
            waiting[target] -= 1
            if not waiting[target]:
                free.append(target)
    assert seen
    assert not following


def test_each_team_finished_twelve_sprints_and_runs_one(sample):
    for team in sample.teams.values():
        states = Counter(team.sprints.values_list("state", flat=True))
        assert states == {SprintState.FINISHED: 12, SprintState.RUNNING: 1}
        running = team.sprints.get(state=SprintState.RUNNING)
        assert running.start_date <= TODAY < running.end_date


def test_throughput_varies_with_a_weak_holiday_sprint_and_one_week_of_nothing(sample):
    done = Item.objects.of(sample.product).in_category(Category.DONE)
    first = Sprint.objects.filter(number=1).first().start_date
    weeks = Counter((item.finished_at.date() - first).days // 7 for item in done)
    counts = [weeks[week] for week in range(24)]
    assert counts.count(0) == 1
    assert max(counts) >= 4
    sprints = [counts[n] + counts[n + 1] for n in range(0, 24, 2)]
    assert min(sprints) == sprints[5]
    assert sum(counts) >= 50


def test_moments_stand_in_the_order_things_happen(sample):
    for item in Item.objects.of(sample.product):
        steps = [item.created_at, item.started_at, item.finished_at]
        known = [step for step in steps if step]
        assert known == sorted(known), item.key
        assert known[-1].date() <= TODAY
    moments = list(past(sample).values_list("at", flat=True))
    assert moments == sorted(moments)
    assert moments[-1].date() < TODAY


def test_what_was_finished_was_in_a_sprint_and_its_criteria_are_met(sample):
    done = Item.objects.of(sample.product).in_category(Category.DONE)
    for entry in SprintItem.objects.filter(item__in=done).select_related("sprint", "item"):
        assert entry.item.finished_at.date() >= entry.sprint.start_date
    assert not done.filter(sprints=None).exists()
    assert not Criterion.objects.filter(item__in=done, met_at=None).exists()


def test_histories_tell_every_status_an_item_went_through(sample):
    item = sample.items["return-trip-in-one-booking"]
    events = Event.objects.of("item", item.pk).order_by("id")
    turns = [event.changes["status"] for event in events if "status" in event.changes]
    assert turns == [
        ["Backlog", "Ready"],
        ["Ready", "In progress"],
        ["In progress", "In review"],
        ["In review", "Done"],
    ]
    assert events.first().verb == "item.created"
    assert set(past(sample).values_list("channel", flat=True)) == {"sample"}


def test_both_roles_rated_some_hundred_items_and_left_some(sample):
    items = Item.objects.of(sample.product).plannable()
    current = Rating.objects.current().filter(criterion__model__is_default=True)
    by_lens = {
        lens: set(current.filter(criterion__lens=lens).values_list("item_id", flat=True))
        for lens in ("value", "technical")
    }
    open_ids = set(items.values_list("pk", flat=True))
    both = by_lens["value"] & by_lens["technical"] & open_ids
    assert len(both) >= 80
    assert 12 <= len(open_ids - both) <= 25
    assert current.exclude(low=None).exists()
    assert current.exclude(confidence=None).exists()
    assert current.exclude(note="").count() >= 20
    assert Rating.objects.exclude(superseded_at=None).count() >= 20


def test_the_roles_disagree_on_ten_items_and_more_in_both_directions(sample):
    places: dict[str, dict[str, float]] = defaultdict(dict)
    for slug, told in ((item.slug, item) for epic in epics_read() for item in epic.items):
        for lens in ("value", "technical"):
            given = [r.value for r in told.ratings if r.lens == lens and r.preset == "value_effort"]
            if given and told.status not in ("Done", "Dropped"):
                places[slug][lens] = sum(given) / len(given)
    gaps = {
        slug: each["value"] - each["technical"] for slug, each in places.items() if len(each) == 2
    }
    assert sum(gap >= 1.4 for gap in gaps.values()) >= 10
    assert sum(gap <= -1.4 for gap in gaps.values()) >= 10
    assert gaps["cabin-map"] > 0 > gaps["fare-switch"]


def test_it_has_three_scoring_models_and_value_effort_is_the_default(sample):
    models = ScoringModel.objects.filter(product=sample.product)
    assert {model.preset for model in models} == {"value_effort", "rice", "wsjf"}
    assert models.get(is_default=True).preset == "value_effort"
    slugs = set(models.values_list("preset", "criteria__slug"))
    named = {(preset, slug) for preset, criteria in RATED_FIELDS.values() for slug, _ in criteria}
    assert named <= slugs


def test_ratings_lie_on_their_scales(sample):
    for rating in Rating.objects.select_related("criterion"):
        criterion = rating.criterion
        assert criterion.low <= rating.value <= criterion.high
        if rating.low is not None:
            assert criterion.low <= rating.low <= rating.value <= rating.high <= criterion.high


def test_it_offers_a_scenario_of_four_sprints_with_both_teams_and_rules(sample):
    scenario = Scenario.objects.get(product=sample.product, name="Next four sprints")
    assert scenario.name == "Next four sprints"
    assert scenario.sprints == 4
    assert scenario.teams.count() == 2
    ruled = Rule.objects.filter(scenario=scenario).select_related("item__status")
    assert {rule.kind for rule in ruled} == {"must", "must_not"}
    assert all(rule.item.status.category == Category.OPEN for rule in ruled)


def test_questions_are_open_and_answered_and_something_happened_yesterday(sample):
    open_questions = Question.objects.filter(answered_at=None)
    assert open_questions.count() >= 8
    assert Question.objects.exclude(answered_at=None).count() >= 5
    yesterday = TODAY - datetime.timedelta(days=1)
    recent = Event.objects.filter(at__date=yesterday)
    assert recent.values("member_id").distinct().count() >= 3


def test_two_days_compared_say_which_ratings_and_which_weight_moved_what(sample):
    early, late = (TODAY - datetime.timedelta(days=days) for days in (WEIGHED_AGO + 21, 1))
    product = sample.product
    ratings = Rating.objects.filter(item__product=product)
    model = ScoringModel.objects.get(product=product, is_default=True)
    assert ratings.filter(rated_at__lt=model.created_at).count() == 0
    found = compared(product, early, late)
    assert found.before == found.after == model.name
    changed = [each.what for each in found.found.model_changes]
    assert len(changed) == 1
    assert "urgency" in changed[0].lower()
    causes = Counter(cause for each in found.found.moved for cause, share in each.shares if share)
    assert causes["model"] > 5
    assert causes["value"] + causes["technical"] > 0
    # What was rated long before is no news.
    assert causes["value"] < len(found.found.moved)


def test_a_slip_in_a_file_names_the_item():
    told = {"slug": "boat", "title": "A boat", "status": "Sunk"}
    with pytest.raises(SampleError, match="boat"):
        _item(told, "booking", "Harbour")
    with pytest.raises(SampleError, match="value needs 3 numbers"):
        _item({"slug": "boat", "title": "A boat", "value": [1, 2]}, "booking", "Harbour")


def test_it_fills_the_product_of_the_small_world(filled, sample):
    world = filled.world
    assert sample.product == world.product
    assert sample.items["cabin-map"].key.startswith("FERRY-")
    with pytest.raises(Refused, match="here already"):
        sample_fill(world.people, world.product, TODAY)
    assert Team.objects.of(world.product).count() == 2
