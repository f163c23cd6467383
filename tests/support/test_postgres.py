"""The database the tests run on is the one that was asked for."""

import os

import psycopg
import pytest
from django.conf import settings
from django.db import connection


def test_the_run_uses_a_data_folder_of_its_own():
    assert str(settings.DATA) == os.environ["TANDEM_DATA"]


@pytest.mark.django_db
def test_the_run_uses_the_database_that_was_chosen():
    chosen = os.environ.get("TANDEM_TEST_DATABASE", "sqlite")
    assert connection.vendor == {"sqlite": "sqlite", "postgres": "postgresql"}[chosen]


def test_a_database_is_empty_and_its_own(postgres_url):
    with psycopg.connect(postgres_url) as opened:
        tables = opened.execute(
            "SELECT count(*) FROM information_schema.tables WHERE table_schema = 'public'"
        ).fetchone()
    assert tables == (0,)
