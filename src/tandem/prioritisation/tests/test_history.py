"""Past orders, what moved, sequences and what-ifs: pages and calculations."""

import datetime

import pytest
from django.utils import timezone

from tandem.accounts.tests.caller import Caller
from tandem.backlog.operations import dependency_add, item_delete, item_update
from tandem.core import forgetting
from tandem.core.models import Event
from tandem.prioritisation import calculations_history, fields
from tandem.prioritisation.calculations import model_in_force, ranking_for
from tandem.prioritisation.calculations_history import compared, movement, ranking_then, then
from tandem.prioritisation.calculations_whatif import agreements_of, overtaking_of, sequence_of
from tandem.prioritisation.models import ModelVersion, Rating, ScoringModel
from tandem.prioritisation.operations import model_create, model_formula_set, weights_set
from tandem.prioritisation.orders import orders_of
from tandem.prioritisation.tests.rated_world import make_item, make_model, rate, rate_fully
from tandem_engine.prioritisation import Field, compare

DAY = datetime.timedelta(days=1)


def days_ago(world, days):
    """Move everything that happened until now so many days back."""
    back = DAY * days
    for item in world.product.items.all():
        item.__class__.objects.filter(pk=item.pk).update(created_at=item.created_at - back)
    for row in Rating.objects.all():
        ended = row.superseded_at and row.superseded_at - back
        Rating.objects.filter(pk=row.pk).update(rated_at=row.rated_at - back, superseded_at=ended)
    for event in Event.objects.all():
        forgetting.reword(Event.objects.filter(pk=event.pk), at=event.at - back)
    for version in ModelVersion.objects.all():
        ModelVersion.objects.filter(pk=version.pk).update(at=version.at - back)
    for model in ScoringModel.objects.all():
        ScoringModel.objects.filter(pk=model.pk).update(created_at=model.created_at - back)


@pytest.fixture
def rated(world):
    model = make_model(world)
    items = [make_item(world, title, estimate_likely=5) for title in ("Book", "Pay")]
    rate_fully(world, items[0], 3, 3)
    rate_fully(world, items[1], 4, 3)
    return model, items


def scores(ranking):
    return {score.key: score.score for score in ranking.scores}


def test_a_past_ranking_is_the_one_that_was_shown_then(world, rated):
    model, (book, pay) = rated
    before = scores(ranking_for(world.product, model_in_force(world.product))[0])
    days_ago(world, 10)
    rate(world, world.owner, book, customer_value=5, urgency=5)
    item_update(by=world.owner, item=pay, estimate_likely=13)
    weights_set(by=world.owner, model=model, weights={"feasibility": 7})
    make_item(world, "New")
    item_delete(by=world.owner, item=pay)
    found = then(world.product, timezone.now() - 5 * DAY)
    assert {key: pytest.approx(score) for key, score in before.items()} == {
        each.key: each.score_before for each in movement(found, found).items
    }
    today = then(world.product, timezone.now())
    now = scores(ranking_for(world.product, model_in_force(world.product))[0])
    assert {each.key: each.score_after for each in movement(today, today).items} == {
        key: pytest.approx(score) for key, score in now.items()
    }


def test_it_says_which_input_moved_an_item(world, rated):
    _, (book, _) = rated
    days_ago(world, 10)
    rate(world, world.owner, book, customer_value=5)
    found = movement(
        then(world.product, timezone.now() - 5 * DAY), then(world.product, timezone.now())
    )
    moved = {each.key: each for each in found.items}[book.key]
    assert moved.main_cause == "value"
    assert [each.who for each in moved.changes] == [world.owner.name]
    assert sum(share for _, share in moved.shares) == pytest.approx(
        moved.score_after - moved.score_before
    )


def test_it_says_what_each_rating_weight_and_estimate_did_and_who_gave_it(world, rated, client):
    model, (book, pay) = rated
    days_ago(world, 40)
    rate(world, world.owner, book, customer_value=5)
    item_update(by=world.technical, item=pay, estimate_likely=13)
    weights_set(by=world.owner, model=model, weights={"feasibility": 7})
    path = f"/products/{world.product.key}/ranking/movement"
    told = Caller(world.viewer)("GET", path).json()
    today = timezone.now().astimezone(world.workspace.zone).date().isoformat()
    items = {each["key"]: each for each in told["items"]}
    moved = items[book.key]
    rating = next(each for each in moved["changes"] if each["cause"] == "value")
    assert (rating["who"], rating["at"]) == (world.owner.name, today)
    assert rating["share"] > 0
    weight = next(each for each in moved["changes"] if each["cause"] == "model")
    assert weight["what"] == "Weight of Feasibility"
    assert (weight["who"], weight["at"]) == (world.owner.name, today)
    estimate = next(each for each in items[pay.key]["changes"] if each["cause"] == "estimates")
    assert (estimate["who"], estimate["at"]) == (world.technical.name, today)
    for each in told["items"]:
        score = each["score_after"] - each["score_before"]
        assert sum(part["share"] for part in each["changes"]) == pytest.approx(score)
        won = sum(part["places"] for part in each["changes"]) + each["others"]
        assert won == pytest.approx(each["rank_before"] - each["rank_after"])
    client.force_login(world.viewer.user)
    page = client.get(address(world, "history")).content.decode()
    assert "Weight of Feasibility by Petra" in page.replace(world.owner.name, "Petra")
    assert f"items/{book.key}/moved/" in page
    why = client.get(address(world, f"items/{book.key}/moved"), headers={"HX-Request": "true"})
    text = why.content.decode()
    assert "Weight of Feasibility" in text
    assert "by what happened to other items" in text
    new = make_item(world, "New")
    none = client.get(address(world, f"items/{new.key}/moved")).content.decode()
    assert "New in the ranking" in none


