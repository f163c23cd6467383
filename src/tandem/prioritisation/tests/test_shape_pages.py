"""The model editor's pages and those that ask for weights."""

import re

import pytest
from django.test import Client
from django.urls import reverse

from tandem.prioritisation.models import ModelVersion, ScoringCriterion, WeightAnswers
from tandem.prioritisation.operations import model_create, weights_set
from tandem.prioritisation.tests.rated_world import make_item, make_items, make_model, rate_fully


@pytest.fixture
def model(world):
    return make_model(world)


def address(world, name, **at):
    here = {"workspace": world.product.workspace.slug, "product": world.product.key}
    return reverse(f"prioritisation:{name}", kwargs={**here, **at})


def signed_in(member) -> Client:
    client = Client()
    client.force_login(member.user)
    return client


def weights_of(model):
    rows = ScoringCriterion.objects.filter(model=model)
    return {f"weight-{each.slug}": f"{each.weight:g}" for each in rows}


class TestEditor:
    def test_criteria_are_put_in_order_as_lists_send_it(self, world, model):
        def order():
            rows = ScoringCriterion.objects.filter(model=model, removed_at=None)
            return list(rows.values_list("slug", flat=True))

        client, first = signed_in(world.owner), order()
        text = client.get(address(world, "model-shape", pk=model.pk)).content.decode()
        assert f'data-reorder="{address(world, "criteria-order", pk=model.pk)}"' in text
        assert f'data-row="{first[0]}"' in text
        there, live = address(world, "criteria-order", pk=model.pk), {"HX-Request": "true"}
        sent = {"item": first[0], "after": first[2]}
        assert client.post(there, sent, headers=live).status_code == 204
        assert order() == [first[1], first[2], first[0], *first[3:]]
        assert client.post(there, {"item": first[0], "after": ""}).status_code == 302
        assert order() == first
        assert client.post(there, {"item": first[0], "after": "gone"}).status_code == 422

    def test_a_model_is_copied_on_its_page(self, world, model):
        client = signed_in(world.owner)
        assert "Copy this model" in client.get(address(world, "models")).content.decode()
        made = client.post(address(world, "model-copy", pk=model.pk), follow=True)
        assert f"{model.name}, copy was made" in made.content.decode()

    def test_it_shows_the_formula_the_criteria_and_real_items(self, world, model):
        for item in make_items(world, 2, estimate_likely=3):
            rate_fully(world, item, 4, 3)
        page = signed_in(world.owner).get(address(world, "model-shape", pk=model.pk))
        text = page.content.decode()
        assert page.status_code == 200
        assert "place(customer_value)" in text
        assert f"{world.product.key}-2" in text
        assert "Go back to version" not in text

    def test_formula_and_weights_are_saved_together(self, world, model):
        sent = weights_of(model) | {
            "formula_kind": "custom",
            "formula_text": "benefit = customer_value * urgency\r\nbenefit / effort",
            "score_unit": "smiles per day",
            "weight-urgency": "4",
            "version": "1",
        }
        answer = signed_in(world.owner).post(address(world, "model-shape", pk=model.pk), sent)
        assert answer.status_code == 302
        model.refresh_from_db()
        assert model.formula_text == "benefit = customer_value * urgency\nbenefit / effort"
        assert model.criteria.get(slug="urgency").weight == 4
        old = signed_in(world.technical).post(address(world, "model-shape", pk=model.pk), sent)
        assert old.status_code == 409
        assert world.owner.name in old.content.decode()

    def test_an_error_shows_the_caret_and_keeps_what_was_typed(self, world, model):
        sent = weights_of(model) | {"formula_kind": "custom", "formula_text": "urgency * (effort"}
        answer = signed_in(world.owner).post(address(world, "model-shape", pk=model.pk), sent)
        text = answer.content.decode()
        assert answer.status_code == 422
        assert "          ^" in text
        assert text.count("urgency * (effort") >= 2
        assert ModelVersion.objects.filter(model=model).count() == 1

    def test_the_preview_answers_without_saving(self, world, model):
        rate_fully(world, make_item(world, "Seats", estimate_likely=2), 4, 3)
        where = address(world, "model-preview", pk=model.pk)
        sent = {"formula_kind": "custom", "formula_text": "reach + effort"}
        text = signed_in(world.viewer).post(where, sent).content.decode()
        assert "nothing is called reach" in text
        text = signed_in(world.viewer).post(where, sent | {"formula_text": "urgency + effort"})
        assert "mixed units" in text.content.decode()
        assert ModelVersion.objects.filter(model=model).count() == 1

    def test_a_criterion_is_added_moved_changed_taken_out_and_back(self, world, model):
        client = signed_in(world.technical)
        new = {
            "name": "Joy",
            "lens": "value",
            "low": "1",
            "high": "5",
            "anchors": "1: No.\n5: Yes.",
        }
        assert client.post(address(world, "criterion-new", pk=model.pk), new).status_code == 302
        at = {"pk": model.pk, "slug": "joy"}
        client.post(address(world, "criterion-place", **at), {"to": "up"})
        client.post(address(world, "criterion-save", **at), {"question": "Do they smile?"})
        joy = model.criteria.get(slug="joy")
        assert (joy.position, joy.question) == (5, "Do they smile?")
        client.post(address(world, "criterion-out", **at))
        text = client.get(address(world, "model-shape", pk=model.pk)).content.decode()
        assert "Bring back Joy" in text
        client.post(address(world, "criterion-back", **at))
        joy.refresh_from_db()
        assert joy.removed_at is None

    def test_a_model_without_effort_can_be_given_one(self, world):
        ice = model_create(by=world.owner, product=world.product, preset="ice")
        client = signed_in(world.owner)
        assert b"it is the effort" in client.get(address(world, "model-shape", pk=ice.pk)).content
        new = {"name": "Days", "kind": "effort", "lens": "technical", "low": "1", "high": "90"}
        new |= {"spacing": "log", "direction": "higher", "unit": "days"}
        assert client.post(address(world, "criterion-new", pk=ice.pk), new).status_code == 302
        sent = weights_of(ice) | {"formula_kind": "custom", "formula_text": "impact / effort"}
        assert client.post(address(world, "model-shape", pk=ice.pk), sent).status_code == 302

    @pytest.mark.parametrize("name", ["criterion-new", "criterion-save", "criterion-out"])
    def test_a_refusal_stands_beside_what_it_is_about(self, world, model, name):
        at = {"pk": model.pk} | ({} if name == "criterion-new" else {"slug": "effort"})
        sent = {"name": "Joy", "lens": "value", "low": "5", "high": "1"}
        answer = signed_in(world.owner).post(address(world, name, **at), sent)
        assert answer.status_code == 422
        assert answer.content.decode().count('class="notice notice-bad"') == 1

    def test_going_back_undoes_a_change(self, world, model):
        weights_set(by=world.owner, model=model, weights={"urgency": 9})
        client = signed_in(world.owner)
        assert (
            b"Go back to version 1"
            in client.get(address(world, "model-shape", pk=model.pk)).content
        )
        client.post(address(world, "version-back", pk=model.pk, number=1))
        assert model.criteria.get(slug="urgency").weight == 1

    def test_a_save_offers_to_be_undone_until_somebody_else_saves(self, world, model):
        client = signed_in(world.owner)
        at = {"pk": model.pk, "slug": "urgency"}
        page = client.post(address(world, "criterion-save", **at), {"name": "Haste"}, follow=True)
        undo = re.search(r'data-undo="([^"]+)"', page.content.decode())
        assert undo is not None
        weights_set(by=world.technical, model=model, weights={"feasibility": 9})
        assert client.post(undo[1]).status_code == 409
        assert model.criteria.get(slug="urgency").name == "Haste"
        page = client.post(address(world, "criterion-save", **at), {"name": "Hurry"}, follow=True)
        undo = re.search(r'data-undo="([^"]+)"', page.content.decode())
        assert client.post(undo[1]).status_code == 302
        assert model.criteria.get(slug="urgency").name == "Haste"
        assert model.criteria.get(slug="feasibility").weight == 9

    def test_who_may_not_shape_reads_it(self, world, model):
        client = signed_in(world.viewer)
        text = client.get(address(world, "model-shape", pk=model.pk)).content.decode()
        assert "Save formula" not in text
        assert client.post(address(world, "model-shape", pk=model.pk), {}).status_code == 403

    def test_musts_over_the_cap_are_a_warning_with_numbers(self, world):
        must = model_create(by=world.owner, product=world.product, preset="moscow")
        make_item(world, "Seats", estimate_likely=9)
        text = (
            signed_in(world.owner).get(address(world, "model-shape", pk=must.pk)).content.decode()
        )
        assert "of the effort planned" in text or "No Must" in text


