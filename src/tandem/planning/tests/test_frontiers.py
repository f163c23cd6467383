"""Frontiers: every corner, the marked points, debt against features, and a point as a plan."""

import datetime
import itertools
from dataclasses import replace

import pytest

from tandem.backlog import operations as backlog
from tandem.backlog.tests.test_api import Caller
from tandem.core.errors import PermissionRefused, Refused
from tandem.planning import calculations_frontier, panels
from tandem.planning.calculations_debt import Exchange, break_even
from tandem.planning.models import DebtPrice, Frontier, Plan
from tandem.planning.operations import plans, rules, scenarios
from tandem.planning.operations.debts import debt_price_set
from tandem.planning.operations.explanations import explanation_ask
from tandem.planning.operations.frontiers import frontier_ask, frontier_inputs, frontier_pick
from tandem.planning.queries_plan import committed_plan
from tandem.planning.tests.plan_world import plan_of, planned
from tandem.prioritisation import operations as prioritisation
from tandem.prioritisation.models import ScoringCriterion

TODAY = datetime.date(2026, 11, 30)


@pytest.fixture
def debts(world, items):
    """Two debts the technical lens wants and the value lens does not, one of them priced."""
    made = {}
    criteria = ScoringCriterion.objects.filter(model__product=world.product, kind="rating")
    for title, effort in (("Old pier", 5), ("Old quay", 3)):
        item = backlog.item_create(
            by=world.owner, product=world.product, title=title, kind="debt", estimate_likely=effort
        )
        for criterion in criteria:
            high = criterion.lens == "technical"
            prioritisation.rating_set(
                by=world.technical if high else world.owner,
                item=item,
                criterion=criterion,
                value=criterion.high if high else criterion.low,
            )
        made[title] = item
    debt_price_set(by=world.technical, item=made["Old pier"], interest="1,5", reason="Repairs")
    return made


def by_hand(asked, capacity, sprints):
    """Every plan there is, as the lens points it has."""
    problem = asked.ready.problem
    found = set()
    for placing in itertools.product(range(sprints + 1), repeat=len(problem.items)):
        used = [0.0] * (sprints + 1)
        for sprint, item in zip(placing, problem.items, strict=True):
            used[sprint] += item.effort
        if all(load <= capacity + 1e-9 for load in used[1:]):
            inside = [i.key for s, i in zip(placing, problem.items, strict=True) if s]
            pairs = [asked.points[key] for key in inside]
            found.add((sum(p[0] for p in pairs), sum(p[1] for p in pairs)))
    return found


def test_no_plan_by_hand_lies_beyond_the_frontier_and_its_ends_are_the_best(
    world, items, debts, scenario
):
    frontier = frontier_ask(by=world.developer, scenario=scenario, kind="lenses")
    assert frontier.state == "ready", frontier.message
    places = [(p["value"], p["technical"]) for p in frontier.details["points"]]
    assert len(places) > 1
    every = by_hand(frontier_inputs(scenario), 10, 2)
    assert places[-1][0] == pytest.approx(max(v for v, _ in every))
    assert places[0][1] == pytest.approx(max(t for _, t in every))
    for first, second in places:
        beaten = [
            pair
            for pair in every
            if pair[0] >= first and pair[1] >= second and pair != (first, second)
        ]
        assert all(sum(pair) <= first + second + 1e-6 for pair in beaten)


def test_the_marked_points_say_to_each_role_what_it_gave_up(world, items, debts, scenario):
    details = frontier_ask(by=world.owner, scenario=scenario, kind="lenses").details
    assert {"nash", "kalai_smorodinsky", "egalitarian"} <= set(details["marks"])
    name, product_owner, technical = details["sentences"]["nash"]
    assert name == "Nash"
    assert product_owner.startswith("The Product Owner")
    assert technical.startswith("The Technical Product Manager")


def test_a_curve_that_time_cut_short_claims_nothing(world, items, debts, scenario, monkeypatch):
    whole = calculations_frontier.lens_front

    def cut_short(*given, **named):
        front = whole(*given, **named)
        return replace(front, points=(replace(front.points[0], exact=False),), complete=False)

    monkeypatch.setattr(calculations_frontier, "lens_front", cut_short)
    frontier_ask(by=world.owner, scenario=scenario, kind="lenses")
    page = world.client(world.owner).get(world.address("plan/frontier/")).content.decode()
    assert "One plan was found before time ended" in page
    assert "Time ended with one plan found" in page
    assert "nothing to bargain about" not in page
    assert "No plan under these rules" not in page


