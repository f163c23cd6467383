"""Schemathesis, all checks: the application does what the served document says, and no 5xx.

``TANDEM_FUZZ`` is how many cases are made up for each operation (``make fuzz``); they are then
new in every run. Most cases are schemathesis' own: it adds some forty an operation that walk the
edges of each parameter. They ask about shapes, which no database changes: on PostgreSQL only the
case that is right is asked.
"""

import os
from collections.abc import Iterator
from functools import lru_cache
from typing import Any

import pytest
from django.db import transaction
from hypothesis import HealthCheck, Phase, settings
from schemathesis import Case
from schemathesis.generation.feedback import FeedbackSources
from schemathesis.pytest._test_builder import build_operation_test
from schemathesis.python._constants.orchestrator import make_constants_value_source

from access.knocking import filled, undone
from access.scene import Scene, make_scene
from access.table import API
from access.words import Door
from api.contract import PREFIX, meet_rows, schema_of, send

pytestmark = pytest.mark.django_db
FUZZ = int(os.environ.get("TANDEM_FUZZ") or 0)
#: How many cases are made up without ``make fuzz``, beside the edges.
CASES = 5
DOORS = [(path, door) for path, doors in API.items() for door in doors]


@pytest.fixture(scope="module")
def scene(django_db_setup: None, django_db_blocker: object) -> Iterator[Scene]:
    with django_db_blocker.unblock(), transaction.atomic():  # type: ignore[attr-defined]
        yield make_scene()
        transaction.set_rollback(True)


def name_of(value: object) -> str:
    return value.method if isinstance(value, Door) else str(value)


@lru_cache(maxsize=1)
def schema() -> Any:
    return schema_of()


@lru_cache(maxsize=1)
def feedback() -> FeedbackSources:
    return FeedbackSources(constants_value_source=make_constants_value_source(schema()))


@pytest.mark.any_database
@pytest.mark.parametrize(("path", "door"), DOORS, ids=name_of)
def test_what_is_made_up_is_answered_as_the_document_says(
    scene: Scene, path: str, door: Door
) -> None:
    """What ``@schema.parametrize`` makes; that makes up all cases of all operations up front."""

    @settings(
        max_examples=FUZZ or CASES,
        derandomize=not FUZZ,
        database=None,
        deadline=None,
        phases=[Phase.explicit, *([Phase.shrink] if FUZZ else []), Phase.generate],
        suppress_health_check=list(HealthCheck),
    )
    def ask(case: Case) -> None:
        meet_rows(case, scene)
        with undone():
            send(case, scene, closed=False)

    made = build_operation_test(
        config=schema().config,
        operation=schema()[f"{PREFIX}{path}"][door.method],
        test_func=ask,
        given_kwargs={},
        feedback=feedback(),
    )
    made()


@pytest.mark.parametrize(("path", "door"), DOORS, ids=name_of)
def test_what_is_right_is_answered_as_the_document_says(
    scene: Scene, path: str, door: Door
) -> None:
    operation = schema()[f"{PREFIX}{path}"][door.method]
    whose = "@item" if "/items/{key}" in path else "@product"
    sent = filled(
        {"at": {"key": whose, **door.at}, "query": door.query, "body": door.body},
        lambda noun: scene.ours.words[noun],
    )
    named = {each.name for each in operation.path_parameters}
    more = {}
    if operation.body:
        more = {"body": sent["body"] or {}, "media_type": "application/json"}
        if "file" in more["body"]:
            more = {"body": {"file": b"Title\nA pier\n"}, "media_type": "multipart/form-data"}
    case = operation.Case(
        path_parameters={name: each for name, each in sent["at"].items() if name in named},
        query=sent["query"],
        **more,
    )
    with undone():
        assert send(case, scene).status_code == door.status
