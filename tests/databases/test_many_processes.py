"""Two web processes and two workers on one PostgreSQL; one of each is killed at work."""

import os
import signal
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Callable
from contextlib import ExitStack
from pathlib import Path

import psycopg
import pytest

from support.installation import Installation, installed
from support.postgres import free_port

TESTS = Path(__file__).resolve().parents[1]
PATH = os.pathsep.join([str(TESTS), *filter(None, sys.path)])


#: What is set on every machine; a silent worker is taken for dead after three seconds.
ALIKE = {"TANDEM_SECRET_KEY": "the same everywhere", "PYTHONPATH": PATH, "TANDEM_JOB_LEASE": "3"}


class Fleet:
    """Processes on one database, each with a data folder of its own, as on machines of their own."""

    def __init__(self, folder: Path, url: str) -> None:
        self.folder, self.url = folder, url
        self.running: list[subprocess.Popen[str]] = []

    def start(self, *words: str, module: str = "tandem", **more) -> "subprocess.Popen[str]":
        data = self.folder / f"machine-{len(self.running)}"
        data.mkdir()
        made = Installation(data, self.url)
        process = subprocess.Popen(
            [sys.executable, "-m", module, *words],
            env=made.environment | ALIKE,
            start_new_session=True,
            text=True,
            **more,
        )
        self.running.append(process)
        return process

    def kill(self, process: "subprocess.Popen[str]") -> None:
        os.killpg(process.pid, signal.SIGKILL)
        process.wait()

    def stop(self) -> None:
        for process in self.running:
            if process.poll() is None:
                self.kill(process)


@pytest.fixture
def fleet(postgres_url, tmp_path):
    with ExitStack() as stack:
        made = Fleet(tmp_path, postgres_url)
        stack.callback(made.stop)
        yield made


#: Waiting is no measuring: only a real loss takes so long, however busy the machine.
def until(what: Callable[[], bool], seconds: float = 240) -> None:
    end = time.monotonic() + seconds
    while not what():
        assert time.monotonic() < end, "it did not happen in time"
        time.sleep(0.1)


def answers(server: str) -> bool:
    try:
        with urllib.request.urlopen(f"{server}/sign-in/", timeout=60) as answer:
            return answer.status == 200
    except OSError:
        return False


def test_no_acknowledged_write_and_no_job_is_lost_when_processes_are_killed(fleet):
    # All four start at once on an empty database: one of them migrates it.
    servers = [f"http://127.0.0.1:{free_port()}" for _ in range(2)]
    web = [fleet.start("serve", "--port", server.rpartition(":")[2]) for server in servers]
    workers = [fleet.start("worker") for _ in range(2)]
    for server in servers:
        until(lambda server=server: answers(server))

    def column(query: str) -> list:
        with psycopg.connect(fleet.url, autocommit=True) as database:
            return [row[0] for row in database.execute(query)]

    def held_by() -> list[str]:
        return column("SELECT text FROM backlog_comment WHERE text LIKE 'held by %'")

    load = fleet.start("120", "40", *servers, module="support.load", stdout=subprocess.PIPE)
    assert load.stdout is not None
    said = []
    for line in load.stdout:
        said.append(line.strip())
        if len(said) == 40:
            fleet.kill(web[0])
            # The worker in the middle of a job, whichever of the two that is.
            until(lambda: held_by() != [])
            [killed] = [each for each in workers if held_by() == [f"held by {each.pid}"]]
            fleet.kill(killed)
    assert load.wait() == 0
    assert [line for line in said if line.startswith("ERROR")] == []
    items = {line.removeprefix("item ") for line in said if line.startswith("item ")}
    jobs = {line for line in said if line.startswith("job ")}
    assert (len(items), len(jobs)) == (120, 40)

    titles = column("SELECT title FROM backlog_item")
    assert items <= set(titles)
    numbers = column("SELECT number FROM backlog_item ORDER BY number")
    assert numbers == list(range(1, len(numbers) + 1))

    def done() -> set[str]:
        return set(column("SELECT text FROM backlog_comment"))

    # What the killed worker held runs again when its lease is over.
    until(lambda: jobs <= done())
    assert column("SELECT count(*) FROM backlog_comment") == [40 + len(held_by())]
    assert web[1].poll() is None
    assert [each.poll() for each in workers if each is not killed] == [None]


def test_serving_alone_wants_the_shared_secret_and_postgresql(migrated_postgres_url, tmp_path):
    done = Installation(tmp_path / "other", migrated_postgres_url).tandem("serve")
    assert done.returncode == 1
    assert done.stderr.startswith("Refused: TANDEM_SECRET_KEY: Every process")
    with installed(tmp_path, on_postgres=False) as made:
        done = made.tandem("serve", "--workers", "2")
    assert done.returncode == 1
    assert "Several web processes need PostgreSQL" in done.stderr
