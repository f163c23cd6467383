import logging

import pytest
from django.db import connection
from django.test import Client

from tandem.core.jobs import notes
from tandem.core.jobs.worker import alive_key
from tandem.core.monitoring import health


@pytest.fixture(autouse=True)
def looks_anew():
    health.forget()
    yield
    health.forget()


@pytest.fixture
def worker(db):
    notes.write(alive_key("seen"), {})
    yield
    notes.forget(alive_key("seen"))


def test_a_process_is_alive_without_a_database(django_assert_num_queries):
    # No database mark: any query fails the test.
    answer = Client().get("/healthz", headers={"host": "10.1.2.3:8000"})
    assert (answer.status_code, answer.json()) == (200, {"alive": True})
    assert answer["Cache-Control"] == "no-store"


@pytest.mark.skipif(connection.vendor != "sqlite", reason="the heartbeat's note is SQLite's")
def test_it_is_ready_with_database_migrations_disk_and_worker(db, worker):
    answer = Client().get("/readyz", headers={"host": "10.1.2.3:8000"})
    assert answer.json() == {
        "ready": True,
        "checks": {"disk": "ok", "database": "ok", "migrations": "ok", "worker": "ok"},
    }
    assert answer.status_code == 200


@pytest.mark.skipif(connection.vendor != "sqlite", reason="the heartbeat's note is SQLite's")
def test_without_a_worker_it_is_not_ready_and_says_so(db):
    answer = Client().get("/readyz")
    assert answer.status_code == 503
    assert "no worker was heard" in answer.json()["checks"]["worker"]


def test_missing_migrations_are_told(db, worker):
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM django_migrations WHERE app = 'integrations'")
    answer = Client().get("/readyz")
    assert answer.status_code == 503
    assert "not applied" in answer.json()["checks"]["migrations"]


def test_a_database_that_does_not_answer_is_told_without_its_own_words(db, monkeypatch, caplog):
    def broken():
        raise OSError("password=hunter2 at db.intranet")

    monkeypatch.setitem(health.CHECKS, "database", broken)
    answer = Client().get("/readyz")
    assert answer.status_code == 503
    told = answer.json()["checks"]
    assert told["database"] == "the database does not answer"
    assert told["worker"].startswith("not asked")
    assert "hunter2" not in answer.content.decode()


def test_a_folder_that_cannot_be_written_to_is_told(db, worker, settings, tmp_path):
    settings.DATA = tmp_path / "gone"
    answer = Client().get("/readyz")
    assert answer.status_code == 503
    assert answer.json()["checks"]["disk"] == "the data folder cannot be written to"


def test_many_askers_cost_one_look(db, worker, monkeypatch):
    looks = []
    monkeypatch.setitem(health.CHECKS, "disk", lambda: looks.append(1) or health.OK)
    for _ in range(5):
        Client().get("/readyz")
    assert len(looks) == 1


@pytest.mark.parametrize("given", ["abc-1.2_3", "x" * 64])
def test_a_proxys_number_is_taken_and_given_back(given):
    assert Client().get("/healthz", headers={"x-request-id": given})["X-Request-ID"] == given


@pytest.mark.parametrize("given", ["", "a b", "x" * 65, "a\tb", "<script>", 'a"b'])
def test_a_number_that_is_no_plain_word_is_replaced(given):
    number = Client().get("/healthz", headers={"x-request-id": given})["X-Request-ID"]
    assert number != given
    assert len(number) == 32


def test_a_request_is_one_line_with_who_where_and_how_long(world, caplog):
    with caplog.at_level(logging.INFO, logger="tandem.request"):
        answer = world.client(world.owner).get(
            world.address("items/"), headers={"x-request-id": "from-proxy"}
        )
    (record,) = [each for each in caplog.records if each.name == "tandem.request"]
    assert answer["X-Request-ID"] == "from-proxy"
    assert record.workspace == world.owner.workspace_id
    assert record.user == world.owner.user_id
    assert record.status == answer.status_code
    assert record.method == "GET"
    assert record.route.startswith("w/<slug:workspace>/")
    assert record.ms >= record.database_ms > 0
    assert record.statements > 0
