"""An import in parts: others write between them, and nothing stays half done."""

import io

import pytest
from django.db import connection

from tandem.backlog import operations as backlog
from tandem.backlog.models import Dependency, Item, Label, Status
from tandem.core.errors import Refused
from tandem.core.jobs import progress
from tandem.core.models import Event, Job, JobState
from tandem.integrations import operations as do
from tandem.integrations import tasks
from tandem.integrations.archive.loading import product_load
from tandem.integrations.archive.writing import archive_download
from tandem.integrations.imports import parts, revert
from tandem.integrations.models import ImportRow, ImportRun, RunState
from tandem.integrations.tests.test_steps import upload

HEAD = (
    "Summary,Issue key,Issue id,Issue Type,Status,Project key,Created,Updated,Labels,Parent,"
    "Outward issue link (Blocks)\n"
)


def row(number, *, title=None, parent="", blocks="", status="To Do"):
    title = f"Item {number}" if title is None else title
    return (
        f"{title},SEA-{number},{number},Story,{status},SEA,10/Jan/26 9:00 AM,11/Jan/26 9:00 AM,"
        f"l{number},{parent},{blocks}\n"
    )


#: In parts of two: a refusal in the second, and at the end a parent and a circle to be joined.
ROWS = [
    row(1, blocks="SEA-7"),
    row(2, status="Aground"),
    row(3, title=""),
    row(4),
    row(5, parent="4"),
    row(6, blocks="SEA-99"),
    row(7, blocks="SEA-1"),
]


@pytest.fixture
def in_twos(monkeypatch):
    monkeypatch.setattr(parts, "BATCH", 2)
    monkeypatch.setattr(progress, "PAUSE", 0)


def tried(world, rows=ROWS):
    run = upload(world, (HEAD + "".join(rows)).encode())
    run = do.import_try(by=world.owner, run=run, mapping=run.mapping)
    assert run.state == "tried"
    return run


def running(world, rows=ROWS):
    """Asked for; nobody works on it yet."""
    run = tried(world, rows)
    run.state = RunState.RUNNING
    run.save()
    return run


def work(world, run, step=tasks.import_apply):
    step.call(run.pk, world.owner.pk)
    run.refresh_from_db()
    return run


def dying(monkeypatch, after):
    """The worker is killed when it told of progress so often."""
    told = progress.Teller.__call__
    calls = []

    def tell(self, *args):
        calls.append(args)
        if len(calls) == after:
            raise KeyboardInterrupt
        told(self, *args)

    monkeypatch.setattr(progress.Teller, "__call__", tell)


def state_of(world, run):
    """All that an import leaves, without numbers of rows."""
    items = Item.objects.of(world.product).order_by("rank")
    return {
        "counts": (run.rows, run.created, run.updated, run.unchanged, run.refused, run.warned),
        "warnings": run.warnings,
        "made": run.made,
        "items": [
            (each.source_ref, each.number, each.parent and each.parent.number) for each in items
        ],
        "rows": list(run.rows_seen.order_by("line").values_list("line", "outcome", "reason")),
        "labels": sorted(Label.objects.values_list("name", flat=True)),
        "blocks": sorted(Dependency.objects.values_list("from_item__number", "to_item__number")),
        "events": Event.objects.filter(verb="item.imported").count(),
    }


def test_it_goes_on_where_a_killed_worker_was(world, in_twos, monkeypatch):
    whole = work(world, running(world))
    expected = state_of(world, whole)
    assert expected["counts"] == (7, 6, 0, 0, 1, 2)
    do.import_revert(by=world.owner, run=whole)
    assert not Item.objects.exists()
    world.product.refresh_from_db()
    world.product.next_number = 1
    world.product.save()
    for after in (2, 4, 5):
        run = running(world)
        with monkeypatch.context() as patched:
            dying(patched, after)
            with pytest.raises(KeyboardInterrupt):
                work(world, run)
        assert 0 < Item.objects.count() <= 6
        run = work(world, run)
        assert (run.state, state_of(world, run)) == ("done", expected)
        do.import_revert(by=world.owner, run=run)
        world.product.refresh_from_db()
        world.product.next_number = 1
        world.product.save()


def test_nothing_is_held_between_two_parts(world, in_twos, monkeypatch):
    depths = []

    def tell(self, *args):
        depths.append(len(connection.savepoint_ids))

    run = running(world)
    monkeypatch.setattr(progress.Teller, "__call__", tell)
    before = len(connection.savepoint_ids)
    run = work(world, run)
    ImportRun.objects.filter(pk=run.pk).update(state=RunState.REVERTING, taken=0)
    work(world, run, tasks.import_take_back)
    assert depths == [before] * 8


