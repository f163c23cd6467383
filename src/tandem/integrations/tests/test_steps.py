"""An import over several requests, as the pages do it."""

from pathlib import Path

import pytest
from django.conf import settings

from tandem.backlog.models import Item
from tandem.core import kept
from tandem.core.errors import PermissionRefused, Refused
from tandem.integrations import operations as do
from tandem.integrations.models import ImportRun

CSV = (
    b"Summary,Issue key,Issue id,Issue Type,Status,Project key,Created,Updated\n"
    b"Book,SEA-1,1,Story,To Do,SEA,10/Jan/26 9:00 AM,11/Jan/26 9:00 AM\n"
    b"Pay,SEA-2,2,Story,Done,SEA,10/Jan/26 9:00 AM,11/Jan/26 9:00 AM\n"
)


def upload(world, content=CSV, **named):
    named = {"by": world.owner, "product": world.product, "name": "sea.csv"} | named
    return do.import_upload(chunks=[content[:50], content[50:]], **named)


def test_the_steps_lead_from_a_file_to_items_and_back(world, django_capture_on_commit_callbacks):
    run = upload(world)
    assert (run.state, run.rows, run.format) == ("checked", 2, "jira-csv")
    assert {status["name"] for status in run.check_result["statuses"]} == {"To Do", "Done"}
    run = do.import_try(by=world.owner, run=run, mapping=run.mapping)
    assert run.state == "tried"
    assert run.dry_run["created"] == 2
    assert not Item.objects.exists()
    with django_capture_on_commit_callbacks(execute=True):
        run = do.import_start(by=world.owner, run=run)
    assert (run.state, run.created) == ("done", 2)
    assert not kept.exists(run.path)
    do.import_revert(by=world.owner, run=run)
    assert not Item.objects.exists()


def test_a_mapping_that_does_not_fit_can_be_mended(world):
    run = upload(world)
    run = do.import_try(by=world.owner, run=run, mapping={"columns": {"Sumary": "title"}})
    assert run.state == "checked"
    assert "Summary" in run.message
    run = do.import_try(by=world.owner, run=run, mapping={})
    assert run.state == "tried"


@pytest.mark.parametrize("content", [b"", b"\x89PNG\r\n\x1a\n\x00\x00"])
def test_a_file_of_no_format_is_refused_and_not_kept(world, content):
    folder = Path(settings.DATA) / "imports"
    before = set(folder.glob("*")) if folder.exists() else set()
    with pytest.raises(Refused):
        upload(world, content)
    assert set(folder.glob("*")) == before
    assert not ImportRun.objects.exists()


def test_a_file_over_the_limit_is_refused_while_it_arrives(world, settings):
    settings.UPLOAD_LIMIT = 100
    with pytest.raises(Refused, match="larger than"):
        upload(world)


def test_a_step_out_of_order_is_refused(world):
    run = upload(world)
    with pytest.raises(Refused, match="Checked"):
        do.import_start(by=world.owner, run=run)


def test_a_viewer_uploads_nothing(world):
    with pytest.raises(PermissionRefused):
        upload(world, by=world.viewer)


def test_discarding_forgets_the_file(world, django_capture_on_commit_callbacks):
    run = upload(world)
    assert kept.exists(run.path)
    with django_capture_on_commit_callbacks(execute=True):
        do.import_discard(by=world.owner, run=run)
    assert not kept.exists(run.path)
    assert not ImportRun.objects.exists()
