"""Tests run on a data folder of their own, never on a person's."""

import os
import tempfile

os.environ["TANDEM_DATA"] = tempfile.mkdtemp(prefix="tandem-test-")
os.environ.setdefault("DJANGO_ALLOW_ASYNC_UNSAFE", "1")

import pytest


@pytest.fixture
def world(db):
    """Skerry Lines: six people, a product without items, and an outsider elsewhere."""
    from tandem.accounts.tests.world import make_world

    return make_world()
