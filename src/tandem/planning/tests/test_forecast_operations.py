import datetime
import zoneinfo

import pytest

from tandem.backlog.models import Category, Item, Kind
from tandem.core.errors import PermissionRefused, Refused
from tandem.core.models import Event
from tandem.delivery.models import Assignment, Sprint, SprintItem, Team
from tandem.planning import queries_forecast as queries
from tandem.planning.models import Forecast, PlanState
from tandem.planning.operations import forecast_for_plan, forecast_make, forecast_summary
from tandem.planning.tests.forecast_world import (
    COUNTS,
    TODAY,
    at_noon,
    items_make,
    plan_make,
    record_make,
)


def make(world, **named):
    named.setdefault("today", TODAY)
    named.setdefault("question", "when")
    by = named.pop("by", world.owner)
    return forecast_make(by=by, product=world.product, **named)


def day_of(forecast, share="85"):
    return datetime.date.fromisoformat(forecast.percentiles[share])


def test_it_keeps_the_answer_with_its_inputs_and_one_event(world):
    record_make(world)
    forecast = make(world, items=30)
    days = [day_of(forecast, share) for share in ("50", "70", "85", "95")]
    assert days == sorted(days)
    assert days[0] > TODAY
    assert forecast.method == "steady"
    assert forecast.details["history"]["counts"] == list(COUNTS)
    assert forecast.details["explanation"]
    assert forecast.made_by == world.owner
    event = Event.objects.get(verb="forecast.made")
    assert event.object_id == forecast.pk
    assert event.product_id == world.product.pk
    assert event.changes["percentiles"]["85"] == forecast.percentiles["85"]


def test_the_documentation_and_the_product_give_the_same_answer(world):
    """The history of docs/algorithms/forecasting.md; its active days differ, its counts do not."""
    record_make(world)
    assert make(world, items=30, seed=7).percentiles == {
        "50": "2026-12-11",
        "70": "2026-12-26",
        "85": "2027-01-12",
        "95": "2027-02-03",
    }


def test_the_same_question_over_the_same_record_is_kept_once(world):
    record_make(world)
    first = make(world, items=30)
    again = make(world, items=30, by=world.technical)
    assert again == first
    assert Forecast.objects.count() == 1
    assert Event.objects.filter(verb="forecast.made").count() == 1
    other_seed = make(world, items=30, seed=1)
    assert other_seed != first
    items_make(world, 1, category=Category.DONE, finished=[at_noon(TODAY)])
    assert make(world, items=30) != first


def test_without_a_number_it_asks_about_everything_open(world):
    record_make(world)
    items_make(world, 7)
    items_make(world, 2, category=Category.STARTED)
    items_make(world, 1, kind=Kind.EPIC)
    items_make(world, 3, category=Category.DROPPED)
    forecast = make(world)
    assert forecast.asked["items"] == 9
    assert forecast.asked["everything_open"] is True
    typed = make(world, items=9)
    assert typed.percentiles == forecast.percentiles
    assert typed != forecast


def test_when_and_how_many_agree(world):
    record_make(world)
    by = day_of(make(world, items=30))
    assert make(world, question="how_many", by_date=by).percentiles["85"] >= 30
    day_before = by - datetime.timedelta(days=1)
    assert make(world, question="how_many", by_date=day_before).percentiles["85"] < 30


def test_the_workspace_zone_decides_on_which_day_an_item_was_finished(world):
    # 23:30 on Sunday in UTC is Monday in Auckland: another day and another week.
    sunday_night = datetime.datetime(2026, 9, 20, 23, 30, tzinfo=datetime.UTC)
    items_make(world, 1, category=Category.DONE, finished=[sunday_night])
    assert queries.finish_record(world.product, TODAY).days == (datetime.date(2026, 9, 20),)
    world.product.workspace.time_zone = "Pacific/Auckland"
    assert queries.finish_record(world.product, TODAY).days == (datetime.date(2026, 9, 21),)


def test_today_is_the_day_in_the_workspace_zone(world, monkeypatch):
    record_make(world)
    late = datetime.datetime(2026, 9, 30, 22, 0, tzinfo=datetime.UTC)
    monkeypatch.setattr("django.utils.timezone.now", lambda: late)
    world.product.workspace.time_zone = "Pacific/Auckland"
    assert make(world, items=3, today=None).asked["today"] == "2026-10-01"
    assert zoneinfo.ZoneInfo("Pacific/Auckland") == world.product.workspace.zone


def test_idle_weeks_count_from_the_first_finish_on(world):
    record_make(world, counts=(3, 0, 0, 2, 0, 1, 0, 0))
    history = make(world, items=5).details["history"]
    assert history["counts"] == [3, 0, 0, 2, 0, 1, 0, 0]
    assert history["per_week"] == 0.75


def test_idle_weeks_count_though_the_first_finish_lies_further_back_than_the_window(world):
    record_make(world, counts=(5, *[0] * 69, 4, 3))
    counts = make(world, items=5).details["history"]["counts"]
    assert len(counts) == 52
    assert counts[-2:] == [4, 3]
    assert sum(counts) == 7


