"""Committing a plan: into the sprints, and what is said when the world changed meanwhile."""

import pytest
from django.utils.timezone import localdate, now

from tandem.backlog import operations as backlog
from tandem.backlog.models import Item, Status
from tandem.backlog.tests.test_api import Caller
from tandem.core.errors import PermissionRefused, Refused
from tandem.core.models import Event
from tandem.core.tests.at_once import at_once
from tandem.delivery import operations as delivery
from tandem.delivery.models import Sprint, SprintState
from tandem.planning.models import Plan, PlanState
from tandem.planning.operations import plans as do
from tandem.planning.operations import rules, scenarios
from tandem.planning.operations.commit import CommitConflict
from tandem.planning.queries_plan import accepted_plan, committed_plan
from tandem.planning.tests.plan_world import plan_of, planned


def backlog_item(world, title):
    return Item.objects.of(world.product).get(title=title)


def titles(sprint):
    return sorted(sprint.items.values_list("title", flat=True))


def contents(team):
    return {sprint.number: titles(sprint) for sprint in team.sprints.all()}


def wanted(plan):
    found = {}
    for title, sprint in planned(plan).items():
        found.setdefault(sprint, []).append(title)
    return {sprint: sorted(names) for sprint, names in found.items()}


def test_committing_makes_the_sprints_and_fills_them(world, team, scenario):
    plan = do.plan_commit(by=world.owner, plan=plan_of(world, scenario))
    assert contents(team) == wanted(plan)
    assert plan.details["written"]["sprints_made"] == 2
    assert committed_plan(world.product) == plan
    assert accepted_plan(scenario) == plan
    moved = Event.objects.filter(verb="sprint.item_added").count()
    assert moved == len(planned(plan)) == plan.details["written"]["added"]


def test_a_later_plan_moves_what_it_placed_elsewhere_and_keeps_what_is_finished(
    world,
    items,
    team,
    scenario,
):
    first = do.plan_commit(by=world.owner, plan=plan_of(world, scenario))
    done = Status.objects.get(product=world.product, name="Done")
    finished = planned(first)
    backlog.item_update(by=world.owner, item=items["Fix"], status=done)
    rules.rule_set(by=world.owner, scenario=scenario, item=items["Book"], kind="must_not")
    second = do.plan_commit(by=world.owner, plan=plan_of(world, scenario))
    inside = contents(team)
    assert "Book" not in {title for names in inside.values() for title in names}
    if "Fix" in finished:
        assert "Fix" in inside[finished["Fix"]]
        inside[finished["Fix"]].remove("Fix")
    assert {n: names for n, names in inside.items() if names} == wanted(second)


def test_the_running_sprint_is_left_alone_unless_told(world, items, team, scenario):
    running = delivery.sprint_create(by=world.owner, team=team, start_date=localdate())
    delivery.sprint_add(by=world.owner, sprint=running, item=items["Book"])
    delivery.sprint_start(by=world.owner, sprint=running)
    plan = do.plan_commit(by=world.owner, plan=plan_of(world, scenario))
    assert (
        "running sprint"
        in {left["key"]: left["reason"] for left in plan.details["left_out"]}[items["Book"].key]
    )
    assert titles(running) == ["Book"]
    assert "Book" not in planned(plan)
    scenarios.scenario_update(by=world.owner, scenario=scenario, running_too=True)
    told = do.plan_commit(by=world.owner, plan=plan_of(world, scenario))
    assert titles(running) == wanted(told)[1]


def test_an_item_that_a_running_sprint_took_up_meanwhile_is_not_planned_twice(
    world,
    items,
    team,
    scenario,
):
    plan = plan_of(world, scenario)
    title = next(iter(planned(plan)))
    running = delivery.sprint_create(by=world.owner, team=team, start_date=localdate())
    delivery.sprint_add(by=world.owner, sprint=running, item=items[title])
    delivery.sprint_start(by=world.owner, sprint=running)
    plan = do.plan_commit(by=world.owner, plan=plan)
    assert plan.details["written"]["running_meanwhile"] == [items[title].key]
    assert [n for n, names in contents(team).items() if title in names] == [running.number]


def test_two_people_committing_at_once_are_told_of_each_other(world, scenario):
    other = scenarios.scenario_copy(by=world.technical, scenario=scenario, name="Debt push")
    hers, his = plan_of(world, scenario), plan_of(world, other)
    do.plan_commit(by=world.technical, plan=his)
    with pytest.raises(CommitConflict) as conflict:
        do.plan_commit(by=world.owner, plan=hers)
    assert conflict.value.status == 409
    assert conflict.value.other == his
    assert conflict.value.current.version == his.pk
    assert conflict.value.yours == hers.pk
    for name in ("Debt push", "Next", world.technical.name):
        assert name in conflict.value.message
    hers.refresh_from_db()
    assert hers.committed_at is None
    assert committed_plan(world.product) == his
    do.plan_commit(by=world.owner, plan=hers, over=his.pk)
    assert committed_plan(world.product) == hers