def test_stopped_half_way_it_takes_back_what_is_in(world, in_twos, monkeypatch):
    run = running(world)
    before = Event.objects.count()
    seen = []

    def check():
        seen.append(Item.objects.count())
        if len(seen) == 3:
            raise progress.Cancelled

    monkeypatch.setattr(progress, "check", check)
    with pytest.raises(progress.Cancelled):
        work(world, run)
    run.refresh_from_db()
    assert seen == [2, 3, 5]
    assert (run.state, run.created, run.message) == (
        "checked", 0, "This was cancelled. Nothing was changed.",
    )  # fmt: skip
    assert not Item.objects.exists()
    assert not Label.objects.exists()
    assert not ImportRow.objects.filter(run=run).exists()
    assert not Status.objects.filter(name="Aground").exists()
    assert Event.objects.count() == before
    monkeypatch.undo()
    run = do.import_try(by=world.owner, run=run, mapping=run.mapping)
    assert work(world, running_again(run)).created == 6


def running_again(run):
    run.state = RunState.RUNNING
    run.save()
    return run


def test_a_file_that_breaks_half_way_leaves_what_somebody_worked_on(world, in_twos, monkeypatch):
    run = running(world)
    broken = parts.batches

    def batches(rows):
        for number, each in enumerate(broken(rows)):
            if number == 2:
                item = Item.objects.get(source_ref="SEA-4")
                backlog.comment_write(by=world.stakeholder, item=item, text="Still needed")
                raise Refused("Line 6 opens a quote.")
            yield each

    monkeypatch.setattr("tandem.integrations.imports.apply.batches", batches)
    run = work(world, run)
    assert run.state == "failed"
    assert "Line 6 opens a quote. Items: 2 taken out, 1 kept" in run.message
    assert [each.source_ref for each in Item.objects.all()] == ["SEA-4"]


def test_reverting_goes_on_where_a_killed_worker_was(world, in_twos, monkeypatch):
    run = work(world, running(world))
    keep = Item.objects.get(source_ref="SEA-2")
    backlog.comment_write(by=world.stakeholder, item=keep, text="Still needed")
    with monkeypatch.context() as patched:
        ImportRun.objects.filter(pk=run.pk).update(state=RunState.REVERTING, taken=0)
        dying(patched, 2)
        with pytest.raises(KeyboardInterrupt):
            work(world, run, tasks.import_take_back)
    run.refresh_from_db()
    assert (run.state, run.taken) == ("reverting", 4)
    run = work(world, run, tasks.import_take_back)
    assert run.taken_back == {"removed": 5, "restored": 0, "kept": 1}
    assert (run.state, list(Item.objects.all())) == ("reverted", [keep])


def test_a_worker_taken_for_dead_stops_when_another_goes_on(world, in_twos, monkeypatch):
    run = running(world)
    calls = []

    def tell(self, *args):
        calls.append(args)
        if len(calls) == 1:
            work(world, run)

    monkeypatch.setattr(progress.Teller, "__call__", tell)
    run = work(world, run)
    assert (run.state, run.created, Item.objects.count()) == ("done", 6, 6)


def test_one_import_of_a_source_at_a_time(world, in_twos):
    half = running(world)
    another = tried(world)
    with pytest.raises(Refused, match="still at work"):
        do.import_start(by=world.owner, run=another)
    work(world, half)
    assert do.import_start(by=world.owner, run=another).unchanged == 6


def test_what_nobody_works_on_any_more_is_taken_back(world, in_twos, monkeypatch):
    run = running(world)
    with monkeypatch.context() as patched:
        dying(patched, 2)
        with pytest.raises(KeyboardInterrupt):
            work(world, run)
    job = Job.objects.create(
        task="tandem.integrations.tasks.import_apply", args=[run.pk, world.owner.pk],
        progress_key=run.progress_key, enqueued_at=run.started_at, run_after=run.started_at,
    )  # fmt: skip
    tasks.imports_look.call()
    run.refresh_from_db()
    assert (run.state, Item.objects.exists()) == ("running", True), "its job waits to be run again"
    Job.objects.filter(pk=job.pk).update(state=JobState.DEAD)
    ImportRun.objects.update(started_by=None)
    tasks.imports_look.call()
    run.refresh_from_db()
    assert (run.state, Item.objects.exists()) == ("checked", False)
    assert "before it was complete" in run.message


def test_a_revert_of_a_later_import_is_nobodys_work(world, in_twos):
    first = work(world, running(world))
    second = work(world, running(world, [ROWS[0].replace("Item 1", "Pier"), *ROWS[1:]]))
    assert second.updated == 1
    do.import_revert(by=world.owner, run=second)
    first.refresh_from_db()
    assert revert.import_revert(by=world.owner, run=first).taken_back["kept"] == 0
    assert not Item.objects.exists()


def test_half_an_import_that_comes_in_an_archive_can_be_reverted_there(world, in_twos, monkeypatch):
    run = running(world)
    with monkeypatch.context() as patched:
        dying(patched, 2)
        with pytest.raises(KeyboardInterrupt):
            work(world, run)
    here = Item.objects.count()
    file = io.BytesIO()
    archive_download(by=world.owner, subject=world.product, file=file)
    file.seek(0)
    loaded = product_load(by=world.admin, file=file, key="PIER")
    came = ImportRun.objects.get(product=loaded.product)
    assert (came.state, Item.objects.filter(product=loaded.product).count()) == ("done", here)
    do.import_revert(by=world.owner, run=came)
    assert not Item.objects.filter(product=loaded.product).exists()
    assert Item.objects.count() == here
