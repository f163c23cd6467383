"""Each role's home shows what waits for that role, in a fixed number of queries."""

import datetime

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from tandem.accounts.operations import product_create
from tandem.backlog import operations as backlog
from tandem.backlog.models import Item, Question, Status
from tandem.backlog.operations import item_create, item_update, question_ask, statuses_ensure
from tandem.home.panels import register_all
from tandem.home.places import own_place, places_of
from tandem.home.queries import building, recent, waiting
from tandem.home.queries.lenses import differences
from tandem.home.tests.conftest import TODAY
from tandem.planning.models import Plan, PlanItem, PlanState, Scenario
from tandem.prioritisation.calculations import model_in_force
from tandem.prioritisation.models import Lens

NOON = datetime.datetime.combine(TODAY, datetime.time(12), tzinfo=datetime.UTC)


@pytest.fixture(autouse=True)
def _noon_of_the_samples_day(monkeypatch):
    """Pages ask what day it is: the sample's own, so that its record is as fresh as it was made."""
    monkeypatch.setattr(timezone, "now", lambda: NOON)


def page(filled, member, query=""):
    return filled.world.client(member).get(filled.world.address(query))


def text_of(answer) -> str:
    assert answer.status_code == 200
    return answer.content.decode()


def test_the_product_owner_sees_what_waits_for_value(filled):
    text = text_of(page(filled, filled.world.owner))
    for heading in (
        "Questions to answer",
        "Not rated for value",
        "Nobody could accept these yet",
        "Where the two lenses differ",
        "Running sprints",
        "Plan and forecast",
        "Since yesterday",
    ):
        assert heading in text
    assert "Not rated technically" not in text
    assert "wait for you." in text


def test_the_technical_pm_sees_what_waits_for_feasibility(filled):
    text = text_of(page(filled, filled.world.technical))
    for heading in (
        "Not rated technically",
        "Others wait for these",
        "Estimates to settle",
        "Open debt",
        "Where the two lenses differ",
    ):
        assert heading in text
    assert "Nobody could accept these yet" not in text


def test_a_developer_sees_their_items_the_sprint_and_their_questions(filled):
    text = text_of(page(filled, filled.world.developer))
    assert "Take card payments through the new provider" in text
    assert "Questions you asked" in text
    harbour, engine = text.index("Harbour, sprint 13"), text.index("Engine room, sprint 13")
    assert harbour < engine


def test_a_stakeholder_sees_progress_and_may_ask(filled):
    text = text_of(page(filled, filled.world.stakeholder))
    assert "Being built now" in text
    assert "Planned next" in text
    assert "Ask a question" in text
    assert "For the Technical PM" not in text


def test_a_viewer_sees_progress_and_is_not_asked_to_ask(filled):
    text = text_of(page(filled, filled.world.viewer))
    assert "Being built now" in text
    assert "Ask a question" not in text


def test_makers_may_look_at_the_other_roles_home(filled):
    text = text_of(page(filled, filled.world.owner, "?for=technical_pm"))
    assert "Not rated technically" in text
    own = text_of(page(filled, filled.world.stakeholder, "?for=technical_pm"))
    assert "Not rated technically" not in own
    assert "Being built now" in text_of(page(filled, filled.world.admin, "?for=stakeholder"))
    assert "Questions to answer" in text_of(page(filled, filled.world.owner, "?for=nonsense"))


def test_to_an_outsider_it_does_not_exist(filled):
    assert page(filled, filled.world.outsider).status_code == 404
    nobody = page(filled, None)
    assert nobody.status_code == 302
    assert "/sign-in/" in nobody["Location"]


@pytest.mark.parametrize("who", ["owner", "technical", "developer", "stakeholder"])
def test_the_number_of_queries_does_not_grow_with_the_product(filled, who):
    world = filled.world
    member = getattr(world.people, who)
    client = world.client(member)
    client.get(world.address())
    with CaptureQueriesContext(connection) as before:
        client.get(world.address())
    for number in range(12):
        item = item_create(by=world.owner, product=world.product, title=f"Another wish {number}")
        question_ask(by=world.stakeholder, item=item, text="Why?")
        item_update(by=world.owner, item=item, assignee=world.developer)
    client.get(world.address())
    with CaptureQueriesContext(connection) as after:
        client.get(world.address())
    assert abs(len(after) - len(before)) <= 2
    # On PostgreSQL the cache is a table: its answers are queries, too.
    assert len(after) <= (53 if connection.vendor == "postgresql" else 50)


def test_an_empty_product_shows_four_steps(filled):
    world = filled.world
    product_create(by=world.admin, key="NEW1", name="Night boats")
    answer = world.client(world.owner).get("/w/skerry/NEW1/")
    text = text_of(answer)
    assert "Night boats has no items yet" in text
    for step in (
        "Bring your items",
        "Rate through both lenses",
        "Solve a plan",
        "Ask for a forecast",
    ):
        assert step in text
    assert text.count("first-step-done") == 0