def test_time_that_ended_before_a_plan_proves_nothing(world, items, scenario, monkeypatch):
    monkeypatch.setattr(calculations_frontier, "SECONDS", 0.0)
    frontier_ask(by=world.owner, scenario=scenario, kind="lenses")
    page = world.client(world.owner).get(world.address("plan/frontier/")).content.decode()
    assert "Time ended before a plan was found; whether one keeps the rules is open." in page
    assert "No plan keeps the rules" not in page


def test_a_curve_is_computed_once_until_its_inputs_change(world, items, scenario):
    first = frontier_ask(by=world.owner, scenario=scenario, kind="lenses")
    assert frontier_ask(by=world.technical, scenario=scenario, kind="lenses") == first
    rules.rule_set(by=world.owner, scenario=scenario, kind="must_not", item=items["Fix"])
    assert frontier_ask(by=world.owner, scenario=scenario, kind="lenses") != first
    assert Frontier.objects.count() == 2


def test_a_point_becomes_a_preview_then_the_committed_plan(world, items, debts, scenario):
    frontier = frontier_ask(by=world.owner, scenario=scenario, kind="lenses")
    place = frontier.details["marks"]["nash"]
    plan = frontier_pick(by=world.technical, frontier=frontier, point=place)
    point = frontier.details["points"][place]
    assert sorted(planned(plan).values()) == sorted(
        sprint["number"] for sprint in point["sprints"] for _ in sprint["placements"]
    )
    assert plan.value == pytest.approx(point["score"])
    assert "Nash" in plan.note
    plans.plan_accept(by=world.owner, plan=plan)
    plans.plan_commit(by=world.technical, plan=plan)
    assert committed_plan(world.product) == plan
    with pytest.raises(Refused, match="no such point"):
        frontier_pick(by=world.owner, frontier=frontier, point=99)
    with pytest.raises(Refused, match="explained there"):
        explanation_ask(by=world.owner, plan=plan)


def test_more_debt_costs_features_and_saves_interest(world, items, debts, scenario):
    frontier = frontier_ask(by=world.owner, scenario=scenario, kind="debt")
    points = frontier.details["points"]
    assert points[0]["share"] == 0
    assert points[0]["reached"] == points[0]["saved"] == 0
    assert all(p["total"] == pytest.approx(p["features"] + p["saved"]) for p in points)
    assert points[-1]["features"] < points[0]["features"]
    assert points[-1]["saved"] > 0
    best = frontier.details["marks"]["best"]
    assert points[best]["total"] == pytest.approx(max(p["total"] for p in points))
    assert frontier.details["unpriced"] == 1


@pytest.mark.parametrize(
    ("interest", "unit", "principal", "weeks", "day"),
    [
        (2, "effort", 8, 4, datetime.date(2026, 12, 28)),
        (6, "score", 8, 4, datetime.date(2026, 12, 28)),
        (0, "effort", 8, None, None),
        (2, "effort", None, None, None),
        (0.01, "effort", 8, 800, None),
    ],
)
def test_a_debt_has_paid_off_after_principal_by_interest_weeks(
    interest, unit, principal, weeks, day
):
    price = DebtPrice(interest=interest, unit=unit)
    even = break_even(price, principal, Exchange(3.0, 4), TODAY)
    assert (even.weeks, even.day) == (weeks, day)
    assert even.sentence


def test_only_debt_has_interest_and_only_makers_say_it(world, items, debts):
    with pytest.raises(Refused, match="is no debt"):
        debt_price_set(by=world.owner, item=items["Pay"], interest=1)
    with pytest.raises(PermissionRefused):
        debt_price_set(by=world.stakeholder, item=debts["Old pier"], interest=1)
    with pytest.raises(Refused, match="0 or more"):
        debt_price_set(by=world.owner, item=debts["Old pier"], interest=-1)
    debt_price_set(by=world.owner, item=debts["Old pier"], interest=None)
    assert not DebtPrice.objects.exists()


