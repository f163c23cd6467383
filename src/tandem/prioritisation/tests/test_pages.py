"""The Prioritise pages through a browser's eyes: every role, an outsider, nobody, bad input."""

import json

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from tandem.prioritisation.models import Rating, ScoringModel
from tandem.prioritisation.tests.rated_world import (
    make_item,
    make_items,
    make_model,
    rate,
    rate_fully,
)
from tandem.prioritisation.views import shared

HTMX = {"HTTP_HX_REQUEST": "true"}
PAGES = ("", "rate/", "differences/", "picture/", "models/", "finding/")
READERS = ("admin", "owner", "technical", "developer", "stakeholder", "viewer")
RATERS = ("admin", "owner", "technical")


@pytest.fixture
def items(world):
    found = make_items(world, 4, estimate_likely=3)
    rate_fully(world, found[0], 5, 1)
    rate_fully(world, found[1], 2, 4)
    rate(world, world.owner, found[2], urgency=3)
    return found


def get(world, who, rest="", **more):
    return world.client(getattr(world, who)).get(world.address(f"prioritise/{rest}"), **more)


def text_of(response):
    return response.content.decode()


class TestWhoSees:
    @pytest.mark.parametrize("who", READERS)
    @pytest.mark.parametrize("page", PAGES)
    def test_every_member_reads_every_page(self, world, items, who, page):
        response = get(world, who, page)
        allowed = page != "rate/" or who in RATERS
        assert response.status_code == (200 if allowed else 403)

    @pytest.mark.parametrize("page", [*PAGES, "items/FERRY-1/why/"])
    def test_to_an_outsider_nothing_is_here(self, world, items, page):
        address = world.address(f"prioritise/{page}")
        assert world.client(world.outsider).get(address).status_code == 404

    @pytest.mark.parametrize("page", [*PAGES, "items/FERRY-1/why/"])
    def test_nobody_is_asked_to_sign_in(self, world, items, page):
        response = world.client(None).get(world.address(f"prioritise/{page}"))
        assert response.status_code == 302
        assert "sign-in" in response["Location"]

    @pytest.mark.parametrize("page", PAGES)
    def test_every_page_answers_on_an_empty_product(self, world, page):
        assert get(world, "owner", page).status_code == 200
        assert not ScoringModel.objects.exists()

    @pytest.mark.parametrize("page", PAGES)
    def test_every_page_answers_on_an_unrated_backlog(self, world, page):
        make_items(world, 3)
        assert get(world, "owner", page).status_code == 200

    @pytest.mark.parametrize("preset", ["rice", "wsjf", "weighted"])
    @pytest.mark.parametrize("page", PAGES)
    def test_every_page_answers_for_every_preset(self, world, items, preset, page):
        made = make_model(world, preset)
        response = get(world, "technical", f"{page}?model={made.pk}")
        assert response.status_code == 200


