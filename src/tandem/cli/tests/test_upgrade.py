"""Starting a newer Tandem on an older database, and the other way round."""

import json
import sqlite3
import zipfile

import click
import pytest
from click.testing import CliRunner
from django.conf import settings
from django.core.management import call_command
from django.db import connection
from django.db.migrations.loader import MigrationLoader
from django.db.migrations.recorder import MigrationRecorder

from tandem.cli.main import tandem
from tandem.core import upgrade
from tandem.core.database import other
from tandem.core.errors import Refused


@pytest.fixture
def data(settings, tmp_path):
    settings.DATA = tmp_path
    return tmp_path


def test_nothing_is_copied_when_nothing_is_to_be_done(db, data):
    upgrade.bring_up_to_date()
    assert not (data / "backups").exists()
    assert upgrade.data_version(data) == upgrade.DATA_VERSION


def test_an_older_database_is_copied_before_it_is_changed(db, data, monkeypatch):
    copied = []
    monkeypatch.setattr(upgrade, "backup_before_upgrade", copied.append)
    recorder = MigrationRecorder(connection)
    (last,) = MigrationLoader(connection).graph.leaf_nodes("backlog")
    recorder.migration_qs.filter(app=last[0], name=last[1]).delete()
    with pytest.raises(Refused, match="The upgrade of the database failed"):
        # What it makes is there already: the upgrade fails, and says where the copy is.
        upgrade.bring_up_to_date()
    assert copied == [data]


def test_an_older_installation_is_copied_and_then_upgraded(installation, django_db_blocker):
    newest = ["core", "0005_kept_answer"]
    with django_db_blocker.unblock(), other(installation.settings) as opened:
        call_command("migrate", "core", "0004", database=opened.alias, verbosity=0)
    done = installation.tandem("doctor")
    assert done.returncode == 0, done.stderr
    (copy,) = (installation.data / "backups").iterdir()
    assert copy.stat().st_mode & 0o077 == 0
    if installation.url:
        with zipfile.ZipFile(copy) as archive:
            had = json.loads(archive.read("manifest.json"))["migrations"]
    else:
        with sqlite3.connect(copy) as kept:
            had = [[*row] for row in kept.execute("SELECT app, name FROM django_migrations")]
    assert ["core", "0001_initial"] in had
    assert newest not in had
    assert installation.count("core_keptanswer") == 0  # the table is there


def test_whoever_copies_the_database_by_other_means_says_so(db, data, monkeypatch, settings):
    settings.UPGRADE_BACKUP = False
    copied = []
    monkeypatch.setattr(upgrade, "backup_before_upgrade", copied.append)
    MigrationRecorder(connection).migration_qs.filter(app="backlog").delete()
    with pytest.raises(Refused, match="failed"):
        upgrade.bring_up_to_date()
    assert copied == []


def test_five_copies_are_kept(data, monkeypatch):
    def copy(path):
        sqlite3.connect(path).close()
        path.touch()

    monkeypatch.setattr("tandem.core.backup.sqlite.copy", copy)
    monkeypatch.setattr(upgrade.connection, "vendor", "sqlite")
    made = [upgrade.backup_before_upgrade(data) for _ in range(7)]
    assert sorted((data / "backups").iterdir()) == made[-5:]
    assert (data / "backups").stat().st_mode & 0o077 == 0


def test_it_refuses_a_database_of_a_newer_version(db, data):
    MigrationRecorder(connection).record_applied("backlog", "0999_from_the_future")
    with pytest.raises(Refused, match=r"newer Tandem.*backlog\.0999_from_the_future"):
        upgrade.bring_up_to_date()
    MigrationRecorder(connection).record_unapplied("backlog", "0999_from_the_future")


def test_it_refuses_a_data_folder_of_a_newer_version(db, data):
    (data / "data-version").write_text("99\n")
    with pytest.raises(Refused, match="data version 99"):
        upgrade.bring_up_to_date()
    (data / "data-version").write_text("many\n")
    with pytest.raises(Refused, match="cannot be read"):
        upgrade.bring_up_to_date()
    assert not (settings.DATA / "backups").exists()


def commands_of(command, words=()):
    """``(words, command)`` of every command and subcommand."""
    if isinstance(command, click.Group):
        context = click.Context(command)
        for name in command.list_commands(context):
            yield from commands_of(command.get_command(context, name), (*words, name))
    else:
        yield words, command


def needed(command):
    """Something for each parameter the command cannot do without."""
    for parameter in command.params:
        if parameter.required:
            yield from parameter.opts[:1] if isinstance(parameter, click.Option) else ()
            yield __file__ if isinstance(parameter.type, click.Path | click.File) else "1"


def test_every_command_refuses_a_newer_database(db, data):
    (data / "data-version").write_text("99\n")
    asked = 0
    for words, command in commands_of(tandem):
        if words == ("restore",):  # what one does then
            continue
        done = CliRunner().invoke(tandem, [*words, *needed(command)])
        assert isinstance(done.exception, Refused), (words, done.output)
        assert "newer Tandem" in done.exception.message, words
        asked += 1
    assert asked > 10
