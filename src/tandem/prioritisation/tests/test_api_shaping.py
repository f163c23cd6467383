"""Shaping models and asking for weights over the REST API."""

import json

import pytest

from tandem.prioritisation.models import WeightAnswers
from tandem.prioritisation.tests.rated_world import make_item, make_model, rate_fully


@pytest.fixture
def ask(world):
    """``ask("PUT", "/formula", {…})``: a request about the product's model, as its owner."""
    model = make_model(world)
    client = world.client(world.owner)

    def asked(method, path="", body=None):
        address = f"/api/v1/products/FERRY/scoring-models/{model.pk}{path}"
        return client.generic(method, address, json.dumps(body or {}), "application/json")

    return asked


def test_a_formula_is_tried_saved_and_gone_back_from(world, ask):
    rate_fully(world, make_item(world, "Seats", estimate_likely=2), 4, 3)
    tried = ask("POST", "/formula/check", {"formula_text": "urgency +\n  efort"}).json()
    assert (tried["at"], tried["pointed"]) == (12, "  efort\n  ^^^^^")
    assert "did you mean effort?" in tried["error"]
    tried = ask("POST", "/formula/check", {"formula_text": "urgency / (effort - 1)"}).json()
    assert (tried["error"], tried["unit"]) == ("", "points per point")
    assert "can be 0" in tried["warnings"][0]["message"]
    saved = ask("PUT", "/formula", {"formula_text": "urgency / effort", "version": 1}).json()
    assert (saved["formula"], saved["version"]) == ("custom", 2)
    assert "Customer value is asked and not read: it counts in its lens only." in saved["warnings"]
    for value in (True, "3"):
        mistyped = ask("POST", "/formula/check", {"weights": {"urgency": value}})
        assert (mistyped.status_code, mistyped.json()["field"]) == (422, "weights")
    late = ask("PUT", "/formula", {"formula_text": "urgency", "version": 1})
    assert late.status_code == 409
    ranking = world.client(world.viewer).get("/api/v1/products/FERRY/ranking").json()
    assert (ranking["items"][0]["score"], ranking["no_result"]) == (2, [])
    assert [each["number"] for each in ask("GET", "/versions").json()] == [2, 1]
    back = ask("POST", "/versions/1/return").json()
    assert (back["formula"], back["version"]) == ("value_effort", 3)


def test_a_criterion_is_added_moved_taken_out_and_brought_back(ask):
    new = {"name": "Joy", "lens": "value", "low": 0, "high": 10, "anchors": [[0, "None."]]}
    made = ask("POST", "/criteria", new)
    assert (made.status_code, made.json()["slug"]) == (201, "joy")
    ask("PATCH", "/criteria/joy", {"position": 0, "weight": 2})
    assert ask("GET").json()["criteria"][0]["slug"] == "joy"
    assert ask("DELETE", "/criteria/joy").status_code == 204
    assert "joy" not in [each["slug"] for each in ask("GET").json()["criteria"]]
    assert ask("POST", "/criteria/joy/return").json()["weight"] == 2
    assert ask("PATCH", "/criteria/joy", {"low": 10}).json()["detail"].startswith("The low end")


def test_weights_are_answered_and_applied(ask):
    answers = {
        "best": "customer_value",
        "worst": "urgency",
        "to_others": {"strategic_fit": 2, "urgency": 8},
        "to_worst": {"strategic_fit": 5},
    }
    body = {"way": "best_worst", "scope": "value", "answers": answers}
    row = ask("POST", "/weights/answers", body).json()
    assert row["result"]["ratio"] == pytest.approx(2 / 56)
    model = ask("POST", f"/weights/answers/{row['id']}/application").json()
    weights = {each["slug"]: each["weight"] for each in model["criteria"]}
    assert weights["customer_value"] == pytest.approx(3.643, abs=1e-3)
    pair = {"first": "urgency", "second": "feasibility", "preferred": "feasibility"}
    assert ask("POST", "/weights/pairs", pair).json()["answers"]["asked"] == [list(pair.values())]
    assert ask("DELETE", "/weights/pairs").status_code == 204
    assert WeightAnswers.objects.count() == 1
    assert not ask("GET", "/weights/implied").json()["enough"]
    assert ask("GET", "/second-opinion").json()["tau"] is None