def test_a_product_with_items_but_nothing_else_still_has_a_home(filled):
    world = filled.world
    product = product_create(by=world.admin, key="BARE", name="Bare")
    item_create(by=world.owner, product=product, title="The first wish")
    for member in world.people.all:
        text = text_of(world.client(member).get("/w/skerry/BARE/"))
        assert "Home" in text
    text = text_of(world.client(world.owner).get("/w/skerry/BARE/"))
    assert "First steps" in text
    assert "first-step-done" in text


@pytest.fixture
def solved(filled) -> Plan:
    """Two items planned in the sample's scenario, as solving would leave them."""
    scenario = Scenario.objects.get(product=filled.world.product, name="Next four sprints")
    now = timezone.now()
    plan = Plan.objects.create(
        scenario=scenario,
        state=PlanState.SOLVED,
        status="optimal",
        value=10,
        bound=10,
        gap=0,
        asked_at=now,
        solved_at=now,
    )
    for sprint, slug in ((1, "refund-self"), (2, "brute-force")):
        item, team = filled.sample.items[slug], filled.sample.teams["Harbour"]
        PlanItem.objects.create(plan=plan, item=item, team=team, sprint=sprint, effort=3, value=5)
    return plan


def test_it_shows_the_latest_plan_and_when_the_record_says_it_is_done(filled, solved):
    text = text_of(page(filled, filled.world.owner))
    assert "2 items, proven best" in text
    assert "not committed" in text
    assert "of the simulated futures finish by" in text


def test_a_stakeholder_sees_the_plans_items_by_sprint(filled, solved):
    text = text_of(page(filled, filled.world.stakeholder))
    first = text.index("Refund a cancelled booking without a person")
    assert first < text.index("Guessing passwords is slow and seen")
    assert "which is not committed yet" in text


def test_without_a_plan_it_names_the_next_in_order(filled):
    text = text_of(page(filled, filled.world.viewer))
    assert "No plan is solved yet" in text
    assert "Ask for help at boarding when I book" in text


def test_a_question_is_answered_from_home(filled):
    world = filled.world
    question = Question.objects.filter(answered_at=None).first()
    address = world.address(f"questions/{question.pk}/answer/")
    answer = world.client(world.owner).post(address, {"answer": "Yes.", "for": "technical_pm"})
    assert answer.status_code == 302
    assert answer["Location"].endswith("?for=technical_pm")
    question.refresh_from_db()
    assert (question.answer, question.answered_by) == ("Yes.", world.owner)


def test_an_empty_answer_is_refused(filled):
    world = filled.world
    question = Question.objects.filter(answered_at=None).first()
    address = world.address(f"questions/{question.pk}/answer/")
    answer = world.client(world.owner).post(address, {"answer": "  "})
    assert answer.status_code == 422
    question.refresh_from_db()
    assert question.answered_at is None


def test_a_viewer_may_not_answer_and_an_outsider_finds_nothing(filled):
    world = filled.world
    question = Question.objects.filter(answered_at=None).first()
    address = world.address(f"questions/{question.pk}/answer/")
    assert world.client(world.viewer).post(address, {"answer": "No"}).status_code == 403
    assert world.client(world.outsider).post(address, {"answer": "No"}).status_code == 404
    foreign = f"/w/{world.outsider.workspace.slug}/FERRY/questions/{question.pk}/answer/"
    assert world.client(world.outsider).post(foreign, {"answer": "No"}).status_code == 404


def test_a_stakeholder_asks_about_an_item_named_by_its_key(filled):
    world, item = filled.world, filled.sample.items["cabin-map"]
    sent = {"about": f"{item.key} {item.title}", "text": "Is it in before summer?"}
    answer = world.client(world.stakeholder).post(world.address("questions/"), sent)
    assert answer.status_code == 302
    asked = Question.objects.get(text="Is it in before summer?")
    assert (asked.item_id, asked.asked_by) == (item.pk, world.stakeholder)


def test_asking_about_nothing_says_how_a_key_looks(filled):
    world = filled.world
    sent = {"about": "the cabin thing", "text": "When?"}
    answer = world.client(world.stakeholder).post(world.address("questions/"), sent)
    assert answer.status_code == 422
    assert "FERRY-12" in answer.content.decode()
    assert not Question.objects.filter(text="When?").exists()


def test_a_viewer_may_not_ask(filled):
    world, item = filled.world, filled.sample.items["cabin-map"]
    sent = {"about": item.key, "text": "When?"}
    assert world.client(world.viewer).post(world.address("questions/"), sent).status_code == 403


def test_unrated_items_come_in_the_backlogs_order(filled):
    model = model_in_force(filled.world.product).row
    found = waiting.unrated(filled.world.product, model, Lens.VALUE, 100)
    ranks = [each.item.rank for each in found.rows]
    assert ranks == sorted(ranks)
    assert filled.sample.items["log-noise"].pk in {each.item.pk for each in found.rows}
    assert any(each.other_at for each in found.rows)
    assert any(each.other_at is None for each in found.rows)