def test_a_comparison_is_worked_out_once_and_anew_when_something_changed(world, rated, monkeypatch):
    _, (book, _) = rated
    days_ago(world, 10)
    asked = []
    monkeypatch.setattr(
        calculations_history, "compare", lambda *states: asked.append(states) or compare(*states)
    )
    today = timezone.now().astimezone(world.workspace.zone).date()
    first = [compared(world.product, today - 5 * DAY, today) for _ in range(2)]
    assert len(asked) == 1
    assert first[0] == first[1]
    rate(world, world.owner, book, urgency=5)
    assert compared(world.product, today - 5 * DAY, today) != first[0]
    assert len(asked) == 2


def address(world, name):
    return f"/w/{world.workspace.slug}/{world.product.key}/prioritise/{name}/"


def test_the_history_page_shows_both_days_and_refuses_nonsense(world, rated, client):
    _, (book, _) = rated
    days_ago(world, 40)
    rate(world, world.owner, book, customer_value=5, strategic_fit=5, urgency=5)
    client.force_login(world.viewer.user)
    text = client.get(address(world, "history")).content.decode()
    assert "2 items changed places" in text
    assert "Up from 2 to 1" in text
    assert client.get(address(world, "history"), {"at": "2999-01-01"}).status_code == 422
    assert "is no date" in client.get(address(world, "history"), {"at": "x"}).content.decode()
    long_ago = client.get(address(world, "history"), {"at": "2001-01-01", "to": "2001-02-01"})
    assert "There was nothing to rank" in long_ago.content.decode()


def test_the_sequence_keeps_prerequisites_and_shows_what_rules_cost(world, rated, client):
    _, (book, pay) = rated
    dependency_add(by=world.owner, from_item=book, to_item=pay, kind="blocks")
    found = sequence_of(world.product, model_in_force(world.product))
    assert found.found.order == (book.key, pay.key)
    assert found.found.is_exact
    client.force_login(world.viewer.user)
    text = client.get(address(world, "sequence")).content.decode()
    assert "As it stands" in text
    assert "No order that keeps the prerequisites" in text


def test_the_what_if_page_names_conditions_and_weights(world, rated, client):
    _, (book, pay) = rated
    found = overtaking_of(world.product, model_in_force(world.product), book, pay)
    assert (found.challenger, found.leader) == (book.key, pay.key)
    client.force_login(world.viewer.user)
    text = client.get(address(world, "what-if")).content.decode()
    assert f"{book.key} overtakes {pay.key} with" in text
    assert "How steady the order is" in text
    assert client.get(address(world, "what-if"), {"a": "NO-1"}).status_code == 422
    same = client.get(address(world, "what-if"), {"a": book.key, "b": book.key})
    assert "two different items" in same.content.decode()


def test_agreement_is_told_where_several_rated(world, rated):
    _, (book, pay) = rated
    rate(world, world.admin, book, customer_value=3)
    rate(world, world.admin, pay, customer_value=4)
    found = {
        each.scope: each for each in agreements_of(world.product, model_in_force(world.product))
    }
    assert found["customer_value"].interval == 1
    assert found["technical"].interval is None


@pytest.mark.parametrize("name", ["history", "sequence", "what-if", "agenda"])
def test_an_empty_product_gets_a_page(world, client, name):
    client.force_login(world.owner.user)
    assert client.get(address(world, name)).status_code == 200


def test_a_past_ranking_reads_further_numbers_as_they_are_today(world):
    model, item = make_model(world), make_item(world, "A")
    wants = fields.Source(
        lambda product: [Field("wants", "Wants", "votes", low=0)],
        lambda product, ids: {item.pk: {"wants": 4}},
    )
    fields.register(wants)
    try:
        model_formula_set(by=world.owner, model=model, formula_text="wants + 0 * urgency")
        past = ranking_then(then(world.product, timezone.now()))
        assert scores(past) == {item.key: 4}
    finally:
        fields.unregister(wants)


