"""Solving plans through the operations, the pages, the command and the API."""

import itertools
import json

import pytest

from tandem.backlog import operations as backlog
from tandem.backlog.models import Item, Status
from tandem.backlog.tests.test_api import Caller
from tandem.core.errors import PermissionRefused, Refused
from tandem.core.models import Event
from tandem.delivery import operations as delivery
from tandem.planning import calculations
from tandem.planning.calculations import TeamInput, prepared
from tandem.planning.calculations_solved import solved
from tandem.planning.models import Plan
from tandem.planning.operations import plans as do
from tandem.planning.operations import rules, scenarios
from tandem.planning.tests.plan_world import plan_of, planned
from tandem.prioritisation.calculations_values import planning_values


@pytest.mark.parametrize("maximise", ["benefit", "score"])
def test_the_plan_is_worth_what_the_best_choice_by_hand_is_worth(world, items, scenario, maximise):
    scenarios.scenario_update(by=world.owner, scenario=scenario, maximise=maximise)
    plan = plan_of(world, scenario)
    assert plan.details["maximised"] == maximise
    values = planning_values(world.product)
    best = 0.0
    for placing in itertools.product((0, 1, 2), repeat=len(items)):
        used = [0.0, 0.0, 0.0]
        for sprint, item in zip(placing, items.values(), strict=True):
            used[sprint] += item.estimate_likely
        if used[1] <= 10 and used[2] <= 10:
            worth = sum(
                getattr(values[item.pk], maximise)
                for sprint, item in zip(placing, items.values(), strict=True)
                if sprint
            )
            best = max(best, worth)
    assert plan.status == "optimal"
    assert plan.value == pytest.approx(best)
    assert plan.bound == pytest.approx(best, rel=1e-5)


def test_what_waits_for_another_item_never_comes_before_it(world, items, scenario):
    backlog.dependency_add(
        by=world.owner, from_item=items["Pay"], to_item=items["Book"], kind="blocks"
    )
    where = planned(plan_of(world, scenario))
    assert "Book" not in where or where["Pay"] <= where["Book"]


def test_a_finished_prerequisite_binds_nobody(world, items, scenario):
    backlog.dependency_add(
        by=world.owner, from_item=items["Map"], to_item=items["Book"], kind="blocks"
    )
    done = Status.objects.get(product=world.product, name="Done")
    backlog.item_update(by=world.owner, item=items["Map"], status=done)
    where = planned(plan_of(world, scenario))
    assert "Book" in where
    assert "Map" not in where


def test_rules_hold_and_every_left_out_item_has_a_reason(world, items, scenario):
    rules.rule_set(by=world.owner, scenario=scenario, item=items["Book"], kind="must_not")
    rules.rule_set(
        by=world.owner, scenario=scenario, item=items["Pay"], kind="must", reason="Promised"
    )
    plan = plan_of(world, scenario)
    where = planned(plan)
    assert "Pay" in where
    assert "Book" not in where
    out = {left["key"]: left["reason"] for left in plan.details["left_out"]}
    assert set(out) == {item.key for item in items.values()} - {items[title].key for title in where}
    assert all(out.values())
    assert "must-not" in out[items["Book"].key]


def test_must_haves_that_cannot_fit_are_an_answer_and_no_crash(world, items, scenario):
    rules.rule_set(by=world.owner, scenario=scenario, item=items["Map"], kind="must")
    plan = plan_of(world, scenario)
    assert plan.status == "infeasible"
    assert items["Map"].key in plan.details["conflict"]


def test_items_of_a_team_that_takes_no_part_stay_out_with_what_waits_for_them(
    world, items, scenario
):
    other = delivery.team_create(by=world.owner, product=world.product, name="Deck", capacity=9)
    delivery.team_assign(by=world.owner, item=items["Book"], team=other)
    backlog.dependency_add(
        by=world.owner, from_item=items["Book"], to_item=items["Pay"], kind="blocks"
    )
    plan = plan_of(world, scenario)
    out = {left["key"]: left["reason"] for left in plan.details["left_out"]}
    assert "Deck" in out[items["Book"].key]
    assert items["Book"].key in out[items["Pay"].key]


def test_an_unrated_unestimated_backlog_still_plans_and_says_what_is_guessed(world, team):
    for title in ("One", "Two", "Three"):
        backlog.item_create(by=world.owner, product=world.product, title=title)
    ready = prepared(world.product, [TeamInput("Harbour", 10, team.pk)], 2)
    result = solved(ready)
    assert result.plan.status == "optimal"
    assert "3 of 3 items have a missing rating" in ready.guess_sentence
    assert "3 have no estimate" in ready.guess_sentence


def test_it_refuses_a_scenario_without_team_items_or_sense(world, team):
    empty = scenarios.scenario_create(by=world.owner, product=world.product, name="E", teams=[])
    with pytest.raises(Refused, match="No team"):
        do.plan_ask(by=world.owner, scenario=empty)
    with pytest.raises(Refused) as refusal:
        scenarios.scenario_team_set(by=world.owner, scenario=empty, team=team, capacity=0)
    assert refusal.value.field == "capacity"
    scenarios.scenario_team_set(by=world.owner, scenario=empty, team=team, capacity=5)
    with pytest.raises(Refused, match="no open item"):
        do.plan_ask(by=world.owner, scenario=empty)
    with pytest.raises(Refused) as refusal:
        scenarios.scenario_update(by=world.owner, scenario=empty, sprints=0)
    assert refusal.value.field == "sprints"
    assert not Plan.objects.exists()


