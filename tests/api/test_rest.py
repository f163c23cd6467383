"""What every API request goes through: versions, keys for retries, limits."""

import pytest
from django.core.cache import cache
from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone

from tandem.core.models import KeptAnswer
from tandem.core.rest import keys


@pytest.fixture
def owner(world):
    from tandem.accounts.tests.caller import Caller

    return Caller(world.owner)


def test_what_was_changed_since_is_not_written_over(owner):
    owner("POST", "/products/FERRY/items", {"title": "Book"})
    seen = owner("GET", "/items/FERRY-1")["ETag"]
    assert (
        owner("PATCH", "/items/FERRY-1", {"title": "Pay"}, **{"If-Match": seen}).status_code == 200
    )
    late = owner("PATCH", "/items/FERRY-1", {"title": "Lost"}, **{"If-Match": seen})
    assert late.status_code == 409
    assert late["Content-Type"] == "application/problem+json"
    assert late.json()["yours"] == {"etag": seen}
    now = owner("GET", "/items/FERRY-1")
    assert late.json()["current"] == {"etag": now["ETag"], "version": 2}
    assert now.json()["title"] == "Pay"
    assert owner("DELETE", "/items/FERRY-1", **{"If-Match": seen}).status_code == 409
    assert owner("DELETE", "/items/FERRY-1", **{"If-Match": now["ETag"]}).status_code == 204


def test_a_version_in_the_body_tells_both_versions(owner):
    owner("POST", "/products/FERRY/items", {"title": "Book"})
    owner("PATCH", "/items/FERRY-1", {"title": "Pay", "version": 1})
    late = owner("PATCH", "/items/FERRY-1", {"title": "Lost", "version": 1}).json()
    assert (late["status"], late["yours"], late["current"]) == (409, {"version": 1}, {"version": 2})


def test_anything_that_can_be_read_can_be_matched(owner):
    seen = owner("GET", "/products/FERRY")["ETag"]
    match = {"If-Match": f'"other", {seen}'}
    assert owner("PATCH", "/products/FERRY", {"name": "Boats"}, **match).status_code == 200
    assert owner("PATCH", "/products/FERRY", {"name": "x"}, **match).status_code == 409
    assert owner("PATCH", "/products/FERRY", {"name": "x"}, **{"If-Match": "*"}).status_code == 200
    assert owner("PATCH", "/products/NOPE", {"name": "x"}, **match).status_code == 404


def test_the_state_of_an_answer_that_came_compressed_can_be_matched(owner):
    owner("POST", "/products/FERRY/items", {"title": "Book"})
    seen = owner("GET", "/items/FERRY-1", **{"Accept-Encoding": "gzip"})
    assert (seen["Content-Encoding"], seen["ETag"][:2]) == ("gzip", "W/")
    match = {"If-Match": seen["ETag"]}
    assert owner("PATCH", "/items/FERRY-1", {"title": "Pay"}, **match).status_code == 200
    assert owner("PATCH", "/items/FERRY-1", {"title": "Lost"}, **match).status_code == 409


def test_a_match_that_cannot_be_looked_up_is_refused(owner):
    owner("POST", "/products/FERRY/items", {"title": "Book"})
    path = "/items/FERRY-1/dependencies/1"
    answer = owner("DELETE", path, **{"If-Match": '"x"'})
    assert (answer.status_code, answer.json()["field"]) == (422, "If-Match")


def test_a_post_sent_again_is_done_once(owner):
    again = {"Idempotency-Key": "k1"}
    first = owner("POST", "/products/FERRY/items", {"title": "Book"}, **again)
    second = owner("POST", "/products/FERRY/items", {"title": "Book"}, **again)
    assert (second.status_code, second.content) == (201, first.content)
    assert second["Idempotency-Replayed"] == "true"
    assert len(owner("GET", "/products/FERRY/items").json()["items"]) == 1


def test_a_key_belongs_to_one_request_route_and_member(world, owner):
    from tandem.accounts.tests.caller import Caller

    again = {"Idempotency-Key": "k1"}
    owner("POST", "/products/FERRY/items", {"title": "Book"}, **again)
    other = owner("POST", "/products/FERRY/items", {"title": "Pay"}, **again)
    assert (other.status_code, other.json()["field"]) == (422, "Idempotency-Key")
    assert owner("POST", "/items/FERRY-1/comments", {"text": "x"}, **again).status_code == 201
    colleague = Caller(world.technical)
    assert (
        colleague("POST", "/products/FERRY/items", {"title": "Pay"}, **again).json()["title"]
        == "Pay"
    )


def test_a_refusal_is_given_again_and_a_failure_is_not(owner, monkeypatch):
    from tandem.backlog import operations

    again = {"Idempotency-Key": "k1"}
    refused = owner("POST", "/products/FERRY/items", {"title": " "}, **again)
    assert refused.status_code == 422
    assert owner("POST", "/products/FERRY/items", {"title": " "}, **again)["Idempotency-Replayed"]
    with monkeypatch.context() as patch:
        patch.setattr(operations, "item_create", lambda **named: 1 / 0)
        failed = owner("POST", "/products/FERRY/items", {"title": "x"}, **{"Idempotency-Key": "k2"})
        assert failed.status_code == 500
        assert failed["Content-Type"] == "application/problem+json"
    done = owner("POST", "/products/FERRY/items", {"title": "x"}, **{"Idempotency-Key": "k2"})
    assert done.status_code == 201


