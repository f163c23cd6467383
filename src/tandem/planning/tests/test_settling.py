"""Settling disputes on the agenda: the values are kept, and the plan changes as predicted."""

import pytest
from django.utils import timezone

from tandem.accounts.tests.caller import Caller
from tandem.core.errors import Refused
from tandem.planning.models import Frontier, Plan
from tandem.planning.operations.settling import dispute_settle
from tandem.planning.queries_agenda import agenda_shown, settled_shown
from tandem.planning.queries_plan import newest_solved
from tandem.planning.tests.plan_world import plan_of
from tandem.planning.tests.test_agenda import agenda_of, disputed  # noqa: F401
from tandem.prioritisation.models import Rating, RatingSession


@pytest.fixture
def decisive(world, disputed, scenario):  # noqa: F811
    found = agenda_of(world, scenario).found["decisive"]
    items = {item.key: item for item in disputed.values()}
    return [(items[each["key"]], each) for each in found]


def address(world, page=""):
    return f"/w/{world.workspace.slug}/{world.product.key}/prioritise/agenda/{page}"


def test_each_side_taken_changes_the_plan_as_predicted(world, decisive, scenario):
    item, verdict = decisive[0]
    ending = next(each for each in verdict["endings"] if each["enters"])
    entry = dispute_settle(
        by=world.owner,
        scenario=scenario,
        item=item,
        towards=ending["label"],
        reason="Talked about it.",
    )
    assert entry.locked_at
    assert entry.session.state == "closed"
    agreed = Rating.objects.current().filter(item=item, agreed_in=entry)
    assert {each.note for each in agreed} == {"Talked about it."}
    before = settled_shown(newest_solved(scenario))
    assert (before.predicted, before.happened) == (True, None)
    plan = plan_of(world, scenario)
    after = settled_shown(plan)
    assert after.as_predicted
    assert after.happened == (sorted(ending["enters"]), sorted(ending["leaves"]))
    plan_of(world, scenario)
    assert settled_shown(newest_solved(scenario)) is None


def test_several_settled_together_change_the_plan_as_predicted(world, decisive, scenario, client):
    # Each prediction alone says something else than both: they want the same seven days.
    for item, verdict in decisive[:2]:
        ending = next(each for each in verdict["endings"] if each["enters"])
        dispute_settle(
            by=world.owner, scenario=scenario, item=item, towards=ending["label"], reason="So."
        )
    before = settled_shown(newest_solved(scenario))
    assert before.together["keys"] == sorted(item.key for item, _ in decisive[:2])
    assert before.together["proven"]
    client.force_login(world.owner.user)
    assert "Predicted for all of them together" in client.get(address(world)).content.decode()
    plan_of(world, scenario)
    after = settled_shown(newest_solved(scenario))
    assert after.as_predicted
    path = f"/products/{world.product.key}/agenda/settlements"
    told = Caller(world.viewer)("GET", path).json()
    assert told["together"]["enters"] == told["entered"]
    assert told["as_predicted"]


def test_the_page_settles_solves_and_says_what_happened(world, decisive, scenario, client):
    item, verdict = decisive[0]
    ending = next(each for each in verdict["endings"] if each["enters"])
    client.force_login(world.owner.user)
    form = {"scenario": scenario.pk, "item": item.key, "towards": ending["label"]}
    refused = client.post(address(world, "settlements/"), form)
    assert refused.status_code == 422
    assert "Say why" in refused.content.decode()
    assert client.post(address(world, "settlements/"), form | {"reason": "So."}).status_code == 302
    text = client.get(address(world)).content.decode()
    assert "Predicted alone" in text
    assert "Solve the plan again" in text
    assert client.post(address(world, "solve/"), {"scenario": scenario.pk}).status_code == 302
    assert "The plan changed as predicted." in client.get(address(world)).content.decode()
    path = f"/products/{world.product.key}/agenda/settlements"
    told = Caller(world.viewer)("GET", path).json()
    assert told["as_predicted"]
    assert told["entered"] == ending["enters"]
    client.force_login(world.viewer.user)
    assert "Settle it" not in client.get(address(world)).content.decode()


def test_the_differences_say_what_changes_the_plan_and_where_fair_plans_stand(
    world, decisive, scenario, client
):
    client.force_login(world.viewer.user)
    page = f"/w/{world.workspace.slug}/{world.product.key}/prioritise/differences/"
    text = client.get(page).content.decode()
    assert "Meeting in the middle" in text
    assert "it is not worked out yet" in text
    assert f"{address(world)}?scenario={scenario.pk}" in text
    Frontier.objects.create(
        scenario=scenario,
        kind="lenses",
        state="ready",
        asked_at=timezone.now(),
        details={"marks": {"nash": 2}, "sentences": {"nash": ["Nash.", "Value gives up 3."]}},
    )
    assert "Value gives up 3." in client.get(page).content.decode()


def test_the_page_looks_again_while_a_worker_solves(world, decisive, scenario, client):
    item, verdict = decisive[0]
    label = verdict["endings"][0]["label"]
    dispute_settle(by=world.owner, scenario=scenario, item=item, towards=label, reason="So.")
    client.force_login(world.owner.user)
    assert "Solve the plan again" in client.get(address(world)).content.decode()
    Plan.objects.create(scenario=scenario, asked_at=timezone.now(), state="solving")
    text = client.get(address(world)).content.decode()
    assert "Solving the plan" in text
    assert "every 1s" in text
    assert "Solve the plan again" not in text


def test_another_value_stands_where_it_was_put_and_is_predicted_once_settled(
    world, decisive, scenario
):
    item, _ = decisive[0]
    ask = Caller(world.technical)
    path = f"/products/{world.product.key}/agenda/settlements"
    given = {"item": item.key, "towards": "another", "place": 50, "reason": "In between."}
    assert ask("POST", path, {**given, "place": 101}).status_code == 422
    assert ask("POST", path, {**given, "towards": "To nobody's rating"}).status_code == 422
    told = ask("POST", path, given)
    assert told.status_code == 201
    assert told.json()["settled"][0]["enters"] is None
    plan_of(world, scenario)
    assert ask("GET", path).json()["as_predicted"]
    for each in Rating.objects.current().filter(item=item).select_related("criterion"):
        assert each.value == (each.criterion.low + each.criterion.high) / 2
    with pytest.raises(Refused, match="reason"):
        dispute_settle(by=world.owner, scenario=scenario, item=item, towards="value", reason=" ")


def test_one_button_holds_a_session_on_exactly_the_decisive_items(
    world, decisive, scenario, client
):
    client.force_login(world.owner.user)
    assert "Hold a session on these" in client.get(address(world)).content.decode()
    made = client.post(address(world, "session/"), {"scenario": scenario.pk})
    session = RatingSession.objects.get()
    assert made["Location"].endswith(f"/{session.pk}/")
    keys = [entry.item.key for entry in session.entries.select_related("item__product")]
    assert keys == [each["key"] for each in agenda_shown(world.product).found["decisive"]]
    assert {world.owner.pk, world.technical.pk} <= set(
        session.raters.values_list("member_id", flat=True)
    )
