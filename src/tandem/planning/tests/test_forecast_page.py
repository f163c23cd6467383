import datetime

import pytest
from django.utils import timezone

from tandem.backlog.models import Category, Status
from tandem.planning.forecast_pictures import _ceiling, bar_weeks, joined
from tandem.planning.forecast_reading import Reading, worded
from tandem.planning.models import Forecast
from tandem.planning.operations import forecast_make
from tandem.planning.tests.forecast_world import items_make, plan_make, record_make


@pytest.fixture
def record(world):
    items_make(world, 9)
    return record_make(world, today=timezone.localdate())


def page(world, member, **query):
    return world.client(member).get(world.address("forecast/"), query)


def keep(world, member, **sent):
    return world.client(member).post(world.address("forecast/kept/"), sent)


def test_it_answers_without_anything_typed(world, record):
    response = page(world, world.owner)
    assert response.status_code == 200
    text = response.content.decode()
    assert "All 9 items open" in text
    assert 'id="forecast-fan"' in text
    assert 'id="forecast-weeks"' in text
    assert "80 items finished in 26 weeks, 3.1 a week; 3 of the weeks with none" in text
    assert "Your 85 % forecasts held" in text
    assert "Keep this forecast" in text


def test_looking_writes_nothing(world, record):
    plan = plan_make(world, {"Web": 4})
    for query in (
        {},
        {"items": 3},
        {"question": "how_many"},
        {"question": "plan", "plan": plan.pk},
    ):
        assert page(world, world.owner, **query).status_code == 200
    assert world.client(world.owner).get(world.address("forecast/why/")).status_code == 200
    assert not Forecast.objects.exists()


def test_each_question_has_its_answer(world, record):
    plan_make(world, {"Web": 4, "App": 2})
    by = timezone.localdate() + datetime.timedelta(days=50)
    many = page(world, world.owner, question="how_many", by=by.isoformat()).content.decode()
    assert "at least" in many
    assert 'id="forecast-weeks"' not in many
    done = page(world, world.owner, question="plan").content.decode()
    assert "Plan Autumn, 6 items left" in done
    assert 'id="forecast-weeks"' in done


def test_a_plan_by_team_shows_each_team(world):
    from tandem.backlog.models import Item
    from tandem.delivery.models import Assignment, Team

    teams = [Team.objects.create(product=world.product, name=name) for name in ("App", "Web")]
    for place, item in enumerate(record_make(world, today=timezone.localdate())):
        Assignment.objects.create(item=item, team=teams[place % 2])
    assert Item.objects.filter(assignment__team=teams[0]).exists()
    plan_make(world, {"Web": 4, "App": 2})
    text = page(world, world.owner, question="plan").content.decode()
    assert "Each team alone" in text


def test_without_finished_items_a_range_is_entered_right_there(world):
    items_make(world, 5)
    response = page(world, world.owner)
    assert response.status_code == 200
    assert "Forecast from this range" in response.content.decode()
    ranged = page(world, world.owner, low="2", high="5").content.decode()
    assert "An entered range of 2 to 5 items a week" in ranged
    assert 'id="forecast-record"' in ranged


def test_an_empty_product_says_what_the_page_is_for(world):
    text = page(world, world.owner).content.decode()
    assert "It needs items first." in text
    assert "everything is finished" not in text
    plan = page(world, world.owner, question="plan")
    assert plan.status_code == 200
    assert "Make a plan" in plan.content.decode()


@pytest.mark.parametrize(
    ("query", "reason"),
    [
        ({"items": "0"}, "at least one item"),
        ({"items": "many"}, "“many” is no number"),
        ({"items": "<b>"}, "“&lt;b&gt;” is no number"),
        ({"items": "1.5"}, "whole number"),
        ({"items": "9" * 30}, "at most"),
        ({"items": "3", "low": "5", "high": "2"}, "Swap the two"),
        ({"items": "3", "low": "5"}, "both ends"),
        ({"items": "3", "low": "nan", "high": "2"}, "no number"),
        ({"items": "3", "seed": "x"}, "no number"),
        ({"question": "how_many", "by": "2001-01-01"}, "after today"),
        ({"question": "how_many", "by": "soon"}, "no day"),
        ({"question": "plan", "plan": "999"}, "no such plan"),
        ({"question": "plan", "plan": "x"}, "no such plan"),
        ({"question": "plan", "plan": "٣"}, "no such plan"),
    ],
)
def test_a_wrong_field_is_named_and_the_form_stays(world, record, query, reason):
    plan_make(world, {"Web": 1})
    response = page(world, world.owner, **query)
    assert response.status_code == 422
    text = response.content.decode()
    assert reason in text
    assert 'class="forecast-ask"' in text
    assert keep(world, world.owner, **query).status_code == 422
    assert not Forecast.objects.exists()


def test_an_unknown_question_is_the_first_one(world, record):
    assert "All 9 items open" in page(world, world.owner, question="why").content.decode()


