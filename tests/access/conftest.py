"""One scene for a whole file of tests; each knock is undone before the next."""

from collections.abc import Iterator

import pytest
from django.db import transaction

from access.scene import Scene, make_scene


@pytest.fixture(scope="module")
def scene(django_db_setup: None, django_db_blocker: object) -> Iterator[Scene]:
    with django_db_blocker.unblock(), transaction.atomic():  # type: ignore[attr-defined]
        yield make_scene()
        transaction.set_rollback(True)
