"""Prioritise over the REST API."""

import pytest

from tandem.prioritisation.models import Rating, ScoringModel
from tandem.prioritisation.tests.rated_world import make_items, make_model, rate, rate_fully

API = "/api/v1"
JSON = "application/json"


@pytest.fixture
def items(world):
    found = make_items(world, 3, estimate_likely=3)
    rate_fully(world, found[1], 5, 3)
    return found


def client(world, who):
    return world.client(getattr(world, who) if who else None)


class TestModels:
    def test_a_product_without_models_is_ranked_by_the_preset(self, world):
        (only,) = client(world, "viewer").get(f"{API}/products/FERRY/scoring-models").json()
        assert (only["id"], only["preset"], only["is_default"]) == (None, "value_effort", True)
        assert only["criteria"][0]["anchors"][0]["value"] == 1
        assert not ScoringModel.objects.exists()

    def test_one_is_made(self, world):
        address = f"{API}/products/FERRY/scoring-models"
        body = {"preset": "rice", "name": "Reach first"}
        answer = client(world, "owner").post(address, body, content_type=JSON)
        assert answer.status_code == 201
        assert answer.json()["name"] == "Reach first"

    @pytest.mark.parametrize(
        ("who", "body", "status"),
        [
            ("viewer", {"preset": "rice"}, 403),
            ("owner", {"preset": "tarot"}, 422),
            ("owner", {}, 422),
            ("outsider", {"preset": "rice"}, 201),  # theirs, not ours
            (None, {"preset": "rice"}, 401),
        ],
    )
    def test_it_refuses_with_a_problem(self, world, who, body, status):
        address = f"{API}/products/FERRY/scoring-models"
        answer = client(world, who).post(address, body, content_type=JSON)
        assert answer.status_code == status
        assert not ScoringModel.objects.filter(product=world.product).exists()


class TestRanking:
    def test_it_pages_through_the_whole_order(self, world, items):
        address = f"{API}/products/FERRY/ranking"
        keys, after = [], ""
        while after is not None:
            page = client(world, "viewer").get(address, {"limit": 2, "after": after}).json()
            keys += [each["key"] for each in page["items"]]
            after = page["next"]
        assert keys == ["FERRY-2", "FERRY-1", "FERRY-3"]
        assert "2 of 3 items rest" in page["guesses"]

    def test_it_carries_intervals_and_lenses(self, world, items):
        page = client(world, "viewer").get(f"{API}/products/FERRY/ranking").json()
        first = page["items"][0]
        assert first["low"] <= first["score"] <= first["high"]
        assert (first["value_lens"], first["guesses"]) == (100, [])

    @pytest.mark.parametrize(
        ("query", "status"),
        [
            ({"after": "xx"}, 422),
            ({"after": "WyJhIl0"}, 422),
            ({"limit": 0}, 422),
            ({"model": "tarot"}, 422),
            ({"model": "wsjf"}, 200),
        ],
    )
    def test_it_refuses_what_it_does_not_know(self, world, items, query, status):
        answer = client(world, "viewer").get(f"{API}/products/FERRY/ranking", query)
        assert answer.status_code == status

    def test_an_empty_product_has_an_empty_ranking(self, world):
        page = client(world, "viewer").get(f"{API}/products/FERRY/ranking").json()
        assert (page["items"], page["next"]) == ([], None)

    def test_nobody_and_an_unknown_product_get_a_problem(self, world):
        assert client(world, None).get(f"{API}/products/FERRY/ranking").status_code == 401
        assert client(world, "owner").get(f"{API}/products/NONE/ranking").status_code == 404


class TestRatings:
    def put(self, world, who, slug="urgency", key="FERRY-1", query="", **body):
        address = f"{API}/items/{key}/ratings/{slug}{query}"
        return client(world, who).put(address, body, content_type=JSON)

    def test_it_rates(self, world, items):
        answer = self.put(world, "owner", value=4, low=3, high=5, confidence=0.7, note="Season")
        assert answer.status_code == 200
        assert answer.json() | {"rated_at": "", "id": 1} == {
            "id": 1,
            "criterion": "urgency",
            "model": "Value / effort",
            "lens": "value",
            "value": 4,
            "low": 3,
            "high": 5,
            "confidence": 0.7,
            "note": "Season",
            "rater": "Petra Holm",
            "rated_at": "",
            "superseded_at": None,
            "stale": "",
            "agreed_in": None,
        }

    def test_another_model_is_named(self, world, items):
        make_model(world, "rice")
        answer = self.put(world, "owner", "reach", query="?model=rice", value=400)
        assert answer.json()["model"] == "RICE"

    @pytest.mark.parametrize(
        ("who", "slug", "body", "status", "field"),
        [
            ("owner", "feasibility", {"value": 3}, 403, None),
            ("viewer", "urgency", {"value": 3}, 403, None),
            ("owner", "urgency", {"value": 9}, 422, "value"),
            ("owner", "urgency", {"value": 3, "low": 5, "high": 4}, 422, "low"),
            ("owner", "urgency", {"value": "x"}, 422, None),
            ("owner", "luck", {"value": 3}, 422, "criterion"),
            ("outsider", "urgency", {"value": 3}, 404, None),
            (None, "urgency", {"value": 3}, 401, None),
        ],
    )
    def test_it_refuses_with_a_problem(self, world, items, who, slug, body, status, field):
        before = Rating.objects.count()
        answer = self.put(world, who, slug, **body)
        assert answer.status_code == status
        assert answer["Content-Type"].startswith("application/problem+json")
        if field:
            assert answer.json()["field"] == field
        assert Rating.objects.count() == before

    def test_it_lists_current_ratings_and_the_history(self, world, items):
        rate(world, world.owner, items[0], urgency=2)
        rate(world, world.owner, items[0], urgency=4)
        address = f"{API}/items/FERRY-1/ratings"
        assert [each["value"] for each in client(world, "viewer").get(address).json()] == [4]
        past = client(world, "viewer").get(address, {"history": "true"}).json()
        assert [each["value"] for each in past] == [2, 4]

    def test_it_takes_a_rating_back(self, world, items):
        rate(world, world.owner, items[0], urgency=2)
        answer = client(world, "owner").delete(f"{API}/items/FERRY-1/ratings/urgency")
        assert answer.status_code == 204
        assert not Rating.objects.current().filter(item=items[0]).exists()

    def test_an_items_score_carries_its_derivation(self, world, items):
        found = client(world, "viewer").get(f"{API}/items/FERRY-2/score").json()
        assert found["rank"] == 1
        assert found["derivation"]["label"] == "Score"
        assert found["derivation"]["value"] == pytest.approx(found["score"], rel=1e-5)