def test_the_ranking_as_of_a_day_has_todays_form(world, rated):
    _, (book, pay) = rated
    ask = Caller(world.viewer)
    path = f"/products/{world.product.key}/ranking"
    today = timezone.now().date()
    past = ask("GET", f"{path}?as_of={today}").json()
    # A past day is simulated with fewer orders, and says so.
    assert past | {"rank_draws": 10_000} == ask("GET", path).json()
    days_ago(world, 10)
    rate_fully(world, book, 5, 5)
    past = ask("GET", f"{path}?as_of={today - 5 * DAY}").json()
    assert [each["key"] for each in past["items"]] == [pay.key, book.key]
    assert [each["key"] for each in ask("GET", path).json()["items"]] == [book.key, pay.key]
    assert ask("GET", f"{path}?as_of=2999-01-01").status_code == 422


def test_the_api_answers_the_same(world, rated):
    _, (book, pay) = rated
    ask = Caller(world.viewer)
    path = f"/products/{world.product.key}/ranking"
    today = timezone.now().date().isoformat()
    past = ask("GET", f"{path}/as-of?at={today}").json()
    assert [each["key"] for each in past["items"]] == [pay.key, book.key]
    assert past["items"][0]["p_top"] == 1
    assert ask("GET", f"{path}/movement?at={today}").json()["items"] == []
    overtaking = ask("GET", f"{path}/overtaking?a={book.key}&b={pay.key}").json()
    assert overtaking["challenger"] == book.key
    assert overtaking["possible"][0]["sentence"]
    assert {each["slug"] for each in ask("GET", f"{path}/sensitivity").json()}
    assert ask("GET", f"{path}/sequence").json()["is_exact"]
    assert ask("GET", f"{path}/agreement").json()[0]["interval"] is None
    assert ask("GET", f"{path}/as-of?at=never").status_code == 422


def test_totals_edges_and_needed_values_open_what_they_follow_from(world, rated, client):
    _model, (book, pay) = rated
    client.force_login(world.viewer.user)
    text = client.get(address(world, "sequence")).content.decode()
    assert "sequence/why/" in text
    found = sequence_of(world.product, model_in_force(world.product))
    why = client.get(address(world, "sequence/why")).content.decode()
    assert "benefit × time until it is done" in why
    assert all(key in why for key in found.found.order)
    name, cost, slots = found.slots_of(0)
    assert sum(slot.cost for slot in slots) == pytest.approx(cost)
    other = client.get(address(world, "sequence/why"), {"rule": "0"}).content.decode()
    assert name.lower() in other.lower()
    assert client.get(address(world, "sequence/why"), {"rule": "99"}).status_code == 404
    text = client.get(address(world, "what-if")).content.decode()
    assert "what-if/needed/" in text
    pair = {"a": book.key, "b": pay.key}
    needed = client.get(
        address(world, "what-if/needed"), pair | {"slug": "customer_value", "of": book.key}
    ).content.decode()
    assert f"{book.key} and {pay.key} score the same" in needed
    none = client.get(address(world, "what-if/needed"), pair | {"slug": "nothing"})
    assert "No value of this input alone" in none.content.decode()
    weight = client.get(address(world, "what-if/weights/customer_value")).content.decode()
    assert "this weight changed and no other" in weight
    assert client.get(address(world, "what-if/weights/nothing")).status_code == 404


def test_every_order_stands_beside_the_consensus_on_the_page_and_over_the_api(world, rated, client):
    _, (book, pay) = rated
    assert orders_of(world.product, model_in_force(world.product)).rows[0].key == pay.key
    path = f"/products/{world.product.key}/ranking/orders"
    told = Caller(world.viewer)("GET", path).json()
    assert [each["key"] for each in told["items"]] == [pay.key, book.key]
    first = told["items"][0]
    assert (first["value"], first["model"], first["consensus"], first["topsis"]) == (1, 1, 1, 1)
    client.force_login(world.viewer.user)
    text = client.get(address(world, "differences")).content.decode()
    assert "The order of both" in text
    assert "TOPSIS compares" in text


def test_moscow_says_on_the_ranking_and_over_the_api_what_the_musts_take(world, client):
    make_item(world, "Must", estimate_likely=5)
    model = model_create(by=world.owner, product=world.product, preset="moscow")
    client.force_login(world.viewer.user)
    page = f"/w/{world.workspace.slug}/{world.product.key}/prioritise/"
    said = client.get(page, {"model": str(model.pk)}).content.decode()
    path = f"/products/{world.product.key}/ranking"
    told = Caller(world.viewer)("GET", f"{path}?model={model.pk}").json()
    assert told["effort_caps"] in said.replace("&#39;", "'")
    assert told["effort_caps_broken"] in (True, False)
    assert Caller(world.viewer)("GET", f"{path}?model=rice").json()["effort_caps"] is None
