"""Rules of every kind hold in the plan, and say what stands in their way."""

import pytest
from django.utils import translation

from tandem.backlog import operations as backlog
from tandem.backlog.history import changes_of
from tandem.backlog.models import Label
from tandem.backlog.tests.test_api import Caller
from tandem.core.errors import Refused
from tandem.core.events import told
from tandem.core.models import Event
from tandem.delivery import operations as delivery
from tandem.planning.models import Rule
from tandem.planning.operations import rules, scenarios
from tandem.planning.tests.plan_world import plan_of, planned


@pytest.fixture
def rule(world, scenario):
    def made(kind, item=None, **more):
        return rules.rule_set(by=world.owner, scenario=scenario, kind=kind, item=item, **more)

    return made


def effort_of(plan, *, kind=None):
    rows = plan.entries.select_related("item")
    return sum(row.effort for row in rows if kind is None or row.item.kind == kind)


def test_an_item_dragged_to_a_sprint_is_there_with_the_reason(world, items, scenario, rule):
    rule("in_sprint", items["Cancel"], number=2, reason="The counter asked for it then")
    plan = plan_of(world, scenario)
    assert planned(plan)["Cancel"] == 2
    kept = Rule.objects.get()
    assert (kept.reason, kept.made_by) == ("The counter asked for it then", world.owner)
    assert told(Event.objects.filter(verb="rule.set").latest("pk")) == {
        items["Cancel"].key: [None, "in sprint 2"]
    }


def test_the_newest_of_the_rules_that_place_an_item_counts(items, rule):
    rule("must", items["Pay"])
    rule("in_sprint", items["Pay"], number=1)
    rule("must_not", items["Pay"])
    assert [each.kind for each in Rule.objects.all()] == ["must_not"]
    assert Rule.objects.get().number is None


def test_sprint_bounds_order_companions_and_limits_hold(world, items, scenario, rule):
    rule("must", items["Fix"])
    rule("must", items["Cancel"])
    rule("earliest", items["Fix"], number=2)
    rule("before", items["Cancel"], others=[items["Fix"]])
    rule("together", items["Fix"], others=[items["Book"]])
    rule("at_most", items["Book"], others=[items["Pay"]], number=1)
    where = planned(plan_of(world, scenario))
    assert where["Fix"] == 2
    assert where["Cancel"] <= where["Fix"]
    assert "Book" in where
    assert "Pay" not in where


def test_a_share_of_the_effort_goes_to_debt_or_to_a_label(world, items, scenario, rule):
    for title in ("Old pier", "Old quay"):
        backlog.item_create(
            by=world.owner, product=world.product, title=title, kind="debt", estimate_likely=4
        )
    free = plan_of(world, scenario)
    rule("share_min", item_kind="debt", share="30 %")
    plan = plan_of(world, scenario)
    assert effort_of(plan, kind="debt") >= 0.3 * effort_of(plan) - 1e-9
    assert plan.value <= free.value
    rule("share_min", item_kind="debt", share=40, each_sprint=True)
    steady = plan_of(world, scenario)
    for sprint in (1, 2):
        here = [row for row in steady.entries.select_related("item") if row.sprint == sprint]
        debt = sum(row.effort for row in here if row.item.kind == "debt")
        assert debt >= 0.4 * sum(row.effort for row in here) > 0
    assert [each.words for each in scenario.rules.all()] == [
        "at least 30 % of the effort is debt",
        "at least 40 % of each sprint's effort is debt",
    ]
    rule("share_min", item_kind="debt", share=0, each_sprint=True)
    assert scenario.rules.count() == 2
    backlog.item_update(by=world.owner, item=items["Map"], labels=["sea"])
    backlog.item_update(by=world.owner, item=items["Book"], labels=["sea"])
    rule("share_min", item_kind="debt", share=0)
    rule("share_max", label=Label.objects.get(), share=0)
    assert not {"Map", "Book"} & set(planned(plan_of(world, scenario)))


def test_rules_that_cannot_all_be_kept_are_named(world, items, scenario, rule):
    rule("must", items["Pay"], reason="Promised")
    rule("must_not", items["Book"])
    backlog.dependency_add(
        by=world.owner, from_item=items["Book"], to_item=items["Pay"], kind="blocks"
    )
    plan = plan_of(world, scenario)
    assert plan.status == "infeasible"
    assert items["Pay"].key in plan.details["conflict"]