def test_the_pages_show_points_marks_debts_and_the_way_to_a_plan(world, items, debts, scenario):
    client = world.client(world.owner)
    text = client.get(world.address("plan/frontier/")).content.decode()
    assert "Compute the frontier" in text
    ask = world.address(f"plan/scenarios/{scenario.pk}/frontiers/")
    text = client.post(ask, {"kind": "lenses"}, follow=True).content.decode()
    assert "Where the two can meet" in text
    assert "gives up" in text
    frontier = Frontier.objects.get()
    page = client.get(world.address("plan/frontier/?point=0")).content.decode()
    assert "Open this plan" in page
    pick = world.address(f"plan/frontiers/{frontier.pk}/plans/")
    text = client.post(pick, {"point": "0"}, follow=True).content.decode()
    assert "Picked on the frontier of the lenses" in text
    assert Plan.objects.get().source == "frontier"
    text = client.post(ask, {"kind": "debt"}, follow=True).content.decode()
    assert "Debt items" in text
    assert "Repairs" in text
    item = client.get(world.address(f"items/{debts['Old pier'].key}/")).content.decode()
    assert "What the debt costs" in item
    price = world.address(f"plan/debt/{debts['Old quay'].key}/")
    client.post(price, {"interest": "0.5", "unit": "effort", "reason": "Slow builds"})
    assert DebtPrice.objects.get(item=debts["Old quay"]).reason == "Slow builds"


def test_an_items_page_reads_every_value_only_for_a_debt_with_a_price(world, debts, monkeypatch):
    asked = []
    exchange_of = panels.exchange_of
    monkeypatch.setattr(panels, "exchange_of", lambda of: asked.append(of) or exchange_of(of))
    client = world.client(world.owner)
    page = client.get(world.address(f"items/{debts['Old quay'].key}/")).content.decode()
    assert "What it costs each week is not known." in page
    assert not asked
    page = client.get(world.address(f"items/{debts['Old pier'].key}/")).content.decode()
    assert "In score a week" in page
    assert asked


def test_the_api_computes_reads_and_picks(world, items, debts, scenario):
    owner = Caller(world.owner)
    made = owner("POST", f"/products/FERRY/scenarios/{scenario.pk}/frontiers", {"kind": "lenses"})
    assert made.status_code == 202, made.content
    told = owner("GET", f"/products/FERRY/frontiers/{made.json()['id']}").json()
    assert told["state"] == "ready"
    assert told["marks"]["nash"] < len(told["points"])
    picked = owner("POST", f"/products/FERRY/frontiers/{told['id']}/plans", {"point": 0})
    assert picked.json()["source"] == "frontier"
    price = owner("PUT", f"/items/{debts['Old quay'].key}/debt", {"interest": 3, "unit": "score"})
    assert price.json()["principal"] == 3


def test_a_plan_is_explained_by_prices_that_hold(world, items, scenario):
    rules.rule_set(by=world.owner, scenario=scenario, kind="must", item=items["Cancel"])
    forbidden = rules.rule_set(
        by=world.owner, scenario=scenario, kind="must_not", item=items["Book"]
    )
    plan = plan_of(world, scenario)
    plan = explanation_ask(by=world.developer, plan=plan)
    prices = plan.details["prices"]
    assert prices["complete"]
    price = prices["rules"][str(forbidden.pk)]["price"]
    rules.rule_remove(by=world.owner, rule=forbidden)
    assert price == pytest.approx(plan_of(world, scenario).value - plan.value)
    assert all(each["loss"] >= -1e-6 for each in prices["alternatives"])
    assert [sprint["number"] for sprint in prices["odds"]["sprints"]] == [1, 2]
    assert 0 <= prices["odds"]["whole"] <= 1
    assert set(prices["entries"]) <= {left["key"] for left in plan.details["left_out"]}


def test_a_careful_plan_holds_more_often_and_is_worth_no_more(world, items, scenario):
    plain = explanation_ask(by=world.owner, plan=plan_of(world, scenario))
    scenarios.scenario_update(by=world.owner, scenario=scenario, careful=True)
    careful = explanation_ask(by=world.owner, plan=plan_of(world, scenario))
    assert careful.value <= plain.value + 1e-9
    sprints = careful.details["prices"]["odds"]["sprints"]
    assert all(each["holds"] >= 0.8 - 1e-9 for sprint in sprints for each in sprint["teams"])
    before, after = (each.details["prices"]["odds"]["whole"] for each in (plain, careful))
    assert after >= before
    assert any("80 of 100" in note for note in careful.details["notes"])