def test_a_key_still_at_work_says_when_to_ask_again(owner):
    owner("POST", "/products/FERRY/items", {"title": "x"}, **{"Idempotency-Key": "k1"})
    KeptAnswer.objects.update(status=0)
    answer = owner("POST", "/products/FERRY/items", {"title": "x"}, **{"Idempotency-Key": "k1"})
    assert (answer.status_code, answer["Retry-After"]) == (409, "1")
    KeptAnswer.objects.update(made_at=timezone.now() - keys.WORKING * 2)
    answer = owner("POST", "/products/FERRY/items", {"title": "x"}, **{"Idempotency-Key": "k1"})
    assert answer.status_code == 201


def test_a_key_is_forgotten_after_a_day(owner):
    again = {"Idempotency-Key": "k1"}
    owner("POST", "/products/FERRY/items", {"title": "x"}, **again)
    KeptAnswer.objects.update(made_at=timezone.now() - keys.KEPT * 2)
    assert owner("POST", "/products/FERRY/items", {"title": "y"}, **again).status_code == 201


def test_an_upload_sent_again_is_kept_once(owner):
    owner.headers |= {"Idempotency-Key": "k1"}
    content = b"title,status\nBook,Open\n"
    answers = [
        owner.upload("/products/FERRY/imports", file=SimpleUploadedFile("a.csv", content))
        for _ in range(2)
    ]
    assert [each.status_code for each in answers] == [201, 201]
    assert answers[0].json()["id"] == answers[1].json()["id"]
    changed = owner.upload(
        "/products/FERRY/imports", file=SimpleUploadedFile("a.csv", content + b"x,Open")
    )
    assert changed.status_code == 422


def test_two_at_once_with_one_key_do_it_once(owner, monkeypatch):
    from tandem.backlog import operations

    made, inside = operations.item_create, []

    def while_another_comes(**named):
        if not inside:
            inside.append(None)
            inside[0] = owner("POST", "/products/FERRY/items", {"title": "x"}, **again)
        return made(**named)

    again = {"Idempotency-Key": "k1"}
    monkeypatch.setattr(operations, "item_create", while_another_comes)
    assert owner("POST", "/products/FERRY/items", {"title": "x"}, **again).status_code == 201
    assert (inside[0].status_code, inside[0]["Retry-After"]) == (409, "1")
    assert len(owner("GET", "/products/FERRY/items").json()["items"]) == 1


@pytest.fixture
def limited(settings):
    settings.API_PER_MINUTE = 3
    cache.clear()
    yield
    cache.clear()


def test_a_member_over_the_limit_waits(world, owner, limited, monkeypatch):
    from tandem.accounts.tests.caller import Caller
    from tandem.core.rest import limits

    monkeypatch.setattr(limits.time, "time", lambda: 1_800_000_010.0)
    first = owner("GET", "/products")
    assert (first["RateLimit-Limit"], first["RateLimit-Remaining"]) == ("3", "2")
    assert first["RateLimit-Reset"] == "50"
    owner("GET", "/products")
    owner("GET", "/products")
    over = owner("GET", "/products")
    assert (over.status_code, over["Retry-After"]) == (429, "50")
    assert over["RateLimit-Remaining"] == "0"
    assert over.json()["title"] == "Too many requests"
    assert Caller(world.technical)("GET", "/products").status_code == 200
    monkeypatch.setattr(limits.time, "time", lambda: 1_800_000_061.0)
    assert owner("GET", "/products").status_code == 200


def test_a_body_is_an_object_of_known_fields_of_their_own_kinds(owner):
    path = "/products/FERRY/items"
    for body, field in (
        (["Book"], "body"),
        ("Book", "body"),
        ({"titel": "Book", "title": "Book"}, "titel"),
        ({"title": "Book", "estimate_likely": "5"}, "estimate_likely"),
        ({"title": "Book", "estimate_likely": True}, "estimate_likely"),
        ({"title": "Book", "at_top": "yes"}, "at_top"),
        ({"title": "Book", "due_date": 20_000}, "due_date"),
        ({"title": "Bo\x00ok"}, "title"),
        ({"title": "Bo\ud800ok"}, "title"),
        ({"title": "Book", "labels": ["har\x00bour"]}, "labels"),
    ):
        answer = owner("POST", path, body)
        assert (answer.status_code, answer.json()["field"]) == (422, field), body
    assert owner("GET", path).json()["items"] == []
    nested = owner("POST", f"{path}/bulk", {"create": [{"title": "Book"}, "Seat"]})
    assert (nested.status_code, nested.json()["field"]) == (422, "create.1")


def test_an_address_with_a_character_no_database_keeps_is_refused(owner):
    answer = owner("GET", "/products/FERRY/items?q=%00")
    assert (answer.status_code, answer.json()["field"]) == (422, "q")
    assert owner("GET", "/items/FERRY%00-1").status_code == 422


def test_what_cannot_be_read_is_told_as_a_problem(owner, settings):
    path = "/api/v1/products/FERRY/items"
    for kind in ("multipart/form-data", "application/json"):
        answer = owner.client.generic(
            "POST", path, data="{", content_type=kind, headers=owner.headers
        )
        assert (answer.status_code, answer.json()["title"]) == (400, "Not readable"), kind
    settings.DATA_UPLOAD_MAX_MEMORY_SIZE = 1024
    answer = owner("POST", "/products/FERRY/items", {"title": "x" * 2000})
    assert (answer.status_code, answer.json()["title"]) == (413, "Too large")