def test_a_rule_about_what_is_finished_rests_and_is_said(world, items, scenario, rule):
    rule("must", items["Pay"])
    done = world.product.statuses.get(name="Done")
    backlog.item_update(by=world.owner, item=items["Pay"], status=done)
    plan = plan_of(world, scenario)
    assert plan.status == "optimal"
    assert any("One rule rests" in note for note in plan.details["notes"])


@pytest.mark.parametrize(
    ("kind", "more", "field"),
    [
        ("sometimes", {}, "kind"),
        ("must", {"item": None}, "item"),
        ("in_sprint", {"number": 3}, "number"),
        ("earliest", {"number": "soon"}, "number"),
        ("before", {}, "others"),
        ("at_most", {"number": 5, "others": "Book"}, "number"),
        ("share_min", {"item_kind": "debt", "share": 101}, "share"),
        ("share_min", {"item_kind": "debt", "share": "half"}, "share"),
        ("share_min", {"share": 10}, "item_kind"),
        ("share_max", {"item_kind": "epic", "share": 10}, "item_kind"),
    ],
)
def test_a_rule_without_sense_is_refused_at_its_field(items, rule, kind, more, field):
    if "others" in more:
        more = more | {"others": [items[more["others"]]]}
    with pytest.raises(Refused) as refusal:
        rule(kind, **({"item": items["Pay"]} | more))
    assert refusal.value.field == field
    assert not Rule.objects.exists()


def test_a_copy_has_its_own_teams_capacities_and_rules(world, items, team, scenario, rule):
    rule("before", items["Book"], others=[items["Pay"]], reason="Sold first")
    scenarios.capacity_set(by=world.owner, scenario=scenario, team=team, sprint=1, capacity=3)
    copy = scenarios.scenario_copy(by=world.owner, scenario=scenario, name="Careful")
    scenarios.capacity_set(by=world.owner, scenario=copy, team=team, sprint=1, capacity=None)
    kept = copy.rules.get()
    assert (kept.reason, [each.title for each in kept.others.all()]) == ("Sold first", ["Pay"])
    assert scenario.capacities.get().capacity == 3
    rules.rule_remove(by=world.owner, rule=kept)
    assert scenario.rules.count() == 1


def test_the_api_sets_every_rule_and_reads_it_back_in_words(world, items, team, scenario):
    owner = Caller(world.owner)
    delivery.team_create(by=world.owner, product=world.product, name="Deck", capacity=9)
    path = f"/products/FERRY/scenarios/{scenario.pk}"
    for body in (
        {"kind": "in_sprint", "item": items["Pay"].key, "number": 2, "team": "harbour"},
        {"kind": "before", "item": items["Book"].key, "others": [items["Pay"].key]},
        {
            "kind": "share_min",
            "item_kind": "debt",
            "share": 20,
            "each_sprint": True,
            "reason": "Agreed in May",
        },
    ):
        answer = owner("PUT", f"{path}/rules", body)
        assert answer.status_code == 200, answer.content
    told = {rule["kind"]: rule for rule in owner("GET", path).json()["rules"]}
    assert told["in_sprint"]["words"] == "in sprint 2 by Harbour"
    assert told["before"]["others"] == [items["Pay"].key]
    assert told["share_min"]["words"] == "at least 20 % of each sprint's effort is debt"
    assert told["share_min"]["each_sprint"] is True
    assert told["share_min"]["made_by"] == world.owner.name
    refused = owner("PUT", f"{path}/rules", {"kind": "share_min", "label": "none", "share": 2})
    assert (refused.status_code, refused.json()["field"]) == (422, "label")


def test_a_rules_words_in_the_history_are_read_in_the_readers_language(rule, items):
    rule("must", items["Cancel"])
    event = Event.objects.filter(verb="rule.set").latest("pk")
    assert told(event) == {items["Cancel"].key: [None, "must be in"]}
    with translation.override("de"):
        assert [each.after for each in changes_of(event)] == ["muss dabei sein"]