def test_what_holds_up_started_work_comes_first(filled):
    found = waiting.holding_up(filled.world.product, 50)
    started = [each.started for each in found.rows]
    assert started == sorted(started, reverse=True)
    blocker = next(e for e in found.rows if e.item.pk == filled.sample.items["deck-model"].pk)
    assert filled.sample.items["rebook-automatically"].pk in {each.pk for each in blocker.waiting}


def test_finished_items_hold_nobody_up(filled):
    world, item = filled.world, filled.sample.items["deck-model"]
    done = next(s for s in statuses_ensure(world.product) if s.name == "Done")
    item_update(by=world.owner, item=Item.objects.get(pk=item.pk), status=done)
    found = waiting.holding_up(world.product, 50)
    assert item.pk not in {each.item.pk for each in found.rows}


def test_missing_estimates_come_before_wide_ones(filled):
    world = filled.world
    first = item_create(by=world.owner, product=world.product, title="Unknown size", at_top=True)
    found = waiting.unsure_estimates(world.product, 50)
    assert found.rows[0].item.pk == first.pk
    assert found.rows[0].times is None
    wide = [each.times for each in found.rows if each.times]
    assert wide
    assert all(times >= waiting.WIDE for times in wide)


def test_the_lenses_differ_in_both_directions(filled):
    found = differences(filled.world.product, 6)
    assert found.compared >= 80
    assert found.value_higher >= 5
    assert found.technical_higher >= 5
    gaps = [each.value - each.technical for each in found.rows]
    assert sum(gap > 0 for gap in gaps) == 3
    assert sum(gap < 0 for gap in gaps) == 3


def test_since_yesterday_tells_others_changes_once_per_item(filled):
    world = filled.world
    rows, total = recent.since_yesterday(world.product, world.owner, TODAY, 50)
    assert total == len(rows)
    assert total >= 3
    labels = [(row.object_kind, row.label) for row in rows]
    assert len(set(labels)) == len(labels)
    assert not any("Petra" in row.sentence for row in rows)
    yesterday = TODAY - datetime.timedelta(days=1)
    assert all(row.at.date() >= yesterday for row in rows)


def test_it_tells_a_status_by_its_name(filled):
    world, item = filled.world, Item.objects.get(pk=filled.sample.items["pets"].pk)
    ready = next(s for s in statuses_ensure(world.product) if s.name == "Ready")
    item_update(by=world.owner, item=item, status=ready)
    rows, _ = recent.since_yesterday(world.product, world.technical, TODAY, 50)
    told = next(row for row in rows if row.key == item.key)
    assert told.sentence == "Petra Holm moved it to Ready"
    assert told.title == item.title


def test_a_running_sprint_counts_what_is_done(filled):
    found = building.running_sprints(filled.world.product, TODAY)
    assert [each.sprint.team.name for each in found] == ["Engine room", "Harbour"]
    for running in found:
        assert 0 < running.done < running.kept == len(running.items)
        assert 0 < running.effort_done < running.effort
        assert running.days_left > 0


def test_administrators_begin_with_the_product_owners_home(filled):
    world = filled.world
    assert own_place(world.admin) == own_place(world.owner)
    assert len(places_of(world.admin)) == 4
    assert len(places_of(world.viewer)) == 1


def test_registering_twice_shows_each_panel_once(filled):
    register_all()
    text = text_of(page(filled, filled.world.owner))
    assert text.count('id="home-questions"') == 1


def test_a_list_that_is_cut_leads_to_all_of_it(filled):
    world = filled.world
    make = {"by": world.owner, "product": world.product}
    rows = [{"title": f"Debt {number}"} for number in range(13)]
    made = backlog.items_create(**make, rows=rows).items
    started = Status.objects.filter(product=world.product, category="started").first()
    change = {"assignee": world.developer, "kind": "debt", "status": started}
    backlog.items_change(**make, items=[item.pk for item in made], change=change)
    found = set()
    for member, query in ((world.technical, ""), (world.developer, ""), (world.stakeholder, "")):
        text = text_of(page(filled, member, query))
        found |= {
            each.split('"', 1)[0].replace("&amp;", "&")
            for each in text.split('class="home-more faint"><a href="')[1:]
        }
    assert {each.split("?")[-1] for each in found} >= {
        "q=assignee%3Ame+-kind%3Aepic",
        "q=kind%3Adebt",
        "q=category%3Astarted+-kind%3Aepic",
        "q=no%3Atechnical",
    }
    for each in found:
        assert world.client(world.developer).get(each).status_code == 200
    done = f"{world.address('backlog/')}?q=category%3Adone+finished%3E%3D-14d+sort%3A-updated"
    assert world.client(world.developer).get(done).status_code == 200
