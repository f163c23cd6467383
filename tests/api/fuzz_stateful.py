"""Schemathesis walks from answer to request: what was made is read, changed, deleted, read again.

Only ``make fuzz`` runs it; ``TANDEM_FUZZ`` is how many walks it makes.
"""

import os
from typing import Any

import pytest
from django.db import transaction
from hypothesis import HealthCheck, settings
from schemathesis import Case, Response

from access.scene import make_scene
from api.contract import connected, schema_of, shape_fits

WALKS = int(os.environ.get("TANDEM_FUZZ", "100"))


@pytest.mark.django_db
def test_what_is_made_can_be_followed() -> None:
    scene = make_scene()
    # Compressed answers reach the checks as they are: nobody unpacks them on the way.
    token = f"Bearer {scene.tokens['admin']}"
    headers = {"Authorization": token, "Accept-Encoding": "identity"}
    machine = schema_of().as_state_machine()

    class Walk(machine):  # type: ignore[valid-type,misc]
        def setup(self) -> None:
            self.undo = transaction.atomic()
            self.undo.__enter__()

        def teardown(self) -> None:
            transaction.set_rollback(True)
            self.undo.__exit__(None, None, None)

        def get_call_kwargs(self, case: Case) -> dict[str, Any]:
            return {"headers": headers}

        def validate_response(self, response: Response, case: Case, **named: Any) -> None:
            case.validate_response(
                response,
                headers=headers,
                additional_checks=[shape_fits],
                transport_kwargs=named,
                recorder=self.recorder,
            )

    asked = settings(
        max_examples=WALKS,
        deadline=None,
        database=None,
        stateful_step_count=12,
        suppress_health_check=list(HealthCheck),
    )
    with connected():
        Walk.run(settings=asked)
