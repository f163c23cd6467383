"""Tests run on a data folder and a database of their own, never on a person's.

``TANDEM_TEST_DATABASE=postgres pytest …`` runs them on a PostgreSQL started for the run.
"""

import gc
import os
import re
import shutil
import subprocess
import sys
import tempfile

os.environ["TANDEM_DATA"] = tempfile.mkdtemp(prefix="tandem-test-")
if "PYTEST_XDIST_WORKER" not in os.environ:
    # The processes of ``-n 2`` share the folder of the one that starts them.
    os.environ["TANDEM_TEST_SHARED"] = os.environ["TANDEM_DATA"]
os.environ.pop("TANDEM_DATABASE_URL", None)
os.environ.setdefault("DJANGO_ALLOW_ASYNC_UNSAFE", "1")

import pytest
from _pytest import runner
from hypothesis import HealthCheck, settings

# A busy machine fails no property: how long an example takes is no part of what is asked.
settings.register_profile("tandem", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("tandem")


def _choose_database() -> None:
    chosen = os.environ.get("TANDEM_TEST_DATABASE", "sqlite")
    if chosen == "postgres":
        from support.postgres import shared

        os.environ["TANDEM_DATABASE_URL"] = shared().url_of("tandem")
    elif chosen != "sqlite":
        raise pytest.UsageError(f"TANDEM_TEST_DATABASE takes sqlite or postgres, not {chosen!r}")


def _set_up() -> None:
    """Read the settings now. Named in the environment or in pyproject.toml, pytest-django (also
    that of the processes of ``-n 2``) would have read them before this file chose the folder."""
    import django

    os.environ["DJANGO_SETTINGS_MODULE"] = "tandem.config.settings"
    django.setup()
    del os.environ["DJANGO_SETTINGS_MODULE"]
    from django.db import connection

    if connection.vendor == "sqlite":
        # Said, since pytest-django knows it of no engine but Django's own, where it is not said.
        connection.settings_dict["TEST"]["NAME"] = ":memory:"
    from django.conf import settings

    # A name that nobody gave is a mistake here, and nothing where people would see it.
    settings.STRICT_TEMPLATES = True
    # Whichever process shows a page first compiles its templates for the others.
    from django.template import engines
    from jinja2 import FileSystemBytecodeCache

    engines["jinja2"].env.bytecode_cache = FileSystemBytecodeCache(os.environ["TANDEM_TEST_SHARED"])


_choose_database()
_set_up()


def pytest_unconfigure() -> None:
    shutil.rmtree(os.environ["TANDEM_DATA"], ignore_errors=True)


#: A test that uses one of these meets the database.
_DATABASE = {"db", "transactional_db", "installation", "empty_installation"}


#: What takes long, the longest first, for each of two processes: they begin with a half each, and
#: what begins last is short, so that none waits for the other at the end. The engine needs no
#: database: the second one computes while the first one migrates.
_LONG = (
    ("tests/journeys/test_every_page.py", "tests/journeys/"),
    ("tests/engine/", "tests/databases/", "tests/jobs/", "src/tandem/cli/", "tests/api/"),
)


def in_halves(items) -> list:
    """The tests in the order in which two processes take them."""
    first, second = (
        [item for start in starts for item in items if item.nodeid.startswith(start)]
        for starts in _LONG
    )
    begun = dict.fromkeys([*first, *second])
    rest = [item for item in items if item not in begun]
    room = max(0, len(items) // 2 - len(dict.fromkeys(first)))
    return list(dict.fromkeys([*first, *rest[:room], *second, *rest[room:]]))


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(config, items) -> None:
    # On PostgreSQL only what meets the database runs: the rest ran on SQLite already.
    if os.environ.get("TANDEM_TEST_DATABASE") == "postgres":
        _leave_out(config, items)
    items[:] = in_halves(items)


#: Modules that ask what is shown, computed or sent of rows once they are read, as if each of their
#: tests were marked ``any_database``. That every page, route and operation meets PostgreSQL well is
#: asked by the walk (``tests/access``), what a query finds and in which order by the other modules.
_OF_ANY_DATABASE = re.compile(
    r"/test_\w*pages?\.py::"
    r"|planning/tests/test_(frontiers|settling|agenda)\.py::"
    r"|prioritisation/tests/test_shaping\.py::"
    r"|home/tests/test_sample_made\.py::"
    r"|accounts/tests/test_(single_sign_on|second_factor)\.py::"
    r"|integrations/(chats|feeds)/tests/"
)


def _leave_out(config, items) -> None:
    """What does not meet the database, and what no database changes."""

    def met_by(item) -> bool:
        meets = _DATABASE & {*item.fixturenames} or item.get_closest_marker("django_db")
        same = item.get_closest_marker("any_database") or _OF_ANY_DATABASE.search(item.nodeid)
        return bool(meets) and not same

    meets = [met_by(item) for item in items]
    config.hook.pytest_deselected(items=[i for i, met in zip(items, meets, strict=True) if not met])
    items[:] = [item for item, met in zip(items, meets, strict=True) if met]


def pytest_collection_finish() -> None:
    """What was imported stays: looking through it again and again for garbage costs a tenth; after
    every 700 new objects as Python does, instead of 20 000, a twentieth more."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(20_000, 20, 20)


@pytest.hookimpl(tryfirst=True)
def pytest_runtest_protocol(item, nextitem) -> bool:
    """As pytest runs a test, where its calls find room."""
    from support.room import with_room

    return with_room(runner.pytest_runtest_protocol, item, nextitem)


@pytest.fixture(scope="session")
def django_db_modify_db_settings(django_db_modify_db_settings_parallel_suffix, django_db_blocker):
    """The tests' database is a copy of one that was migrated once for the whole run."""
    from support.migrated import copy_instead_of_migrating

    with django_db_blocker.unblock():
        copy_instead_of_migrating()


@pytest.fixture
def world(db):
    """Skerry Lines: six people, a product without items, and an outsider elsewhere."""
    from support.worlds import world_again

    return world_again()


@pytest.fixture
def command(db, monkeypatch, capsys):
    """``command("rank", "--product", "FERRY")``: what a person types, in this process and on the
    test's database; what it printed and its exit code. Starting a process takes seconds."""
    from tandem.cli.main import main

    monkeypatch.setattr("tandem.cli.base.migrate", lambda: None)

    def run(*words):
        monkeypatch.setattr(sys, "argv", ["tandem", *map(str, words)])
        capsys.readouterr()
        code = 0
        try:
            main()
        except SystemExit as leaving:
            code = leaving.code or 0
        printed = capsys.readouterr()
        return subprocess.CompletedProcess(words, code, printed.out, printed.err)

    return run


def _needs_postgres() -> None:
    """Without PostgreSQL: skipped, and failed in CI."""
    from support.postgres import Absent, shared

    try:
        shared()
    except Absent as absent:
        (pytest.fail if os.environ.get("CI") == "true" else pytest.skip)(str(absent))


@pytest.fixture
def postgres_url():
    """The URL of an empty PostgreSQL database."""
    from support.postgres import database

    _needs_postgres()
    with database() as url:
        yield url


@pytest.fixture
def migrated_postgres_url(django_db_blocker):
    """The URL of a PostgreSQL database as the migrations leave it."""
    from support.migrated import migrated_database
    from support.postgres import database

    _needs_postgres()
    with django_db_blocker.unblock(), database(template=migrated_database()) as url:
        yield url


@pytest.fixture
def installation(tmp_path, django_db_blocker):
    """A data folder with a migrated database of the run's kind, to run ``tandem`` on."""
    from support.installation import installed

    on_postgres = os.environ.get("TANDEM_TEST_DATABASE") == "postgres"
    with django_db_blocker.unblock(), installed(tmp_path, on_postgres=on_postgres) as made:
        yield made


@pytest.fixture
def empty_installation(tmp_path, django_db_blocker):
    """A data folder (and database) on which nothing was started yet."""
    from support.installation import installed

    on_postgres = os.environ.get("TANDEM_TEST_DATABASE") == "postgres"
    with (
        django_db_blocker.unblock(),
        installed(tmp_path, on_postgres=on_postgres, empty=True) as made,
    ):
        yield made