class TestAsking:
    def ask(self, world, model, way, sent=None, query=""):
        where = address(world, "weigh", pk=model.pk, way=way)
        client = signed_in(world.owner)
        return client.get(where + query) if sent is None else client.post(where, sent)

    def test_best_and_worst_in_two_steps_and_applied(self, world, model):
        first = self.ask(world, model, "best_worst", query="?scope=value").content.decode()
        assert "Which counts most?" in first
        chosen = "?scope=value&best=customer_value&worst=urgency"
        second = self.ask(world, model, "best_worst", query=chosen).content.decode()
        assert "Customer value against Urgency" in second
        sent = {
            "scope": "value",
            "best": "customer_value",
            "worst": "urgency",
            "to_others-strategic_fit": "2",
            "to_others-urgency": "8",
            "to_worst-strategic_fit": "5",
        }
        assert self.ask(world, model, "best_worst", sent).status_code == 302
        row = WeightAnswers.objects.get()
        text = self.ask(world, model, "best_worst", query="?scope=value").content.decode()
        assert "61 %" in text
        client = signed_in(world.owner)
        client.post(address(world, "weights-apply", pk=model.pk, answers=row.pk))
        assert model.criteria.get(slug="urgency").weight == pytest.approx(6 * 0.0714, abs=1e-3)

    def test_every_pair(self, world, model):
        sent = {
            "scope": "value",
            "pair-customer_value-strategic_fit": "3",
            "pair-customer_value-urgency": "5",
            "pair-strategic_fit-urgency": "1/3",
        }
        assert self.ask(world, model, "ahp", sent).status_code == 302
        text = self.ask(world, model, "ahp", query="?scope=value").content.decode()
        assert "Consistency ratio" in text
        del sent["pair-customer_value-urgency"]
        assert self.ask(world, model, "ahp", sent).status_code == 422

    def test_pairs_one_by_one_and_back(self, world, model):
        sent = {"first": "urgency", "second": "feasibility", "preferred": "feasibility"}
        for _ in range(2):
            self.ask(world, model, "pairs", sent)
        assert b"2 answered" in self.ask(world, model, "pairs").content
        self.ask(world, model, "pairs", {"undo": "1"})
        assert b"1 answered" in self.ask(world, model, "pairs").content
        assert (
            self.ask(world, model, "pairs", {"first": "urgency", "second": "x"}).status_code == 422
        )

    def test_the_past_says_when_it_knows_too_little(self, world, model):
        assert b"no occasion yet" in self.ask(world, model, "past").content

    def test_one_criterion_is_all_the_weight(self, world):
        ice = model_create(by=world.owner, product=world.product, preset="ice")
        answer = self.ask(world, ice, "ahp", query="?scope=technical")
        assert answer.status_code == 422
        assert b"one criterion is all the weight" in answer.content

    def test_an_unknown_way_is_nowhere(self, world, model):
        assert self.ask(world, model, "dice").status_code == 404
