"""The served document as schemathesis reads it, and how its cases are sent to the application.

All checks of schemathesis run. One is widened: what the document allows may be refused with 422,
because it cannot say that a status is one of this product's, or that blocking would close a
circle. ``shape_fits`` says what remains: such a refusal is the product's, never the shape's.
"""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import schemathesis
from django.core.signals import request_finished, request_started
from django.core.wsgi import get_wsgi_application
from django.db import close_old_connections
from schemathesis import Case, CheckContext, GenerationMode, Response
from schemathesis.config import SchemathesisConfig
from schemathesis.core.failures import Failure
from schemathesis.core.parameters import ParameterLocation
from schemathesis.specs.openapi.checks import ignored_auth

from access.knocking import filled
from access.scene import Scene
from access.table import API
from access.words import Door
from tandem.config.api import api

PREFIX = "/api/v1"
CONFIG = {
    "checks": {
        "positive_data_acceptance": {
            "expected-statuses": ["2xx", "401", "403", "404", "409", "422", "429"]
        }
    },
    # A NUL is in no text (the document would have to say so at every one): test_rest.py.
    "generation": {"allow-x00": False, "with-security-parameters": False},
}


def schema_of() -> Any:
    """The document as it is served, with the application behind it."""
    document = json.loads(json.dumps(api.get_openapi_schema()))
    made = schemathesis.openapi.from_dict(document, config=SchemathesisConfig.from_dict(CONFIG))
    made.app = get_wsgi_application()
    return made


@contextmanager
def connected() -> Iterator[None]:
    """As django.test's client asks: the test's connection outlives the requests."""
    for signal in (request_started, request_finished):
        signal.disconnect(close_old_connections)
    try:
        yield
    finally:
        for signal in (request_started, request_finished):
            signal.connect(close_old_connections)


def shape_fits(ctx: CheckContext, response: Response, case: Case) -> None:
    """What the document allows is not refused as malformed."""
    if case.meta and any(
        part.mode == GenerationMode.NEGATIVE for part in case.meta.components.values()
    ):
        return
    if case.meta and case.meta.generation.mode == GenerationMode.NEGATIVE:
        return
    if case.media_type == "multipart/form-data" and stray(case):
        # A part whose name no browser writes can take the next one with it: that parser is Django's.
        return
    if response.status_code == 422 and response.json()["title"] == "Not valid":
        raise Failure(
            operation=case.operation.label,
            title="The document allows it, the shape is refused",
            message=response.json()["detail"],
        )


def stray(case: Case) -> bool:
    """Whether the body has parts that the document does not know."""
    document = case.operation.schema.raw_schema["paths"][case.operation.path]
    content = document[case.operation.method.lower()]["requestBody"]["content"]
    known = content["multipart/form-data"]["schema"]["properties"]
    return isinstance(case.body, dict) and not set(case.body) <= set(known)


def door_of(case: Case) -> Door:
    path = case.operation.path.removeprefix(PREFIX)
    method = case.operation.method.upper()
    return next(each for each in API[path] if each.method == method)


def parts_of(case: Case, scene: Scene) -> dict[str, Any]:
    """The parts of the address as the table of who gets in fills them: rows that are there."""
    whose = "@item" if "/items/{key}" in case.operation.path else "@product"
    parts = {"key": whose, **door_of(case).at}
    words = filled(parts, lambda noun: scene.ours.words[noun])
    return {name: words[name] for name in case.path_parameters if name in words}


def meet_rows(case: Case, scene: Scene) -> None:
    """Mostly ask about rows that are there; of those made up all but a few are just absent."""
    part = case.meta and case.meta.components.get(ParameterLocation.PATH)
    made_up = len(repr(case.path_parameters)) % 8 == 0
    if part and part.mode == GenerationMode.POSITIVE and not made_up:
        case.path_parameters.update(parts_of(case, scene))
    if "If-Match" in case.headers and len(case.headers["If-Match"]) % 4:
        # Any state will do: else nearly every change would end at the comparison.
        case.headers["If-Match"] = "*"


def send(case: Case, scene: Scene, *, closed: bool = True) -> Response:
    """``closed``: also ask twice without who one is. An operation is closed or not; once does."""
    # Compressed answers reach the checks as they are: nobody unpacks them on the way.
    headers = {"Authorization": f"Bearer {scene.tokens['admin']}", "Accept-Encoding": "identity"}
    with connected():
        answer: Response = case.call_and_validate(
            headers=headers,
            additional_checks=[shape_fits],
            excluded_checks=[] if closed else [ignored_auth],
        )
    return answer
