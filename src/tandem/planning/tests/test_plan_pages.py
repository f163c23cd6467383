"""The plan builder's pages: moving, rules, capacities, accepting, clashing, comparing."""

import pytest
from django.utils import translation

from tandem.backlog.tests.test_api import Caller
from tandem.planning.models import Plan, Rule, Scenario, SprintCapacity
from tandem.planning.operations import plans as do
from tandem.planning.operations import scenarios
from tandem.planning.operations.frontiers import frontier_ask
from tandem.planning.queries_plan import accepted_plan, committed_plan
from tandem.planning.tests.plan_world import plan_of, planned


@pytest.fixture
def page(world):
    """What the owner's browser gets from an address below the product."""
    client = world.client(world.owner)

    def asked(rest, data=None, status=200):
        address = world.address(rest)
        answer = client.get(address) if data is None else client.post(address, data, follow=True)
        assert answer.status_code == status, answer.content.decode()[:2000]
        return answer.content.decode()

    return asked


def test_moving_an_item_makes_a_rule_with_its_reason_and_solves_anew(
    world, items, team, scenario, page
):
    plan_of(world, scenario)
    key = items["Cancel"].key
    moved = {"item": key, "to": f"2:{team.pk}", "reason": "After the season"}
    text = page(f"plan/scenarios/{scenario.pk}/moves/", moved)
    assert f"{key} is in sprint 2 by a rule now" in text
    assert "After the season" in text
    newest = Plan.objects.filter(scenario=scenario).first()
    assert planned(newest)["Cancel"] == 2
    page(f"plan/scenarios/{scenario.pk}/moves/", {"item": key, "to": "out", "reason": "Too early"})
    assert Rule.objects.get().kind == "must_not"
    assert "Cancel" not in planned(Plan.objects.filter(scenario=scenario).first())


def test_a_plan_kept_in_english_is_read_in_german(world, items, scenario):
    plan = plan_of(world, scenario)
    assert "No other plan under these rules is worth more." in plan.details["explanation"]
    client, german = world.client(world.owner), {"Accept-Language": "de"}
    text = client.get(world.address("plan/"), headers=german).content.decode()
    assert "Kein anderer Plan nach diesen Regeln ist mehr wert." in text
    assert plan.say(plan.details["left_out"][0]["reason"]) == plan.details["left_out"][0]["reason"]
    with translation.override("de"):
        assert "größte Sprint" in plan.say(plan.details["left_out"][0]["reason"])
    frontier = frontier_ask(by=world.owner, scenario=scenario, kind="debt")
    address = world.address(f"plan/debt/?scenario={scenario.pk}&point=0")
    assert frontier.details["points"]
    assert "Gegenüber dem Plan von" in client.get(address, headers=german).content.decode()


def test_a_move_without_sense_is_refused_beside_the_plan(world, items, scenario, page):
    plan_of(world, scenario)
    text = page(f"plan/scenarios/{scenario.pk}/moves/", {"item": "FERRY-99", "to": "1:"}, 422)
    assert "There is no item FERRY-99" in text
    assert not Rule.objects.exists()


def test_accept_then_commit_and_the_board_marks_what_would_change(world, items, scenario, page):
    plan = plan_of(world, scenario)
    assert "Accept into the scenario" in page("plan/")
    text = page(f"plan/plans/{plan.pk}/acceptance/", {})
    assert "holds this plan now" in text
    assert accepted_plan(scenario) == plan
    text = page(f"plan/plans/{plan.pk}/commitment/", {})
    assert "The sprints hold exactly this" in text
    assert committed_plan(world.product) == plan
    gone = next(iter(planned(plan)))
    page(f"plan/scenarios/{scenario.pk}/moves/", {"item": items[gone].key, "to": "out"})
    text = page(f"plan/?scenario={scenario.pk}")
    assert "takes 1 out" in text
    assert "Leaves the sprints" in text


def test_a_clash_shows_both_plans_and_how_to_go_on(world, items, scenario, page):
    other = scenarios.scenario_copy(by=world.technical, scenario=scenario, name="Debt push")
    hers, his = plan_of(world, scenario), plan_of(world, other)
    do.plan_commit(by=world.technical, plan=his)
    text = page(f"plan/plans/{hers.pk}/commitment/", {}, 409)
    for said in ("Debt push", world.technical.name, "Commit yours over it", "Look at theirs"):
        assert said in text
    page(f"plan/plans/{hers.pk}/commitment/", {"over": his.pk})
    assert committed_plan(world.product) == hers


