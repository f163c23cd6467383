"""The API's document: valid OpenAPI 3.1, every route closed, every operation described."""

import json
import re

import pytest
from django.test import Client
from ninja import Schema
from openapi_spec_validator import validate


@pytest.fixture
def document(db):
    return Client().get("/api/v1/openapi.json").json()


def test_the_document_is_valid_openapi_3_1(document):
    assert document["openapi"].startswith("3.1")
    validate(document)


def operations(document):
    return [
        (method, path, operation)
        for path, methods in document["paths"].items()
        for method, operation in methods.items()
    ]


def test_every_operation_says_what_it_does(document):
    assert [p for _, p, each in operations(document) if not each.get("description")] == []
    assert len(operations(document)) > 30


def test_nobody_gets_anything_from_any_route(document, world):
    for method, path, _ in operations(document):
        filled = re.sub(r"{(\w+)}", lambda name: "FERRY" if name[1] == "key" else "1", path)
        answer = Client().generic(method.upper(), filled, "{}", content_type="application/json")
        assert answer.status_code == 401, (method, filled)
        assert json.loads(answer.content)["status"] == 401


def test_no_two_bodies_share_a_name(document):
    """One would stand in the document for both."""
    named, seen = {}, [Schema]
    while seen:
        below = [each for each in seen.pop().__subclasses__() if each not in seen]
        seen += below
        for each in below:
            if each.__module__.startswith("tandem.") and "[" not in each.__name__:
                named.setdefault(each.__name__, set()).add(each.__module__)
    assert {name: found for name, found in named.items() if len(found) > 1} == {}


def test_every_operation_says_who_is_refused_and_how_often_one_may_ask(document):
    for method, path, each in operations(document):
        assert {"401", "403", "422", "429"} <= set(each["responses"]), (method, path)
    problems = document["components"]["responses"]
    assert all([*each["content"]] == ["application/problem+json"] for each in problems.values())


def test_no_two_bodies_share_a_name_in_the_document():
    """The later one would stand there for both, and clients be told of fields that are refused."""
    found: dict[str, set[str]] = {}
    waiting = [Schema]
    while waiting:
        for each in waiting.pop().__subclasses__():
            waiting.append(each)
            if each.__module__.startswith("tandem.") and "[" not in each.__name__:
                found.setdefault(each.__name__, set()).add(each.__module__)
    assert {name: places for name, places in found.items() if len(places) > 1} == {}