def test_epics_dropped_deleted_and_open_items_are_no_record(world):
    record_make(world, counts=(2, 2, 2))
    finished = [at_noon(TODAY - datetime.timedelta(days=8))] * 4
    items_make(world, 4, category=Category.DONE, finished=finished, kind=Kind.EPIC)
    items_make(world, 4, category=Category.DROPPED, finished=finished)
    gone = items_make(world, 4, category=Category.DONE, finished=finished)
    Item.objects.filter(pk__in=[each.pk for each in gone]).update(deleted_at=at_noon(TODAY))
    assert make(world, items=5).details["history"]["counts"] == [2, 2, 2]


def test_a_finish_after_today_is_left_out_and_said(world):
    record_make(world)
    items_make(
        world, 1, category=Category.DONE, finished=[at_noon(TODAY + datetime.timedelta(days=9))]
    )
    forecast = make(world, items=30)
    assert forecast.details["history"]["finished"] == sum(COUNTS)
    assert any("recorded as finished after" in note for note in forecast.details["notes"])


def test_without_finished_items_it_asks_for_a_range_and_takes_it(world):
    items_make(world, 4)
    with pytest.raises(Refused, match="give a range such as 2 to 5 items a week") as refusal:
        make(world, items=10)
    assert refusal.value.field == "range"
    assert not Forecast.objects.exists()
    forecast = make(world, items=10, range=(2, 5))
    assert forecast.method == "range"
    assert forecast.asked["range"] == [2.0, 5.0]
    assert "history" not in forecast.details or forecast.details["history"] is None


def test_a_long_pause_asks_for_a_range_too(world):
    items_make(
        world,
        3,
        category=Category.DONE,
        finished=[at_noon(TODAY - datetime.timedelta(days=800))] * 3,
    )
    with pytest.raises(Refused, match="No item was finished in the last 52 weeks"):
        make(world, items=10)


def test_a_range_comes_before_the_record(world):
    record_make(world)
    assert make(world, items=10, range=("0,5", 1)).method == "range"


@pytest.mark.parametrize(
    ("named", "field"),
    [
        ({"question": "why"}, "question"),
        ({"items": 0}, "items"),
        ({"items": -3}, "items"),
        ({"items": 2.5}, "items"),
        ({"items": "many"}, "items"),
        ({"items": float("nan")}, "items"),
        ({"items": float("inf")}, "items"),
        ({"items": True}, "items"),
        ({"items": 10**7}, "items"),
        ({"items": "9" * 500}, "items"),
        ({"question": "how_many"}, "by_date"),
        ({"question": "how_many", "by_date": ""}, "by_date"),
        ({"question": "how_many", "by_date": "tomorrow"}, "by_date"),
        ({"question": "how_many", "by_date": TODAY}, "by_date"),
        ({"question": "how_many", "by_date": "2020-01-01"}, "by_date"),
        ({"question": "how_many", "by_date": "2999-01-01"}, "by_date"),
        ({"question": "how_many", "by_date": "2027-02-30"}, "by_date"),
        ({"question": "plan"}, "plan"),
        ({"items": 5, "range": (5, 2)}, "range"),
        ({"items": 5, "range": (-1, 2)}, "range"),
        ({"items": 5, "range": (0, 0)}, "range"),
        ({"items": 5, "range": (1, float("nan"))}, "range"),
        ({"items": 5, "range": (1, float("inf"))}, "range"),
        ({"items": 5, "range": (1, 1e9)}, "range"),
        ({"items": 5, "range": (1, "")}, "range"),
        ({"items": 5, "range": ("a few", 5)}, "range"),
        ({"items": 5, "range": (1,)}, "range"),
        ({"items": 5, "range": 3}, "range"),
        ({"items": 5, "seed": -1}, "seed"),
        ({"items": 5, "seed": 1.5}, "seed"),
        ({"items": 5, "seed": "x"}, "seed"),
        ({"items": 5, "seed": 2**63}, "seed"),
        ({}, "items"),
    ],
)
def test_it_refuses_what_no_forecast_can_be_made_from(world, named, field):
    record_make(world)
    with pytest.raises(Refused) as refusal:
        make(world, **named)
    assert refusal.value.field == field
    assert len(refusal.value.message) < 200
    assert not Forecast.objects.exists()
    assert not Event.objects.filter(verb="forecast.made").exists()


@pytest.mark.parametrize("person", ["stakeholder", "viewer"])
def test_those_who_only_look_keep_no_forecast(world, person):
    record_make(world)
    with pytest.raises(PermissionRefused):
        make(world, items=3, by=getattr(world, person))
    assert not Forecast.objects.exists()


def test_nobody_forecasts_another_workspaces_product(world):
    record_make(world)
    with pytest.raises(Refused):
        make(world, items=3, by=world.outsider)


