"""Trying what an import would do, while others write."""

import pytest
from django.db import DEFAULT_DB_ALIAS, connections

from tandem.core.database import other
from tandem.core.models import StoredPart
from tandem.core.snapshot import rehearsal


@pytest.fixture
def on_installation(installation, django_db_blocker):
    """The models on the installation's database instead of the tests' own."""
    usual = connections[DEFAULT_DB_ALIAS]
    with django_db_blocker.unblock(), other(installation.settings) as opened:
        connections[DEFAULT_DB_ALIAS] = opened
        try:
            yield installation
        finally:
            connections[DEFAULT_DB_ALIAS] = usual


def test_a_rehearsal_keeps_no_writer_waiting_and_leaves_nothing(on_installation, settings):
    settings.DATA = on_installation.data
    sql = "INSERT INTO core_storedpart (key, number, content, kept_at) VALUES ('written', 0, '', '2026-01-01')"
    with rehearsal():
        StoredPart.objects.create(key="rehearsed", number=0, content=b"x")
        assert StoredPart.objects.count() == 1
        quick = on_installation.settings
        quick["OPTIONS"] |= {"connect_timeout": 1} if on_installation.url else {"timeout": 0.1}
        with other(quick) as second, second.cursor() as cursor:
            cursor.execute(sql)
    assert [part.key for part in StoredPart.objects.all()] == ["written"]
    assert not list(on_installation.data.glob("rehearsal-*"))
