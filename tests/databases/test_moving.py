"""An installation moves to another database: everything arrives, and is shown to be equal."""

import datetime
import json
import shutil

import pytest
from django.db import connection

from support.migrated import migrated_database, migrated_file
from support.postgres import database
from tandem.accounts.operations_services import service_create
from tandem.accounts.sample import people_make
from tandem.accounts.tests.world import make_world
from tandem.backlog.models import Item
from tandem.backlog.operations import comment_write, item_create
from tandem.core import moving
from tandem.core.database import other
from tandem.core.database_url import of_url, postgres, sqlite
from tandem.core.errors import Refused
from tandem.core.models import Event, StoredPart
from tandem.home.sample import sample_fill


@pytest.fixture
def target(tmp_path):
    """A database of the other kind than the run's, without rows. Its tables are there already;
    the command's test moves to one that has none yet."""
    if connection.vendor == "postgresql":
        file = shutil.copy(migrated_file(), tmp_path / "moved.sqlite3")
        with other(sqlite(file)) as opened:
            yield opened
    else:
        with (
            database(template=migrated_database()) as url,
            other(postgres(url, pool=0)) as opened,
        ):
            yield opened


def test_the_sample_arrives_equal_and_work_goes_on(db, target):
    world = make_world()
    sample_fill(world.people, world.product, datetime.date(2026, 5, 13))
    for title in ("Fähre – 渡し船 ⛴️ e\u0301", "x" * 300):
        item = item_create(
            by=world.owner, product=world.product, title=title, description="Größe\n" * 30_000
        )
    service_create(by=world.admin, name="Robot", role="developer")
    comment_write(by=world.owner, item=item, text="'); DROP TABLE backlog_item; -- \\ %s")
    StoredPart.objects.create(key="bytes", number=0, content=bytes(range(256)))
    Event.objects.create(
        workspace_id=1, channel="cli", verb="x.y", object_kind="x", object_id=2**40,
        changes={"b": [None, 1e300, 0.1, -0.0], "a": {"é": "\u2028"}, "": []}, at=item.created_at,
    )  # fmt: skip
    before = {model: moving.digest(model, "default") for model in moving.ordered()}
    told = []
    moved = moving.move(target, lambda *step: told.append(step))

    assert {each.table: each for each in moved} == {each.table: each for each in before.values()}
    assert {
        "backlog_item_labels",
        "accounts_user",
        "accounts_apitoken",
        "core_event",
        "core_storedpart",
    } <= {each.table for each in moved if each.rows}
    assert told[-1][1] == sum(each.rows for each in moved)
    assert before == {model: moving.digest(model, "default") for model in moving.ordered()}
    # The next row gets a number of its own.
    there = Item.objects.using(target.alias)
    last = there.order_by("-pk")[0]
    last.pk, last.number, last._state.adding = None, last.number + 1, True
    last.save(using=target.alias)
    assert there.count() == before[Item].rows + 1


def test_a_target_with_rows_is_refused_and_left_as_it_is(db, target):
    people_make()
    moving.move(target, lambda *step: None)
    before = [moving.digest(model, target.alias) for model in moving.ordered()]
    with pytest.raises(Refused, match="The target is not empty"):
        moving.move(target, lambda *step: None)
    assert before == [moving.digest(model, target.alias) for model in moving.ordered()]


def test_what_the_target_cannot_hold_is_named_and_nothing_is_moved(db, target, monkeypatch):
    world = make_world()
    if target.vendor == "postgresql":
        products = type(world.product).objects.filter(pk=world.product.pk)
        products.update(description="cut\x00short")
        said = "accounts_product: .*NUL.* Nothing was moved"
    else:
        # SQLite holds what PostgreSQL held: a damage on the way stands for it.
        monkeypatch.setattr(moving, "_reset_sequences", damage)
        said = "accounts_user does not read back equal"
    with pytest.raises(Refused, match=said):
        moving.move(target, lambda *step: None)
    assert all(moving.digest(model, target.alias).rows == 0 for model in ours())


def damage(target, tables):
    with target.cursor() as cursor:
        cursor.execute("UPDATE accounts_user SET name = 'Somebody else'")


def ours():
    return [model for model in moving.ordered() if model.__module__.startswith("tandem.")]


def test_the_command_moves_an_installation_to_postgresql_and_back(
    installation, tmp_path, django_db_blocker
):
    rows = "Summary,Issue key,Issue id,Issue Type,Status,Project key,Created\n" + "".join(
        f"Item {n},BIG-{n},{n},Story,To Do,BIG,10/Jan/26 9:00 AM\n" for n in range(1, 4)
    )
    (tmp_path / "jira.csv").write_text(rows, encoding="utf-8")
    with database() as url:
        there = url if not installation.url else f"sqlite:{tmp_path}/moved.sqlite3"
        move = ("migrate-database", "--to", there, "--json")
        imported, moved, again = installation.tandems(
            ("import", "jira-csv", tmp_path / "jira.csv", "--product", "BIG", "--json"), move, move
        )
        assert imported["code"] == 0, imported["err"]
        assert moved["code"] == 0, moved["err"]
        tables = {each["table"]: each for each in json.loads(moved["out"])["tables"]}
        assert tables["backlog_item"]["rows"] == 3
        assert len(tables["backlog_item"]["digest"]) == 64
        with django_db_blocker.unblock(), other(of_url(there, pool=0)) as opened:
            assert Item.objects.using(opened.alias).count() == 3
        assert again["code"] == 1
        assert "The target is not empty" in again["err"]


def test_a_url_of_no_database_is_refused(command):
    done = command("migrate-database", "--to", "mysql://db/tandem")
    assert (done.returncode, done.stdout) == (1, "")
    assert done.stderr.startswith("Refused: --to: takes postgresql://")