def test_rules_that_clash_are_shown_with_the_fewest_to_relax(world, items, team, scenario, page):
    for title in ("Map", "Pay"):
        data = {"kind": "must", "item": items[title].key, "reason": "Promised"}
        page(f"plan/scenarios/{scenario.pk}/rules/", data)
    scenarios.scenario_team_set(by=world.owner, scenario=scenario, team=team, capacity=13)
    scenarios.capacity_set(by=world.owner, scenario=scenario, team=team, sprint=2, capacity=0)
    plan_of(world, scenario)
    text = page(f"plan/?scenario={scenario.pk}")
    assert "Rules that clash" in text
    assert "The fewest to relax" in text
    assert "Promised" in text


def test_every_kind_of_rule_can_be_typed(items, scenario, page):
    book, pay = items["Book"].key, items["Pay"].key
    for data in (
        {"kind": "in_sprint", "item": book, "number": 2},
        {"kind": "earliest", "item": pay, "number": 2},
        {"kind": "before", "item": book, "others": pay},
        {"kind": "at_most", "item": book, "others": f"{pay}, {items['Fix'].key}", "number": 1},
        {"kind": "share_min", "item_kind": "debt", "share": 20},
    ):
        page(f"plan/scenarios/{scenario.pk}/rules/", data)
    assert Rule.objects.count() == 5
    refused = page(f"plan/scenarios/{scenario.pk}/rules/", {"kind": "before", "item": book}, 422)
    assert "Name another item besides" in refused


def test_holidays_are_entered_and_taken_back(team, scenario, page):
    address = f"plan/scenarios/{scenario.pk}/capacities/"
    sent = {"team": team.pk, "sprint": 1, "capacity": "0", "reason": "Midsummer"}
    assert "Midsummer" in page(address, sent)
    assert SprintCapacity.objects.get().capacity == 0
    page(address, {"team": team.pk, "sprint": 1, "capacity": ""})
    assert not SprintCapacity.objects.exists()


def test_a_solve_under_way_shows_where_it_stands_and_can_be_stopped(world, scenario, page):
    from django.utils.timezone import now

    plan = Plan.objects.create(scenario=scenario, asked_by=world.owner, asked_at=now())
    assert "Stop" in page(f"plan/?scenario={scenario.pk}")
    assert "stopped this solve" in page(f"plan/plans/{plan.pk}/cancellation/", {})


def test_scenarios_are_copied_renamed_compared_and_deleted(world, items, scenario, page):
    page(f"plan/scenarios/{scenario.pk}/copy/", {"name": "Without payments"})
    other = Scenario.objects.get(name="Without payments")
    page(f"plan/scenarios/{other.pk}/name/", {"name": "No payments", "purpose": "What if"})
    page(f"plan/scenarios/{other.pk}/moves/", {"item": items["Pay"].key, "to": "out"})
    plan_of(world, scenario)
    text = page(f"plan/compare/?scenario={scenario.pk}&scenario={other.pk}")
    assert "No payments" in text
    assert "Debt share of the effort" in text
    assert items["Pay"].key in text
    refused = page(f"plan/scenarios/{other.pk}/copy/", {"name": "next"}, 422)
    assert "There is a scenario next already" in refused
    page(f"plan/scenarios/{other.pk}/removal/", {})
    assert Scenario.objects.count() == 1
    page("plan/compare/?scenario=99", None, 404)


def test_the_plan_page_takes_as_many_queries_for_few_items_as_for_many(
    world, items, scenario, django_assert_max_num_queries
):
    plan_of(world, scenario)
    client = world.client(world.owner)
    with django_assert_max_num_queries(36):
        client.get(world.address(f"plan/?scenario={scenario.pk}"))


def test_what_if_answers_without_saving(world, items, scenario, page):
    plan_of(world, scenario)
    before = Plan.objects.count()
    text = page(f"plan/scenarios/{scenario.pk}/what-if/?capacity=50&debt=0")
    assert "50 % of the capacity" in text
    assert "less" in text
    assert "nothing is lost" in page(f"plan/scenarios/{scenario.pk}/what-if/?capacity=rubbish")
    told = Caller(world.viewer)(
        "GET",
        f"/products/FERRY/scenarios/{scenario.pk}/what-if?capacity=60&take_in={items['Fix'].key}",
    )
    answer = told.json()
    assert answer["change"] < 0
    assert items["Fix"].key not in answer["out"]
    gone = Caller(world.owner)("GET", f"/products/FERRY/scenarios/{scenario.pk}/what-if?take_in=X")
    assert gone.status_code == 422
    assert Plan.objects.count() == before