def test_keeping_stores_once_and_shows_the_kept_one(world, record):
    response = keep(world, world.technical, items="12")
    kept = Forecast.objects.get()
    assert response.headers["Location"] == world.address(f"forecast/kept/{kept.pk}/")
    assert kept.asked["items"] == 12
    again = keep(world, world.technical, items="12")
    assert again.headers["Location"] == response.headers["Location"]
    assert "Kept " in page(world, world.owner, items="12").content.decode()
    shown = world.client(world.viewer).get(response.headers["Location"]).content.decode()
    assert "12 items" in shown
    assert "Not due yet." in shown
    assert "items=12" in shown
    why = world.client(world.viewer).get(world.address(f"forecast/kept/{kept.pk}/why/"))
    assert "Record of finished items" in why.content.decode()


def test_a_slip_shows_the_old_day_struck_through(world, record):
    today = timezone.localdate()
    old = forecast_make(
        by=world.owner,
        product=world.product,
        question="when",
        today=today - datetime.timedelta(days=20),
    )
    items_make(world, 30)
    text = page(world, world.owner).content.decode()
    was = Reading(old).promise.text
    assert f'<del class="forecast-was"><span class="visually-hidden">was </span>{was}</del>' in text
    assert "later than on" in text
    assert "when 9 items were left" in text


def test_a_kept_forecast_of_a_deleted_plan_can_still_be_read(world, record):
    plan = plan_make(world, {"Web": 4})
    kept = forecast_make(by=world.owner, product=world.product, question="plan", plan=plan)
    plan.delete()
    response = world.client(world.owner).get(world.address(f"forecast/kept/{kept.pk}/"))
    assert response.status_code == 200
    assert "A deleted plan" in response.content.decode()
    assert page(world, world.owner).status_code == 200


def test_the_one_who_only_looks_sees_the_answer_but_cannot_keep_it(world, record):
    text = page(world, world.viewer).content.decode()
    assert "All 9 items open" in text
    assert "Keep this forecast" not in text
    assert keep(world, world.viewer, items="3").status_code == 403
    assert not Forecast.objects.exists()


def test_to_outsiders_nothing_is_here_and_nobody_is_sent_to_sign_in(world, record):
    keep(world, world.owner, items="3")
    kept = Forecast.objects.get()
    for rest in ("forecast/", "forecast/why/", f"forecast/kept/{kept.pk}/"):
        assert world.client(world.outsider).get(world.address(rest)).status_code == 404
        nobody = world.client(None).get(world.address(rest))
        assert nobody.status_code == 302
        assert "sign-in" in nobody.headers["Location"]
    assert keep(world, world.outsider, items="3").status_code == 404
    assert (
        world.client(world.owner).get(world.address("forecast/kept/9" + "9" * 30 + "/")).status_code
        == 404
    )


def test_a_foreign_products_forecast_does_not_exist_under_this_product(world, record):
    foreign = forecast_make(
        by=world.outsider, product=world.foreign_product, question="when", items=3, range=(1, 2)
    )
    response = world.client(world.owner).get(world.address(f"forecast/kept/{foreign.pk}/"))
    assert response.status_code == 404


def test_the_page_takes_as_many_queries_for_a_long_record_as_for_a_short_one(
    world, record, django_assert_max_num_queries
):
    client = world.client(world.owner)
    for number in range(1, 8):
        forecast_make(by=world.owner, product=world.product, question="when", items=number)
    items_make(world, 200, category=Category.OPEN)
    record_make(world, counts=(5,) * 60, today=timezone.localdate())
    assert Status.objects.filter(product=world.product).count() == 6
    # The first visit fills the cache, which is a table on PostgreSQL.
    with django_assert_max_num_queries(24):
        client.get(world.address("forecast/"))
    with django_assert_max_num_queries(17):
        client.get(world.address("forecast/"))


def test_the_engines_days_are_written_as_everywhere():
    assert worded("By 2026-10-02, not 2026-99-99.") == "By 2 Oct 2026, not 2026-99-99."


@pytest.mark.parametrize(
    ("target", "highest", "middle", "ceiling"),
    [(51, 150, 88, 100), (900, 80, 30, 1000), (1, 2, 1, 2), (3, 9, 3, 5), (None, 50, 20, None)],
)
def test_the_fan_leaves_room_for_the_target_and_ends_on_a_round_number(
    target, highest, middle, ceiling
):
    found = _ceiling(target, highest, [0, middle])
    assert found == ceiling


def weekly(count):
    """As many weeks, each as likely as the other."""
    start = datetime.date(2026, 1, 5)
    return [
        {
            "until": (start + datetime.timedelta(weeks=week)).isoformat(),
            "share": 1 / count,
            "by_then": (week + 1) / count,
        }
        for week in range(count)
    ]


def test_weeks_are_joined_by_their_spread_and_nothing_is_lost():
    assert [bar_weeks(weekly(count), 10_000) for count in (1, 10, 40, 160)] == [1, 1, 2, 7]
    assert bar_weeks(weekly(160), 10**9) == 4, "never more than forty bars"
    for count, width in ((10, 1), (160, 7), (5, 9)):
        bars = joined(weekly(count), width)
        assert bars[-1] == weekly(count)[-1] | {"share": bars[-1]["share"]}
        assert len(bars) == -(-count // width)
        assert sum(bar["share"] for bar in bars) == pytest.approx(1)
