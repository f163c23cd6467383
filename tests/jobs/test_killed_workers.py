"""Workers in processes of their own, killed and stopped in the middle of a job, on both databases."""

import signal
import subprocess
import sys
import time

import pytest

from support.installation import installed
from tandem.core.database import other

ENQUEUE = """
import sys
from tandem.cli.base import open_data
open_data(None)
from django.db import transaction
from tandem.core.tests.job_samples import add_up, hello
folder = sys.argv[1]
try:
    with transaction.atomic():
        hello.enqueue("of a change that was taken back")
        raise ZeroDivisionError
except ZeroDivisionError:
    pass
print(add_up.enqueue([1, 2, 3], folder).id, hello.enqueue("Ada").id)
"""
SHORT = {"TANDEM_JOB_LEASE": "1", "TANDEM_JOB_GRACE": "0"}


@pytest.fixture(params=["sqlite", "postgres"])
def place(request, tmp_path, django_db_blocker):
    if request.param == "postgres":
        request.getfixturevalue("postgres_url")  # skips where there is no PostgreSQL
    with (
        django_db_blocker.unblock(),
        installed(tmp_path, on_postgres=request.param == "postgres") as made,
    ):
        yield made


def rows(place, statement):
    with other(place.settings) as connection, connection.cursor() as cursor:
        cursor.execute(statement)
        return cursor.fetchall()


def job(place, number):
    return rows(place, f"SELECT state, attempts, result FROM core_job WHERE id = {number}")[0]


#: Only a real loss takes so long, however busy the machine.
LONG = 120


def wait_for(seen, process=None, seconds=LONG):
    end = time.monotonic() + seconds
    while not seen():
        assert time.monotonic() < end, "it did not happen"
        assert process is None or process.poll() is None, "the worker ended by itself"
        time.sleep(0.05)


def test_a_killed_worker_loses_nothing_and_a_stopped_one_gives_its_job_back(place, tmp_path):
    begun, hold = tmp_path / "begun", tmp_path / "hold"
    hold.touch()
    asked = subprocess.run(
        [sys.executable, "-c", ENQUEUE, tmp_path],
        env=place.environment, capture_output=True, text=True, check=True,
    )  # fmt: skip
    slow, quick = asked.stdout.split()
    assert rows(place, "SELECT count(*) FROM core_job") == [(2,)], "one was taken back"

    killed = place.start("worker", "--queues", "default", environment=SHORT)
    wait_for(begun.exists, killed)
    killed.send_signal(signal.SIGKILL)
    killed.wait(timeout=LONG)
    begun.unlink()
    assert job(place, slow)[:2] == ("running", 1)
    assert job(place, quick)[0] == "ready", "it is in another queue"

    stopped = place.start("worker", "--queues", "default", environment=SHORT)
    wait_for(begun.exists, stopped)
    stopped.send_signal(signal.SIGTERM)
    assert stopped.wait(timeout=LONG) == 0
    assert rows(place, "SELECT name FROM core_schedule WHERE name LIKE 'sum-%'") == []

    hold.unlink()
    last = place.tandem("worker", "--until-idle", "--concurrency", "2", environment=SHORT)
    assert last.returncode == 0, last.stderr
    assert job(place, slow) == ("done", 2, "6"), "the stopped attempt does not count"
    assert job(place, quick) == ("done", 1, '"hello Ada"')
    assert len(rows(place, "SELECT name FROM core_schedule WHERE name LIKE 'sum-%'")) == 1