class TestRanking:
    def test_it_shows_both_lenses_score_and_guesses(self, world, items):
        page = text_of(get(world, "viewer"))
        assert "FERRY-1: value 100, technical " in page
        assert "value not rated, technical not rated" in page
        assert "of the uncertainty comes from guesses" in page
        assert "nobody has said" in page

    def test_raters_have_cells_of_their_own_lens_only(self, world, items):
        owner, technical = text_of(get(world, "owner")), text_of(get(world, "technical"))
        assert "Urgency of FERRY-1" in owner
        assert "Feasibility of FERRY-1" not in owner
        assert "Feasibility of FERRY-1" in technical
        assert "data-rate-cell" not in text_of(get(world, "viewer"))

    @pytest.mark.parametrize(
        ("query", "found"),
        [
            ("show=differ", {1, 2}),
            ("show=known", {1, 2}),
            ("show=guessed", {3, 4}),
            ("show=unrated", {3, 4}),
            ("q=Item+2", {2}),
            ("kind=bug", set()),
        ],
    )
    def test_it_filters(self, world, items, query, found):
        page = text_of(get(world, "owner", f"?{query}"))
        assert {n for n in range(1, 5) if f'data-row="FERRY-{n}"' in page} == found

    def test_sorting_by_difference_puts_the_clearest_first(self, world, items):
        page = text_of(get(world, "owner", "?sort=differ"))
        assert page.index('data-row="FERRY-1"') < page.index('data-row="FERRY-2"')
        assert page.index('data-row="FERRY-2"') < page.index('data-row="FERRY-3"')

    @pytest.mark.parametrize("sort", ["value", "technical", "unsure"])
    def test_every_order_answers(self, world, items, sort):
        assert get(world, "owner", f"?sort={sort}").status_code == 200

    @pytest.mark.parametrize(
        "query", ["sort=luck", "show=luck", "start=-1", "start=x", "kind=luck", "model=luck"]
    )
    def test_a_damaged_address_is_refused_in_words(self, world, items, query):
        response = get(world, "owner", f"?{query}")
        assert response.status_code == 422
        assert "Traceback" not in text_of(response)

    def test_it_goes_on_after_a_hundred_rows(self, world):
        make_items(world, 103)
        page = text_of(get(world, "viewer"))
        assert page.count("data-row=") == 100
        rest = text_of(get(world, "viewer", "?start=100", **HTMX))
        assert rest.count("data-row=") == 3
        assert "<html" not in rest

    def test_a_large_ranking_is_not_waited_for(self, world, items, monkeypatch):
        monkeypatch.setattr("tandem.prioritisation.views.ranking.PATIENT", 3)
        assert shared.PATIENT > 3
        assert "is being ranked for the first time" in text_of(get(world, "owner"))
        part = text_of(get(world, "owner", "", **HTMX))
        assert part.count("data-row=") == 4
        make_item(world, "One more")
        page = text_of(get(world, "owner"))
        assert page.count("data-row=") == 4
        assert "the new order is being computed" in page
        finding = text_of(get(world, "owner", "finding/?state=old", **HTMX))
        assert "The order has changed" in finding

    def test_it_takes_the_same_number_of_queries_for_any_number_of_rows(self, world, items):
        client = world.client(world.owner)
        address = world.address("prioritise/")
        client.get(address)
        with CaptureQueriesContext(connection) as few:
            client.get(address)
        for item in make_items(world, 40, estimate_likely=2):
            rate(world, world.owner, item, urgency=2)
        client.get(address)
        with CaptureQueriesContext(connection) as many:
            client.get(address)
        assert len(many) == len(few)
        assert len(many) <= 18


class TestWhy:
    @pytest.mark.parametrize("lens", ["", "value", "technical"])
    def test_it_shows_inputs_raters_and_what_it_was_computed_with(self, world, items, lens):
        page = text_of(get(world, "viewer", f"items/FERRY-1/why/?lens={lens}", **HTMX))
        assert "seed 0" in page
        assert ("Petra Holm" in page) == (lens != "technical")
        assert "<html" not in page

    def test_it_names_the_guesses(self, world, items):
        page = text_of(get(world, "viewer", "items/FERRY-4/why/"))
        assert "Guessed: Customer value" in page

    @pytest.mark.parametrize(
        ("rest", "status"),
        [
            ("items/FERRY-99/why/", 404),
            ("items/luck/why/", 404),
            ("items/FERRY-1/why/?lens=x", 422),
        ],
    )
    def test_it_refuses_what_is_not_there(self, world, items, rest, status):
        assert get(world, "viewer", rest).status_code == status