def test_what_is_not_finished_within_the_horizon_has_no_date(world):
    forecast = make(world, items=1000, range=(0, 0.01))
    assert set(forecast.percentiles.values()) == {None}
    assert forecast.details["beyond"] == "2036-09-17"


def test_a_plan_is_forecast_at_the_whole_pace_while_teams_have_no_record(world):
    record_make(world)
    forecast = make(world, question="plan", plan=plan_make(world, {"Web": 12, "App": 8}))
    assert forecast.asked["items"] == 20
    assert forecast.method == "steady"
    assert forecast.percentiles["85"] == make(world, items=20).percentiles["85"]
    assert any("whole product's pace" in note for note in forecast.details["notes"])


def test_a_plan_is_forecast_by_team_when_every_team_has_a_record(world):
    teams = [Team.objects.create(product=world.product, name=name) for name in ("App", "Web")]
    for place, item in enumerate(record_make(world)):
        Assignment.objects.create(item=item, team=teams[place % 2])
    forecast = make(world, question="plan", plan=plan_make(world, {"Web": 12, "App": 8}))
    assert forecast.method == "teams"
    assert [each["name"] for each in forecast.details["teams"]] == ["App", "Web"]


def test_the_team_of_the_last_sprint_counts_before_the_intended_one(world):
    meant, took = (Team.objects.create(product=world.product, name=name) for name in "AB")
    (item,) = record_make(world, counts=(1,))
    Assignment.objects.create(item=item, team=meant)
    sprint = Sprint.objects.create(
        team=took, number=1, start_date=TODAY, end_date=TODAY + datetime.timedelta(14), capacity=9
    )
    assert queries.finish_record(world.product, TODAY).teams == (meant.pk,)
    SprintItem.objects.create(sprint=sprint, item=item, added_at=at_noon(TODAY))
    assert queries.finish_record(world.product, TODAY).teams == (took.pk,)


def test_it_refuses_a_plan_that_is_finished_unsolved_or_of_another_product(world):
    record_make(world)
    plan = plan_make(world, {"Web": 2})
    done = next(each for each in Item.objects.filter(status__category=Category.DONE)).status
    Item.objects.filter(plan_entries__plan=plan).update(status=done)
    with pytest.raises(Refused, match="finished or dropped"):
        make(world, question="plan", plan=plan)
    plan.state = PlanState.SOLVING
    with pytest.raises(Refused, match="Solve it first"):
        make(world, question="plan", plan=plan)
    with pytest.raises(Refused, match="another product"):
        forecast_make(by=world.outsider, product=world.foreign_product, question="plan", plan=plan)


def test_summaries_answer_without_writing(world):
    assert "range" in forecast_summary(world.product, 5, today=TODAY).refusal
    record_make(world)
    plan = plan_make(world, {"Web": 12})
    short = forecast_summary(world.product, today=TODAY)
    assert short.items == 12
    assert short.day == forecast_for_plan(plan, today=TODAY).day
    assert short.days["50"] < short.day < short.days["95"]
    assert not Forecast.objects.exists()


def test_kept_forecasts_are_checked_against_what_happened(world):
    record_make(world)
    kept = make(world, items=3)
    missed = make(world, items=500, range=(400, 900))
    due = TODAY + datetime.timedelta(days=14)
    many = make(world, question="how_many", by_date=due)
    far = make(world, items=400)
    finished = [at_noon(TODAY + datetime.timedelta(days=day)) for day in (1, 2, 3)]
    items_make(world, 3, category=Category.DONE, finished=finished)
    later = TODAY + datetime.timedelta(days=60)
    rows = queries.earlier_forecasts(world.product, later)
    states = {row.forecast.pk: row.outcome.state for row in rows}
    assert states[kept.pk] == "held"
    assert states[missed.pk] == "missed"
    assert states[many.pk] == ("held" if many.percentiles["85"] <= 3 else "missed")
    assert states[far.pk] == "open"


def test_a_forecast_stands_beside_the_one_before_it(world):
    record_make(world)
    items_make(world, 20)
    first = make(world)
    make(world, items=5)
    items_make(world, 10)
    second = make(world)
    rows = queries.earlier_forecasts(world.product, TODAY)
    assert rows[0].forecast == second
    assert rows[0].before == first
    assert rows[1].before is None


def test_earlier_forecasts_take_three_queries(world, django_assert_num_queries):
    record_make(world)
    plan = plan_make(world, {"Web": 3})
    make(world, items=5)
    make(world, question="plan", plan=plan)
    with django_assert_num_queries(3):
        rows = queries.earlier_forecasts(world.product, TODAY)
        assert [row.forecast.made_by.name for row in rows] == [world.owner.name] * 2


def test_no_other_workspace_sees_a_forecast(world):
    record_make(world)
    make(world, items=3)
    assert Forecast.objects.visible_to(world.viewer).count() == 1
    assert not Forecast.objects.visible_to(world.outsider).exists()