@pytest.mark.django_db(transaction=True)
def test_of_two_who_commit_in_the_same_moment_one_is_told_of_the_other(
    world, team, scenario, tmp_path
):
    other = scenarios.scenario_copy(by=world.technical, scenario=scenario, name="Debt push")
    rules.rule_set(
        by=world.owner, scenario=other, kind="must_not", item=backlog_item(world, "Book")
    )
    hers, his = plan_of(world, scenario), plan_of(world, other)

    def seen():
        committed = committed_plan(world.product)
        turns = Plan.objects.filter(pk__in=[hers.pk, his.pk]).exclude(committed_at=None).count()
        return committed.pk, turns, contents(team), wanted(committed)

    *outcomes, after = at_once(
        tmp_path,
        lambda: do.plan_commit(by=world.owner, plan=hers),
        lambda: do.plan_commit(by=world.technical, plan=his),
        then=seen,
    )
    (won,) = (one for one in outcomes if isinstance(one, Plan))
    (told,) = (one for one in outcomes if isinstance(one, CommitConflict))
    assert told.other.pk == won.pk
    assert {told.yours, won.pk} == {hers.pk, his.pk}
    assert after[:2] == (won.pk, 1)
    assert after[2] == after[3]


def test_an_item_deleted_between_solve_and_commit_is_named_and_can_be_left_out(
    world,
    items,
    team,
    scenario,
):
    plan = plan_of(world, scenario)
    title = next(iter(planned(plan)))
    backlog.item_delete(by=world.owner, item=items[title])
    with pytest.raises(CommitConflict, match="deleted since") as conflict:
        do.plan_commit(by=world.owner, plan=plan)
    assert conflict.value.gone == [items[title].key]
    assert not Sprint.objects.exists()
    plan = do.plan_commit(by=world.owner, plan=plan, without_deleted=True)
    assert plan.details["written"]["deleted_meanwhile"] == [items[title].key]
    assert title not in {name for names in contents(team).values() for name in names}


def test_the_api_answers_409_with_both_plans(world, scenario):
    other = scenarios.scenario_copy(by=world.technical, scenario=scenario, name="Debt push")
    hers, his = plan_of(world, scenario), plan_of(world, other)
    technical, owner = Caller(world.technical), Caller(world.owner)
    path = "/products/FERRY/plans/{}/commitment"
    assert technical("POST", path.format(his.pk)).status_code == 200
    refused = owner("POST", path.format(hers.pk))
    assert refused.status_code == 409
    problem = refused.json()
    assert problem["current"]["version"] == his.pk
    assert problem["yours"]["version"] == hers.pk
    done = owner("POST", path.format(hers.pk), {"over": his.pk})
    assert done.json()["written"]["added"] >= 0
    assert done.json()["committed_at"]


def test_a_solve_stopped_before_it_began_leaves_nothing(world, scenario):
    plan = Plan.objects.create(scenario=scenario, asked_by=world.owner, asked_at=now())
    with pytest.raises(PermissionRefused):
        do.plan_cancel(by=world.viewer, plan=plan)
    stopped = do.plan_cancel(by=world.developer, plan=plan)
    assert stopped.state == PlanState.CANCELLED
    assert world.developer.name in stopped.message
    with pytest.raises(Refused, match="not being solved"):
        do.plan_cancel(by=world.owner, plan=plan)
    with pytest.raises(Refused, match="Only a solved plan"):
        do.plan_commit(by=world.owner, plan=plan)


def test_accepting_is_a_step_before_committing_and_changes_no_sprint(world, scenario):
    plan = plan_of(world, scenario)
    with pytest.raises(PermissionRefused):
        do.plan_accept(by=world.developer, plan=plan)
    do.plan_accept(by=world.technical, plan=plan)
    do.plan_accept(by=world.technical, plan=plan)
    assert accepted_plan(scenario) == plan
    assert not Sprint.objects.exists()
    assert Event.objects.filter(verb="plan.accepted").count() == 1


def test_the_scenario_with_the_committed_plan_stays(world, scenario):
    spare = scenarios.scenario_copy(by=world.owner, scenario=scenario, name="Spare")
    do.plan_commit(by=world.owner, plan=plan_of(world, scenario))
    with pytest.raises(Refused, match="holds the committed plan"):
        scenarios.scenario_delete(by=world.owner, scenario=scenario)
    scenarios.scenario_delete(by=world.owner, scenario=spare)
    assert not Plan.objects.filter(scenario_id=spare.pk).exists()


def test_a_sprint_of_holidays_is_made_with_no_capacity(world, team, scenario):
    scenarios.capacity_set(
        by=world.owner, scenario=scenario, team=team, sprint=1, capacity="0", reason="Summer"
    )
    plan = do.plan_commit(by=world.owner, plan=plan_of(world, scenario))
    assert set(planned(plan).values()) == {2}
    made = team.sprints.get(number=1)
    assert (made.capacity, made.state) == (0, SprintState.PLANNED)


def test_a_plan_without_any_capacity_is_refused_in_words(world, team, scenario):
    for sprint in (1, 2):
        scenarios.capacity_set(
            by=world.owner, scenario=scenario, team=team, sprint=sprint, capacity=0
        )
    with pytest.raises(Refused, match="no capacity in any sprint"):
        do.plan_ask(by=world.owner, scenario=scenario)