class TestRating:
    def post(self, world, who, key="FERRY-4", slug="urgency", **fields):
        address = world.address(f"prioritise/items/{key}/ratings/{slug}/")
        return world.client(getattr(world, who)).post(address, fields, **HTMX)

    def test_a_cell_saves_and_answers_its_row(self, world, items):
        response = self.post(world, "owner", value="4", part="row")
        assert response.status_code == 200
        assert "Urgency of FERRY-4: 4. Rate" in text_of(response)
        assert "rating-saved" in json.loads(response["HX-Trigger"])
        assert Rating.objects.current().get(item=items[3]).value == 4

    def test_the_panel_answers_itself(self, world, items):
        response = self.post(world, "owner", value="4", part="panel")
        assert 'id="prio-panel-4"' in text_of(response)

    def test_an_empty_value_takes_the_answer_back(self, world, items):
        self.post(world, "owner", key="FERRY-3", value="", part="row")
        assert not Rating.objects.current().filter(item=items[2]).exists()

    def test_the_form_keeps_range_confidence_and_note(self, world, items):
        self.post(world, "owner", value="3", low="2", high="4", confidence="60 %", note="Season")
        rating = Rating.objects.current().get(item=items[3])
        assert (rating.low, rating.high, rating.confidence, rating.note) == (2, 4, 0.6, "Season")

    def test_a_value_between_the_levels_wins(self, world, items):
        make = make_model(world, "rice")
        self.post(world, "owner", slug="reach", model=str(make.pk), value="100", exact="250")
        assert Rating.objects.current().get(item=items[3]).value == 250

    def test_large_levels_are_sent_as_numbers(self, world, items):
        make_model(world, "rice", is_default=True)
        self.post(world, "owner", slug="reach", value="1250")
        page = text_of(get(world, "owner", "rate/?item=FERRY-4"))
        assert 'value="1000"' in page
        assert 'name="exact" inputmode="decimal" autocomplete="off" value="1250"' in page
        assert 'data-rate-level="10000"' in text_of(get(world, "owner"))

    @pytest.mark.parametrize(
        ("fields", "words"),
        [
            ({"value": "9"}, "lies outside"),
            ({"value": "3", "low": "5", "high": "4"}, "low, likely, high"),
            ({"value": "3", "low": "2"}, "low and its high end"),
            ({"value": "3", "confidence": "140"}, "between 0 and 1"),
            ({"value": "3", "confidence": "very"}, "no number"),
            ({"value": "<script>"}, "no number"),
        ],
    )
    def test_a_refusal_stands_in_the_form(self, world, items, fields, words):
        response = self.post(world, "owner", part="form", **fields)
        assert response.status_code == 422
        assert words in text_of(response)
        assert "<script>" not in text_of(response)
        assert not Rating.objects.filter(item=items[3]).exists()

    @pytest.mark.parametrize(
        ("who", "slug"),
        [("owner", "feasibility"), ("technical", "urgency"), ("developer", "urgency")],
    )
    def test_the_other_lens_is_refused(self, world, items, who, slug):
        assert self.post(world, who, slug=slug, value="3", part="row").status_code == 403

    @pytest.mark.parametrize(("key", "slug"), [("FERRY-99", "urgency"), ("OTHER-1", "urgency")])
    def test_what_is_not_there_is_not_found(self, world, items, key, slug):
        assert self.post(world, "owner", key=key, slug=slug, value="3").status_code == 404

    def test_an_unknown_criterion_is_refused(self, world, items):
        assert self.post(world, "owner", slug="luck", value="3").status_code == 422

    def test_it_works_as_a_plain_form(self, world, items):
        address = world.address("prioritise/items/FERRY-4/ratings/urgency/")
        response = world.client(world.owner).post(address, {"value": "4"})
        assert response.status_code == 302
        assert "item=FERRY-4" in response["Location"]

    def test_the_first_answer_makes_the_default_model(self, world):
        make_item(world, "First")
        self.post(world, "owner", key="FERRY-1", value="4", part="row")
        assert ScoringModel.objects.get().is_default

    def test_reading_does_not_save(self, world, items):
        address = world.address("prioritise/items/FERRY-4/ratings/urgency/")
        assert world.client(world.owner).get(address, {"value": "4"}).status_code == 405


class TestRatePage:
    def test_it_begins_with_the_first_unrated_item(self, world, items):
        page = text_of(get(world, "owner", "rate/"))
        assert "Item 3" in page
        assert "2 of 4 rated, 2 left" in page
        assert "A legal date or a key customer." in page

    def test_next_skips_what_is_rated(self, world, items):
        page = text_of(get(world, "owner", "rate/?item=FERRY-3"))
        assert "item=FERRY-4" in page
        assert "item=FERRY-2" in page  # back is always the neighbour

    def test_the_last_one_leads_round_to_those_skipped(self, world, items):
        assert "item=FERRY-3" in text_of(get(world, "owner", "rate/?item=FERRY-4"))

    def test_the_other_lens_is_there_to_read(self, world, items):
        page = text_of(get(world, "owner", "rate/?item=FERRY-1&queue=all"))
        assert "What the technical lens says" in page
        assert "Tariq Aziz" in page

    def test_when_all_is_rated_it_says_so(self, world):
        rate_fully(world, make_item(world, "Only one"), 3, 3)
        assert "You have rated all 1 open items" in text_of(get(world, "owner", "rate/"))

    def test_an_unknown_item_is_not_found(self, world, items):
        assert get(world, "owner", "rate/?item=FERRY-99").status_code == 404

    def test_markdown_is_cleaned(self, world):
        make_item(world, "Markup", description="<script>alert(1)</script> **bold**")
        page = text_of(get(world, "owner", "rate/"))
        assert "<script>alert" not in page
        assert "<strong>bold</strong>" in page