def test_committing_is_for_those_who_steer_and_leaves_one_event(world, items, scenario):
    plan = plan_of(world, scenario)
    with pytest.raises(PermissionRefused):
        do.plan_commit(by=world.developer, plan=plan)
    do.plan_commit(by=world.technical, plan=plan)
    do.plan_commit(by=world.technical, plan=plan)
    assert Event.objects.filter(verb="plan.committed").count() == 1


def test_a_plan_with_a_deleted_item_is_not_committed(world, items, scenario):
    plan = plan_of(world, scenario)
    title = next(iter(planned(plan)))
    backlog.item_delete(by=world.owner, item=items[title])
    with pytest.raises(Refused, match="deleted since"):
        do.plan_commit(by=world.owner, plan=plan)


def test_the_page_solves_and_shows_plan_proof_reasons_and_the_sorted_list(world, items, team):
    client = world.client(world.owner)
    assert "Solve plan" in client.get(world.address("plan/")).content.decode()
    answer = client.post(
        world.address("plan/solve/"),
        {"name": "Spring", "sprints": "2", "teams": str(team.pk), f"capacity-{team.pk}": "10"},
    )
    assert answer.status_code == 302
    page = client.get(answer.url).content.decode()
    assert "No other plan under these rules is worth more" in page
    assert "Score and cut" in page
    assert "Left out" in page
    for item in items.values():
        assert item.key in page


@pytest.mark.parametrize(
    ("form", "reason"),
    [
        ({"sprints": "0"}, "1 to 26 sprints"),
        ({"sprints": "many"}, "no number of sprints"),
        ({"capacity": "0"}, "above 0"),
        ({"capacity": "lots"}, "no number"),
        ({"teams": ""}, "No team takes part"),
    ],
)
def test_a_form_that_cannot_be_solved_says_why(world, items, team, form, reason):
    client = world.client(world.owner)
    sent = {"sprints": "2", "teams": str(team.pk), "team-shown": "1"} | form
    sent[f"capacity-{team.pk}"] = form.get("capacity", "10")
    answer = client.post(world.address("plan/solve/"), sent)
    assert answer.status_code == 422
    assert reason in answer.content.decode()
    assert not Plan.objects.exists()


@pytest.mark.parametrize("person", ["stakeholder", "viewer"])
def test_those_who_do_not_make_the_product_see_plans_and_solve_none(world, items, scenario, person):
    plan_of(world, scenario)
    client = world.client(getattr(world, person))
    assert "Solve plan" not in client.get(world.address("plan/")).content.decode()
    sent = {"scenario": scenario.pk}
    assert client.post(world.address("plan/solve/"), sent).status_code == 403
    assert world.client(world.outsider).get(world.address("plan/")).status_code == 404
    assert world.client(None).get(world.address("plan/")).status_code == 302


def test_the_api_makes_a_scenario_solves_it_and_commits(world, items, team):
    owner = Caller(world.owner)
    made = owner(
        "POST",
        "/products/FERRY/scenarios",
        {
            "name": "Api",
            "sprints": 2,
            "teams": [{"team": "harbour", "capacity": 10}],
            "rules": [{"item": items["Pay"].key, "kind": "must"}],
        },
    )
    assert made.status_code == 201, made.content
    path = f"/products/FERRY/scenarios/{made.json()['id']}/plans"
    plan = owner("POST", path).json()
    plan = owner("GET", f"/products/FERRY/plans/{plan['id']}").json()
    assert plan["status"] == "optimal"
    assert items["Pay"].key in [key for sprint in plan["sprints"] for key in sprint["items"]]
    done = owner("POST", f"/products/FERRY/plans/{plan['id']}/commitment")
    assert done.json()["committed_at"]
    assert Caller(world.outsider)("GET", f"/products/FERRY/plans/{plan['id']}").status_code == 404


def test_the_plans_json_is_the_documented_one(world, items, team):
    ready = prepared(world.product, [TeamInput("Harbour", 10, team.pk)], 2)
    answer = json.loads(json.dumps(solved(ready).as_json()))
    assert {"status", "value", "bound", "gap", "sprints", "left_out"} <= set(answer)
    assert set(answer["sprints"][0]) >= {"number", "capacity", "used", "items"}
    assert Item.objects.count() == len(items)
    everything = {key for sprint in answer["sprints"] for key in sprint["items"]}
    everything |= {left["key"] for left in answer["left_out"]}
    assert everything == {item.key for item in items.values()}


def test_more_open_items_than_can_be_planned_are_refused_with_what_to_do(
    world, items, scenario, monkeypatch
):
    monkeypatch.setattr(calculations, "MOST_OPEN", len(items))
    assert plan_of(world, scenario).status == "optimal"
    monkeypatch.setattr(calculations, "MOST_OPEN", len(items) - 1)
    said = f"more than {len(items) - 1} open items. Finish or drop"
    with pytest.raises(Refused, match=said):
        do.plan_ask(by=world.owner, scenario=scenario)
    assert Plan.objects.count() == 1
    answer = Caller(world.owner)("POST", f"/products/FERRY/scenarios/{scenario.pk}/plans")
    assert answer.status_code == 422, answer.content
    assert said in answer.json()["detail"]