class TestModels:
    def post(self, world, who, rest, **fields):
        address = world.address(f"prioritise/models/{rest}")
        return world.client(getattr(world, who)).post(address, fields)

    def test_a_model_is_made_and_shown(self, world):
        response = self.post(world, "technical", "", preset="wsjf", name="Cost of delay")
        assert response.status_code == 302
        page = text_of(get(world, "viewer", f"models/?model={ScoringModel.objects.get().pk}"))
        assert "Cost of delay" in page
        assert "divided by effort in points" in page

    def test_a_name_taken_is_told_beside_the_field(self, world):
        make_model(world)
        response = self.post(world, "owner", "", preset="rice", name="Value / effort")
        assert response.status_code == 422
        assert "There is a scoring model Value / effort already." in text_of(response)

    def test_a_model_is_renamed_archived_and_brought_back(self, world):
        make_model(world)
        rice = make_model(world, "rice")
        refused = self.post(world, "owner", f"{rice.pk}/name/", name="Value / effort")
        assert refused.status_code == 422
        assert 'data-dialog-open-now="rename-model"' in text_of(refused)
        self.post(world, "owner", f"{rice.pk}/name/", name="Reach first")
        assert self.post(world, "developer", f"{rice.pk}/archive/").status_code == 403
        self.post(world, "owner", f"{rice.pk}/archive/")
        page = text_of(get(world, "owner", "models/"))
        assert "Bring back Reach first" in page
        assert 'aria-label="Scoring models"' not in page
        self.post(world, "owner", f"{rice.pk}/return/")
        assert 'aria-label="Scoring models"' in text_of(get(world, "owner", "models/"))

    def test_another_becomes_the_one_plans_use(self, world):
        make_model(world)
        rice = make_model(world, "rice")
        self.post(world, "owner", f"{rice.pk}/default/")
        rice.refresh_from_db()
        assert rice.is_default

    def test_weights_are_saved(self, world):
        model = make_model(world)
        self.post(world, "owner", f"{model.pk}/weights/", **{"weight-urgency": "4"})
        assert model.criteria.get(slug="urgency").weight == 4

    def test_a_wrong_weight_is_told_beside_its_field(self, world):
        model = make_model(world)
        response = self.post(world, "owner", f"{model.pk}/weights/", **{"weight-urgency": "-4"})
        assert response.status_code == 422
        assert 'aria-invalid="true"' in text_of(response)
        assert model.criteria.get(slug="urgency").weight == 1

    @pytest.mark.parametrize("who", ["developer", "stakeholder", "viewer"])
    def test_others_only_read(self, world, who):
        model = make_model(world)
        assert self.post(world, who, "", preset="rice").status_code == 403
        assert self.post(world, who, f"{model.pk}/default/").status_code == 403
        response = self.post(world, who, f"{model.pk}/weights/", **{"weight-urgency": "4"})
        assert response.status_code == 403
        assert "Save weights" not in text_of(get(world, who, "models/"))

    def test_a_model_of_another_workspace_does_not_exist(self, world):
        model = make_model(world)
        foreign = world.client(world.outsider)
        address = f"/w/{world.outsider.workspace.slug}/FERRY/prioritise/models/{model.pk}/default/"
        assert foreign.post(address).status_code == 404


class TestOnAnItem:
    def address(self, world, number):
        return world.address(f"items/FERRY-{number}/")

    def test_the_item_page_shows_score_and_raters(self, world, items):
        page = text_of(world.client(world.viewer).get(self.address(world, 1)))
        assert "prio-panel-1" in page
        assert "Tariq Aziz" in page

    def test_a_rater_rates_there(self, world, items):
        page = text_of(world.client(world.technical).get(self.address(world, 1)))
        assert "Feasibility of FERRY-1" in page
        assert "Urgency of FERRY-1" not in page

    def test_an_epic_has_no_panel(self, world):
        make_item(world, "Epic", kind="epic")
        page = text_of(world.client(world.owner).get(self.address(world, 1)))
        assert "prio-panel" not in page

    def test_a_large_unranked_product_does_not_hold_the_item_up(self, world, items, monkeypatch):
        monkeypatch.setattr("tandem.prioritisation.views.rating.PATIENT", 1)
        page = text_of(world.client(world.owner).get(self.address(world, 1)))
        assert "has not been ranked yet" in page


def test_the_backlog_can_show_the_score(world, items):
    from tandem.prioritisation.panels import score_column

    shown = score_column(world.viewer, world.product, [items[0].pk, items[3].pk])
    assert set(shown) == {items[0].pk, items[3].pk}
    assert "prio-guessed" in shown[items[3].pk]
    assert "prio-guessed" not in shown[items[0].pk]


def test_a_list_asked_for_the_order_of_scores_leads_to_the_page_that_has_it(world, items):
    client, at = world.client(world.owner), world.address("backlog/")
    refused = client.get(at, {"q": "sort:-value"})
    assert refused.status_code == 422
    assert f'href="{world.address("prioritise/")}?sort=value"' in text_of(refused)
    assert "The Prioritise page has it" in text_of(client.get(at, {"sort": "score"}))
